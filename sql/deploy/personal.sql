-- Deploy gatehouse:personal to pg
-- requires: issuers
--
-- Accounts of one's own: who is let in to a server reads a personal source of it with what they may read at its vendor.
--
-- A connection is the person's, not the owner's of the source: only doors go there, each for one person. Its refresh
-- token is sealed for its row, and leaves the database for the mcp program alone, which asks with the person's id.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.connections (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES gatehouse.users (id),
    owner_id     uuid NOT NULL,
    source_id    uuid NOT NULL,
    sealed       text,
    account      text NOT NULL,
    scopes       text NOT NULL,
    connected_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    ended_at     timestamptz,
    CHECK ((sealed IS NULL) = (ended_at IS NOT NULL)),
    FOREIGN KEY (owner_id, source_id) REFERENCES gatehouse.sources (user_id, id)
);
COMMENT ON TABLE gatehouse.connections IS 'A person''s own account at the vendor of a source; user_id is that person.';
COMMENT ON COLUMN gatehouse.connections.sealed IS 'The refresh token, sealed for this row; erased when the connection ends.';
COMMENT ON COLUMN gatehouse.connections.account IS 'As the vendor calls it; for the person alone.';
CREATE UNIQUE INDEX connections_live ON gatehouse.connections (source_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX connections_list ON gatehouse.connections (user_id, connected_at) WHERE ended_at IS NULL;

-- Of two begun for one source, the last counts.
CREATE TABLE gatehouse.pending_connections (
    user_id        uuid NOT NULL REFERENCES gatehouse.users (id),
    source_id      uuid NOT NULL REFERENCES gatehouse.sources (id),
    session_id     uuid NOT NULL,
    state_digest   text NOT NULL UNIQUE CHECK (state_digest ~ '^[0-9a-f]{64}$'),
    browser_digest text NOT NULL CHECK (browser_digest ~ '^[0-9a-f]{64}$'),
    sealed         text NOT NULL,
    expires_at     timestamptz NOT NULL DEFAULT now() + interval '10 minutes',
    PRIMARY KEY (user_id, source_id)
);
COMMENT ON TABLE gatehouse.pending_connections IS 'Who went to a vendor to connect an account, and in which browser.';
COMMENT ON COLUMN gatehouse.pending_connections.sealed IS 'The PKCE verifier, sealed for this row.';

ALTER TABLE gatehouse.connections OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.pending_connections OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.connections ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.pending_connections ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY door ON gatehouse.connections TO gatehouse_door USING (true);
CREATE POLICY tenant ON gatehouse.pending_connections TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.pending_connections TO gatehouse_door USING (true);
GRANT SELECT, INSERT, UPDATE ON gatehouse.connections TO gatehouse_door;
GRANT SELECT (user_id, source_id), INSERT, DELETE ON gatehouse.pending_connections TO gatehouse_api;
GRANT SELECT, DELETE ON gatehouse.pending_connections TO gatehouse_mcp;
GRANT SELECT (user_id), DELETE ON gatehouse.pending_connections TO gatehouse_door;

-- ---- connecting ----

-- Whether p_user may use a source of p_owner's: their own, or of a server they are let in to.
CREATE FUNCTION gatehouse.source_reach(p_owner uuid, p_source uuid, p_user uuid, p_public boolean) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT p_owner = p_user OR EXISTS (
        SELECT FROM server_sources x CROSS JOIN LATERAL access_of(x.server_id, p_user, p_public) a
         WHERE x.user_id = p_owner AND x.source_id = p_source)
$$;

-- A source the asking tenant may connect an account for: whose it is, its plain settings, and the account that is
-- connected. No row: none they may use. Whether it is personal at all is the kind's to say.
CREATE FUNCTION gatehouse.connect_look(p_source uuid, p_public boolean)
    RETURNS TABLE (owner_id uuid, owner text, type text, metadata jsonb, connection uuid, account text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT s.user_id, u.email::text, s.type, s.source_metadata, c.id, c.account
      FROM sources s JOIN users u ON u.id = s.user_id AND u.deleted_at IS NULL
      LEFT JOIN connections c ON c.source_id = s.id AND c.user_id = tenant() AND c.ended_at IS NULL
     WHERE s.id = p_source AND s.deleted_at IS NULL AND source_reach(s.user_id, s.id, tenant(), p_public)
$$;

CREATE FUNCTION gatehouse.connection_begin(p_source uuid, p_session uuid, p_state text, p_browser text, p_sealed text)
    RETURNS void LANGUAGE sql AS $$
    DELETE FROM gatehouse.pending_connections WHERE user_id = gatehouse.tenant() AND source_id = p_source;
    INSERT INTO gatehouse.pending_connections (user_id, source_id, session_id, state_digest, browser_digest, sealed)
    VALUES (gatehouse.tenant(), p_source, p_session, p_state, p_browser, p_sealed);
$$;

-- Once: of the person who began, in the session and the browser they began in.
CREATE FUNCTION gatehouse.connection_return(p_session uuid, p_state text, p_browser text)
    RETURNS TABLE (source_id uuid, sealed text) LANGUAGE sql AS $$
    DELETE FROM gatehouse.pending_connections p
     WHERE p.user_id = gatehouse.tenant() AND p.session_id = p_session AND p.state_digest = p_state
       AND p.browser_digest = p_browser AND p.expires_at > now()
 RETURNING p.source_id, p.sealed
$$;

CREATE FUNCTION gatehouse.connection_over(p_user uuid, p_id uuid, p_why text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    c connections;
BEGIN
    UPDATE connections SET ended_at = now(), sealed = NULL WHERE user_id = p_user AND id = p_id AND ended_at IS NULL
    RETURNING * INTO c;
    IF c.id IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM source_states WHERE source_id = c.source_id AND subject_id = p_user;
    PERFORM audit_event(p_user, 'connection_end', 'ok',
                        jsonb_build_object('connection', c.id, 'source', c.source_id, 'why', p_why));
    RETURN true;
END
$$;

-- In the place of what was connected before. False: the tenant may not use the source any more.
CREATE FUNCTION gatehouse.connection_keep(p_id uuid, p_source uuid, p_public boolean, p_sealed text, p_account text, p_scopes text)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    l record;
BEGIN
    -- Held: of two at once the second ends what the first kept, and nobody is put out in between.
    PERFORM FROM sources s WHERE s.id = p_source AND s.user_id IN (SELECT owner_id FROM connect_look(p_source, p_public)) FOR UPDATE;
    SELECT * INTO l FROM connect_look(p_source, p_public);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM connection_over(tenant(), l.connection, 'connected anew');
    INSERT INTO connections (id, user_id, owner_id, source_id, sealed, account, scopes)
    VALUES (p_id, tenant(), l.owner_id, p_source, p_sealed, p_account, p_scopes);
    PERFORM audit_event(tenant(), 'connect', 'ok', jsonb_build_object('connection', p_id, 'source', p_source));
    RETURN true;
END
$$;

-- ---- using it: the tenant is the owner of the source ----

CREATE FUNCTION gatehouse.connection_live(p_source uuid, p_subject uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT FROM connections WHERE source_id = p_source AND user_id = p_subject AND owner_id = tenant()
                      AND ended_at IS NULL);
END
$$;

CREATE FUNCTION gatehouse.connection_open(p_source uuid, p_subject uuid) RETURNS TABLE (id uuid, sealed text)
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT c.id, c.sealed FROM connections c
     WHERE c.source_id = p_source AND c.user_id = p_subject AND c.owner_id = tenant() AND c.ended_at IS NULL
$$;

-- The refresh token that came with a new token; NULL: the old one goes on. False: the connection has ended meanwhile.
CREATE FUNCTION gatehouse.connection_renew(p_subject uuid, p_id uuid, p_sealed text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    UPDATE connections SET sealed = coalesce(p_sealed, sealed), last_used_at = now()
     WHERE user_id = p_subject AND id = p_id AND owner_id = tenant() AND ended_at IS NULL;
    RETURN FOUND;
END
$$;

-- The vendor takes its refresh token no more.
CREATE FUNCTION gatehouse.connection_refused(p_subject uuid, p_id uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT connection_over(c.user_id, c.id, 'the vendor refuses it') FROM connections c
     WHERE c.user_id = p_subject AND c.id = p_id AND c.owner_id = tenant()
$$;

-- ---- as people see them ----

CREATE FUNCTION gatehouse.connection_list(p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT json_build_object(
               'id', c.id, 'account', c.account, 'scopes', c.scopes,
               'source', json_build_object('id', s.id, 'type', s.type, 'name', s.source_metadata ->> 'name',
                                           'owner_email', (SELECT u.email FROM users u WHERE u.id = c.owner_id)),
               'connected_at', iso(c.connected_at), 'last_used_at', iso(c.last_used_at))
      FROM connections c JOIN sources s ON s.user_id = c.owner_id AND s.id = c.source_id
     WHERE c.user_id = tenant() AND c.ended_at IS NULL
     ORDER BY c.connected_at, c.id LIMIT p_limit OFFSET p_offset
$$;

CREATE FUNCTION gatehouse.connection_end(p_id uuid) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT p_id WHERE connection_over(tenant(), p_id, 'ended by the person')
$$;

-- ---- what ends them ----

-- Whoever may use a source no more has no account connected to it.
CREATE FUNCTION gatehouse.connections_recheck(p_owner uuid, p_source uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT connection_over(c.user_id, c.id, 'not let in any more') FROM connections c
     WHERE c.owner_id = p_owner AND c.source_id = p_source AND c.ended_at IS NULL
       AND NOT source_reach(c.owner_id, c.source_id, c.user_id, true)
$$;

CREATE FUNCTION gatehouse.connections_end_unshared() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'server_sources' THEN
        PERFORM connections_recheck(OLD.user_id, OLD.source_id);
    ELSIF TG_TABLE_NAME = 'mcp_servers' THEN
        PERFORM connections_recheck(x.user_id, x.source_id) FROM server_sources x
          WHERE x.user_id = NEW.user_id AND x.server_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'server_shares' THEN
        PERFORM connections_recheck(x.user_id, x.source_id) FROM server_sources x
          WHERE x.user_id = OLD.user_id AND x.server_id = OLD.server_id;
    ELSE
        PERFORM connections_recheck(c.owner_id, c.source_id) FROM connections c
          WHERE c.user_id = OLD.user_id AND c.ended_at IS NULL;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION gatehouse.connections_end_with() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    PERFORM connection_over(c.user_id, c.id, 'its source or account was deleted') FROM connections c
      WHERE c.ended_at IS NULL AND CASE TG_TABLE_NAME WHEN 'users' THEN c.user_id ELSE c.source_id END = NEW.id;
    IF TG_TABLE_NAME = 'users' THEN
        DELETE FROM pending_connections WHERE user_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

-- A changed server has all its sources taken away and given back: what counts is how that ends.
CREATE CONSTRAINT TRIGGER connections_end_unshared AFTER DELETE ON gatehouse.server_sources DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION gatehouse.connections_end_unshared();
CREATE TRIGGER connections_end_unshared AFTER UPDATE OF access ON gatehouse.mcp_servers FOR EACH ROW
    WHEN (NEW.access <> OLD.access) EXECUTE FUNCTION gatehouse.connections_end_unshared();
CREATE TRIGGER connections_end_unshared AFTER UPDATE OR DELETE ON gatehouse.server_shares FOR EACH ROW
    EXECUTE FUNCTION gatehouse.connections_end_unshared();
CREATE TRIGGER connections_end_unshared AFTER DELETE ON gatehouse.team_members FOR EACH ROW
    EXECUTE FUNCTION gatehouse.connections_end_unshared();
CREATE TRIGGER connections_end_with AFTER UPDATE OF deleted_at ON gatehouse.sources FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.connections_end_with();
CREATE TRIGGER connections_end_with AFTER UPDATE OF deleted_at ON gatehouse.users FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.connections_end_with();

ALTER FUNCTION gatehouse.source_reach(uuid, uuid, uuid, boolean) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connect_look(uuid, boolean) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_begin(uuid, uuid, text, text, text) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.connection_return(uuid, text, text) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.connection_over(uuid, uuid, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_keep(uuid, uuid, boolean, text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_live(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_open(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_renew(uuid, uuid, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_refused(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_list(bigint, bigint) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connection_end(uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connections_recheck(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connections_end_unshared() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.connections_end_with() OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.connect_look(uuid, boolean) TO gatehouse_api, gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.connection_begin(uuid, uuid, text, text, text), gatehouse.connection_list(bigint, bigint),
      gatehouse.connection_end(uuid)
   TO gatehouse_api;
GRANT EXECUTE ON FUNCTION gatehouse.connection_return(uuid, text, text),
      gatehouse.connection_keep(uuid, uuid, boolean, text, text, text), gatehouse.connection_live(uuid, uuid),
      gatehouse.connection_open(uuid, uuid), gatehouse.connection_renew(uuid, uuid, text),
      gatehouse.connection_refused(uuid, uuid)
   TO gatehouse_mcp;

COMMIT;
