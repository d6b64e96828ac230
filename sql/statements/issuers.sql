-- Issuers whose word counts at a server (ID-JAG).

-- name: issuer_add(id, server, issuer, keys, most) tenant again
-- The id is the caller's. A second of the same name at the server is a unique violation. Raises NO_SERVER and QUOTA.
SELECT issuer_add($1::uuid, $2::uuid, $3, $4, $5::integer);

-- name: issuer_list(server, limit, offset) tenant again
-- Raises NO_SERVER.
SELECT issuer_list($1::uuid, $2::bigint, $3::bigint);

-- name: issuer_end(server, id) tenant
-- No row: there is none.
SELECT id FROM issuer_end($1::uuid, $2::uuid) id WHERE id IS NOT NULL;

-- name: issuer_keys(server, issuer) again
-- Where its keys stand; NULL: its word does not count there.
SELECT issuer_keys($1::uuid, $2);

-- name: issuer_token(server, public, issuer, subject, key, client, name, scopes, grant, access_id, access, seconds)
-- No row: nobody who is let in. Raises BAD_SCOPE.
SELECT scopes, expires_in FROM issuer_token($1::uuid, $2::boolean, $3, $4, $5, $6, $7, $8::text[], $9::uuid, $10::uuid, $11, $12::integer);
