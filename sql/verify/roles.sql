-- Verify gatehouse:roles on pg

BEGIN;
SELECT 1 / count(*) FROM pg_roles
 WHERE rolname = 'gatehouse_api' AND rolcanlogin AND NOT rolsuper AND NOT rolbypassrls;
SELECT 1 / count(*) FROM pg_roles
 WHERE rolname = 'gatehouse_mcp' AND rolcanlogin AND NOT rolsuper AND NOT rolbypassrls;
SELECT 1 / (count(*) / 2) FROM pg_roles
 WHERE rolname IN ('gatehouse_owner', 'gatehouse_door') AND NOT rolcanlogin AND NOT rolsuper AND NOT rolbypassrls;
ROLLBACK;
