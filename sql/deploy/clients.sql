-- Deploy gatehouse:clients to pg
-- requires: gateway, sharing
--
-- OAuth clients of a gateway, and what a client can have there. user_id is the owner of the server.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.oauth_clients (
    id            text PRIMARY KEY CHECK (id ~ '^ghi_'),
    user_id       uuid NOT NULL,
    server_id     uuid NOT NULL,
    origin        text NOT NULL CHECK (origin IN ('dynamic', 'registered')),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    redirect_uris text[] NOT NULL,
    auth_method   text NOT NULL
        CHECK (auth_method IN ('none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt')),
    secret_digest text CHECK ((secret_digest IS NOT NULL) = (auth_method IN ('client_secret_basic', 'client_secret_post'))),
    keys          jsonb CHECK (((keys IS NOT NULL) <> (keys_url IS NOT NULL)) = (auth_method = 'private_key_jwt')),
    keys_url      text,
    grant_types   text[] NOT NULL,
    scopes        text[] CHECK (cardinality(scopes) > 0),
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    ended_at      timestamptz,
    FOREIGN KEY (user_id, server_id) REFERENCES gatehouse.mcp_servers (user_id, id)
);
COMMENT ON COLUMN gatehouse.oauth_clients.scopes IS 'What it may have at most; NULL: all.';
COMMENT ON TABLE gatehouse.oauth_clients IS 'Clients of one gateway: those that registered themselves, which are forgotten at expires_at, and those its owner entered.';
CREATE INDEX oauth_clients_server ON gatehouse.oauth_clients (server_id, created_at) WHERE ended_at IS NULL;

ALTER TABLE gatehouse.oauth_clients OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.oauth_clients ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.oauth_clients TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.oauth_clients TO gatehouse_door USING (true);
GRANT SELECT ON gatehouse.oauth_clients TO gatehouse_api;
GRANT INSERT (id, user_id, server_id, origin, name, redirect_uris, auth_method, secret_digest, keys, keys_url, grant_types, scopes)
   ON gatehouse.oauth_clients TO gatehouse_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.oauth_clients TO gatehouse_door;

-- ---- servers and clients ----

-- Those of some scopes that are among others too; NULL as the others: all of them.
CREATE FUNCTION gatehouse.scopes_within(p_scopes text[], p_others text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_others IS NULL THEN p_scopes ELSE ARRAY(SELECT s FROM unnest(p_scopes) s WHERE s = ANY (p_others)) END
$$;

-- The live server of a host, its client of that id, NULL where it has none of it, and the scopes that can be had. No row:
-- no live server.
CREATE FUNCTION gatehouse.oauth_open(p_host text, p_host_port text, p_client text)
    RETURNS TABLE (user_id uuid, server_id uuid, server_name text, scopes json, client json)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    s mcp_servers := server_at(p_host, p_host_port);
    c oauth_clients;
BEGIN
    IF s.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO c FROM oauth_clients
     WHERE user_id = s.user_id AND server_id = s.id AND id = p_client AND ended_at IS NULL
       AND (expires_at IS NULL OR expires_at > now());
    RETURN QUERY SELECT s.user_id, s.id, s.name::text, to_json(scopes_within(server_scopes(s.id), c.scopes)),
        CASE WHEN c.id IS NOT NULL THEN
            json_build_object('id', c.id, 'name', c.name, 'redirect_uris', c.redirect_uris, 'auth_method', c.auth_method,
                              'secret_digest', c.secret_digest, 'keys', c.keys, 'keys_url', c.keys_url,
                              'grant_types', c.grant_types, 'origin', c.origin) END;
END
$$;

-- A client that registers itself. It is forgotten after p_days without a grant; where the server has p_most of them,
-- one that never got a grant makes room (OA-16).
CREATE FUNCTION gatehouse.client_register(p_server uuid, p_id text, p_name text, p_redirects text[], p_method text,
                                          p_secret text, p_keys jsonb, p_keys_url text, p_grants text[], p_days integer,
                                          p_most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    owner uuid;
BEGIN
    SELECT user_id INTO owner FROM mcp_servers WHERE id = p_server AND deleted_at IS NULL FOR SHARE;
    IF owner IS NULL THEN
        PERFORM fail('NO_SERVER');
    END IF;
    DELETE FROM oauth_clients WHERE user_id = owner AND server_id = p_server AND expires_at <= now();
    IF (SELECT count(*) FROM oauth_clients WHERE user_id = owner AND server_id = p_server AND origin = 'dynamic' AND ended_at IS NULL) >= p_most THEN
        DELETE FROM oauth_clients WHERE id IN (
            SELECT c.id FROM oauth_clients c
             WHERE c.user_id = owner AND c.server_id = p_server AND c.origin = 'dynamic' AND c.created_at < now() - interval '10 minutes'
               AND NOT EXISTS (SELECT FROM grants g WHERE g.user_id = owner AND g.server_id = p_server AND g.client_id = c.id)
             ORDER BY c.created_at LIMIT 1 FOR UPDATE SKIP LOCKED);
        IF NOT FOUND THEN
            PERFORM fail('QUOTA');
        END IF;
    END IF;
    INSERT INTO oauth_clients (id, user_id, server_id, origin, name, redirect_uris, auth_method, secret_digest, keys, keys_url,
                               grant_types, expires_at)
    VALUES (p_id, owner, p_server, 'dynamic', p_name, p_redirects, p_method, p_secret, p_keys, p_keys_url, p_grants,
            now() + make_interval(days => p_days))
        ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        PERFORM audit_event(owner, 'client_register', 'ok', jsonb_build_object('server', p_server, 'client', p_id));
    END IF;
    RETURN (SELECT extract(epoch FROM created_at)::bigint FROM oauth_clients WHERE user_id = owner AND id = p_id);
END
$$;

-- A client that the owner of a server enters, who tells it the secret.
CREATE FUNCTION gatehouse.client_add(p_id text, p_server uuid, p_name text, p_redirects text[], p_method text, p_secret text,
                                     p_keys jsonb, p_keys_url text, p_grants text[], p_scopes text[], p_most integer) RETURNS json
    LANGUAGE plpgsql AS $$
DECLARE
    c gatehouse.oauth_clients;
BEGIN
    PERFORM gatehouse.hold_tenant();
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    IF (SELECT count(*) FROM gatehouse.oauth_clients o
         WHERE o.user_id = gatehouse.tenant() AND o.server_id = p_server AND o.origin = 'registered' AND o.ended_at IS NULL) >= p_most THEN
        PERFORM gatehouse.fail('QUOTA');
    END IF;
    INSERT INTO gatehouse.oauth_clients (id, user_id, server_id, origin, name, redirect_uris, auth_method, secret_digest, keys, keys_url,
                                         grant_types, scopes)
    VALUES (p_id, gatehouse.tenant(), p_server, 'registered', p_name, p_redirects, p_method, p_secret, p_keys, p_keys_url, p_grants, p_scopes)
        ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        PERFORM gatehouse.audit('client_add', 'ok', jsonb_build_object('server', p_server, 'client', p_id));
    END IF;
    SELECT * INTO c FROM gatehouse.oauth_clients WHERE user_id = gatehouse.tenant() AND id = p_id;
    RETURN gatehouse.client_json(c);
END
$$;

-- id is what the API goes by, client_id what OAuth does.
CREATE FUNCTION gatehouse.client_json(c gatehouse.oauth_clients) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', substr(c.id, 5), 'client_id', c.id, 'name', c.name, 'origin', c.origin, 'redirect_uris', c.redirect_uris,
                             'token_endpoint_auth_method', c.auth_method, 'jwks', c.keys, 'jwks_uri', c.keys_url, 'grant_types', c.grant_types, 'scopes', c.scopes,
                             'created_at', gatehouse.iso(c.created_at), 'expires_at', gatehouse.iso(c.expires_at))
$$;

CREATE FUNCTION gatehouse.client_list(p_server uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    RETURN QUERY
    SELECT gatehouse.client_json(c) FROM gatehouse.oauth_clients c
     WHERE c.user_id = gatehouse.tenant() AND c.server_id = p_server AND c.ended_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > now())
     ORDER BY c.created_at, c.id LIMIT p_limit OFFSET p_offset;
END
$$;

-- Ends a client at a server of the asking tenant's, and all that was granted to it there.
CREATE FUNCTION gatehouse.client_end(p_server uuid, p_id uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    client text := 'ghi_' || p_id;
BEGIN
    UPDATE oauth_clients SET ended_at = now() WHERE user_id = tenant() AND server_id = p_server AND id = client AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM grant_over(user_id, id, 'its client was ended') FROM grants
      WHERE user_id = tenant() AND server_id = p_server AND client_id = client AND ended_at IS NULL;
    PERFORM audit_event(tenant(), 'client_end', 'ok', jsonb_build_object('server', p_server, 'client', client));
    RETURN p_id;
END
$$;

ALTER FUNCTION gatehouse.scopes_within(text[], text[]) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.client_json(gatehouse.oauth_clients) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.client_add(text, uuid, text, text[], text, text, jsonb, text, text[], text[], integer) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.client_list(uuid, bigint, bigint) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.client_end(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.oauth_open(text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.client_register(uuid, text, text, text[], text, text, jsonb, text, text[], integer, integer)
    OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.throttle_look(text), gatehouse.throttle_fail(text, integer, integer),
      gatehouse.oauth_open(text, text, text),
      gatehouse.client_register(uuid, text, text, text[], text, text, jsonb, text, text[], integer, integer)
   TO gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.client_json(gatehouse.oauth_clients), gatehouse.client_list(uuid, bigint, bigint),
      gatehouse.client_end(uuid, uuid), gatehouse.client_add(text, uuid, text, text[], text, text, jsonb, text, text[], text[], integer)
   TO gatehouse_api;
GRANT EXECUTE ON FUNCTION gatehouse.scopes_within(text[], text[]) TO gatehouse_door;

COMMIT;
