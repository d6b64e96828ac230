-- Revert gatehouse:schema from pg

BEGIN;
DROP FUNCTION gatehouse.touch();
DROP FUNCTION gatehouse.fail(text, text);
DROP FUNCTION gatehouse.iso(timestamptz);
DROP FUNCTION gatehouse.tenant();
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
DROP SCHEMA gatehouse;
COMMIT;
