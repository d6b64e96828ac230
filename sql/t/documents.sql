-- The documents source: whose documents are found, how, and by which index.
-- Run by pg_prove as a role that may become the others.

BEGIN;
-- For what stands here only; all of it is rolled back.
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SET search_path = public, gatehouse;
SELECT plan(43);

INSERT INTO gatehouse.users (id, email, email_key, hashed_password) VALUES
    ('00000000-0000-4000-8000-00000000000a', 'doc-a@example.com', 'doc-a@example.com', 'x'),
    ('00000000-0000-4000-8000-00000000000b', 'doc-b@example.com', 'doc-b@example.com', 'x');
INSERT INTO gatehouse.sources (id, user_id, type, source_metadata) VALUES
    ('00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-00000000000a', 'documents', '{}'),
    ('00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-00000000000a', 'documents',
     '{"language": "simple"}'),
    ('00000000-0000-4000-8000-0000000000a3', '00000000-0000-4000-8000-00000000000a', 'outlook', '{}'),
    ('00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-00000000000b', 'documents', '{}');

CREATE FUNCTION pg_temp.as_tenant(name text) RETURNS void LANGUAGE sql AS
    $$ SELECT set_config('gatehouse.tenant', '00000000-0000-4000-8000-00000000000' || name, true) $$;
CREATE FUNCTION pg_temp.put(source text, title text, text text) RETURNS uuid LANGUAGE sql AS
    $$ SELECT (gatehouse.document_create(('00000000-0000-4000-8000-0000000000' || source)::uuid, gen_random_uuid(),
                                         title, text, NULL, '{}') ->> 'id')::uuid $$;
CREATE FUNCTION pg_temp.found(source text, query text) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(title, ', ') FROM gatehouse.documents_search(
           ('00000000-0000-4000-8000-0000000000' || source)::uuid, query, 10) $$;
CREATE FUNCTION pg_temp.how(source text, query text) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(DISTINCT matched || COALESCE(' of ' || respelt, ''), ', ')
         FROM gatehouse.documents_search(('00000000-0000-4000-8000-0000000000' || source)::uuid, query, 10) $$;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO gatehouse_api, gatehouse_mcp;

-- ---- tables and rights ----

SELECT ok(relrowsecurity AND relforcerowsecurity, 'TI-2: row-level security is forced on ' || relname)
  FROM pg_class WHERE oid IN ('gatehouse.documents'::regclass, 'gatehouse.document_words'::regclass) ORDER BY relname;
SELECT table_owner_is('gatehouse', 'documents', 'gatehouse_owner', 'TI-2: runtime roles do not own documents');
SELECT function_owner_is('gatehouse', 'documents_search', ARRAY['uuid', 'text', 'integer'], 'gatehouse_door');
SELECT ok(NOT has_table_privilege('gatehouse_mcp', 'gatehouse.documents', 'INSERT, UPDATE, DELETE'),
          'the mcp program cannot change documents');
SELECT ok(NOT has_function_privilege('gatehouse_mcp', 'gatehouse.documents_put(uuid, json)', 'EXECUTE'),
          'nor put any');
SELECT ok(NOT has_function_privilege('gatehouse_api',
              'gatehouse.documents_ranked(uuid, uuid, tsquery[], tsquery, integer)', 'EXECUTE'),
          'TI-1: nobody but the door calls what takes a tenant as a parameter');

-- ---- making ----

SET LOCAL ROLE gatehouse_api;
SELECT pg_temp.as_tenant('a');
SELECT isnt(pg_temp.put('a1', 'Cakes', 'How to bake a chocolate cake in an oven.'), NULL, 'a document is made');
SELECT pg_temp.put('a1', 'Ovens', 'Ovens get hot; a cake is baked in one. Wash the chocolate off.');
SELECT pg_temp.put('a1', 'docs/apache2/README.Debian', 'Read me.');
SELECT pg_temp.put('a1', 'Bread', 'Flour, water, yeast and configuration.');
SELECT pg_temp.put('a2', 'Kuchen', 'Chocolate cakes everywhere');
SELECT is((gatehouse.document_create('00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-0000000000d1',
                                     'First', 'first', NULL, '{}')) ->> 'title', 'First', 'a document has the given id');
SELECT is((gatehouse.document_create('00000000-0000-4000-8000-0000000000a2', '00000000-0000-4000-8000-0000000000d1',
                                     'Second', 'second', NULL, '{}')) ->> 'title', 'First',
          'DB-4: making it again makes nothing');
SELECT throws_ok($$ SELECT pg_temp.put('b1', 'x', 'x') $$, 'GH001', 'NO_SOURCE', 'TI-5: a foreign source is none');
SELECT throws_ok($$ SELECT pg_temp.put('ff', 'x', 'x') $$, 'GH001', 'NO_SOURCE', 'TI-5: and so is an absent one');
SELECT throws_ok($$ SELECT pg_temp.put('a3', 'x', 'x') $$, 'GH001', 'BAD_FIELD', 'only sources of documents hold them');
SELECT throws_ok($$ SELECT gatehouse.document_replace('00000000-0000-4000-8000-0000000000a1', gen_random_uuid(),
                                                      'x', 'x', NULL, '{}') $$,
                 'GH001', 'NO_DOCUMENT', 'what is not there is not replaced');

-- ---- texts Postgres has bounds for ----

SELECT lives_ok($$ SELECT pg_temp.put('a2', 'Long word', repeat('x', 3000) || ' short') $$, 'a word over 2 kB');
SELECT is(pg_temp.found('a2', 'short'), 'Long word', 'leaves the others to be found');
SELECT lives_ok($$ SELECT pg_temp.put('a2', 'Many words',
                       (SELECT string_agg(md5(n::text) || md5((-n)::text), ' ') FROM generate_series(1, 60000) n)) $$,
                'a text of 4 MB');
SELECT is(pg_temp.found('a2', md5('1') || md5('-1')), 'Many words', 'is found by its beginning');
SELECT lives_ok($$ SELECT pg_temp.put('a2', repeat('ü ', 250), '') $$, 'a text that is empty');

-- ---- finding ----

SELECT is(pg_temp.found('a1', 'cake'), 'Cakes, Ovens', 'a title weighs more than a text');
SELECT is(pg_temp.found('a1', 'baking cakes'), 'Cakes, Ovens', 'word forms of the language count as one');
SELECT is(pg_temp.how('a2', 'cake'), 'all words of cakes', 'without a language they count as misspelt');
SELECT is(pg_temp.found('a1', '"chocolate cake"'), 'Cakes', 'a phrase is found as it stands');
SELECT is(pg_temp.found('a1', 'cake -wash'), 'Cakes', 'a minus leaves out');
SELECT is(pg_temp.found('a1', 'apache2'), 'docs/apache2/README.Debian', 'words inside a file name are found');
SELECT is(pg_temp.how('a1', 'cake oven'), 'all words', 'it says that all words were found');
SELECT is(pg_temp.how('a1', 'chocolate oven flour'), 'most words', 'or all but one');
SELECT is(pg_temp.how('a1', 'flour zebra giraffe'), 'any word', 'or some');
SELECT is(pg_temp.how('a1', 'choclate'), 'all words of chocolate', 'a misspelt word is found, and it says so');
SELECT is(pg_temp.how('a1', 'confguration yest'), 'all words of configuration yeast', 'and so are two');
SELECT is(pg_temp.found('a1', 'qqqq'), NULL, 'nothing is found where nothing is');
SELECT lives_ok($$ SELECT pg_temp.found('a1', q) FROM unnest(ARRAY['', ' ', '!', '"', '((', 'a:*', '''', '\', '& | !',
    '<->', 'the', '-', '- -', '"" ""', 'or or', repeat('word ', 200), 'a''b\c', 'x!y', '%_', '[a]+(.*', '\m\y']) q $$,
    'MC-10: whatever is asked is words');
SELECT matches((SELECT snippet FROM gatehouse.documents_search('00000000-0000-4000-8000-0000000000a1', 'yeast', 1)),
               '«yeast»', 'what was found is marked');

-- ---- by which index: this one table is small and never analyzed, and still ----

RESET ROLE;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_indexscan = off;
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE by_text (uuid, uuid, tsquery) AS SELECT id FROM gatehouse.documents d
 WHERE d.source_id::text = $1::text AND d.user_id = $2 AND d.search @@ $3 LIMIT 240;
PREPARE by_title (uuid, uuid, tsquery) AS SELECT id FROM gatehouse.documents d
 WHERE left(d.source_id::text, 36) = $1::text AND d.user_id = $2
   AND gatehouse.document_title(d.language, d.title) @@ $3 LIMIT 60;
CREATE FUNCTION pg_temp.plan_of(name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    plan text := '';
BEGIN
    FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) EXECUTE %I (gen_random_uuid(), gen_random_uuid(), ''a & b'')', name)
    LOOP
        plan := plan || line || E'\n';
    END LOOP;
    RETURN plan;
END $$;
SELECT matches(pg_temp.plan_of('by_text'), 'Index Scan on documents_search\n *Index Cond: .*search @@',
               'a search is one scan of the index on source and words');
SELECT matches(pg_temp.plan_of('by_title'), 'Index Scan on documents_title\n *Index Cond: .*document_title.* @@',
               'and one of the index on source and title');
RESET enable_seqscan;
RESET enable_indexscan;
RESET plan_cache_mode;
SET LOCAL ROLE gatehouse_api;

-- ---- whose ----

SELECT is(pg_temp.found('b1', 'cake'), NULL, 'TI-1: nothing is found in a foreign source');
SELECT pg_temp.as_tenant('b');
SELECT is(pg_temp.found('a1', 'cake'), NULL, 'TI-1: whoever owns it');
SELECT is((SELECT count(*) FROM gatehouse.documents), 0::bigint, 'TI-2: and nothing is seen without a predicate');
SELECT set_config('gatehouse.tenant', '', true);
SELECT is(pg_temp.found('a1', 'cake'), NULL, 'TI-3: without a tenant nothing is found');
SELECT pg_temp.as_tenant('a');
RESET ROLE;
UPDATE gatehouse.sources SET deleted_at = now() WHERE id = '00000000-0000-4000-8000-0000000000a1';
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.found('a1', 'cake'), NULL, 'TI-7: a deleted source has nothing');
SELECT is((SELECT count(*) FROM gatehouse.documents
            WHERE source_id = '00000000-0000-4000-8000-0000000000a1'), 0::bigint, 'TI-7: its documents are not seen');
SELECT isnt(pg_temp.found('a2', 'chocolate'), NULL, 'the other source is as it was');
RESET ROLE;
UPDATE gatehouse.users SET deleted_at = now() WHERE id = '00000000-0000-4000-8000-00000000000a';
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.found('a2', 'chocolate'), NULL, 'TI-7: a deleted account has nothing');

RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
