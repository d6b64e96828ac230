-- Deploy gatehouse:deletion to pg
-- requires: servers
--
-- Soft deletion. A policy that hides deleted rows also refuses to make one, since the new row would be hidden; so these
-- belong to the door, and each names the asking tenant itself. What is deleted stops working with the next request
-- (TI-7), and its gateway domain begins to rest (TI-8). The account is held first (hold_tenant), as in what makes
-- things: what is made at the same time is seen here, or refused there.

BEGIN;
SET LOCAL lock_timeout = '2s';

-- Ends servers of the asking tenant's: all of them, or one.
CREATE FUNCTION gatehouse.servers_end(p_id uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    ended uuid;
BEGIN
    PERFORM hold_tenant();
    FOR ended IN UPDATE mcp_servers SET deleted_at = now()
                  WHERE user_id = tenant() AND deleted_at IS NULL AND (p_id IS NULL OR id = p_id) RETURNING id LOOP
        UPDATE access_tokens SET ended_at = now() WHERE user_id = tenant() AND server_id = ended AND ended_at IS NULL;
        DELETE FROM server_sources WHERE user_id = tenant() AND server_id = ended;
        UPDATE gateway_domains SET server_id = NULL, released_at = now() WHERE server_id = ended;
        PERFORM audit('server_delete', 'ok', jsonb_build_object('server', ended));
        RETURN NEXT ended;
    END LOOP;
END
$$;

CREATE FUNCTION gatehouse.sources_end(p_id uuid) RETURNS SETOF uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    ended uuid;
BEGIN
    PERFORM hold_tenant();
    FOR ended IN UPDATE sources SET deleted_at = now()
                  WHERE user_id = tenant() AND deleted_at IS NULL AND (p_id IS NULL OR id = p_id) RETURNING id LOOP
        DELETE FROM server_sources WHERE user_id = tenant() AND source_id = ended;
        DELETE FROM source_secrets WHERE user_id = tenant() AND source_id = ended;
        PERFORM audit('source_delete', 'ok', jsonb_build_object('source', ended));
        RETURN NEXT ended;
    END LOOP;
END
$$;

CREATE FUNCTION gatehouse.user_delete() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    -- Once more: the first answer was lost on its way (DB-4).
    PERFORM FROM users WHERE id = tenant() AND deleted_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM servers_end(NULL);
    PERFORM sources_end(NULL);
    UPDATE sessions SET ended_at = now() WHERE user_id = tenant() AND ended_at IS NULL;
    UPDATE users SET deleted_at = now(), hashed_password = NULL WHERE id = tenant() AND deleted_at IS NULL;
    PERFORM audit('user_delete', 'ok');
END
$$;

ALTER FUNCTION gatehouse.servers_end(uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.sources_end(uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.user_delete() OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.servers_end(uuid), gatehouse.sources_end(uuid), gatehouse.user_delete()
   TO gatehouse_api;

COMMIT;
