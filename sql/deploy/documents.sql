-- Deploy gatehouse:documents to pg
-- requires: sources
--
-- The source that needs no vendor: text kept here, found by full-text search.
--
-- What shapes all of this: the operators @@ (matches), % (is similar) and the function lower() are not leakproof, so
-- under row-level security the planner may not use them as index conditions: every search would read every document
-- of the tenant. Hence the functions that search belong to gatehouse_door, whose policy is USING (true), and name
-- tenant and source themselves. The tenant is always the one of the transaction, never a parameter (TI-1, TI-3).

BEGIN;
SET LOCAL lock_timeout = '2s';

-- btree_gin puts source_id into the same GIN index as the words, so that one search is one index scan, whatever else
-- the table holds; pg_trgm finds the word that was meant. Both are trusted extensions.
CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

-- The words of a title, also those inside file names: Postgres reads "apache2/README.Debian" as one word.
-- Not in SQL, which the planner would inline, but only for a role that may call it, and the index's expression once for
-- all roles of a session: whoever came first decided whether later queries knew the index again.
CREATE FUNCTION gatehouse.document_title(p_language regconfig, p_title text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN to_tsvector(p_language, left(p_title, 1000) || ' ' || translate(left(p_title, 1000), '/._-', '    '));
END $$;
COMMENT ON FUNCTION gatehouse.document_title IS 'What full-text search sees of a title.';

CREATE TABLE gatehouse.documents (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id     uuid NOT NULL,
    source_id   uuid NOT NULL,
    origin      text CHECK (octet_length(origin) <= 2000),
    title       text NOT NULL,
    text        text COMPRESSION lz4 NOT NULL,
    url         text,
    metadata    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    language    regconfig NOT NULL,
    search      tsvector COMPRESSION lz4 NOT NULL,
    ranking     tsvector COMPRESSION lz4,
    digest      text,
    size        integer NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (user_id, source_id) REFERENCES gatehouse.sources (user_id, id)
);
COMMENT ON TABLE gatehouse.documents IS 'Text kept for sources of type documents.';
COMMENT ON COLUMN gatehouse.documents.origin IS 'The path of a file below its ingested folder; null when made through the API.';
COMMENT ON COLUMN gatehouse.documents.digest IS 'Of everything an ingest gave, so that an unchanged file is skipped.';
COMMENT ON COLUMN gatehouse.documents.language IS 'The text search configuration the words were made with.';
COMMENT ON COLUMN gatehouse.documents.ranking IS 'Of a long text: the words of its beginning, which it is ranked by.';
COMMENT ON COLUMN gatehouse.documents.size IS 'Bytes of text.';

-- Ranking reads the words of some hundred documents: beside their rows, not behind the index of a TOAST table.
ALTER TABLE gatehouse.documents ALTER COLUMN search SET STORAGE MAIN;
ALTER TABLE gatehouse.documents ALTER COLUMN ranking SET STORAGE MAIN;

-- An ingest meets its own documents again.
CREATE UNIQUE INDEX documents_origin ON gatehouse.documents (source_id, origin);
-- Lists, in a fixed order; look-ups by (source, id).
CREATE INDEX documents_list ON gatehouse.documents (source_id, created_at, id);
CREATE UNIQUE INDEX documents_id ON gatehouse.documents (source_id, id);
-- Completion by the beginning of a title.
CREATE INDEX documents_prefix ON gatehouse.documents (source_id, lower(left(title, 200)) text_pattern_ops);
-- Search. The source stands in each as an expression of its own, so that no other index fits the condition: a plan made
-- while the table was small would else go by the source alone, and read every document of it once the table is large.
-- Without fastupdate, since a list of pending entries is read through by every search.
CREATE INDEX documents_search ON gatehouse.documents USING gin ((source_id::text), search) WITH (fastupdate = off);
CREATE INDEX documents_title ON gatehouse.documents USING gin
    (left(source_id::text, 36), gatehouse.document_title(language, title)) WITH (fastupdate = off);

CREATE TABLE gatehouse.document_words (
    source_id   uuid NOT NULL,
    user_id     uuid NOT NULL,
    word        text NOT NULL,
    PRIMARY KEY (source_id, word),
    FOREIGN KEY (user_id, source_id) REFERENCES gatehouse.sources (user_id, id)
);
COMMENT ON TABLE gatehouse.document_words IS 'The words of a source as they are written: what a misspelt one means.';
CREATE INDEX document_words_similar ON gatehouse.document_words USING gin ((source_id::text), word public.gin_trgm_ops)
    WITH (fastupdate = off);

-- ---- who may see what ----

ALTER TABLE gatehouse.documents OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.document_words OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.documents FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.document_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.document_words FORCE ROW LEVEL SECURITY;

-- A document is as visible as its source: deleting the source, or the account, hides it at once (TI-7).
CREATE POLICY tenant ON gatehouse.documents TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid
           AND source_id IN (SELECT s.id FROM gatehouse.sources s
                              WHERE s.user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid
                                AND s.type = 'documents' AND s.deleted_at IS NULL));
CREATE POLICY tenant ON gatehouse.document_words TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid
           AND source_id IN (SELECT s.id FROM gatehouse.sources s
                              WHERE s.user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid
                                AND s.type = 'documents' AND s.deleted_at IS NULL));
CREATE POLICY door ON gatehouse.documents FOR SELECT TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.document_words FOR SELECT TO gatehouse_door USING (true);

GRANT SELECT ON gatehouse.documents, gatehouse.document_words TO gatehouse_door;
GRANT SELECT (id, user_id, type, source_metadata, deleted_at) ON gatehouse.sources TO gatehouse_door;
GRANT SELECT (id, deleted_at) ON gatehouse.users TO gatehouse_door;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.documents TO gatehouse_api;
GRANT SELECT, INSERT ON gatehouse.document_words TO gatehouse_api;
GRANT SELECT ON gatehouse.documents TO gatehouse_mcp;

-- ---- making what is searched ----

-- The words of a document with their weights: A the title, D the text, of which the first 200,000 characters (some 70
-- pages) are searched, or less where even those have more words than the 1 MB a tsvector holds. Words over 2 kB
-- are left out by Postgres itself (with a notice).
CREATE FUNCTION gatehouse.document_vector(p_language regconfig, p_title text, p_text text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET client_min_messages = error AS $$
DECLARE
    length integer := 200000;
BEGIN
    LOOP
        BEGIN
            RETURN setweight(gatehouse.document_title(p_language, p_title), 'A')
                || setweight(to_tsvector(p_language, left(p_text, length)), 'D');
        EXCEPTION WHEN program_limit_exceeded THEN
            length := length / 4;
        END;
    END LOOP;
END $$;
COMMENT ON FUNCTION gatehouse.document_vector IS 'What full-text search sees of a document.';

-- What a long document is ranked by: its beginning. The words of a whole book take a quarter of a millisecond to read,
-- which some hundred candidates would make a long wait; what a text is about, it says early.
CREATE FUNCTION gatehouse.document_ranking(p_language regconfig, p_title text, p_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(p_text) > 10000 THEN gatehouse.document_vector(p_language, p_title, left(p_text, 10000)) END
$$;
COMMENT ON FUNCTION gatehouse.document_ranking IS 'The words a long document is ranked by; null for a short one.';

-- Words of letters only: nobody misspells a version number.
CREATE FUNCTION gatehouse.document_spellings(p_title text, p_text text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT w.lexeme
      FROM unnest(gatehouse.document_vector('simple', p_title, left(p_text, 20000))) AS w
     WHERE w.lexeme ~ '^[[:alpha:]]{3,30}$'
$$;
COMMENT ON FUNCTION gatehouse.document_spellings IS 'The words of a document as they are written.';

-- The language of a source that can hold documents. Else a fault, as the API tells it.
CREATE FUNCTION gatehouse.documents_language(p_source uuid) RETURNS regconfig
LANGUAGE plpgsql STABLE AS $$
DECLARE
    kept record;
BEGIN
    SELECT s.type, s.source_metadata ->> 'language' AS language INTO kept
      FROM gatehouse.sources s
     WHERE s.id = p_source AND s.user_id = gatehouse.tenant()
       AND s.deleted_at IS NULL;
    IF NOT FOUND THEN
        PERFORM gatehouse.fail('NO_SOURCE');
    END IF;
    IF kept.type <> 'documents' THEN
        PERFORM gatehouse.fail('BAD_FIELD', format(
            'This source is of type %s: only a source of type documents holds documents.', kept.type));
    END IF;
    RETURN ('pg_catalog.' || quote_ident(COALESCE(NULLIF(kept.language, ''), 'english')))::regconfig;
END $$;
COMMENT ON FUNCTION gatehouse.documents_language IS 'The text search configuration of a source; NO_SOURCE, BAD_FIELD.';

-- The same for who is about to write into it: held, so that it is not deleted in between, which the policies would
-- then refuse as if somebody had tried to break in.
CREATE FUNCTION gatehouse.documents_hold(p_source uuid) RETURNS regconfig
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM gatehouse.sources s WHERE s.id = p_source AND s.user_id = gatehouse.tenant() FOR SHARE;
    RETURN gatehouse.documents_language(p_source);
END $$;
COMMENT ON FUNCTION gatehouse.documents_hold IS 'documents_language, and the source stays until the transaction ends.';

-- New words of a source; one that is there costs a look at the key and is left alone. In order, so that two writers
-- who meet wait for each other instead of for ever.
CREATE FUNCTION gatehouse.document_words_add(p_source uuid, p_words text[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO gatehouse.document_words (source_id, user_id, word)
    SELECT p_source, gatehouse.tenant(), given.word
      FROM (SELECT DISTINCT unnest(p_words) AS word) given
     ORDER BY given.word
        ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION gatehouse.document_words_add IS 'Remembers the spellings of a source.';

-- ---- one document, through the API ----

CREATE FUNCTION gatehouse.document_json(d gatehouse.documents) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', d.id, 'title', d.title, 'url', d.url, 'metadata', d.metadata,
                             'created_at', gatehouse.iso(d.created_at), 'updated_at', gatehouse.iso(d.updated_at))
$$;
COMMENT ON FUNCTION gatehouse.document_json IS 'A document as the API shows it, without its text.';

-- Makes a document, or answers the one with this id made before: safe to repeat.
CREATE FUNCTION gatehouse.document_create(p_source uuid, p_id uuid, p_title text, p_text text, p_url text,
                                          p_metadata jsonb) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    language regconfig := gatehouse.documents_hold(p_source);
    made gatehouse.documents;
BEGIN
    PERFORM gatehouse.document_words_add(p_source, ARRAY(SELECT gatehouse.document_spellings(p_title, p_text)));
    INSERT INTO gatehouse.documents (id, user_id, source_id, title, text, url, metadata, language, search, ranking,
                                     size)
    VALUES (p_id, gatehouse.tenant(), p_source, p_title, p_text, p_url,
            p_metadata, language, gatehouse.document_vector(language, p_title, p_text),
            gatehouse.document_ranking(language, p_title, p_text), octet_length(p_text))
        ON CONFLICT (id) DO NOTHING;
    SELECT * INTO made FROM gatehouse.documents d
     WHERE d.source_id = p_source AND d.id = p_id AND d.user_id = gatehouse.tenant();
    RETURN gatehouse.document_json(made);
END $$;
COMMENT ON FUNCTION gatehouse.document_create IS 'Adds a document; idempotent by its id.';

CREATE FUNCTION gatehouse.document_replace(p_source uuid, p_id uuid, p_title text, p_text text, p_url text,
                                           p_metadata jsonb) RETURNS json
LANGUAGE plpgsql AS $$
DECLARE
    source_language regconfig := gatehouse.documents_hold(p_source);
    made gatehouse.documents;
BEGIN
    UPDATE gatehouse.documents d
       SET title = p_title, text = p_text, url = p_url, metadata = p_metadata, language = source_language,
           search = gatehouse.document_vector(source_language, p_title, p_text),
           ranking = gatehouse.document_ranking(source_language, p_title, p_text), size = octet_length(p_text),
           digest = NULL, updated_at = clock_timestamp()
     WHERE d.source_id = p_source AND d.id = p_id
       AND d.user_id = gatehouse.tenant()
    RETURNING d.* INTO made;
    IF NOT FOUND THEN
        PERFORM gatehouse.fail('NO_DOCUMENT');
    END IF;
    PERFORM gatehouse.document_words_add(p_source, ARRAY(SELECT gatehouse.document_spellings(p_title, p_text)));
    RETURN gatehouse.document_json(made);
END $$;
COMMENT ON FUNCTION gatehouse.document_replace IS 'Replaces a document whole; fault NO_DOCUMENT.';

CREATE FUNCTION gatehouse.document_get(p_source uuid, p_id uuid) RETURNS TABLE (head json, body text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM gatehouse.documents_language(p_source);
    RETURN QUERY SELECT gatehouse.document_json(d), d.text FROM gatehouse.documents d
                  WHERE d.source_id = p_source AND d.id = p_id
                    AND d.user_id = gatehouse.tenant();
END $$;
COMMENT ON FUNCTION gatehouse.document_get IS 'One document with its text; faults of documents_language.';

CREATE FUNCTION gatehouse.documents_list(p_source uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM gatehouse.documents_language(p_source);
    RETURN QUERY SELECT gatehouse.document_json(d) FROM gatehouse.documents d
                  WHERE d.source_id = p_source
                    AND d.user_id = gatehouse.tenant()
                  ORDER BY d.created_at, d.id LIMIT p_limit OFFSET p_offset;
END $$;
COMMENT ON FUNCTION gatehouse.documents_list IS 'Documents of a source, oldest first, without text.';

CREATE FUNCTION gatehouse.document_delete(p_source uuid, p_id uuid) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    gone uuid;
BEGIN
    PERFORM gatehouse.documents_language(p_source);
    DELETE FROM gatehouse.documents d
     WHERE d.source_id = p_source AND d.id = p_id
       AND d.user_id = gatehouse.tenant()
    RETURNING d.id INTO gone;
    RETURN gone;
END $$;
COMMENT ON FUNCTION gatehouse.document_delete IS 'Deletes a document for good; null when there was none.';

-- ---- many documents, through ingest ----

-- Puts documents by their origin in one transaction: [{origin, title, text, url, metadata, digest}]. Answers the
-- origins that were new or had changed. Nobody waits for the disk: an ingest that is cut off is run again.
CREATE FUNCTION gatehouse.documents_put(p_source uuid, p_documents json) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    source_language regconfig := gatehouse.documents_hold(p_source);
    tenant uuid := gatehouse.tenant();
    changed text[];
BEGIN
    SET LOCAL synchronous_commit = off;
    WITH put AS (
        INSERT INTO gatehouse.documents AS kept
               (user_id, source_id, origin, title, text, url, metadata, language, search, ranking,
                digest, size)
        SELECT tenant, p_source, given.origin, given.title, given.text, given.url, COALESCE(given.metadata, '{}'),
               source_language, gatehouse.document_vector(source_language, given.title, given.text),
               gatehouse.document_ranking(source_language, given.title, given.text), given.digest,
               octet_length(given.text)
          FROM json_to_recordset(p_documents)
               AS given (origin text, title text, text text, url text, metadata jsonb, digest text)
         ORDER BY given.origin
            ON CONFLICT (source_id, origin) DO UPDATE
           SET title = excluded.title, text = excluded.text, url = excluded.url, metadata = excluded.metadata,
               language = excluded.language, search = excluded.search, ranking = excluded.ranking,
               digest = excluded.digest, size = excluded.size, updated_at = clock_timestamp()
         WHERE kept.digest IS DISTINCT FROM excluded.digest
        RETURNING kept.origin)
    SELECT array_agg(put.origin) INTO changed FROM put;
    -- Last, since whoever writes the same new word waits until this transaction ends.
    PERFORM gatehouse.document_words_add(p_source, ARRAY(
        SELECT DISTINCT gatehouse.document_spellings(given.title, given.text)
          FROM json_to_recordset(p_documents) AS given (origin text, title text, text text)
         WHERE given.origin = ANY (changed)));
    RETURN QUERY SELECT unnest(changed);
END $$;
COMMENT ON FUNCTION gatehouse.documents_put IS 'Adds or replaces ingested documents, those that changed.';

-- ---- searching ----

-- Documents a row of queries finds in one source, best first. A document is scored by every query it matches:
-- closeness of the words and their number (cover density), less for long texts, flattened by the logarithm so that a
-- thousand mentions do not outweigh a title. Long texts that have the words only later are told apart by any of them.
--
-- A common word matches half of a source, and ranking reads the words of every candidate: 15 ms a thousand. So the
-- queries bring at most 60 documents with a matching title and 240 others.
-- The settings leave the planner one choice, the GIN index: its estimates for one tenant of many are poor, and a
-- wrong guess costs seconds at a million documents.
CREATE FUNCTION gatehouse.documents_ranked(p_tenant uuid, p_source uuid, p_queries tsquery[], p_any tsquery,
                                           p_limit integer) RETURNS TABLE (id uuid, score double precision)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET plan_cache_mode = force_generic_plan SET jit = off AS $$
#variable_conflict use_column
DECLARE
    titled integer := 60 / cardinality(p_queries);
    others integer := 240 / cardinality(p_queries);
BEGIN
    RETURN QUERY
    SELECT found.id, sum(found.score)
      FROM unnest(p_queries) AS query (words)
     CROSS JOIN LATERAL (
           SELECT candidate.id, max(candidate.bonus)
                  + ln(1 + max(CASE candidate.score WHEN 0 THEN ts_rank(candidate.words, p_any, 1) / 10
                                                    ELSE candidate.score END)) AS score
             FROM (SELECT one.*, ts_rank_cd('{0.1, 0.2, 0.4, 1.0}', one.words, query.words, 1) AS score
                     FROM ((SELECT d.id, COALESCE(d.ranking, d.search) AS words, 0.5 AS bonus
                              FROM gatehouse.documents d
                             WHERE left(d.source_id::text, 36) = p_source::text AND d.user_id = p_tenant
                               AND gatehouse.document_title(d.language, d.title) @@ query.words
                             LIMIT titled)
                           UNION ALL
                           (SELECT d.id, COALESCE(d.ranking, d.search), 0.0 FROM gatehouse.documents d
                             WHERE d.source_id::text = p_source::text AND d.user_id = p_tenant
                               AND d.search @@ query.words
                             LIMIT others)) AS one) AS candidate
            GROUP BY candidate.id) AS found
     GROUP BY found.id ORDER BY 2 DESC, 1 LIMIT p_limit;
END $$;
COMMENT ON FUNCTION gatehouse.documents_ranked IS 'The core of documents_search; for gatehouse_door alone.';

-- A lexeme as a query of one word.
CREATE FUNCTION gatehouse.lexeme_query(p_lexeme text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('''' || replace(replace(p_lexeme, '\', '\\'), '''', '''''') || '''')::tsquery
$$;
COMMENT ON FUNCTION gatehouse.lexeme_query IS 'A tsquery of exactly one lexeme.';

-- A passage of a text around the first place where one of the words begins a word, with «marks» around each word
-- found. Stems mostly are beginnings, so a plain look for them will do; ts_headline, which knows better, parses all it
-- is given and gets 900 characters. p_place is the pattern to look for, p_words the query to mark.
CREATE FUNCTION gatehouse.document_snippet(p_language regconfig, p_text text, p_place text, p_words tsquery)
RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    place integer := regexp_instr(left(p_text, 20000), p_place, 1, 1, 0, 'i') - 150;
    passage text := substr(p_text, GREATEST(place, 1), 900);
BEGIN
    IF place > 1 THEN
        passage := regexp_replace(passage, '^\S*\s', '');
    END IF;
    RETURN ts_headline(p_language, passage, p_words,
                       'StartSel=«, StopSel=», MaxWords=50, MinWords=30, ShortWord=0');
END $$;
COMMENT ON FUNCTION gatehouse.document_snippet IS 'A short passage of a text with the words found.';

-- The query with each word that the source does not have replaced by its most similar one. Null if nothing was.
CREATE FUNCTION gatehouse.query_respelt(p_tenant uuid, p_source uuid, p_query text) RETURNS text
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan SET pg_trgm.similarity_threshold = 0.3 AS $$
DECLARE
    asked text;
    meant text;
    respelt text := p_query;
BEGIN
    FOR asked IN
        SELECT given.word FROM gatehouse.document_spellings('', p_query) AS given (word)
         WHERE NOT EXISTS (SELECT FROM gatehouse.document_words kept
                            WHERE kept.source_id = p_source AND kept.user_id = p_tenant AND kept.word = given.word)
         LIMIT 8
    LOOP
        SELECT kept.word INTO meant FROM gatehouse.document_words kept
         WHERE kept.source_id::text = p_source::text AND kept.user_id = p_tenant AND kept.word OPERATOR(public.%) asked
         ORDER BY public.similarity(kept.word, asked) DESC, kept.word LIMIT 1;
        IF FOUND THEN
            respelt := regexp_replace(respelt, '\m' || asked || '\M', meant, 'gi');
        END IF;
    END LOOP;
    RETURN NULLIF(respelt, p_query);
END $$;
COMMENT ON FUNCTION gatehouse.query_respelt IS 'What a misspelt query means; for gatehouse_door alone.';

-- Searches one source of the tenant. Columns: the document, a snippet, how it was found ('all words', 'most words',
-- 'any word'), and the query it was found with when that had to be respelt.
-- Web search syntax: "a phrase", or, -without. A query with a part to leave out is not loosened.
CREATE FUNCTION gatehouse.documents_search(p_source uuid, p_query text, p_limit integer)
RETURNS TABLE (id uuid, title text, url text, snippet text, changed text, metadata jsonb, matched text, respelt text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = error AS $$
#variable_conflict use_column
DECLARE
    tenant uuid := gatehouse.tenant();
    source_language regconfig;
    words text[];
    queries tsquery[];
    hits uuid[];
    how text;
    corrected text;
    marked tsquery;
    place text;
BEGIN
    SELECT ('pg_catalog.' || quote_ident(COALESCE(NULLIF(s.source_metadata ->> 'language', ''), 'english')))::regconfig
      INTO source_language
      FROM gatehouse.sources s JOIN gatehouse.users u ON u.id = s.user_id
     WHERE s.id = p_source AND s.user_id = tenant AND s.type = 'documents'
       AND s.deleted_at IS NULL AND u.deleted_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    FOR attempt IN 1..2 LOOP
        words := (tsvector_to_array(to_tsvector(source_language, p_query)))[1:12];
        IF cardinality(words) = 0 THEN
            RETURN;
        END IF;
        marked := (SELECT string_agg(gatehouse.lexeme_query(word)::text, ' | ')::tsquery FROM unnest(words) AS word);
        FOR looseness IN 0..2 LOOP
            CASE looseness
            WHEN 0 THEN
                how := 'all words';
                queries := ARRAY[websearch_to_tsquery(source_language, p_query)];
                CONTINUE WHEN numnode(queries[1]) = 0;
            WHEN 1 THEN
                -- Before words are given up: were they spelt as the source spells them?
                IF attempt = 1 THEN
                    corrected := gatehouse.query_respelt(tenant, p_source, p_query);
                    EXIT WHEN corrected IS NOT NULL;
                END IF;
                EXIT WHEN cardinality(words) < 2 OR strpos(queries[1]::text, '!') > 0;
                CONTINUE WHEN cardinality(words) < 3;
                how := 'most words';
                queries := ARRAY(
                    SELECT (SELECT string_agg(gatehouse.lexeme_query(other)::text, ' & ')::tsquery
                              FROM unnest(words) AS other WHERE other <> dropped)
                      FROM unnest(words) AS dropped);
            ELSE
                how := 'any word';
                queries := ARRAY(SELECT gatehouse.lexeme_query(word) FROM unnest(words) AS word);
            END CASE;
            hits := ARRAY(SELECT r.id FROM gatehouse.documents_ranked(tenant, p_source, queries, marked, p_limit) r
                           ORDER BY r.score DESC, r.id);
            EXIT WHEN cardinality(hits) > 0;
        END LOOP;
        EXIT WHEN cardinality(hits) > 0 OR corrected IS NULL;
        p_query := corrected;
    END LOOP;

    place := (SELECT '\m(?:' || string_agg(word, '|') || ')' FROM unnest(words) AS word WHERE word ~ '^[[:alnum:]]+$');
    RETURN QUERY
    SELECT d.id, d.title, d.url, gatehouse.document_snippet(d.language, d.text, COALESCE(place, ''), marked),
           gatehouse.iso(d.updated_at), d.metadata, how, corrected
      FROM unnest(hits) WITH ORDINALITY AS f (id, nth)
     CROSS JOIN LATERAL (SELECT * FROM gatehouse.documents one
                          WHERE one.source_id = p_source AND one.user_id = tenant AND one.id = f.id
                         OFFSET 0) AS d -- each by its key: a join would rather read the whole of a small table
     ORDER BY f.nth;
END $$;
COMMENT ON FUNCTION gatehouse.documents_search IS 'Full-text search in one source of the asking tenant.';

-- Titles that begin with a text, in some sources of the tenant: completion.
CREATE FUNCTION gatehouse.documents_titled(p_sources uuid[], p_start text, p_limit integer)
RETURNS TABLE (id uuid, source_id uuid, title text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.id, s.id, d.title
      FROM gatehouse.sources s JOIN gatehouse.users u ON u.id = s.user_id
     CROSS JOIN LATERAL (
           SELECT one.id, one.title FROM gatehouse.documents one
            WHERE one.source_id = s.id AND one.user_id = s.user_id
              AND lower(left(one.title, 200)) ~>=~ lower(left(p_start, 200))
              AND lower(left(one.title, 200)) ~<~ (lower(left(p_start, 200)) || U&'\+10FFFD')
            ORDER BY lower(left(one.title, 200)) USING ~<~ LIMIT p_limit) AS d
     WHERE s.id = ANY (p_sources) AND s.user_id = gatehouse.tenant()
       AND s.type = 'documents' AND s.deleted_at IS NULL AND u.deleted_at IS NULL
     ORDER BY lower(d.title), d.id LIMIT p_limit
$$;
COMMENT ON FUNCTION gatehouse.documents_titled IS 'Titles of documents that begin with a text.';

-- ---- owners and rights of the functions ----

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT p.oid::regprocedure AS name, p.proname FROM pg_proc p
                WHERE p.pronamespace = 'gatehouse'::regnamespace
                  AND p.proname IN ('document_title', 'document_vector', 'document_ranking', 'document_spellings',
                                    'documents_language', 'documents_hold', 'document_words_add',
                                    'document_json', 'document_create', 'document_replace',
                                    'document_get', 'documents_list', 'document_delete', 'documents_put',
                                    'documents_ranked', 'lexeme_query', 'document_snippet', 'query_respelt',
                                    'documents_search', 'documents_titled')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one.name);
        IF one.proname IN ('documents_ranked', 'query_respelt', 'documents_search', 'documents_titled') THEN
            EXECUTE format('ALTER FUNCTION %s OWNER TO gatehouse_door', one.name);
        ELSE
            EXECUTE format('ALTER FUNCTION %s OWNER TO gatehouse_owner', one.name);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO gatehouse_api, gatehouse_door', one.name);
        END IF;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION gatehouse.documents_search, gatehouse.documents_titled TO gatehouse_api, gatehouse_mcp;

-- Where the extensions were made by a role whose functions are nobody's by default.
DO $$
BEGIN
    IF NOT has_function_privilege('gatehouse_door', 'public.similarity(text, text)', 'EXECUTE') THEN
        GRANT EXECUTE ON FUNCTION public.similarity(text, text), public.similarity_op(text, text) TO gatehouse_door;
    END IF;
END $$;

COMMIT;
