-- Revert gatehouse:import from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
REVOKE EXECUTE ON FUNCTION gatehouse.domain_take(text[], integer), gatehouse.domain_give(uuid, text)
  FROM gatehouse_owner;
DROP FUNCTION gatehouse.import_server(uuid, text, text, text[], timestamptz, timestamptz, timestamptz, text[], integer);
DROP FUNCTION gatehouse.import_domain(text, text[], integer);
DROP FUNCTION gatehouse.import_source(uuid, text, jsonb, jsonb, timestamptz, timestamptz);
DROP FUNCTION gatehouse.import_user(text, text, text, timestamptz, timestamptz);
DROP POLICY import ON gatehouse.audit_log;
DROP POLICY import ON gatehouse.server_sources;
DROP POLICY import ON gatehouse.mcp_servers;
DROP POLICY import ON gatehouse.source_secrets;
DROP POLICY import ON gatehouse.sources;
DROP POLICY import ON gatehouse.users;
COMMIT;
