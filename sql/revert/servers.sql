-- Revert gatehouse:servers from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.domain_give(uuid, text);
DROP FUNCTION gatehouse.domain_take(text[], integer);
DROP FUNCTION gatehouse.token_end(uuid, uuid);
DROP FUNCTION gatehouse.token_list(uuid, bigint, bigint);
DROP FUNCTION gatehouse.token_create(uuid, uuid, text, text, integer, integer);
DROP FUNCTION gatehouse.server_change(uuid, text, text[], text);
DROP FUNCTION gatehouse.server_create(uuid, text, text[], text[], integer, integer, text);
DROP FUNCTION gatehouse.server_sources_set(uuid, text[]);
DROP FUNCTION gatehouse.server_sources_check(text[]);
DROP FUNCTION gatehouse.server_json(gatehouse.mcp_servers);
DROP TABLE gatehouse.access_tokens;
DROP TABLE gatehouse.gateway_domains;
DROP TABLE gatehouse.server_sources;
DROP TABLE gatehouse.mcp_servers;
COMMIT;
