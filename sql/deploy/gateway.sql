-- Deploy gatehouse:gateway to pg
-- requires: servers
--
-- The mcp program's doors: from a host and a token's digest to all that a tool call needs, in one trip.

BEGIN;
SET LOCAL lock_timeout = '2s';

-- No row: no live server has this domain. token_id NULL: the digest is no live token of that server. A pool entry
-- with the port wins over one without. That a token was used is noted once a minute at most.
CREATE FUNCTION gatehouse.gateway_open(p_host text, p_host_port text, p_digest text)
    RETURNS TABLE (user_id uuid, server_id uuid, server_name text, endpoint text, token_id uuid, sources json)
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
        RETURN QUERY SELECT s.user_id, s.id, s.name::text, s.endpoint, NULL::uuid, '[]'::json;
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
             WHERE x.user_id = s.user_id AND x.server_id = s.id AND o.user_id = s.user_id AND o.deleted_at IS NULL);
END
$$;

-- How many sources of each type the server of a host asks: the one gateway_open would open. Not in SQL, which would be
-- planned anew at each call.
CREATE FUNCTION gatehouse.handler_counts(p_host text, p_host_port text) RETURNS TABLE (type text, count bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    s mcp_servers;
BEGIN
    SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host_port AND deleted_at IS NULL;
    IF s.id IS NULL THEN
        SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host AND deleted_at IS NULL;
    END IF;
    IF s.id IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT o.type, count(*) FROM server_sources x JOIN sources o ON o.id = x.source_id
     WHERE x.user_id = s.user_id AND x.server_id = s.id AND o.user_id = s.user_id AND o.deleted_at IS NULL
     GROUP BY o.type;
END
$$;

ALTER FUNCTION gatehouse.gateway_open(text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.handler_counts(text, text) OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.gateway_open(text, text, text) TO gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.handler_counts(text, text) TO gatehouse_api, gatehouse_mcp;

COMMIT;
