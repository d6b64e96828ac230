-- Verify gatehouse:documents on pg

BEGIN;

SELECT id, user_id, source_id, origin, title, text, url, metadata, language, search, ranking, digest, size, created_at,
       updated_at FROM gatehouse.documents WHERE false;
SELECT source_id, user_id, word FROM gatehouse.document_words WHERE false;
SELECT 1 / count(*) FROM pg_class
 WHERE oid = 'gatehouse.documents'::regclass AND relrowsecurity AND relforcerowsecurity;
SELECT has_function_privilege('gatehouse_mcp', 'gatehouse.documents_search(uuid, text, integer)', 'execute');
SELECT 1 / count(*) FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
 WHERE p.oid = 'gatehouse.documents_search(uuid, text, integer)'::regprocedure AND p.prosecdef
   AND r.rolname = 'gatehouse_door';

ROLLBACK;
