-- Whom an owner lets in. Their JSON is what the API shows.

-- name: share_create(id, server, email, email_key, team, scopes, until, digest, most) tenant again
-- With an address or a team; scopes NULL for all, until NULL for no end. Raises NO_SERVER, NO_TEAM, CONFLICT, QUOTA and
-- BAD_FIELD.
SELECT share_create($1::uuid, $2::uuid, $3, $4, $5::uuid, $6::text[], $7::timestamptz, $8, $9::integer);

-- name: share_list(server, limit, offset) tenant again
-- Oldest first; raises NO_SERVER.
SELECT share_list($1::uuid, $2::bigint, $3::bigint);

-- name: share_end(server, id) tenant again
-- No row for one that is not there.
SELECT id FROM share_end($1::uuid, $2::uuid) id WHERE id IS NOT NULL;

-- name: shared_servers(limit, offset) tenant again
-- Those of others that the tenant may use, by name.
SELECT shared_servers($1::bigint, $2::bigint);

-- name: invitation_look(digest) tenant again
-- What it is for; no row unless it is open, and the tenant's.
SELECT json FROM invitation_look($1) json WHERE json IS NOT NULL;

-- name: invitation_take(digest, accept) tenant again
-- Accepts it, or declines it; no row where invitation_look has none.
SELECT id FROM invitation_take($1, $2::boolean) id WHERE id IS NOT NULL;
