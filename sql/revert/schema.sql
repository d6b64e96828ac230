-- Revert gatehouse:schema from pg

BEGIN;
DROP FUNCTION gatehouse.touch();
DROP FUNCTION gatehouse.fail(text, text);
DROP FUNCTION gatehouse.iso(timestamptz);
DROP FUNCTION gatehouse.tenant();
DROP SCHEMA gatehouse;
COMMIT;
