-- Revert gatehouse:published from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.assertion_use(text, bigint);
DROP FUNCTION gatehouse.published_keep(text, text, integer, integer);
DROP FUNCTION gatehouse.published_take(text, boolean);
DROP TABLE gatehouse.used_assertions;
DROP TABLE gatehouse.published;
COMMIT;
