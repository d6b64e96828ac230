-- Revert gatehouse:deletion from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.user_delete();
DROP FUNCTION gatehouse.sources_end(uuid);
DROP FUNCTION gatehouse.servers_end(uuid);
COMMIT;
