-- The audit log.

-- name: audit_event(user, event, outcome, detail)
-- What happens outside a tenant's transaction; 'request' in the detail is the request id.
SELECT audit_event($1::uuid, $2, $3, $4::jsonb);

-- name: audit_seldom(key, user, event, detail)
-- A refusal that anybody can bring about: one row a minute for each key.
SELECT audit_seldom($1, $2::uuid, $3, $4::jsonb);

-- name: tool_called(event, outcome, detail, step) tenant
-- A tool call and the microseconds of its tool's rate that it took, without waiting for the disk.
SELECT tool_called($1, $2, $3::jsonb, $4::bigint);

-- name: audit_list(event, outcome, server, since, until, limit, offset) tenant again
-- The tenant's rows, newest first; NULL lets all pass.
SELECT audit_list($1, $2, $3::uuid, $4::timestamptz, $5::timestamptz, $6::bigint, $7::bigint);

-- name: audit_trim(days, most)
-- Forgets a part of what is older, so that nobody waits. For a superuser. The ids of what went.
DELETE FROM audit_log WHERE id IN (
    SELECT id FROM audit_log WHERE at < now() - make_interval(days => $1::integer) ORDER BY at LIMIT $2::bigint) RETURNING id;

-- name: audit_export(after, email, since, until, most) again
-- Everybody's rows after an id, oldest first; NULL lets all pass. For a superuser.
SELECT a.id, json_build_object('id', a.id, 'at', iso(a.at), 'user_id', a.user_id, 'user', u.email, 'event', a.event, 'outcome', a.outcome,
                               'request_id', a.request_id, 'detail', a.detail)
  FROM audit_log a LEFT JOIN users u ON u.id = a.user_id
 WHERE a.id > $1::bigint AND ($2::text IS NULL OR u.email = $2 OR u.email_key = lower($2))
   AND ($3::timestamptz IS NULL OR a.at >= $3) AND ($4::timestamptz IS NULL OR a.at < $4)
 ORDER BY a.id LIMIT $5::bigint;
