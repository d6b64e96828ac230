-- Revert gatehouse:gateway from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.tool_called(text, text, jsonb, bigint);
DROP FUNCTION gatehouse.handler_counts(text, text);
DROP FUNCTION gatehouse.gateway_open(text, text, text);
DROP FUNCTION gatehouse.server_scopes(uuid);
DROP FUNCTION gatehouse.server_at(text, text);
DROP TABLE gatehouse.tool_rates;
COMMIT;
