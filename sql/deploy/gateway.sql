-- Deploy gatehouse:gateway to pg
-- requires: servers
--
-- The mcp program's doors: from a host and a token's digest to all that a tool call needs, in one trip.

BEGIN;
SET LOCAL lock_timeout = '2s';

-- Each call of a tool takes a step of time at the rate it may be called; all it has taken ends at until. Nothing in it
-- outlives some minutes, so a crash may empty it.
CREATE UNLOGGED TABLE gatehouse.tool_rates (
    holder_id uuid NOT NULL,
    tool      text NOT NULL,
    user_id   uuid NOT NULL,
    until     timestamptz NOT NULL,
    PRIMARY KEY (holder_id, tool)
) WITH (fillfactor = 50);
COMMENT ON TABLE gatehouse.tool_rates IS 'Until when the calls of a tool by a grant, all of its tokens, or by a personal token, have used its rate up (MC-16).';
ALTER TABLE gatehouse.tool_rates OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.tool_rates ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.tool_rates TO gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.tool_rates FOR SELECT TO gatehouse_door USING (true);
GRANT SELECT, INSERT, UPDATE (until) ON gatehouse.tool_rates TO gatehouse_mcp;
GRANT SELECT ON gatehouse.tool_rates TO gatehouse_door;

-- The live server of a host, NULLs where there is none. A pool entry with the port wins over one without. (gateway_open,
-- which runs in every request, says the same in line.)
CREATE FUNCTION gatehouse.server_at(p_host text, p_host_port text) RETURNS gatehouse.mcp_servers
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    s mcp_servers;
BEGIN
    SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host_port AND deleted_at IS NULL;
    IF s.id IS NULL THEN
        SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host AND deleted_at IS NULL;
    END IF;
    RETURN s;
END
$$;

-- What a token of a server may be good for: its own two tools, and those that its kinds of source bring.
CREATE FUNCTION gatehouse.server_scopes(p_server uuid) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT ARRAY['search', 'fetch'] || coalesce(array_agg(DISTINCT o.type) FILTER (WHERE o.type IN ('box', 'outlook', 'snowflake')), '{}')
      FROM server_sources x JOIN sources o ON o.id = x.source_id
     WHERE x.server_id = p_server AND x.user_id = o.user_id AND o.deleted_at IS NULL
$$;

-- No row: no live server has this domain. token_id NULL: the digest is no live token of that server, and scopes are
-- what one could be good for. Else NULL means all of them; subject_id NULL is a machine for itself. A pool entry
-- with the port wins over one without. subject_id NULL: a machine for itself; scopes NULL: all. That a token was used is noted once a minute at most. rates: {tool: microseconds
-- from now}, of those whose calls reach there.
CREATE FUNCTION gatehouse.gateway_open(p_host text, p_host_port text, p_digest text)
    RETURNS TABLE (user_id uuid, server_id uuid, server_name text, endpoint text, token_id uuid, sources json,
                  rates json, subject_id uuid, scopes json, grant_id uuid, vouched boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    s mcp_servers;
    t access_tokens;
BEGIN
    SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host_port AND deleted_at IS NULL;
    IF s.id IS NULL THEN
        SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host AND deleted_at IS NULL;
    END IF;
    IF s.id IS NULL OR NOT EXISTS (SELECT FROM users WHERE id = s.user_id AND deleted_at IS NULL) THEN
        RETURN;
    END IF;
    -- By the digest alone: the planner would as soon read all tokens of the server.
    SELECT * INTO t FROM access_tokens a WHERE a.digest = p_digest;
    IF t.id IS NULL OR t.server_id <> s.id OR t.ended_at IS NOT NULL OR t.expires_at <= now() THEN
        RETURN QUERY SELECT s.user_id, s.id, s.name::text, s.endpoint, NULL::uuid, '[]'::json, NULL::json,
                            NULL::uuid, to_json(server_scopes(s.id)), NULL::uuid, false;
        RETURN;
    END IF;
    IF t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute' THEN
        -- Of requests that come at once, one writes; and nobody waits for the disk because of it.
        PERFORM set_config('synchronous_commit', 'off', true);
        UPDATE access_tokens SET last_used_at = now()
         WHERE user_id = s.user_id AND id = t.id
           AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');
    END IF;
    RETURN QUERY
    SELECT s.user_id, s.id, s.name::text, s.endpoint, t.id,
           (SELECT coalesce(json_agg(json_build_object('id', o.id, 'type', o.type, 'source_metadata', o.source_metadata)
                                     ORDER BY o.created_at, o.id), '[]')
              FROM server_sources x JOIN sources o ON o.id = x.source_id
             WHERE x.user_id = s.user_id AND x.server_id = s.id AND o.user_id = s.user_id AND o.deleted_at IS NULL),
           (SELECT json_object_agg(r.tool, ceil(extract(epoch FROM r.until - now()) * 1000000)::bigint) FROM tool_rates r
             WHERE r.user_id = s.user_id AND r.holder_id = coalesce(t.grant_id, t.id) AND r.until > now()),
           coalesce(t.subject_id, CASE WHEN t.grant_id IS NULL THEN s.user_id END), to_json(t.scopes), t.grant_id, t.vouched;
END
$$;

-- A tool call of the asking tenant's, and the step of its rate that it took: losing the last few when the database host
-- dies is better than a disk flush in every search.
CREATE FUNCTION gatehouse.tool_called(p_event text, p_outcome text, p_detail jsonb, p_step bigint) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM gatehouse.audit(p_event, p_outcome, p_detail);
    INSERT INTO gatehouse.tool_rates AS r (holder_id, tool, user_id, until)
    VALUES (coalesce(p_detail ->> 'grant', p_detail ->> 'token')::uuid, p_detail ->> 'tool', gatehouse.tenant(),
            now() + p_step * interval '1 microsecond')
        ON CONFLICT (holder_id, tool) DO UPDATE SET until = greatest(r.until, now()) + p_step * interval '1 microsecond';
END
$$;

-- How many sources of each type the server of a host asks: the one gateway_open would open. Not in SQL, which would be
-- planned anew at each call.
CREATE FUNCTION gatehouse.handler_counts(p_host text, p_host_port text) RETURNS TABLE (type text, count bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    s mcp_servers := server_at(p_host, p_host_port);
BEGIN
    IF s.id IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT o.type, count(*) FROM server_sources x JOIN sources o ON o.id = x.source_id
     WHERE x.user_id = s.user_id AND x.server_id = s.id AND o.user_id = s.user_id AND o.deleted_at IS NULL
     GROUP BY o.type;
END
$$;

ALTER FUNCTION gatehouse.server_scopes(uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.server_at(text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.gateway_open(text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.handler_counts(text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.tool_called(text, text, jsonb, bigint) OWNER TO gatehouse_owner;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.gateway_open(text, text, text), gatehouse.tool_called(text, text, jsonb, bigint)
   TO gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.handler_counts(text, text) TO gatehouse_api, gatehouse_mcp;

COMMIT;
