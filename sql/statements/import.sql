-- Taking over a database of the original (gatehouse import). What is read stands in its schema public; a time and an
-- id say where the last page ended.

-- name: import_allowed()
-- May this role import? -> whether
SELECT has_function_privilege(
    'gatehouse.import_user(text, text, text, timestamptz, timestamptz)', 'EXECUTE');

-- name: import_tables() again
-- Is this a database of the original? -> whether its three tables are there, whether they may be read
SELECT count(t) = 3, coalesce(bool_and(has_table_privilege(t, 'SELECT')), false)
  FROM unnest(ARRAY[to_regclass('public.users'), to_regclass('public.sources'), to_regclass('public.mcp_servers')]) t
 WHERE t IS NOT NULL;

-- name: import_read_users(after_time, after_id, limit) again
-- Oldest first: of two addresses that are one, the older account keeps it. -> id, email, hash, created, updated
SELECT id, email, hashed_password, created_at, updated_at FROM public.users
 WHERE (created_at, id) > ($1::timestamptz, $2::uuid) ORDER BY created_at, id LIMIT $3::integer;

-- name: import_read_sources(after_time, after_id, limit) again
-- -> id, user_id, type, metadata, created, updated
SELECT id, user_id, type, source_metadata, created_at, updated_at FROM public.sources
 WHERE (created_at, id) > ($1::timestamptz, $2::uuid) ORDER BY created_at, id LIMIT $3::integer;

-- name: import_read_servers(after_time, after_id, limit) again
-- deleted_at came with the original's second migration: where the column is not there, nothing is deleted.
-- -> id, user_id, name, endpoint, source ids as a JSON array, created, updated, deleted
SELECT id, user_id, name, endpoint, coalesce(to_json(source_ids), '[]'), created_at, updated_at,
       to_jsonb(s) ->> 'deleted_at'
  FROM public.mcp_servers s
 WHERE (created_at, id) > ($1::timestamptz, $2::uuid) ORDER BY created_at, id LIMIT $3::integer;

-- name: import_user(email, email_key, hash, created, updated) tenant again
-- As the account itself. -> made, there, ended, taken
SELECT import_user($1, $2, $3, $4::timestamptz, $5::timestamptz);

-- name: import_source(id, type, metadata, secrets, created, updated) tenant again
-- secrets: {name: sealed text}. -> made, there, ended, orphan, taken
SELECT import_source($1::uuid, $2, $3::jsonb, $4::jsonb, $5::timestamptz, $6::timestamptz);

-- name: import_server(id, name, endpoint, source_ids, created, updated, deleted, pool, rest_hours) tenant again
-- -> made, there, ended, orphan, no_domain or taken; endpoint; sources that are not there, as a JSON array
SELECT outcome, endpoint, missing
  FROM import_server($1::uuid, $2, $3, $4::text[], $5::timestamptz, $6::timestamptz, $7::timestamptz, $8::text[],
                     $9::integer);
