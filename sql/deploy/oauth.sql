-- Deploy gatehouse:oauth to pg
-- requires: clients
--
-- Who may act for whom at which server: the questions that clients have people asked, and the grants that come of it.
-- user_id is the owner of the server throughout; subject_id the person who granted, the owner or somebody let in.
-- What people and clients hold is here as a digest alone (OA-19).

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.grants (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL,
    server_id    uuid NOT NULL,
    subject_id   uuid REFERENCES gatehouse.users (id),
    client_id    text NOT NULL,
    client_name  text NOT NULL,
    scopes       text[] NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL DEFAULT now(),
    ended_at     timestamptz,
    issuer       text,
    FOREIGN KEY (user_id, server_id) REFERENCES gatehouse.mcp_servers (user_id, id)
);
COMMENT ON COLUMN gatehouse.grants.issuer IS 'On whose word it was made, where nobody was asked; else NULL.';
COMMENT ON TABLE gatehouse.grants IS 'What a person let a client do at a server; subject_id NULL: a machine acts for itself.';
CREATE INDEX grants_subject ON gatehouse.grants (subject_id, created_at) WHERE ended_at IS NULL;
CREATE INDEX grants_server ON gatehouse.grants (server_id, created_at) WHERE ended_at IS NULL;

CREATE TABLE gatehouse.authorizations (
    id              uuid PRIMARY KEY,
    user_id         uuid NOT NULL,
    server_id       uuid NOT NULL,
    client_id       text NOT NULL,
    client_name     text NOT NULL,
    issuer          text NOT NULL,
    redirect_uri    text NOT NULL,
    state           text,
    scopes          text[] NOT NULL,
    challenge       text NOT NULL,
    expires_at      timestamptz NOT NULL,
    browser_digest  text,
    session_id      uuid,
    subject_id      uuid,
    consent_digest  text,
    decided_at      timestamptz,
    days            integer,
    code_digest     text UNIQUE,
    code_expires_at timestamptz,
    redeemed_at     timestamptz,
    grant_id        uuid REFERENCES gatehouse.grants (id),
    FOREIGN KEY (user_id, server_id) REFERENCES gatehouse.mcp_servers (user_id, id)
);
COMMENT ON TABLE gatehouse.authorizations IS 'A question of a client to a person: in which browser it is asked, how it was answered, and the code that came of it.';
CREATE INDEX authorizations_expired ON gatehouse.authorizations (expires_at);

CREATE TABLE gatehouse.refresh_tokens (
    digest     text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    user_id    uuid NOT NULL,
    grant_id   uuid NOT NULL REFERENCES gatehouse.grants (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz
);
COMMENT ON TABLE gatehouse.refresh_tokens IS 'Each is used once; the grant says until when any of them is good (OA-6).';
CREATE INDEX refresh_tokens_grant ON gatehouse.refresh_tokens (grant_id);

ALTER TABLE gatehouse.access_tokens ADD FOREIGN KEY (grant_id) REFERENCES gatehouse.grants (id);
CREATE INDEX access_tokens_grant ON gatehouse.access_tokens (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX access_tokens_expired ON gatehouse.access_tokens (expires_at) WHERE grant_id IS NOT NULL;

ALTER TABLE gatehouse.grants OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.authorizations OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.refresh_tokens OWNER TO gatehouse_owner;

-- ---- whose rows ----

ALTER TABLE gatehouse.grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.authorizations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.refresh_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.grants TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid
        OR subject_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.grants TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.authorizations TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.refresh_tokens TO gatehouse_door USING (true);
-- Personal tokens stay, for the record; those of grants are too many for that.
CREATE POLICY door_sweep ON gatehouse.access_tokens AS RESTRICTIVE FOR DELETE TO gatehouse_door
    USING (grant_id IS NOT NULL AND expires_at < now());

GRANT SELECT ON gatehouse.grants TO gatehouse_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.authorizations, gatehouse.refresh_tokens TO gatehouse_door;
GRANT SELECT, INSERT, UPDATE ON gatehouse.grants TO gatehouse_door;
GRANT INSERT, DELETE ON gatehouse.access_tokens TO gatehouse_door;

-- ---- asking a person ----

CREATE FUNCTION gatehouse.authorization_start(p_id uuid, p_server uuid, p_issuer text, p_client text, p_name text,
                                              p_redirect text, p_state text, p_scopes text[], p_challenge text, p_most integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    owner uuid;
BEGIN
    SELECT user_id INTO owner FROM mcp_servers WHERE id = p_server AND deleted_at IS NULL;
    IF owner IS NULL THEN
        PERFORM fail('NO_SERVER');
    END IF;
    -- Each question clears two away that nobody will ask for again, so that the table cannot grow for ever. A day longer
    -- than its code: one that comes a second time is still known (OA-5).
    DELETE FROM authorizations WHERE id IN (
        SELECT id FROM authorizations WHERE expires_at < now() - interval '1 day' ORDER BY expires_at LIMIT 2
           FOR UPDATE SKIP LOCKED);
    -- Anybody can ask. Where too many wait, the one nearest to being answered by nobody makes room, so that no crowd of
    -- them keeps a person out: first what no browser came for, then where nobody signed in.
    IF (SELECT count(*) FROM (SELECT FROM authorizations WHERE user_id = owner AND server_id = p_server AND decided_at IS NULL AND expires_at > now()
                               LIMIT p_most) waiting) >= p_most THEN
        DELETE FROM authorizations WHERE id IN (
            SELECT id FROM authorizations
             WHERE user_id = owner AND server_id = p_server AND decided_at IS NULL AND expires_at > now()
             ORDER BY subject_id IS NOT NULL, browser_digest IS NOT NULL, expires_at LIMIT 1 FOR UPDATE SKIP LOCKED);
    END IF;
    INSERT INTO authorizations (id, user_id, server_id, issuer, client_id, client_name, redirect_uri, state, scopes, challenge, expires_at)
    VALUES (p_id, owner, p_server, p_issuer, p_client, p_name, p_redirect, p_state, p_scopes, p_challenge,
            now() + interval '10 minutes')
        ON CONFLICT (id) DO NOTHING;
END
$$;
CREATE INDEX authorizations_waiting ON gatehouse.authorizations (server_id, expires_at) WHERE decided_at IS NULL;

-- Which of the scopes asked for this person may give, empty when none; NULL when the server is not theirs to use.
-- p_public, here and below: whether the operator lets a server be public.
CREATE FUNCTION gatehouse.scopes_for(p_server uuid, p_user uuid, p_public boolean, p_scopes text[]) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT ARRAY(SELECT s FROM unnest(server_scopes(p_server)) s WHERE s = ANY (p_scopes) AND (a.scopes IS NULL OR s = ANY (a.scopes)))
      FROM access_of(p_server, p_user, p_public) a
$$;

-- All that the consent page says. The first browser to come is the only one from then on (OA-13); what is shown last,
-- with p_consent, is what can be answered. p_subject is who is signed in, or NULL; scopes NULL: not let in. No row
-- for a question that is over, unknown, or another browser's.
CREATE FUNCTION gatehouse.authorization_show(p_id uuid, p_browser text, p_session uuid, p_subject uuid,
                                             p_public boolean, p_consent text) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    a authorizations;
    s mcp_servers;
BEGIN
    UPDATE authorizations SET browser_digest = p_browser, session_id = p_session, subject_id = p_subject, consent_digest = p_consent
     WHERE id = p_id AND decided_at IS NULL AND expires_at > now() AND coalesce(browser_digest, p_browser) = p_browser
    RETURNING * INTO a;
    SELECT * INTO s FROM mcp_servers WHERE user_id = a.user_id AND id = a.server_id AND deleted_at IS NULL;
    IF s.id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN json_build_object(
        'client_id', a.client_id, 'client_name', a.client_name, 'redirect_uri', a.redirect_uri,
        'server', s.name, 'endpoint', s.endpoint,
        'owner', (SELECT email FROM users u WHERE u.id = s.user_id AND u.id <> p_subject),
        'sources', (SELECT coalesce(json_agg(json_build_object('type', o.type, 'name', o.source_metadata ->> 'name') ORDER BY x.position), '[]')
                      FROM server_sources x JOIN sources o ON o.id = x.source_id
                     WHERE x.user_id = s.user_id AND x.server_id = s.id AND o.deleted_at IS NULL),
        'scopes', scopes_for(s.id, p_subject, p_public, a.scopes));
END
$$;

-- The answer: p_scopes NULL is no. Whoever answers is who was shown it, in the same browser and session (OA-13), and
-- once. The row says where to go with what.
CREATE FUNCTION gatehouse.authorization_decide(p_id uuid, p_browser text, p_session uuid, p_public boolean, p_consent text,
                                               p_scopes text[], p_days integer, p_code text)
    RETURNS TABLE (redirect_uri text, state text, issuer text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    a authorizations;
    given text[];
BEGIN
    SELECT * INTO a FROM authorizations
     WHERE id = p_id AND browser_digest = p_browser AND session_id = p_session AND subject_id = tenant()
       AND consent_digest = p_consent AND expires_at > now() AND decided_at IS NULL FOR UPDATE;
    IF a.id IS NULL THEN
        RETURN;
    END IF;
    IF p_scopes IS NOT NULL THEN
        given := ARRAY(SELECT s FROM unnest(scopes_for(a.server_id, tenant(), p_public, a.scopes)) s WHERE s = ANY (p_scopes));
        IF cardinality(given) = 0 THEN
            PERFORM fail('BAD_SCOPE');
        END IF;
    END IF;
    UPDATE authorizations
       SET decided_at = now(), scopes = coalesce(given, '{}'), days = p_days,
           code_digest = CASE WHEN given IS NOT NULL THEN p_code END,
           code_expires_at = CASE WHEN given IS NOT NULL THEN now() + interval '1 minute' END
     WHERE user_id = a.user_id AND id = a.id;
    PERFORM audit_event(tenant(), 'consent', CASE WHEN given IS NULL THEN 'refused' ELSE 'ok' END,
                        jsonb_build_object('server', a.server_id, 'client', a.client_id, 'scopes', given));
    RETURN QUERY SELECT a.redirect_uri, a.state, a.issuer;
END
$$;

-- ---- tokens ----

-- Ends a grant at a server of p_user's and all that came of it, at once (OA-18).
CREATE FUNCTION gatehouse.grant_over(p_user uuid, p_id uuid, p_why text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    g grants;
BEGIN
    UPDATE grants SET ended_at = now() WHERE user_id = p_user AND id = p_id AND ended_at IS NULL RETURNING * INTO g;
    IF g.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE access_tokens SET ended_at = now() WHERE user_id = p_user AND grant_id = g.id AND ended_at IS NULL;
    DELETE FROM refresh_tokens WHERE user_id = p_user AND grant_id = g.id;
    PERFORM audit_event(coalesce(g.subject_id, g.user_id), 'grant_end', 'ok',
                        jsonb_build_object('grant', g.id, 'server', g.server_id, 'client', g.client_id, 'why', p_why));
    RETURN true;
END
$$;

-- Whether who granted may still use the server as they granted, and for as long.
CREATE FUNCTION gatehouse.grant_holds(g gatehouse.grants, p_public boolean) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_of(g.server_id, g.subject_id, p_public) a
                    WHERE (a.scopes IS NULL OR g.scopes <@ a.scopes) AND (a.until IS NULL OR a.until >= g.expires_at))
$$;

-- A new pair of tokens for a grant; each clears two old ones away. p_refresh NULL: no refresh token.
CREATE FUNCTION gatehouse.grant_tokens(g gatehouse.grants, p_scopes text[], p_access_id uuid, p_access text, p_refresh text,
                                       p_seconds integer) RETURNS TABLE (scopes json, expires_in integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    until timestamptz := least(now() + make_interval(secs => p_seconds), g.expires_at);
BEGIN
    DELETE FROM access_tokens WHERE id IN (
        SELECT id FROM access_tokens WHERE grant_id IS NOT NULL AND expires_at < now() - interval '1 hour'
         ORDER BY expires_at LIMIT 2 FOR UPDATE SKIP LOCKED);
    INSERT INTO access_tokens (id, user_id, server_id, subject_id, grant_id, name, digest, scopes, vouched, expires_at)
    VALUES (p_access_id, g.user_id, g.server_id, g.subject_id, g.id, g.client_name, p_access, p_scopes, g.issuer IS NOT NULL, until);
    IF p_refresh IS NOT NULL THEN
        INSERT INTO refresh_tokens (digest, user_id, grant_id) VALUES (p_refresh, g.user_id, g.id);
    END IF;
    UPDATE oauth_clients SET expires_at = greatest(expires_at, g.expires_at) WHERE user_id = g.user_id AND id = g.client_id AND expires_at IS NOT NULL;
    RETURN QUERY SELECT to_json(p_scopes), ceil(extract(epoch FROM until - now()))::integer;
END
$$;

-- A code for tokens: once, by the client it was made for, with the verifier of its challenge (OA-4, OA-5). Used again,
-- it ends what came of it. No row: the code is none.
CREATE FUNCTION gatehouse.code_redeem(p_server uuid, p_public boolean, p_code text, p_client text, p_redirect text, p_challenge text,
                                      p_grant uuid, p_access_id uuid, p_access text, p_refresh text, p_seconds integer)
    RETURNS TABLE (scopes json, expires_in integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    a authorizations;
    g grants;
    let_in record;
BEGIN
    SELECT * INTO a FROM authorizations WHERE code_digest = p_code AND server_id = p_server FOR UPDATE;
    IF a.id IS NULL OR a.client_id <> p_client THEN
        RETURN;
    END IF;
    IF a.redeemed_at IS NOT NULL THEN
        IF a.grant_id IS NOT NULL THEN
            PERFORM grant_over(a.user_id, a.grant_id, 'its code came twice');
        END IF;
        RETURN;
    END IF;
    IF a.code_expires_at <= now() OR a.challenge <> p_challenge OR a.redirect_uri <> coalesce(p_redirect, a.redirect_uri) THEN
        RETURN;
    END IF;
    -- Held: whoever is being put out now is out first, or finds this grant and ends it. And with what they may do now.
    PERFORM FROM mcp_servers WHERE user_id = a.user_id AND id = p_server FOR SHARE;
    SELECT * INTO let_in FROM access_of(p_server, a.subject_id, p_public);
    IF NOT FOUND OR NOT coalesce(a.scopes <@ let_in.scopes, true) THEN
        RETURN;
    END IF;
    INSERT INTO grants (id, user_id, server_id, subject_id, client_id, client_name, scopes, expires_at)
    VALUES (p_grant, a.user_id, a.server_id, a.subject_id, a.client_id, a.client_name, a.scopes,
            least(now() + make_interval(days => a.days), let_in.until)) RETURNING * INTO g;
    UPDATE authorizations SET redeemed_at = now(), grant_id = g.id WHERE user_id = a.user_id AND id = a.id;
    PERFORM audit_event(g.subject_id, 'grant', 'ok',
                        jsonb_build_object('grant', g.id, 'server', g.server_id, 'client', g.client_id, 'scopes', g.scopes));
    RETURN QUERY SELECT * FROM grant_tokens(g, g.scopes, p_access_id, p_access, p_refresh, p_seconds);
END
$$;

-- A token for a machine that acts for itself (RFC 6749 4.4). All that it is given hangs on one grant.
CREATE FUNCTION gatehouse.client_token(p_server uuid, p_client text, p_scopes text[], p_grant uuid, p_access_id uuid, p_access text,
                                       p_seconds integer) RETURNS TABLE (scopes json, expires_in integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    c oauth_clients;
    g grants;
    allowed text[];
BEGIN
    -- Held: of two that come at once, the second finds the grant of the first.
    SELECT * INTO c FROM oauth_clients WHERE id = p_client AND server_id = p_server AND ended_at IS NULL FOR UPDATE;
    IF c.id IS NULL THEN
        RETURN;
    END IF;
    allowed := scopes_within(scopes_within(server_scopes(p_server), c.scopes), p_scopes);
    IF cardinality(allowed) = 0 THEN
        PERFORM fail('BAD_SCOPE');
    END IF;
    SELECT * INTO g FROM grants o WHERE o.user_id = c.user_id AND o.server_id = p_server AND o.client_id = p_client AND o.subject_id IS NULL
       AND o.ended_at IS NULL;
    IF g.id IS NULL THEN
        INSERT INTO grants (id, user_id, server_id, client_id, client_name, scopes, expires_at)
        VALUES (p_grant, c.user_id, p_server, c.id, c.name, allowed, '9999-12-31') RETURNING * INTO g;
        PERFORM audit_event(g.user_id, 'grant', 'ok', jsonb_build_object('grant', g.id, 'server', p_server, 'client', c.id, 'scopes', allowed));
    ELSE
        UPDATE grants SET scopes = allowed, last_used_at = now() WHERE user_id = g.user_id AND id = g.id;
    END IF;
    RETURN QUERY SELECT * FROM grant_tokens(g, allowed, p_access_id, p_access, NULL, p_seconds);
END
$$;

-- A refresh token for a new pair. One that was used before is still taken for p_grace seconds, since honest clients ask
-- twice at once or lose the answer; after that it ends the grant (OA-6). p_scopes NULL: those of the grant; else a part
-- of them. No row: it is none.
CREATE FUNCTION gatehouse.token_refresh(p_server uuid, p_public boolean, p_token text, p_client text, p_scopes text[], p_grace integer,
                                        p_access_id uuid, p_access text, p_refresh text, p_seconds integer)
    RETURNS TABLE (scopes json, expires_in integer)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    r refresh_tokens;
    g grants;
BEGIN
    SELECT * INTO r FROM refresh_tokens WHERE digest = p_token;
    SELECT * INTO g FROM grants WHERE user_id = r.user_id AND id = r.grant_id AND server_id = p_server AND client_id = p_client
       AND ended_at IS NULL AND expires_at > now() FOR UPDATE;
    IF g.id IS NULL THEN
        RETURN;
    END IF;
    -- Again, now that nobody else can use it.
    SELECT * INTO r FROM refresh_tokens WHERE digest = p_token;
    IF r.digest IS NULL THEN
        RETURN;
    END IF;
    IF r.used_at < now() - make_interval(secs => p_grace) THEN
        PERFORM grant_over(g.user_id, g.id, 'a refresh token came twice');
        RETURN;
    END IF;
    -- A share ends by time, and a server may be public no more.
    IF g.subject_id IS NOT NULL AND NOT grant_holds(g, p_public) THEN
        PERFORM grant_over(g.user_id, g.id, 'not let in any more');
        RETURN;
    END IF;
    IF NOT coalesce(p_scopes <@ g.scopes, true) THEN
        PERFORM fail('BAD_SCOPE');
    END IF;
    UPDATE refresh_tokens SET used_at = coalesce(used_at, now()) WHERE digest = p_token;
    DELETE FROM refresh_tokens WHERE user_id = g.user_id AND grant_id = g.id AND used_at < now() - interval '30 days';
    UPDATE grants SET last_used_at = now() WHERE user_id = g.user_id AND id = g.id;
    PERFORM audit_event(coalesce(g.subject_id, g.user_id), 'token_refresh', 'ok',
                        jsonb_build_object('grant', g.id, 'server', g.server_id, 'client', g.client_id));
    RETURN QUERY SELECT * FROM grant_tokens(g, coalesce(p_scopes, g.scopes), p_access_id, p_access, p_refresh, p_seconds);
END
$$;

-- A client gives a token back (RFC 7009): a refresh token takes the whole grant with it.
CREATE FUNCTION gatehouse.token_revoke(p_server uuid, p_token text, p_client text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    g grants;
BEGIN
    SELECT o.* INTO g FROM refresh_tokens r JOIN grants o ON o.user_id = r.user_id AND o.id = r.grant_id
     WHERE r.digest = p_token AND o.server_id = p_server AND o.client_id = p_client;
    IF g.id IS NOT NULL THEN
        PERFORM grant_over(g.user_id, g.id, 'the client gave it back');
        RETURN;
    END IF;
    UPDATE access_tokens t SET ended_at = now() FROM grants o
     WHERE t.digest = p_token AND t.server_id = p_server AND t.ended_at IS NULL AND o.user_id = t.user_id AND o.id = t.grant_id
       AND o.client_id = p_client RETURNING o.* INTO g;
    IF g.id IS NOT NULL THEN
        PERFORM audit_event(coalesce(g.subject_id, g.user_id), 'token_end', 'ok',
                            jsonb_build_object('grant', g.id, 'server', g.server_id, 'client', g.client_id));
    END IF;
END
$$;

-- ---- grants, as people see them ----

CREATE FUNCTION gatehouse.grant_json(g gatehouse.grants) RETURNS json
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT json_build_object(
        'id', g.id, 'client_id', g.client_id, 'client_name', g.client_name, 'scopes', g.scopes,
        'server', (SELECT json_build_object('id', s.id, 'name', s.name, 'endpoint', s.endpoint) FROM mcp_servers s
                     WHERE s.user_id = g.user_id AND s.id = g.server_id),
        'user', (SELECT u.email FROM users u WHERE u.id = g.subject_id),
        'created_at', iso(g.created_at), 'expires_at', iso(g.expires_at),
        'last_used_at', iso(greatest(g.last_used_at, (SELECT max(t.last_used_at) FROM access_tokens t
                                                     WHERE t.user_id = g.user_id AND t.grant_id = g.id))))
$$;

CREATE FUNCTION gatehouse.server_grant_list(p_server uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    RETURN QUERY
    SELECT gatehouse.grant_json(g) FROM gatehouse.grants g
     WHERE g.user_id = gatehouse.tenant() AND g.server_id = p_server AND g.ended_at IS NULL AND g.expires_at > now()
     ORDER BY g.created_at, g.id LIMIT p_limit OFFSET p_offset;
END
$$;

-- Of the asking tenant's: what they granted, or what others granted at their servers.
CREATE FUNCTION gatehouse.grant_end(p_id uuid) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT id FROM grants WHERE id = p_id AND tenant() IN (subject_id, user_id) AND grant_over(user_id, id, 'ended by ' ||
           CASE WHEN tenant() = subject_id THEN 'who granted it' ELSE 'the owner of the server' END)
$$;

-- Whoever is not let in any more is out with the next request: what changes who is let in ends the grants it carried.
-- p_user NULL: whoever it is. Whether a server may be public is seen when a token is renewed.
CREATE FUNCTION gatehouse.grants_recheck(p_server uuid, p_user uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    -- A code that is being redeemed holds it, too.
    SELECT FROM mcp_servers WHERE id = p_server FOR NO KEY UPDATE;
    SELECT grant_over(g.user_id, g.id, 'not let in any more') FROM grants g
     WHERE g.server_id = p_server AND (p_user IS NULL OR g.subject_id = p_user) AND g.ended_at IS NULL AND g.subject_id IS NOT NULL
       AND NOT grant_holds(g, true)
$$;
CREATE FUNCTION gatehouse.grants_end_unshared() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'mcp_servers' THEN
        PERFORM grants_recheck(NEW.id, NULL);
    ELSIF TG_TABLE_NAME = 'server_shares' THEN
        PERFORM grants_recheck(OLD.server_id, OLD.subject_id);
    ELSE
        PERFORM grants_recheck(w.server_id, OLD.user_id) FROM (SELECT DISTINCT server_id FROM server_shares WHERE team_id = OLD.team_id
                                                                ORDER BY server_id) w;
    END IF;
    RETURN NULL;
END
$$;

-- With a server all that was granted at it ends, and with a person what they granted.
CREATE FUNCTION gatehouse.grants_end_with() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    PERFORM grant_over(user_id, id, 'its server or account was deleted') FROM grants
     WHERE ended_at IS NULL AND CASE TG_TABLE_NAME WHEN 'users' THEN subject_id ELSE server_id END = NEW.id;
    RETURN NULL;
END
$$;

ALTER FUNCTION gatehouse.grant_holds(gatehouse.grants, boolean) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.grants_end_unshared() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.grants_end_with() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.client_token(uuid, text, text[], uuid, uuid, text, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.authorization_start(uuid, uuid, text, text, text, text, text, text[], text, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.scopes_for(uuid, uuid, boolean, text[]) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.authorization_show(uuid, text, uuid, uuid, boolean, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.authorization_decide(uuid, text, uuid, boolean, text, text[], integer, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.grant_over(uuid, uuid, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.grant_tokens(gatehouse.grants, text[], uuid, text, text, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.code_redeem(uuid, boolean, text, text, text, text, uuid, uuid, text, text, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.token_refresh(uuid, boolean, text, text, text[], integer, uuid, text, text, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.token_revoke(uuid, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.grant_json(gatehouse.grants) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.server_grant_list(uuid, bigint, bigint) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.grant_end(uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.grants_recheck(uuid, uuid) OWNER TO gatehouse_door;
CREATE TRIGGER grants_end_unshared AFTER UPDATE OF access ON gatehouse.mcp_servers FOR EACH ROW
    WHEN (NEW.access <> OLD.access) EXECUTE FUNCTION gatehouse.grants_end_unshared();
CREATE TRIGGER grants_end_unshared AFTER UPDATE OR DELETE ON gatehouse.server_shares FOR EACH ROW
    EXECUTE FUNCTION gatehouse.grants_end_unshared();
CREATE TRIGGER grants_end_unshared AFTER DELETE ON gatehouse.team_members FOR EACH ROW
    EXECUTE FUNCTION gatehouse.grants_end_unshared();
CREATE TRIGGER grants_end_with AFTER UPDATE OF deleted_at ON gatehouse.mcp_servers FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.grants_end_with();
CREATE TRIGGER grants_end_with AFTER UPDATE OF deleted_at ON gatehouse.users FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.grants_end_with();
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.authorization_start(uuid, uuid, text, text, text, text, text, text[], text, integer),
      gatehouse.code_redeem(uuid, boolean, text, text, text, text, uuid, uuid, text, text, integer),
      gatehouse.token_refresh(uuid, boolean, text, text, text[], integer, uuid, text, text, integer),
      gatehouse.token_revoke(uuid, text, text), gatehouse.client_token(uuid, text, text[], uuid, uuid, text, integer)
   TO gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.authorization_show(uuid, text, uuid, uuid, boolean, text),
      gatehouse.authorization_decide(uuid, text, uuid, boolean, text, text[], integer, text),
      gatehouse.grant_json(gatehouse.grants), gatehouse.server_grant_list(uuid, bigint, bigint), gatehouse.grant_end(uuid)
   TO gatehouse_api;

COMMIT;
