-- OAuth: clients, consent, tokens.

-- name: oauth_open(host, host_port, client) again
-- The live server of a host and its client of that id, NULL where it is none of its own. No row: no such gateway.
SELECT user_id, server_id, server_name, scopes, client FROM oauth_open($1, $2, $3);

-- name: client_register(server, id, name, redirects, method, secret, keys, keys_url, grants, days, most) again
-- The id is the caller's. When it was registered, in seconds since 1970. Raises NO_SERVER and QUOTA.
SELECT client_register($1::uuid, $2, $3, $4::text[], $5, $6, $7::jsonb, $8, $9::text[], $10::integer, $11::integer);

-- name: authorization_start(id, server, issuer, client, name, redirect, state, scopes, challenge, most) again
-- The id is the caller's. Raises NO_SERVER and TOO_MANY.
SELECT authorization_start($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8::text[], $9, $10::integer);

-- name: authorization_show(id, browser, session, subject, public, consent) again
-- What the consent page says; no row for a question that is over, or another browser's.
SELECT json FROM authorization_show($1::uuid, $2, $3::uuid, $4::uuid, $5::boolean, $6) json WHERE json IS NOT NULL;

-- name: authorization_decide(id, browser, session, public, consent, scopes, days, code) tenant
-- scopes NULL: no. No row: not shown like that, or answered already. Raises BAD_SCOPE.
SELECT redirect_uri, state, issuer FROM authorization_decide($1::uuid, $2, $3::uuid, $4::boolean, $5, $6::text[], $7::integer, $8);

-- name: code_redeem(server, public, code, client, redirect, challenge, grant, access_id, access, refresh, seconds)
-- No row: no such code for this client, or used before, which ends what came of it.
SELECT scopes, expires_in FROM code_redeem($1::uuid, $2::boolean, $3, $4, $5, $6, $7::uuid, $8::uuid, $9, $10, $11::integer);

-- name: token_refresh(server, public, token, client, scopes, grace, access_id, access, refresh, seconds)
-- No row: no such token of this client. Raises BAD_SCOPE.
SELECT scopes, expires_in FROM token_refresh($1::uuid, $2::boolean, $3, $4, $5::text[], $6::integer, $7::uuid, $8, $9, $10::integer);

-- name: token_revoke(server, token, client) again
-- Ends a token of the client's, and with a refresh token its grant; whatever else is sent ends nothing.
SELECT token_revoke($1::uuid, $2, $3);

-- name: grant_list(limit, offset) tenant again
-- What the tenant granted. Oldest first.
SELECT grant_json(g) FROM grants g WHERE g.subject_id = tenant() AND g.ended_at IS NULL AND g.expires_at > now()
 ORDER BY g.created_at, g.id LIMIT $1::bigint OFFSET $2::bigint;

-- name: server_grant_list(server, limit, offset) tenant again
-- What was granted at a server of the tenant's. Oldest first; raises NO_SERVER.
SELECT server_grant_list($1::uuid, $2::bigint, $3::bigint);

-- name: grant_end(id) tenant again
-- The tenant's own, or one at a server of the tenant's. No row for one that is not there, or has ended.
SELECT id FROM grant_end($1::uuid) id WHERE id IS NOT NULL;

-- name: client_add(id, server, name, redirects, method, secret, keys, keys_url, grants, scopes, most) tenant again
-- The id is the caller's. Raises NO_SERVER and QUOTA.
SELECT client_add($1, $2::uuid, $3, $4::text[], $5, $6, $7::jsonb, $8, $9::text[], $10::text[], $11::integer);

-- name: client_list(server, limit, offset) tenant again
-- Oldest first; raises NO_SERVER.
SELECT client_list($1::uuid, $2::bigint, $3::bigint);

-- name: client_end(server, id) tenant again
-- No row for one that is not there, or has ended.
SELECT id FROM client_end($1::uuid, $2::uuid) id WHERE id IS NOT NULL;

-- name: client_token(server, client, scopes, grant, access_id, access, seconds)
-- For a machine. No row: no such client. Raises BAD_SCOPE.
SELECT scopes, expires_in FROM client_token($1::uuid, $2, $3::text[], $4::uuid, $5::uuid, $6, $7::integer);
