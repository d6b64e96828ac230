-- Sessions of people.

-- name: session_start(id, user, hours, hash) tenant again
-- With its audit row; BUSY if the account's password hash is not that any more.
SELECT session_start($1::uuid, $2::uuid, $3::integer, $4);

-- name: session_open(id, idle_hours) tenant again
-- The hot path of the API: no row for a dead session, a row of NULLs when the account is gone. The tenant is the user the
-- session's signed token names.
SELECT user_id, email, created_at, updated_at, unseen FROM session_open($1::uuid, $2::integer);

-- name: session_live(id, user, idle_hours) again
-- For the mcp program.
SELECT session_live($1::uuid, $2::uuid, $3::integer);

-- name: session_seen(id) tenant again
-- It is used: once a minute is enough to know.
SELECT session_seen($1::uuid);

-- name: session_end(id, user) tenant again
-- Ends one at once, whatever its token says.
SELECT session_end($1::uuid, $2::uuid);

-- name: session_list(idle_hours, limit, offset) tenant again
-- The tenant's live sessions. Oldest first.
SELECT json_build_object('id', id, 'created_at', iso(created_at), 'last_seen_at', iso(last_seen_at), 'expires_at', iso(expires_at))
  FROM sessions WHERE user_id = tenant() AND ended_at IS NULL AND expires_at > now()
   AND last_seen_at > now() - make_interval(hours => $1::integer)
 ORDER BY created_at, id LIMIT $2::bigint OFFSET $3::bigint;

-- name: session_end_other(id, but) tenant again
-- Ends one of the tenant's, or with NULL all but the one that asks. The ids of those that ended.
SELECT sessions_end($1::uuid, $2::uuid);
