-- People.

-- name: user_create(id, email, email_key, hash) tenant again
-- One account, made as itself; a taken address is a unique violation. With its audit row.
SELECT id, email, created_at, updated_at FROM user_create($1::uuid, $2, $3, $4);

-- name: user_by_email(email_key) again
-- For sign-in, where nobody is known yet.
SELECT id, email, hashed_password, hash_renew, created_at, updated_at FROM user_by_email($1);

-- name: user_secret() tenant again
-- To ask for the current password once more.
SELECT email, hashed_password, hash_renew FROM users WHERE id = tenant() AND deleted_at IS NULL;

-- name: user_change(email, email_key, hash, session) tenant again
-- NULL leaves a thing as it is; a new hash ends all sessions but this one.
SELECT id, email, created_at, updated_at FROM user_change($1, $2, $3, $4::uuid);

-- name: user_rehash(hash, old) tenant again
-- The same password under a better hash, unless it was changed since 'old' was read.
SELECT user_rehash($1, $2);

-- name: user_delete() tenant again
-- Softly, with everything the person has: sessions and tokens end, gateway domains become free.
SELECT user_delete();
