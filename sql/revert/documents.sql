-- Revert gatehouse:documents from pg
-- The extensions stay: something else may have begun to use them.

BEGIN;
SET LOCAL lock_timeout = '2s';

DROP FUNCTION gatehouse.documents_titled, gatehouse.documents_search, gatehouse.query_respelt,
    gatehouse.document_snippet, gatehouse.lexeme_query, gatehouse.documents_ranked, gatehouse.documents_put,
    gatehouse.document_delete, gatehouse.documents_list, gatehouse.document_get, gatehouse.document_replace,
    gatehouse.document_create, gatehouse.document_json, gatehouse.document_words_add,
    gatehouse.documents_hold, gatehouse.documents_language;
DROP TABLE gatehouse.document_words, gatehouse.documents;
DROP FUNCTION gatehouse.document_spellings, gatehouse.document_ranking, gatehouse.document_vector,
    gatehouse.document_title;

COMMIT;
