-- Slowing guesses down.

-- name: throttle_look(key) again
-- Seconds until the next try is allowed; 0 for now.
SELECT throttle_look($1);

-- name: throttle_fail(key, free, most)
-- One more failure: the first 'free' cost nothing, then the wait doubles up to 'most' seconds.
SELECT throttle_fail($1, $2::integer, $3::integer);

-- name: throttle_clear(key) again
-- The right password forgives.
SELECT throttle_clear($1);
