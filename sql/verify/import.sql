-- Verify gatehouse:import on pg

BEGIN;
SELECT 1 / (NOT has_function_privilege('gatehouse_api', f, 'EXECUTE')
            AND NOT has_function_privilege('gatehouse_mcp', f, 'EXECUTE'))::int
  FROM unnest(ARRAY[
       'gatehouse.import_user(text, text, text, timestamptz, timestamptz)',
       'gatehouse.import_source(uuid, text, jsonb, jsonb, timestamptz, timestamptz)',
       'gatehouse.import_domain(text, text[], integer)',
       'gatehouse.import_server(uuid, text, text, text[], timestamptz, timestamptz, timestamptz, text[], integer)'
       ]::regprocedure[]) f;
ROLLBACK;
