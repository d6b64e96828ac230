-- The audit log.

-- name: audit_event(user, event, outcome, detail)
-- What happens outside a tenant's transaction; 'request' in the detail is the request id.
SELECT audit_event($1::uuid, $2, $3, $4::jsonb);

-- name: limit_hit(key, user, detail)
-- A limit refused somebody: one row a minute for each key.
SELECT limit_hit($1, $2::uuid, $3::jsonb);

-- name: tool_called(event, outcome, detail, step) tenant
-- A tool call and the microseconds of its tool's rate that it took, without waiting for the disk.
SELECT tool_called($1, $2, $3::jsonb, $4::bigint);
