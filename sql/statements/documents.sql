-- Documents kept in Postgres. What is searched, and why by functions, is told in sql/deploy/documents.sql.

-- name: document_create(source, id, title, text, url, metadata) tenant again
-- The id is the caller's, so a repeated statement makes nothing new. -> json
SELECT gatehouse.document_create($1::uuid, $2::uuid, $3, $4, $5, $6::jsonb);

-- name: document_replace(source, id, title, text, url, metadata) tenant again
-- -> json
SELECT gatehouse.document_replace($1::uuid, $2::uuid, $3, $4, $5, $6::jsonb);

-- name: document_get(source, id) tenant again
-- -> json without the text, text
SELECT head, body FROM gatehouse.document_get($1::uuid, $2::uuid);

-- name: documents_list(source, limit, offset) tenant again
-- -> json, a row each
SELECT gatehouse.documents_list($1::uuid, $2::bigint, $3::bigint);

-- name: document_delete(source, id) tenant again
-- -> id, or null
SELECT gatehouse.document_delete($1::uuid, $2::uuid);

-- name: documents_source(name) tenant again
-- The live source of type documents that a person calls by its id or its name; ids first, then the oldest of that
-- name. -> id, name, language
SELECT id, source_metadata ->> 'name', COALESCE(NULLIF(source_metadata ->> 'language', ''), 'english')
  FROM gatehouse.sources
 WHERE user_id = gatehouse.tenant() AND deleted_at IS NULL
   AND type = 'documents' AND (id::text = lower($1) OR source_metadata ->> 'name' = $1)
 ORDER BY id::text = lower($1) DESC, created_at, id LIMIT 1;

-- name: documents_put(source, documents) tenant again
-- A batch of ingested documents. -> origin of each that was new or had changed
SELECT gatehouse.documents_put($1::uuid, $2::json);

-- name: documents_known(source, after) tenant again
-- What an earlier ingest put, in order of origin, 10,000 at a time. -> origin, digest
SELECT origin, digest FROM gatehouse.documents
 WHERE user_id = gatehouse.tenant()
   AND source_id = $1::uuid AND origin > $2
 ORDER BY origin LIMIT 10000;

-- name: documents_drop(source, origins) tenant again
-- Ingested documents whose files are gone. -> origin
DELETE FROM gatehouse.documents
 WHERE user_id = gatehouse.tenant()
   AND source_id = $1::uuid AND origin = ANY ($2::text[])
RETURNING origin;

-- name: documents_search(source, query, limit) tenant again
-- -> id, title, url, snippet, time, metadata, matched, respelt
SELECT id, title, url, snippet, changed, metadata, matched, respelt
  FROM gatehouse.documents_search($1::uuid, $2, $3::integer);

-- name: document_read(source, id, most) tenant again
-- One document for a model, its text cut at a number of characters. -> title, text, characters, url, time, metadata
SELECT title, left(text, $3::integer), length(text), url, gatehouse.iso(updated_at), metadata
  FROM gatehouse.documents
 WHERE user_id = gatehouse.tenant()
   AND source_id = $1::uuid AND id = $2::uuid;

-- name: documents_of_server(sources, after, limit) tenant again
-- The documents of a server's sources, for resources/list: those after an id, or the first when that is null. Each
-- source is read from there on by index. -> id, source, title, size, time
SELECT d.id, d.source_id, d.title, d.size, gatehouse.iso(d.updated_at)
  FROM gatehouse.sources s
 CROSS JOIN LATERAL (
       SELECT one.* FROM gatehouse.documents one
        WHERE one.user_id = s.user_id AND one.source_id = s.id
          AND one.id > COALESCE($2::uuid, '00000000-0000-0000-0000-000000000000')
        ORDER BY one.id LIMIT $3::integer) AS d
 WHERE s.id = ANY ($1::uuid[]) AND s.user_id = gatehouse.tenant()
   AND s.type = 'documents' AND s.deleted_at IS NULL
 ORDER BY d.id LIMIT $3::integer;

-- name: documents_titled(sources, start, limit) tenant again
-- Titles that begin with a text, for completion. -> id, source, title
SELECT id, source_id, title FROM gatehouse.documents_titled($1::uuid[], $2, $3::integer);
