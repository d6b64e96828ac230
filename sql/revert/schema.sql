-- Revert gatehouse:schema from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.touch();
DROP FUNCTION gatehouse.fail(text, text);
DROP FUNCTION gatehouse.iso(timestamptz);
DROP FUNCTION gatehouse.tenant();
DROP SCHEMA gatehouse;
COMMIT;
