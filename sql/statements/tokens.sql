-- Personal tokens of a server.

-- name: token_create(id, server, name, digest, days, most) tenant again
-- The id is the caller's, so a repeated statement makes nothing new. Raises NO_SERVER and QUOTA.
SELECT id, name, expires_at FROM token_create($1::uuid, $2::uuid, $3, $4, $5::integer, $6::integer);

-- name: token_list(server, limit, offset) tenant again
-- Oldest first; raises NO_SERVER.
SELECT token_list($1::uuid, $2::bigint, $3::bigint);

-- name: token_end(server, id) tenant again
-- No row for one that is not there, or has ended.
SELECT id FROM token_end($1::uuid, $2::uuid) id WHERE id IS NOT NULL;
