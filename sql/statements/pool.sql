-- What the pool itself runs.

-- name: enter_tenant(tenant, request) again
-- First in the transaction of every 'tenant' statement: whose rows it may see (row-level security), and the
-- request the audit log names.
SELECT set_config('gatehouse.tenant', $1, true), set_config('gatehouse.request', coalesce($2, ''), true);

-- name: session_role() again
-- What the programs check when they start: neither may be true of a role that serves requests. And how many connections
-- the server has for such roles.
SELECT rolname, rolsuper OR rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'gatehouse' AND pg_has_role(c.relowner, 'MEMBER')),
       current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
       - coalesce(current_setting('reserved_connections', true), '0')::integer
  FROM pg_roles WHERE rolname = current_user;
