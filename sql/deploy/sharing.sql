-- Deploy gatehouse:sharing to pg
-- requires: teams
--
-- Whom an owner lets in: shares of a server with a person or a team, and the invitations that lead to both.
--
-- Addresses of accounts are not verified here, so to name one lets nobody in. An invitation does: whoever is signed in
-- with the address it names, and holds its secret, accepts it, and from then on it is the account that counts.

BEGIN;
SET LOCAL lock_timeout = '2s';

-- The keys say that a server is shared by its owner, and with a team only while the owner is in it.
CREATE TABLE gatehouse.server_shares (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL,
    server_id   uuid NOT NULL,
    team_id     uuid,
    email       text,
    email_key   text,
    subject_id  uuid REFERENCES gatehouse.users (id),
    scopes      text[] CHECK (cardinality(scopes) > 0),
    until       timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    CHECK ((team_id IS NULL) = (email_key IS NOT NULL) AND (email IS NULL) = (email_key IS NULL)),
    CHECK ((subject_id IS NULL) = (accepted_at IS NULL) AND (subject_id IS NULL OR team_id IS NULL)),
    FOREIGN KEY (user_id, server_id) REFERENCES gatehouse.mcp_servers (user_id, id),
    FOREIGN KEY (team_id, user_id) REFERENCES gatehouse.team_members (team_id, user_id) ON DELETE CASCADE
);
COMMENT ON TABLE gatehouse.server_shares IS 'To whom an owner gives a server: a team, or one person once their invitation is accepted.';
COMMENT ON COLUMN gatehouse.server_shares.subject_id IS 'Who accepted; nobody is let in before.';
COMMENT ON COLUMN gatehouse.server_shares.scopes IS 'What they may do there; NULL for all of it.';
CREATE INDEX server_shares_server ON gatehouse.server_shares (server_id, created_at);
CREATE INDEX server_shares_subject ON gatehouse.server_shares (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX server_shares_team ON gatehouse.server_shares (team_id, user_id) WHERE team_id IS NOT NULL;

CREATE TABLE gatehouse.invitations (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES gatehouse.users (id),
    share_id   uuid REFERENCES gatehouse.server_shares (id) ON DELETE CASCADE,
    team_id    uuid,
    role       text CHECK (role IN ('owner', 'admin', 'member')),
    email      text NOT NULL,
    email_key  text NOT NULL,
    digest     text NOT NULL UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days',
    CHECK ((share_id IS NULL) = (team_id IS NOT NULL) AND (team_id IS NULL) = (role IS NULL)),
    FOREIGN KEY (team_id, user_id) REFERENCES gatehouse.team_members (team_id, user_id) ON DELETE CASCADE
);
COMMENT ON TABLE gatehouse.invitations IS 'Open invitations to a server or a team, as digests of their secrets; gone when used, or with what they are for or who sent them.';
CREATE INDEX invitations_share ON gatehouse.invitations (share_id);
CREATE INDEX invitations_team ON gatehouse.invitations (team_id, user_id);

ALTER TABLE gatehouse.server_shares OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.invitations OWNER TO gatehouse_owner;

-- ---- whose rows ----

ALTER TABLE gatehouse.server_shares ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.server_shares TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY tenant ON gatehouse.invitations TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.server_shares TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.invitations TO gatehouse_door USING (true);

-- Not who accepted, nor when: that is for the door through which they come.
GRANT SELECT, INSERT (id, user_id, server_id, team_id, email, email_key, scopes, until), DELETE
   ON gatehouse.server_shares TO gatehouse_api;
GRANT SELECT (id, user_id, share_id, expires_at), INSERT (id, user_id, share_id, email, email_key, digest)
   ON gatehouse.invitations TO gatehouse_api;
GRANT SELECT, UPDATE (subject_id, accepted_at), DELETE ON gatehouse.server_shares TO gatehouse_door;
GRANT SELECT, INSERT, DELETE ON gatehouse.invitations TO gatehouse_door;

-- ---- who may use a server ----

-- No row: p_user may not use the server. scopes NULL: all of them; until NULL: without end. Who comes in several ways
-- has the scopes of all of them, until the last one ends. p_public: whether the operator lets a server be public at all.
CREATE FUNCTION gatehouse.access_of(p_server uuid, p_user uuid, p_public boolean DEFAULT false)
    RETURNS TABLE (scopes text[], until timestamptz) LANGUAGE plpgsql STABLE AS $$
DECLARE
    s gatehouse.mcp_servers;
BEGIN
    SELECT x.* INTO s FROM gatehouse.mcp_servers x JOIN gatehouse.users u ON u.id = p_user AND u.deleted_at IS NULL
     WHERE x.id = p_server AND x.deleted_at IS NULL;
    IF s.user_id = p_user OR (s.access = 'public' AND p_public) THEN
        RETURN QUERY SELECT NULL::text[], NULL::timestamptz;
    ELSIF s.access <> 'private' THEN
        RETURN QUERY
        SELECT CASE WHEN NOT bool_or(w.scopes IS NULL) THEN array_agg(DISTINCT scope ORDER BY scope) END,
               CASE WHEN NOT bool_or(w.until IS NULL) THEN max(w.until) END
          FROM gatehouse.server_shares w LEFT JOIN unnest(w.scopes) scope ON true
         WHERE w.user_id = s.user_id AND w.server_id = s.id AND (w.until IS NULL OR w.until > now())
           AND (w.subject_id = p_user
                OR EXISTS (SELECT FROM gatehouse.team_members m WHERE m.team_id = w.team_id AND m.user_id = p_user))
        HAVING count(*) > 0;
    END IF;
END
$$;

-- ---- what goes with a server, an account or a role ----

CREATE FUNCTION gatehouse.unshare() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gatehouse, pg_temp AS $$
BEGIN
    DELETE FROM server_shares WHERE user_id = NEW.user_id AND server_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER unshare AFTER UPDATE OF deleted_at ON gatehouse.mcp_servers FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.unshare();

CREATE FUNCTION gatehouse.unshare_with() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gatehouse, pg_temp AS $$
BEGIN
    DELETE FROM server_shares WHERE subject_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER unshare_with AFTER UPDATE OF deleted_at ON gatehouse.users FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.unshare_with();

-- Whom a member invited while they might comes in no more once they may not: the link could be their own way back.
CREATE FUNCTION gatehouse.uninvite() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gatehouse, pg_temp AS $$
BEGIN
    DELETE FROM invitations WHERE team_id = NEW.team_id AND user_id = NEW.user_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER uninvite AFTER UPDATE OF role ON gatehouse.team_members FOR EACH ROW
    WHEN (NEW.role <> 'owner') EXECUTE FUNCTION gatehouse.uninvite();

-- ---- shares ----

CREATE FUNCTION gatehouse.share_json(w gatehouse.server_shares) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'id', w.id, 'email', w.email, 'team_id', w.team_id,
        'team_name', (SELECT t.name FROM gatehouse.teams t JOIN gatehouse.team_members m ON m.team_id = t.id
                       WHERE t.id = w.team_id AND m.user_id = w.user_id),
        'scopes', w.scopes, 'expires_at', gatehouse.iso(w.until),
        'state', CASE
            WHEN w.until <= now() THEN 'expired'
            WHEN w.team_id IS NOT NULL OR w.subject_id IS NOT NULL THEN 'accepted'
            WHEN EXISTS (SELECT FROM gatehouse.invitations i WHERE i.user_id = w.user_id AND i.share_id = w.id
                            AND i.expires_at > now()) THEN 'invited'
            ELSE 'expired' END,
        'created_at', gatehouse.iso(w.created_at), 'accepted_at', gatehouse.iso(w.accepted_at))
$$;

-- What is in the way of a new share. One that nobody accepted gives way to a new one with the same address: its link is
-- lost, perhaps, or went to the wrong person.
CREATE FUNCTION gatehouse.share_check(p_server uuid, p_key text, p_team uuid, p_most integer) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF p_team IS NOT NULL AND NOT EXISTS (
        SELECT FROM gatehouse.team_members m WHERE m.user_id = gatehouse.tenant() AND m.team_id = p_team) THEN
        PERFORM gatehouse.fail('NO_TEAM');
    END IF;
    IF EXISTS (SELECT FROM gatehouse.users u WHERE u.id = gatehouse.tenant() AND u.email_key = p_key) THEN
        PERFORM gatehouse.fail('BAD_FIELD', 'email is your own: what is yours need not be shared with you.');
    END IF;
    DELETE FROM gatehouse.server_shares
     WHERE user_id = gatehouse.tenant() AND server_id = p_server AND email_key = p_key AND subject_id IS NULL;
    IF EXISTS (SELECT FROM gatehouse.server_shares w WHERE w.user_id = gatehouse.tenant() AND w.server_id = p_server
                  AND (w.email_key = p_key OR w.team_id = p_team)) THEN
        PERFORM gatehouse.fail('CONFLICT', 'This server is shared with them already: delete that share first.');
    END IF;
    IF (SELECT count(*) FROM gatehouse.server_shares w
         WHERE w.user_id = gatehouse.tenant() AND w.server_id = p_server) >= p_most THEN
        PERFORM gatehouse.fail('QUOTA', 'This server has as many shares as it may have: delete one first.');
    END IF;
END
$$;

-- With an address comes an invitation, which has the share's id; with a team it holds at once.
CREATE FUNCTION gatehouse.share_create(p_id uuid, p_server uuid, p_email text, p_key text, p_team uuid, p_scopes text[],
                                       p_until timestamptz, p_digest text, p_most integer)
    RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    w gatehouse.server_shares;
    s gatehouse.mcp_servers;
BEGIN
    PERFORM gatehouse.hold_tenant();
    SELECT * INTO s FROM gatehouse.mcp_servers WHERE user_id = gatehouse.tenant() AND id = p_server;
    IF s.id IS NULL THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    SELECT * INTO w FROM gatehouse.server_shares WHERE user_id = gatehouse.tenant() AND id = p_id;
    IF w.id IS NOT NULL THEN
        RETURN gatehouse.share_json(w);
    END IF;
    IF s.access = 'private' THEN
        PERFORM gatehouse.fail('CONFLICT', 'This server is private: set its access to shared first.');
    END IF;
    IF p_until <= now() THEN
        PERFORM gatehouse.fail('BAD_FIELD', 'expires_at is over already.');
    END IF;
    PERFORM gatehouse.share_check(p_server, p_key, p_team, p_most);
    INSERT INTO gatehouse.server_shares (id, user_id, server_id, team_id, email, email_key, scopes, until)
    VALUES (p_id, gatehouse.tenant(), p_server, p_team, p_email, p_key, p_scopes, p_until) RETURNING * INTO w;
    IF p_key IS NOT NULL THEN
        INSERT INTO gatehouse.invitations (id, user_id, share_id, email, email_key, digest)
        VALUES (p_id, gatehouse.tenant(), p_id, p_email, p_key, p_digest);
    END IF;
    PERFORM gatehouse.audit('share_create', 'ok', jsonb_strip_nulls(jsonb_build_object(
        'share', p_id, 'server', p_server, 'team', p_team, 'scopes', p_scopes)));
    RETURN gatehouse.share_json(w);
END
$$;

CREATE FUNCTION gatehouse.share_list(p_server uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    RETURN QUERY
    SELECT gatehouse.share_json(w) FROM gatehouse.server_shares w
     WHERE w.user_id = gatehouse.tenant() AND w.server_id = p_server
     ORDER BY w.created_at, w.id LIMIT p_limit OFFSET p_offset;
END
$$;

CREATE FUNCTION gatehouse.share_end(p_server uuid, p_id uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    ended uuid;
BEGIN
    DELETE FROM gatehouse.server_shares
     WHERE user_id = gatehouse.tenant() AND server_id = p_server AND id = p_id RETURNING id INTO ended;
    IF ended IS NOT NULL THEN
        PERFORM gatehouse.audit('share_end', 'ok', jsonb_build_object('share', p_id, 'server', p_server));
    END IF;
    RETURN ended;
END
$$;

-- ---- what others let the tenant use ----

-- The types of the sources a server asks, each once.
CREATE FUNCTION gatehouse.server_kinds(s gatehouse.mcp_servers) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(DISTINCT o.type), '[]')
      FROM gatehouse.server_sources x JOIN gatehouse.sources o ON o.user_id = x.user_id AND o.id = x.source_id
     WHERE x.user_id = s.user_id AND x.server_id = s.id AND o.deleted_at IS NULL
$$;

-- By name: not everything that happens to be public.
CREATE FUNCTION gatehouse.shared_servers(p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT json_build_object(
               'id', s.id, 'name', s.name, 'endpoint', s.endpoint, 'owner_email', u.email, 'scopes', a.scopes,
               'expires_at', iso(a.until), 'source_types', server_kinds(s), 'credentials', 'owner')
      FROM mcp_servers s JOIN users u ON u.id = s.user_id CROSS JOIN LATERAL access_of(s.id, tenant()) a
     WHERE s.deleted_at IS NULL AND s.user_id <> tenant() AND s.id IN (
               SELECT w.server_id FROM server_shares w WHERE w.subject_id = tenant()
               UNION
               SELECT w.server_id FROM server_shares w JOIN team_members m ON m.team_id = w.team_id
                WHERE m.user_id = tenant())
     ORDER BY s.name, s.id LIMIT p_limit OFFSET p_offset
$$;

-- ---- invitations ----

-- The open invitation of a secret, if it is the asking tenant's: it has their address, is not over, and what it is for
-- can still be had. A row of NULLs otherwise, whatever the reason.
CREATE FUNCTION gatehouse.invitation_find(p_digest text) RETURNS gatehouse.invitations LANGUAGE plpgsql STABLE AS $$
DECLARE
    i gatehouse.invitations;
BEGIN
    SELECT x.* INTO i FROM gatehouse.invitations x
      JOIN gatehouse.users u ON u.email_key = x.email_key AND u.deleted_at IS NULL
     WHERE x.digest = p_digest AND x.expires_at > now() AND u.id = gatehouse.tenant()
       AND (x.share_id IS NULL OR EXISTS (
               SELECT FROM gatehouse.server_shares w
                 JOIN gatehouse.mcp_servers s ON s.user_id = w.user_id AND s.id = w.server_id
                WHERE w.user_id = x.user_id AND w.id = x.share_id AND (w.until IS NULL OR w.until > now())
                  AND s.access <> 'private' AND s.deleted_at IS NULL));
    RETURN i;
END
$$;

CREATE FUNCTION gatehouse.invitation_look(p_digest text) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    i invitations := invitation_find(p_digest);
BEGIN
    IF i.id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN json_build_object(
        'invited_by', (SELECT u.email FROM users u WHERE u.id = i.user_id),
        'email', i.email, 'open_until', iso(i.expires_at),
        'server', (SELECT json_build_object(
                              'id', s.id, 'name', s.name, 'endpoint', s.endpoint, 'scopes', w.scopes,
                              'expires_at', iso(w.until), 'source_types', server_kinds(s), 'credentials', 'owner')
                     FROM server_shares w JOIN mcp_servers s ON s.user_id = w.user_id AND s.id = w.server_id
                    WHERE w.user_id = i.user_id AND w.id = i.share_id),
        'team', (SELECT json_build_object('id', t.id, 'name', t.name, 'role', i.role)
                   FROM teams t JOIN team_members m ON m.team_id = t.id
                  WHERE t.id = i.team_id AND m.user_id = i.user_id));
END
$$;

-- Takes an invitation up, once: it is accepted or declined, and gone. What it is for is held before it is, as where that
-- ends; of two who come at once, the second finds nothing.
CREATE FUNCTION gatehouse.invitation_take(p_digest text, p_accept boolean) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    i invitations;
    done text := CASE WHEN p_accept THEN 'invitation_accept' ELSE 'invitation_decline' END;
    about jsonb;
BEGIN
    PERFORM hold_tenant();
    i := invitation_find(p_digest);
    PERFORM FROM mcp_servers s JOIN server_shares w ON w.user_id = s.user_id AND w.server_id = s.id
      WHERE w.user_id = i.user_id AND w.id = i.share_id FOR SHARE OF s FOR UPDATE OF w;
    PERFORM FROM teams t JOIN team_members m ON m.team_id = t.id
      WHERE t.id = i.team_id AND m.user_id = i.user_id FOR UPDATE OF t;
    DELETE FROM invitations x WHERE x.user_id = i.user_id AND x.id = i.id;
    IF NOT FOUND THEN
        PERFORM audit(done, 'refused');
        RETURN NULL;
    END IF;
    IF p_accept AND i.team_id IS NOT NULL THEN
        INSERT INTO team_members (team_id, user_id, role) VALUES (i.team_id, tenant(), i.role) ON CONFLICT DO NOTHING;
    ELSIF p_accept THEN
        UPDATE server_shares SET subject_id = tenant(), accepted_at = now() WHERE user_id = i.user_id AND id = i.share_id;
    ELSE
        DELETE FROM server_shares WHERE user_id = i.user_id AND id = i.share_id;
    END IF;
    -- Both sides read of it: who came, and who let them in.
    about := jsonb_strip_nulls(jsonb_build_object('share', i.share_id, 'team', i.team_id, 'role', i.role));
    PERFORM audit(done, 'ok', about);
    PERFORM audit_event(i.user_id, done, 'ok', about || jsonb_build_object('by', tenant()));
    RETURN i.id;
END
$$;

-- ---- invitations to a team ----

CREATE FUNCTION gatehouse.team_invitation_json(i gatehouse.invitations) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'id', i.id, 'email', i.email, 'role', i.role,
        'invited_by', (SELECT u.email FROM gatehouse.users u WHERE u.id = i.user_id),
        'state', CASE WHEN i.expires_at > now() THEN 'invited' ELSE 'expired' END,
        'created_at', gatehouse.iso(i.created_at), 'expires_at', gatehouse.iso(i.expires_at))
$$;

-- Members and invitations together are bounded. An earlier invitation of the same address gives way.
CREATE FUNCTION gatehouse.team_invite(p_id uuid, p_team uuid, p_email text, p_key text, p_role text, p_digest text,
                                      p_most integer)
    RETURNS json LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    i invitations;
    mine text;
BEGIN
    PERFORM hold_tenant();
    -- Not within the condition, which need not ask for both of its halves.
    mine := team_need(p_team, '{owner,admin}');
    IF mine <> 'owner' AND p_role = 'owner' THEN
        PERFORM fail('NOT_ALLOWED');
    END IF;
    SELECT * INTO i FROM invitations WHERE user_id = tenant() AND team_id = p_team AND id = p_id;
    IF i.id IS NOT NULL THEN
        RETURN team_invitation_json(i);
    END IF;
    IF EXISTS (SELECT FROM team_members m JOIN users u ON u.id = m.user_id
                WHERE m.team_id = p_team AND u.email_key = p_key) THEN
        PERFORM fail('CONFLICT', 'They are a member of this team already.');
    END IF;
    DELETE FROM invitations x WHERE x.team_id = p_team AND x.email_key = p_key;
    IF (SELECT count(*) FROM team_members m WHERE m.team_id = p_team)
       + (SELECT count(*) FROM invitations x WHERE x.team_id = p_team) >= p_most THEN
        PERFORM fail('QUOTA', 'This team has as many members and invitations as it may have: remove one first.');
    END IF;
    INSERT INTO invitations (id, user_id, team_id, role, email, email_key, digest)
    VALUES (p_id, tenant(), p_team, p_role, p_email, p_key, p_digest) RETURNING * INTO i;
    PERFORM audit('member_invite', 'ok', jsonb_build_object('team', p_team, 'invitation', p_id, 'role', p_role));
    RETURN team_invitation_json(i);
END
$$;

CREATE FUNCTION gatehouse.team_invitations_list(p_team uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    IF team_role(p_team, '{owner,admin}') IS NULL THEN
        PERFORM fail('NO_TEAM');
    END IF;
    RETURN QUERY
    SELECT team_invitation_json(i) FROM invitations i WHERE i.team_id = p_team
     ORDER BY i.created_at, i.id LIMIT p_limit OFFSET p_offset;
END
$$;

CREATE FUNCTION gatehouse.team_invitation_end(p_team uuid, p_id uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    ended uuid;
BEGIN
    PERFORM team_need(p_team, '{owner,admin}');
    DELETE FROM invitations i WHERE i.team_id = p_team AND i.id = p_id RETURNING i.id INTO ended;
    IF ended IS NOT NULL THEN
        PERFORM audit('invitation_end', 'ok', jsonb_build_object('team', p_team, 'invitation', p_id));
    END IF;
    RETURN ended;
END
$$;

-- ---- who may call what ----

ALTER FUNCTION gatehouse.share_json(gatehouse.server_shares) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.share_check(uuid, text, uuid, integer) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.share_create(uuid, uuid, text, text, uuid, text[], timestamptz, text, integer)
    OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.share_list(uuid, bigint, bigint) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.share_end(uuid, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.access_of(uuid, uuid, boolean) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.unshare() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.unshare_with() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.uninvite() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.shared_servers(bigint, bigint) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.server_kinds(gatehouse.mcp_servers) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.invitation_find(text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.invitation_look(text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.invitation_take(text, boolean) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_invitation_json(gatehouse.invitations) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_invite(uuid, uuid, text, text, text, text, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_invitations_list(uuid, bigint, bigint) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_invitation_end(uuid, uuid) OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.share_json(gatehouse.server_shares),
      gatehouse.share_check(uuid, text, uuid, integer),
      gatehouse.share_create(uuid, uuid, text, text, uuid, text[], timestamptz, text, integer),
      gatehouse.share_list(uuid, bigint, bigint), gatehouse.share_end(uuid, uuid),
      gatehouse.shared_servers(bigint, bigint), gatehouse.invitation_look(text),
      gatehouse.invitation_take(text, boolean),
      gatehouse.team_invite(uuid, uuid, text, text, text, text, integer),
      gatehouse.team_invitations_list(uuid, bigint, bigint), gatehouse.team_invitation_end(uuid, uuid)
   TO gatehouse_api;

COMMIT;
