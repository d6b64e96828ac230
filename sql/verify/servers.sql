-- Verify gatehouse:servers on pg

BEGIN;
SELECT FROM gatehouse.mcp_servers LIMIT 0;
SELECT FROM gatehouse.server_sources LIMIT 0;
SELECT FROM gatehouse.gateway_domains LIMIT 0;
SELECT FROM gatehouse.access_tokens LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.mcp_servers'::regclass;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.server_sources'::regclass;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.access_tokens'::regclass;
SELECT 'gatehouse.server_json(gatehouse.mcp_servers)'::regprocedure;
SELECT 'gatehouse.server_sources_check(text[])'::regprocedure;
SELECT 'gatehouse.server_sources_set(uuid, text[])'::regprocedure;
SELECT 'gatehouse.server_create(uuid, text, text[], text[], integer, integer, text)'::regprocedure;
SELECT 'gatehouse.server_change(uuid, text, text[], text)'::regprocedure;
SELECT 'gatehouse.token_create(uuid, uuid, text, text, integer, integer)'::regprocedure;
SELECT 'gatehouse.token_list(uuid, bigint, bigint)'::regprocedure;
SELECT 'gatehouse.token_end(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.domain_take(text[], integer)'::regprocedure;
SELECT 'gatehouse.domain_give(uuid, text)'::regprocedure;
ROLLBACK;
