-- Verify gatehouse:schema on pg

BEGIN;
SELECT gatehouse.tenant(), gatehouse.iso(now());
SELECT 1 / has_schema_privilege('gatehouse_api', 'gatehouse', 'USAGE')::int;
SELECT 1 / has_schema_privilege('gatehouse_mcp', 'gatehouse', 'USAGE')::int;
ROLLBACK;
