-- What others publish, and their tokens.

-- name: published_take(url, again)
-- The copy of a document (NULL: none), and whether the caller is to fetch it now.
SELECT body, mine FROM published_take($1, $2::boolean);

-- name: published_keep(url, body, seconds, most)
SELECT published_keep($1, $2, $3::integer, $4::integer);

-- name: assertion_use(digest, until)
-- Whether a token that counts once counts now.
SELECT assertion_use($1, $2::bigint);

-- name: published_pin(url, body)
-- A copy that is never asked for. For a superuser.
INSERT INTO published (url, body, pinned, fresh_until) VALUES ($1, $2, true, now())
    ON CONFLICT (url) DO UPDATE SET body = excluded.body, pinned = true, fetched_at = now();

-- name: published_pins() again
-- For a superuser.
SELECT url, iso(fetched_at) FROM published WHERE pinned ORDER BY url;

-- name: published_unpin(url)
-- No row: there was none. For a superuser.
DELETE FROM published WHERE url = $1 AND pinned RETURNING url;
