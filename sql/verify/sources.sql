-- Verify gatehouse:sources on pg

BEGIN;
SELECT FROM gatehouse.sources LIMIT 0;
SELECT FROM gatehouse.source_secrets LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.sources'::regclass;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.source_secrets'::regclass;
SELECT 'gatehouse.source_json(gatehouse.sources)'::regprocedure;
SELECT 'gatehouse.hold_tenant()'::regprocedure;
SELECT 'gatehouse.source_secrets_set(uuid, jsonb)'::regprocedure;
SELECT 'gatehouse.source_create(uuid, text, jsonb, jsonb, integer)'::regprocedure;
SELECT 'gatehouse.source_change(uuid, text, jsonb, jsonb)'::regprocedure;
ROLLBACK;
