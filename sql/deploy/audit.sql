-- Deploy gatehouse:audit to pg
-- requires: oauth
--
-- Reading the audit log. A tenant reads its own rows; nobody who serves requests changes or deletes one (LA-5). What is
-- old goes by gatehouse audit trim, as a superuser.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE POLICY tenant_reads ON gatehouse.audit_log FOR SELECT TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
GRANT SELECT ON gatehouse.audit_log TO gatehouse_api;
-- For those who read all of it, and forget what is old.
CREATE INDEX audit_log_at ON gatehouse.audit_log (at);

CREATE FUNCTION gatehouse.audit_json(a gatehouse.audit_log) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', a.id, 'at', gatehouse.iso(a.at), 'event', a.event, 'outcome', a.outcome,
                             'request_id', a.request_id, 'detail', a.detail)
$$;

-- The asking tenant's, newest first; a filter that is NULL lets all pass.
CREATE FUNCTION gatehouse.audit_list(p_event text, p_outcome text, p_server uuid, p_since timestamptz, p_until timestamptz,
                                     p_limit bigint, p_offset bigint) RETURNS SETOF json LANGUAGE sql STABLE AS $$
    SELECT gatehouse.audit_json(a) FROM gatehouse.audit_log a
     WHERE a.user_id = gatehouse.tenant() AND (p_event IS NULL OR a.event = p_event) AND (p_outcome IS NULL OR a.outcome = p_outcome)
       AND (p_server IS NULL OR a.detail ->> 'server' = p_server::text)
       AND (p_since IS NULL OR a.at >= p_since) AND (p_until IS NULL OR a.at < p_until)
     ORDER BY a.at DESC, a.id DESC LIMIT p_limit OFFSET p_offset
$$;

ALTER FUNCTION gatehouse.audit_json(gatehouse.audit_log) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.audit_list(text, text, uuid, timestamptz, timestamptz, bigint, bigint) OWNER TO gatehouse_owner;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.audit_json(gatehouse.audit_log),
      gatehouse.audit_list(text, text, uuid, timestamptz, timestamptz, bigint, bigint) TO gatehouse_api;

COMMIT;
