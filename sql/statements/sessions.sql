-- Sessions of people.

-- name: session_start(id, user, hours, hash) tenant again
-- With its audit row; BUSY if the account's password hash is not that any more.
SELECT session_start($1::uuid, $2::uuid, $3::integer, $4);

-- name: session_open(id, user, idle_hours) again
-- The hot path of the API: no row for a dead session, a row of NULLs when the account is gone.
SELECT user_id, email, created_at, updated_at FROM session_open($1::uuid, $2::uuid, $3::integer);

-- name: session_end(id, user) tenant again
-- Ends one at once, whatever its token says.
SELECT session_end($1::uuid, $2::uuid);
