-- Sign-in at OpenID Connect providers.

-- name: sign_in_begin(id, state, browser, provider, return) again
SELECT sign_in_begin($1::uuid, $2, $3, $4, $5);

-- name: sign_in_take(state, browser, provider)
-- No row: no such sign-in goes on in that browser.
SELECT id, return_to FROM sign_in_take($1, $2, $3);

-- name: identity_enter(issuer, subject, session, hours) again
-- Starts a session; the id is the caller's. No row: nobody has that identity.
SELECT id, email, created_at, updated_at FROM identity_enter($1, $2, $3::uuid, $4::integer);

-- name: identity_settle(sign_in, user, issuer, subject, email, email_key, name)
-- Whether an account was made; else the owner of the one with that address has to confirm.
SELECT identity_settle($1::uuid, $2::uuid, $3, $4, $5, $6, $7);

-- name: sign_in_held(id, browser) again
SELECT provider, email, return_to FROM sign_in_held($1::uuid, $2);

-- name: sign_in_link(id, browser, user)
-- Whether the identity is the account's now.
SELECT sign_in_link($1::uuid, $2, $3::uuid);

-- name: signed_in_lately(session) tenant again
SELECT signed_in_lately($1::uuid);

-- name: identity_list(limit, offset) tenant again
SELECT identity_list($1::bigint, $2::bigint);

-- name: identity_end(id) tenant
-- Raises CONFLICT for the only way in.
SELECT identity_end($1::uuid);
