-- Verify gatehouse:gateway on pg

BEGIN;
SELECT FROM gatehouse.tool_rates LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.tool_rates'::regclass;
SELECT 'gatehouse.tool_called(text, text, jsonb, bigint)'::regprocedure;
SELECT 'gatehouse.gateway_open(text, text, text)'::regprocedure;
SELECT 'gatehouse.handler_counts(text, text)'::regprocedure;
ROLLBACK;
