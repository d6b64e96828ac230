-- Revert gatehouse:audit from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.audit_list(text, text, uuid, timestamptz, timestamptz, bigint, bigint);
DROP FUNCTION gatehouse.audit_json(gatehouse.audit_log);
DROP INDEX gatehouse.audit_log_at;
REVOKE SELECT ON gatehouse.audit_log FROM gatehouse_api;
DROP POLICY tenant_reads ON gatehouse.audit_log;
COMMIT;
