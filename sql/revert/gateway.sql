-- Revert gatehouse:gateway from pg

BEGIN;
DROP FUNCTION gatehouse.handler_counts(text, text);
DROP FUNCTION gatehouse.gateway_open(text, text, text);
COMMIT;
