-- Accounts of one's own for personal sources: what sql/deploy/personal.sql tells.

-- name: connect_look(source, public) tenant again
-- No row: no source that the tenant may use.
SELECT owner_id, owner, type, metadata, connection, account FROM connect_look($1::uuid, $2::boolean);

-- name: connection_begin(source, session, state, browser, sealed) tenant
SELECT connection_begin($1::uuid, $2::uuid, $3, $4, $5);

-- name: connection_return(session, state, browser) tenant
-- No row: not begun by this person in this session and browser, or over.
SELECT source_id, sealed FROM connection_return($1::uuid, $2, $3);

-- name: connection_keep(id, source, public, sealed, account, scopes) tenant
-- No row: the tenant may not use the source any more.
SELECT true WHERE connection_keep($1::uuid, $2::uuid, $3::boolean, $4, $5, $6);

-- name: connection_open(source, subject) tenant
-- The tenant is the source's owner.
SELECT id, sealed FROM connection_open($1::uuid, $2::uuid);

-- name: connection_refused(subject, id) tenant again
SELECT connection_refused($1::uuid, $2::uuid);

-- name: connection_list(limit, offset) tenant again
SELECT connection_list($1::bigint, $2::bigint);

-- name: connection_end(id) tenant again
-- No row for one that is not the tenant's, or has ended.
SELECT id FROM connection_end($1::uuid) id WHERE id IS NOT NULL;
