-- Deploy gatehouse:issuers to pg
-- requires: identities
--
-- Who may let people in at a server without asking them: a company's identity provider, whose word (an ID-JAG) its owner
-- has chosen to take. Such a grant says whose word it was.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.server_issuers (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,
    server_id  uuid NOT NULL,
    issuer     text NOT NULL CHECK (issuer ~ '^https://' AND length(issuer) <= 2000),
    keys_url   text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id, server_id) REFERENCES gatehouse.mcp_servers (user_id, id),
    UNIQUE (server_id, issuer)
);
COMMENT ON TABLE gatehouse.server_issuers IS 'Issuers whose ID-JAGs count at a server, and where their keys stand.';

CREATE TABLE gatehouse.issuer_subjects (
    server_id  uuid NOT NULL,
    issuer     text NOT NULL,
    subject    text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    user_id    uuid NOT NULL REFERENCES gatehouse.users (id),
    PRIMARY KEY (server_id, issuer, subject),
    FOREIGN KEY (server_id, issuer) REFERENCES gatehouse.server_issuers (server_id, issuer) ON DELETE CASCADE
);
COMMENT ON TABLE gatehouse.issuer_subjects IS 'Whom an issuer means at a server: found once by an address that was let in there, from then on by the subject.';

ALTER TABLE gatehouse.server_issuers OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.issuer_subjects OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.server_issuers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.issuer_subjects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.server_issuers TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.server_issuers TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.issuer_subjects TO gatehouse_door USING (true);
GRANT SELECT, INSERT ON gatehouse.server_issuers TO gatehouse_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.server_issuers, gatehouse.issuer_subjects TO gatehouse_door;

-- ---- by the owner ----

CREATE FUNCTION gatehouse.issuer_json(i gatehouse.server_issuers) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', i.id, 'issuer', i.issuer, 'jwks_uri', i.keys_url, 'created_at', gatehouse.iso(i.created_at))
$$;

CREATE FUNCTION gatehouse.issuer_add(p_id uuid, p_server uuid, p_issuer text, p_keys text, p_most integer) RETURNS json
    LANGUAGE plpgsql AS $$
DECLARE
    i gatehouse.server_issuers;
BEGIN
    PERFORM gatehouse.hold_tenant();
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    IF (SELECT count(*) FROM gatehouse.server_issuers o WHERE o.user_id = gatehouse.tenant() AND o.server_id = p_server) >= p_most THEN
        PERFORM gatehouse.fail('QUOTA');
    END IF;
    INSERT INTO gatehouse.server_issuers (id, user_id, server_id, issuer, keys_url)
    VALUES (p_id, gatehouse.tenant(), p_server, p_issuer, p_keys) ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        PERFORM gatehouse.audit('issuer_add', 'ok', jsonb_build_object('server', p_server, 'issuer', p_issuer));
    END IF;
    SELECT * INTO i FROM gatehouse.server_issuers WHERE user_id = gatehouse.tenant() AND id = p_id;
    RETURN gatehouse.issuer_json(i);
END
$$;

CREATE FUNCTION gatehouse.issuer_list(p_server uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    RETURN QUERY SELECT gatehouse.issuer_json(i) FROM gatehouse.server_issuers i
                  WHERE i.user_id = gatehouse.tenant() AND i.server_id = p_server ORDER BY i.created_at, i.id LIMIT p_limit OFFSET p_offset;
END
$$;

-- With an issuer goes all that came of its word.
CREATE FUNCTION gatehouse.issuer_end(p_server uuid, p_id uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    i server_issuers;
BEGIN
    DELETE FROM server_issuers WHERE user_id = tenant() AND server_id = p_server AND id = p_id RETURNING * INTO i;
    IF i.id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM grant_over(user_id, id, 'its issuer was ended') FROM grants
      WHERE user_id = tenant() AND server_id = p_server AND issuer = i.issuer AND ended_at IS NULL;
    PERFORM audit_event(tenant(), 'issuer_end', 'ok', jsonb_build_object('server', p_server, 'issuer', i.issuer));
    RETURN p_id;
END
$$;

-- ---- at the gateway ----

-- Where an issuer's keys stand, if its word counts at a server.
CREATE FUNCTION gatehouse.issuer_keys(p_server uuid, p_issuer text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT keys_url FROM server_issuers WHERE server_id = p_server AND issuer = p_issuer
$$;

-- Whom an issuer means: as they sign in there at the app host; as they were found before; or, the first time, by an
-- address it vouches for. NULL: nobody.
CREATE FUNCTION gatehouse.issuer_user(p_server uuid, p_issuer text, p_subject text, p_key text) RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    who uuid;
BEGIN
    SELECT user_id INTO who FROM identities WHERE issuer = p_issuer AND subject = p_subject;
    IF who IS NULL THEN
        SELECT user_id INTO who FROM issuer_subjects WHERE server_id = p_server AND issuer = p_issuer AND subject = p_subject;
    END IF;
    IF who IS NULL THEN
        SELECT id INTO who FROM users WHERE email_key = p_key AND deleted_at IS NULL;
    END IF;
    RETURN (SELECT id FROM users WHERE id = who AND deleted_at IS NULL);
END
$$;

-- A token on an issuer's word, for somebody who is let in: with the scopes it says (NULL: all), as far as they may. All
-- that a client gets for a person on the same word hangs on one grant, an hour long from the last. No row: nobody who is
-- let in.
CREATE FUNCTION gatehouse.issuer_token(p_server uuid, p_public boolean, p_issuer text, p_subject text, p_key text, p_client text,
                                       p_name text, p_scopes text[], p_grant uuid, p_access_id uuid, p_access text, p_seconds integer)
    RETURNS TABLE (scopes json, expires_in integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    who uuid := issuer_user(p_server, p_issuer, p_subject, p_key);
    s mcp_servers;
    g grants;
    let_in record;
    allowed text[];
    until timestamptz;
BEGIN
    -- Held: of two that come at once the second finds the grant of the first; and who is put out now is out first.
    SELECT * INTO s FROM mcp_servers WHERE id = p_server FOR NO KEY UPDATE;
    SELECT * INTO let_in FROM access_of(p_server, who, p_public);
    IF who IS NULL OR NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO issuer_subjects (server_id, issuer, subject, user_id) VALUES (p_server, p_issuer, p_subject, who) ON CONFLICT DO NOTHING;
    allowed := scopes_within(scopes_within(server_scopes(p_server), let_in.scopes), p_scopes);
    IF cardinality(allowed) = 0 THEN
        PERFORM fail('BAD_SCOPE');
    END IF;
    until := least(now() + interval '1 hour', let_in.until);
    SELECT * INTO g FROM grants o WHERE o.user_id = s.user_id AND o.server_id = p_server AND o.client_id = p_client AND o.subject_id = who
       AND o.issuer = p_issuer AND o.ended_at IS NULL AND o.expires_at > now();
    IF g.id IS NULL THEN
        INSERT INTO grants (id, user_id, server_id, subject_id, client_id, client_name, scopes, expires_at, issuer)
        VALUES (p_grant, s.user_id, p_server, who, p_client, p_name, allowed, until, p_issuer) RETURNING * INTO g;
        PERFORM audit_event(who, 'grant', 'ok', jsonb_build_object('grant', g.id, 'server', p_server, 'client', p_client, 'scopes', allowed,
                                                                  'issuer', p_issuer));
    ELSE
        UPDATE grants SET scopes = allowed, expires_at = until, last_used_at = now() WHERE user_id = s.user_id AND id = g.id
            RETURNING * INTO g;
    END IF;
    RETURN QUERY SELECT * FROM grant_tokens(g, allowed, p_access_id, p_access, NULL, p_seconds);
END
$$;

ALTER FUNCTION gatehouse.issuer_json(gatehouse.server_issuers) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.issuer_add(uuid, uuid, text, text, integer) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.issuer_list(uuid, bigint, bigint) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.issuer_end(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.issuer_keys(uuid, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.issuer_user(uuid, text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.issuer_token(uuid, boolean, text, text, text, text, text, text[], uuid, uuid, text, integer) OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.issuer_json(gatehouse.server_issuers), gatehouse.issuer_add(uuid, uuid, text, text, integer),
      gatehouse.issuer_list(uuid, bigint, bigint), gatehouse.issuer_end(uuid, uuid) TO gatehouse_api;
GRANT EXECUTE ON FUNCTION gatehouse.issuer_keys(uuid, text),
      gatehouse.issuer_token(uuid, boolean, text, text, text, text, text, text[], uuid, uuid, text, integer) TO gatehouse_mcp;

COMMIT;
