-- Verify gatehouse:audit on pg

BEGIN;
SELECT 'gatehouse.audit_list(text, text, uuid, timestamptz, timestamptz, bigint, bigint)'::regprocedure;
SELECT 1 / has_table_privilege('gatehouse_api', 'gatehouse.audit_log', 'SELECT')::int;
ROLLBACK;
