-- The audit log.

-- name: audit_event(user, event, outcome, detail)
-- What happens outside a tenant's transaction; 'request' in the detail is the request id.
SELECT audit_event($1::uuid, $2, $3, $4::jsonb);

-- name: tool_called(event, outcome, detail) tenant
-- A tool call, without waiting for the disk.
SELECT tool_called($1, $2, $3::jsonb);
