-- MCP servers. Their JSON is what the API shows: {id, name, endpoint, access, source_ids, created_at,
-- updated_at}.

-- name: server_create(id, name, source_ids, pool, rest_hours, most, access) tenant again
-- Takes the next free domain of the pool. Raises NO_DOMAIN, QUOTA, and BAD_FIELD for the first bad source.
SELECT server_create($1::uuid, $2, $3::text[], $4::text[], $5::integer, $6::integer, $7);

-- name: server_list(limit, offset) tenant again
-- Oldest first.
SELECT server_json(s) FROM mcp_servers s WHERE user_id = tenant() AND deleted_at IS NULL
 ORDER BY created_at, id LIMIT $1::bigint OFFSET $2::bigint;

-- name: server_get(id) tenant again
-- One.
SELECT server_json(s) FROM mcp_servers s WHERE user_id = tenant() AND id = $1::uuid AND deleted_at IS NULL;

-- name: server_change(id, name, source_ids, access) tenant again
-- NULL leaves a thing as it is.
SELECT json FROM server_change($1::uuid, $2, $3::text[], $4) json WHERE json IS NOT NULL;

-- name: server_delete(id) tenant again
-- Softly; its tokens end and its domain begins to rest.
SELECT servers_end($1::uuid);
