-- Revert gatehouse:sources from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.source_change(uuid, text, jsonb, jsonb);
DROP FUNCTION gatehouse.source_create(uuid, text, jsonb, jsonb, integer);
DROP FUNCTION gatehouse.source_secrets_set(uuid, jsonb);
DROP FUNCTION gatehouse.hold_tenant();
DROP FUNCTION gatehouse.source_json(gatehouse.sources);
DROP TABLE gatehouse.source_secrets;
DROP TABLE gatehouse.sources;
COMMIT;
