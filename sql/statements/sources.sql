-- Sources. Their JSON is what the API shows: {id, type, source_metadata, created_at, updated_at}.

-- name: source_create(id, type, metadata, secrets, most) tenant again
-- secrets: {name: sealed text}. With its audit row and the quota.
SELECT source_create($1::uuid, $2, $3::jsonb, $4::jsonb, $5::integer);

-- name: source_list(limit, offset) tenant again
-- Oldest first.
SELECT source_json(s) FROM sources s WHERE user_id = tenant() AND deleted_at IS NULL
 ORDER BY created_at, id LIMIT $1::bigint OFFSET $2::bigint;

-- name: source_get(id) tenant again
-- One, and its type.
SELECT source_json(s), s.type FROM sources s WHERE user_id = tenant() AND id = $1::uuid AND deleted_at IS NULL;

-- name: source_plain(id) tenant again
-- One as a worker needs it: its type and the settings that are no secrets.
SELECT id, type, source_metadata FROM sources WHERE user_id = tenant() AND id = $1::uuid AND deleted_at IS NULL;

-- name: source_change(id, type, metadata, secrets) tenant again
-- Replaces the whole. secrets: {name: sealed} is stored anew, {name: null} keeps what is stored, the rest goes.
SELECT json FROM source_change($1::uuid, $2, $3::jsonb, $4::jsonb) json WHERE json IS NOT NULL;

-- name: source_delete(id) tenant again
-- Softly; it leaves its servers, and its secrets are erased.
SELECT sources_end($1::uuid);
