-- Deploy gatehouse:servers to pg
-- requires: sources
--
-- MCP servers, the sources they ask, the gateway domains they are given, and the tokens that open them.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.mcp_servers (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES gatehouse.users (id),
    name       varchar(255) NOT NULL,
    endpoint   text NOT NULL,
    access     text NOT NULL DEFAULT 'private' CHECK (access IN ('private', 'shared', 'public')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    UNIQUE (user_id, id)
);
COMMENT ON TABLE gatehouse.mcp_servers IS 'MCP servers; endpoint is the gateway domain, as it stands in the pool.';
COMMENT ON COLUMN gatehouse.mcp_servers.access IS 'Who may use it beside its owner: nobody, those it is shared with, everybody with an account.';
-- A domain belongs to one live server (TI-8); this is also how a request finds its server.
CREATE UNIQUE INDEX mcp_servers_endpoint ON gatehouse.mcp_servers (endpoint) WHERE deleted_at IS NULL;
CREATE INDEX mcp_servers_list ON gatehouse.mcp_servers (user_id, created_at, id) WHERE deleted_at IS NULL;

CREATE TABLE gatehouse.server_sources (
    server_id uuid NOT NULL,
    source_id uuid NOT NULL,
    user_id   uuid NOT NULL,
    position  integer NOT NULL,
    PRIMARY KEY (server_id, source_id),
    FOREIGN KEY (user_id, server_id) REFERENCES gatehouse.mcp_servers (user_id, id),
    FOREIGN KEY (user_id, source_id) REFERENCES gatehouse.sources (user_id, id)
);
COMMENT ON TABLE gatehouse.server_sources IS 'Which sources a server asks. Both are of one tenant: the keys say so.';
CREATE INDEX server_sources_source ON gatehouse.server_sources (source_id);

CREATE TABLE gatehouse.gateway_domains (
    name        text PRIMARY KEY,
    server_id   uuid REFERENCES gatehouse.mcp_servers (id),
    released_at timestamptz
);
COMMENT ON TABLE gatehouse.gateway_domains IS 'Every domain the pool ever named, who has it, and since when it rests.';
CREATE UNIQUE INDEX gateway_domains_server ON gatehouse.gateway_domains (server_id);

CREATE TABLE gatehouse.access_tokens (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL,
    server_id    uuid NOT NULL,
    subject_id   uuid,
    grant_id     uuid,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    scopes       text[],
    vouched      boolean NOT NULL DEFAULT false,
    digest       text NOT NULL UNIQUE CHECK (digest ~ '^[0-9a-f]{64}$'),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    ended_at     timestamptz,
    FOREIGN KEY (user_id, server_id) REFERENCES gatehouse.mcp_servers (user_id, id)
);
COMMENT ON TABLE gatehouse.access_tokens IS 'What opens a server, as digests of 256 random bits: personal tokens, and those of a grant (grant_id).';
COMMENT ON COLUMN gatehouse.access_tokens.subject_id IS 'Who uses it; NULL: the owner of the server, or a machine for itself.';
COMMENT ON COLUMN gatehouse.access_tokens.scopes IS 'What it is good for; NULL: everything.';
COMMENT ON COLUMN gatehouse.access_tokens.vouched IS 'Given on an issuer''s word: it reaches nothing that a person connected for themselves.';
CREATE INDEX access_tokens_server ON gatehouse.access_tokens (server_id, created_at) WHERE ended_at IS NULL;

ALTER TABLE gatehouse.mcp_servers OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.server_sources OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.gateway_domains OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.access_tokens OWNER TO gatehouse_owner;
CREATE TRIGGER touch BEFORE UPDATE ON gatehouse.mcp_servers FOR EACH ROW EXECUTE FUNCTION gatehouse.touch();

-- ---- whose rows ----

ALTER TABLE gatehouse.mcp_servers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.server_sources ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.access_tokens ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.mcp_servers TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid AND deleted_at IS NULL);
CREATE POLICY tenant ON gatehouse.server_sources TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY tenant ON gatehouse.access_tokens TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.mcp_servers TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.server_sources TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.access_tokens TO gatehouse_door USING (true);

GRANT SELECT, INSERT, UPDATE (name, access) ON gatehouse.mcp_servers TO gatehouse_api;
GRANT SELECT, INSERT, DELETE ON gatehouse.server_sources TO gatehouse_api;
GRANT SELECT, INSERT, UPDATE (ended_at) ON gatehouse.access_tokens TO gatehouse_api;
GRANT SELECT ON gatehouse.mcp_servers, gatehouse.server_sources TO gatehouse_mcp;
GRANT SELECT, UPDATE ON gatehouse.mcp_servers, gatehouse.access_tokens TO gatehouse_door;
GRANT SELECT, DELETE ON gatehouse.server_sources TO gatehouse_door;
GRANT SELECT, INSERT, UPDATE ON gatehouse.gateway_domains TO gatehouse_door;

-- ---- servers ----

CREATE FUNCTION gatehouse.server_json(s gatehouse.mcp_servers) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'id', s.id, 'name', s.name, 'endpoint', s.endpoint, 'access', s.access,
        'source_ids', (SELECT coalesce(json_agg(x.source_id ORDER BY x.position), '[]')
                         FROM gatehouse.server_sources x WHERE x.user_id = s.user_id AND x.server_id = s.id),
        'created_at', gatehouse.iso(s.created_at), 'updated_at', gatehouse.iso(s.updated_at))
$$;

-- The first id that is no live source of the tenant's decides the answer. Each is held, so that it is not deleted
-- before the server that names it is there to be cleared (TI-7).
CREATE FUNCTION gatehouse.server_sources_check(p_sources text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY p_sources LOOP
        PERFORM FROM gatehouse.sources WHERE user_id = gatehouse.tenant() AND id = wanted::uuid FOR SHARE;
        IF NOT FOUND THEN
            PERFORM gatehouse.fail('BAD_FIELD',
                                   format('Source ID %s not found or does not belong to user', wanted));
        END IF;
    END LOOP;
END
$$;

-- Replaces a server's sources; one named twice counts once.
CREATE FUNCTION gatehouse.server_sources_set(p_server uuid, p_sources text[]) RETURNS void LANGUAGE sql AS $$
    DELETE FROM gatehouse.server_sources WHERE user_id = gatehouse.tenant() AND server_id = p_server;
    INSERT INTO gatehouse.server_sources (server_id, source_id, user_id, position)
    SELECT p_server, id::uuid, gatehouse.tenant(), place FROM unnest(p_sources) WITH ORDINALITY AS x (id, place)
     ORDER BY place ON CONFLICT DO NOTHING;
$$;

-- The next free domain of the pool, in its order, NULL when there is none. Rows
-- that another creation holds are passed over, so nobody waits and nobody gets the same (TI-8).
CREATE FUNCTION gatehouse.domain_take(p_pool text[], p_rest_hours integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    taken text;
BEGIN
    INSERT INTO gateway_domains (name)
    SELECT p FROM unnest(p_pool) p WHERE NOT EXISTS (SELECT FROM gateway_domains d WHERE d.name = p)
     ORDER BY p ON CONFLICT DO NOTHING;
    SELECT d.name INTO taken FROM gateway_domains d
     WHERE d.name = ANY (p_pool) AND d.server_id IS NULL
       AND (d.released_at IS NULL OR d.released_at <= now() - make_interval(hours => p_rest_hours))
       AND NOT EXISTS (SELECT FROM mcp_servers s WHERE s.endpoint = d.name AND s.deleted_at IS NULL)
     ORDER BY array_position(p_pool, d.name) LIMIT 1 FOR UPDATE SKIP LOCKED;
    RETURN taken;
END
$$;

-- Notes who has it, once the server is there: the asking tenant's, and with that endpoint.
CREATE FUNCTION gatehouse.domain_give(p_server uuid, p_name text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    UPDATE gateway_domains SET server_id = p_server, released_at = NULL
     WHERE name = p_name AND server_id IS NULL
       AND EXISTS (SELECT FROM mcp_servers s WHERE s.user_id = tenant() AND s.id = p_server AND s.endpoint = p_name)
$$;

CREATE FUNCTION gatehouse.server_create(p_id uuid, p_name text, p_sources text[], p_pool text[],
                                        p_rest_hours integer, p_most integer, p_access text DEFAULT 'private')
    RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    s gatehouse.mcp_servers;
    domain text;
BEGIN
    PERFORM gatehouse.hold_tenant();
    SELECT * INTO s FROM gatehouse.mcp_servers WHERE user_id = gatehouse.tenant() AND id = p_id;
    IF s.id IS NOT NULL THEN
        RETURN gatehouse.server_json(s);
    END IF;
    IF (SELECT count(*) FROM gatehouse.mcp_servers WHERE user_id = gatehouse.tenant()) >= p_most THEN
        PERFORM gatehouse.fail('QUOTA');
    END IF;
    PERFORM gatehouse.server_sources_check(p_sources);
    domain := gatehouse.domain_take(p_pool, p_rest_hours);
    IF domain IS NULL THEN
        PERFORM gatehouse.fail('NO_DOMAIN');
    END IF;
    INSERT INTO gatehouse.mcp_servers (id, user_id, name, endpoint, access)
    VALUES (p_id, gatehouse.tenant(), p_name, domain, p_access) RETURNING * INTO s;
    PERFORM gatehouse.server_sources_set(p_id, p_sources);
    PERFORM gatehouse.domain_give(p_id, domain);
    PERFORM gatehouse.audit('server_create', 'ok', jsonb_build_object('server', p_id, 'endpoint', domain,
                                                                    'access', p_access));
    RETURN gatehouse.server_json(s);
END
$$;

-- NULL leaves a thing as it is.
CREATE FUNCTION gatehouse.server_change(p_id uuid, p_name text, p_sources text[], p_access text DEFAULT NULL) RETURNS json
    LANGUAGE plpgsql AS $$
DECLARE
    s gatehouse.mcp_servers;
BEGIN
    UPDATE gatehouse.mcp_servers SET name = coalesce(p_name, name), access = coalesce(p_access, access)
     WHERE user_id = gatehouse.tenant() AND id = p_id RETURNING * INTO s;
    IF s.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF p_sources IS NOT NULL THEN
        PERFORM gatehouse.server_sources_check(p_sources);
        PERFORM gatehouse.server_sources_set(p_id, p_sources);
    END IF;
    PERFORM gatehouse.audit('server_change', 'ok', jsonb_strip_nulls(jsonb_build_object('server', p_id, 'access', p_access)));
    RETURN gatehouse.server_json(s);
END
$$;

-- ---- tokens ----

CREATE FUNCTION gatehouse.token_create(p_id uuid, p_server uuid, p_name text, p_digest text, p_days integer,
                                       p_most integer)
    RETURNS TABLE (id uuid, name text, expires_at text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM gatehouse.hold_tenant();
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    IF NOT EXISTS (SELECT FROM gatehouse.access_tokens t WHERE t.user_id = gatehouse.tenant() AND t.id = p_id) THEN
        IF (SELECT count(*) FROM gatehouse.access_tokens t
             WHERE t.user_id = gatehouse.tenant() AND t.server_id = p_server AND t.grant_id IS NULL AND t.ended_at IS NULL
               AND t.expires_at > now()) >= p_most THEN
            PERFORM gatehouse.fail('QUOTA');
        END IF;
        INSERT INTO gatehouse.access_tokens (id, user_id, server_id, name, digest, expires_at)
        VALUES (p_id, gatehouse.tenant(), p_server, p_name, p_digest, now() + make_interval(days => p_days));
        PERFORM gatehouse.audit('token_create', 'ok', jsonb_build_object('token', p_id, 'server', p_server));
    END IF;
    RETURN QUERY SELECT t.id, t.name, gatehouse.iso(t.expires_at) FROM gatehouse.access_tokens t
                  WHERE t.user_id = gatehouse.tenant() AND t.id = p_id;
END
$$;

CREATE FUNCTION gatehouse.token_list(p_server uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gatehouse.mcp_servers s WHERE s.user_id = gatehouse.tenant() AND s.id = p_server) THEN
        PERFORM gatehouse.fail('NO_SERVER');
    END IF;
    RETURN QUERY
    SELECT json_build_object('id', t.id, 'name', t.name, 'created_at', gatehouse.iso(t.created_at),
                             'expires_at', gatehouse.iso(t.expires_at), 'last_used_at', gatehouse.iso(t.last_used_at))
      FROM gatehouse.access_tokens t
     WHERE t.user_id = gatehouse.tenant() AND t.server_id = p_server AND t.grant_id IS NULL AND t.ended_at IS NULL
     ORDER BY t.created_at, t.id LIMIT p_limit OFFSET p_offset;
END
$$;

CREATE FUNCTION gatehouse.token_end(p_server uuid, p_id uuid) RETURNS uuid LANGUAGE sql AS $$
    UPDATE gatehouse.access_tokens SET ended_at = now()
     WHERE user_id = gatehouse.tenant() AND server_id = p_server AND id = p_id AND grant_id IS NULL AND ended_at IS NULL;
    SELECT gatehouse.audit('token_end', 'ok', jsonb_build_object('token', p_id, 'server', p_server))
     WHERE EXISTS (SELECT FROM gatehouse.access_tokens t WHERE t.user_id = gatehouse.tenant() AND t.id = p_id
                      AND t.server_id = p_server AND t.ended_at = now());
    SELECT id FROM gatehouse.access_tokens
     WHERE user_id = gatehouse.tenant() AND server_id = p_server AND id = p_id AND ended_at = now();
$$;

ALTER FUNCTION gatehouse.server_json(gatehouse.mcp_servers) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.server_sources_check(text[]) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.server_sources_set(uuid, text[]) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.server_create(uuid, text, text[], text[], integer, integer, text) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.server_change(uuid, text, text[], text) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.token_create(uuid, uuid, text, text, integer, integer) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.token_list(uuid, bigint, bigint) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.token_end(uuid, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.domain_take(text[], integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.domain_give(uuid, text) OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.server_json(gatehouse.mcp_servers),
      gatehouse.server_sources_check(text[]), gatehouse.server_sources_set(uuid, text[]),
      gatehouse.server_create(uuid, text, text[], text[], integer, integer, text),
      gatehouse.server_change(uuid, text, text[], text), gatehouse.domain_take(text[], integer),
      gatehouse.domain_give(uuid, text), gatehouse.token_create(uuid, uuid, text, text, integer, integer),
      gatehouse.token_list(uuid, bigint, bigint), gatehouse.token_end(uuid, uuid)
   TO gatehouse_api;

COMMIT;
