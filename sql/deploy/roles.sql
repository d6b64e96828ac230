-- Deploy gatehouse:roles to pg
--
-- Who there is. Roles belong to the whole cluster, so each is made only where it is missing; how the two that log in
-- prove who they are (peer, password, certificate) is the operator's business.

BEGIN;
SET LOCAL lock_timeout = '2s';

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['gatehouse_owner', 'gatehouse_door', 'gatehouse_api', 'gatehouse_mcp'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I %s', role,
                           CASE WHEN role IN ('gatehouse_api', 'gatehouse_mcp') THEN 'LOGIN' ELSE 'NOLOGIN' END);
        END IF;
    END LOOP;
    -- Whoever deploys gives objects to these two, and without being a superuser has to be a member for that.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT gatehouse_owner, gatehouse_door TO CURRENT_USER;
    END IF;
END
$$;

COMMENT ON ROLE gatehouse_owner IS 'Owns the schema; nobody logs in as it.';
COMMENT ON ROLE gatehouse_door IS 'Owns the functions that look across tenants; nobody logs in as it.';
COMMENT ON ROLE gatehouse_api IS 'The app host''s program.';
COMMENT ON ROLE gatehouse_mcp IS 'The gateway domains'' program.';

COMMIT;
