-- Revert gatehouse:clients from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.client_end(uuid, uuid);
DROP FUNCTION gatehouse.client_list(uuid, bigint, bigint);
DROP FUNCTION gatehouse.client_add(text, uuid, text, text[], text, text, jsonb, text, text[], text[], integer);
DROP FUNCTION gatehouse.client_json(gatehouse.oauth_clients);
DROP FUNCTION gatehouse.client_register(uuid, text, text, text[], text, text, jsonb, text, text[], integer, integer);
DROP FUNCTION gatehouse.oauth_open(text, text, text);
DROP FUNCTION gatehouse.scopes_within(text[], text[]);
REVOKE EXECUTE ON FUNCTION gatehouse.throttle_look(text), gatehouse.throttle_fail(text, integer, integer) FROM gatehouse_mcp;
DROP TABLE gatehouse.oauth_clients;
COMMIT;
