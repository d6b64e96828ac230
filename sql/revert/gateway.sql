-- Revert gatehouse:gateway from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.handler_counts(text, text);
DROP FUNCTION gatehouse.gateway_open(text, text, text);
COMMIT;
