-- Revert gatehouse:roles from pg
--
-- The roles stay: other databases of the cluster may use them, and a role that owns nothing here harms nothing.

BEGIN;
SET LOCAL lock_timeout = '2s';
COMMIT;
