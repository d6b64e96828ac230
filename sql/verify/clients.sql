-- Verify gatehouse:clients on pg

BEGIN;
SELECT FROM gatehouse.oauth_clients LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.oauth_clients'::regclass;
SELECT 'gatehouse.oauth_open(text, text, text)'::regprocedure;
SELECT 'gatehouse.client_register(uuid, text, text, text[], text, text, jsonb, text, text[], integer, integer)'::regprocedure;
SELECT 'gatehouse.client_add(text, uuid, text, text[], text, text, jsonb, text, text[], text[], integer)'::regprocedure;
ROLLBACK;
