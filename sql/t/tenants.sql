-- Whose rows each program sees and changes: every table with tenants, either program.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();

-- How many rows of a's, of b's and of all a role sees in a table as a tenant; NULL where it may not read it at all.
CREATE FUNCTION pg_temp.seen(role text, who text, name text, OUT own bigint, OUT every bigint) LANGUAGE plpgsql AS $$
DECLARE
    key text := CASE name
        WHEN 'users' THEN 'id'
        WHEN 'teams' THEN '(SELECT m.user_id FROM gatehouse.team_members m WHERE m.team_id = teams.id)'
        ELSE 'user_id' END;
BEGIN
    PERFORM pg_temp.as_tenant(who);
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE format('SELECT count(*) FILTER (WHERE %s = $1), count(%s) FROM gatehouse.%I', key,
                       CASE name WHEN 'teams' THEN '*' ELSE key END, name)
           INTO own, every USING pg_temp.id(coalesce(who, 'a'), 1);
    EXCEPTION WHEN insufficient_privilege THEN
        own := NULL;
    END;
    RESET ROLE;
END $$;
CREATE TEMP TABLE tables ON COMMIT DROP AS
SELECT c.relname::text AS name, r AS role,
       has_any_column_privilege(r, c.oid, 'SELECT') AS readable
  FROM pg_class c, unnest(ARRAY['gatehouse_api', 'gatehouse_mcp']) r
 WHERE c.relnamespace = 'gatehouse'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity;

SELECT is(pg_temp.seen(role, 'a', name), CASE WHEN readable THEN ROW(1::bigint, 1::bigint) END::record,
          format('TI-2: %s sees of %s the one row of its tenant%s', role, name,
                 CASE WHEN readable THEN '' ELSE ': or rather nothing, it may not read it' END))
  FROM tables WHERE readable ORDER BY role, name;
SELECT is((pg_temp.seen(role, 'a', name)).own, NULL, format('TI-2: %s may not read %s', role, name))
  FROM tables WHERE NOT readable ORDER BY role, name;
SELECT is((pg_temp.seen(role, NULL, name)).every, 0::bigint,
          format('TI-3: outside a tenant''s transaction %s sees no row of %s, and no error', role, name))
  FROM tables WHERE readable ORDER BY role, name;
SELECT set_config('gatehouse.tenant', '', true) \g /dev/null
SET LOCAL ROLE gatehouse_owner;
SELECT is((SELECT count(*) FROM gatehouse.users), 0::bigint, 'TI-2: the owner itself is held by the policies');
SELECT is((SELECT count(*) FROM gatehouse.access_tokens), 0::bigint, 'TI-2: the owner itself, where it has no policy');
RESET ROLE;

-- ---- changing what is another's ----

SELECT pg_temp.as_tenant('a') \g /dev/null
SET LOCAL ROLE gatehouse_api;
SELECT is(pg_temp.rows_of($$UPDATE gatehouse.users SET email = email$$), 1::bigint, 'TI-2: a change of all users is one of one''s own');
SELECT is(pg_temp.rows_of($$UPDATE gatehouse.sources SET type = type$$), 1::bigint, 'TI-2: and so of sources');
SELECT is(pg_temp.rows_of($$UPDATE gatehouse.mcp_servers SET name = name$$), 1::bigint, 'TI-2: and of servers');
SELECT is(pg_temp.rows_of($$UPDATE gatehouse.sessions SET ended_at = ended_at$$), 1::bigint, 'TI-2: and of sessions');
SELECT is(pg_temp.rows_of($$UPDATE gatehouse.access_tokens SET ended_at = ended_at$$), 1::bigint, 'TI-2: and of tokens');
SELECT is(pg_temp.rows_of($$DELETE FROM gatehouse.server_sources$$), 1::bigint, 'TI-2: and of the sources of servers');
SELECT is(pg_temp.rows_of($$DELETE FROM gatehouse.documents$$), 1::bigint, 'TI-2: and of documents');
SELECT is(pg_temp.rows_of($$DELETE FROM gatehouse.source_secrets$$), 1::bigint, 'TI-2: and of secrets');
SELECT throws_ok($$INSERT INTO gatehouse.sources (id, user_id, type) VALUES (gen_random_uuid(), pg_temp.id('b', 1), 'box')$$,
                 '42501', NULL, 'TI-2: nobody makes a source for another');
SELECT throws_ok($$INSERT INTO gatehouse.mcp_servers (id, user_id, name, endpoint)
                   VALUES (gen_random_uuid(), pg_temp.id('b', 1), 'x', 'x')$$,
                 '42501', NULL, 'TI-2: nor a server');
SELECT throws_ok($$INSERT INTO gatehouse.access_tokens (id, user_id, server_id, name, digest, expires_at)
                   VALUES (gen_random_uuid(), pg_temp.id('b', 1), pg_temp.id('b', 3), 'x', repeat('0', 64), now())$$,
                 '42501', NULL, 'TI-2: nor a token');
SELECT throws_ok($$INSERT INTO gatehouse.access_tokens (id, user_id, server_id, name, digest, expires_at)
                   VALUES (gen_random_uuid(), pg_temp.id('a', 1), pg_temp.id('b', 3), 'x', repeat('0', 64), now())$$,
                 '23503', NULL, 'TI-2: nor one of one''s own to another''s server');
SELECT throws_ok($$INSERT INTO gatehouse.server_sources (server_id, source_id, user_id, position)
                   VALUES (pg_temp.id('a', 3), pg_temp.id('b', 2), pg_temp.id('a', 1), 1)$$,
                 '23503', NULL, 'TI-2: another''s source cannot be put into one''s server');
SELECT throws_ok($$SELECT gatehouse.server_create(gen_random_uuid(), 's', ARRAY[pg_temp.id('b', 2)::text], '{x.example}', 0, 9)$$,
                 'GH001', 'BAD_FIELD', 'TI-5: another''s source is as one that is not there');
SELECT throws_ok($$SELECT gatehouse.server_create(gen_random_uuid(), 's', ARRAY[gen_random_uuid()::text], '{x.example}', 0, 9)$$,
                 'GH001', 'BAD_FIELD', 'TI-5: and one that is not there likewise');
SELECT is(gatehouse.server_change(pg_temp.id('b', 3), 'mine', NULL)::text, NULL, 'TI-1: another''s server is not changed');
SELECT is(gatehouse.source_change(pg_temp.id('b', 2), 'box', '{}', '{}')::text, NULL, 'TI-1: nor another''s source');
SELECT is((SELECT count(*) FROM gatehouse.servers_end(pg_temp.id('b', 3))), 0::bigint, 'TI-1: another''s server is not ended');
SELECT is((SELECT count(*) FROM gatehouse.sources_end(pg_temp.id('b', 2))), 0::bigint, 'TI-1: nor another''s source');
SELECT is(gatehouse.token_end(pg_temp.id('b', 3), pg_temp.id('b', 4)), NULL, 'TI-1: nor another''s token');
SELECT throws_ok($$SELECT gatehouse.token_list(pg_temp.id('b', 3), 9, 0)$$, 'GH001', 'NO_SERVER',
                 'TI-5: tokens of another''s server are those of none');
SELECT throws_ok($$SELECT gatehouse.token_create(gen_random_uuid(), pg_temp.id('b', 3), 'x', repeat('0', 64), 1, 9)$$,
                 'GH001', 'NO_SERVER', 'TI-5: a token for another''s server, too');
SELECT throws_ok($$SELECT sealed FROM gatehouse.source_secrets$$, '42501', NULL,
                 'SE-8: the api program cannot read a sealed credential');
SELECT throws_ok($$DELETE FROM gatehouse.audit_log$$, '42501', NULL, 'LA-5: the api program deletes no audit row');
SELECT throws_ok($$UPDATE gatehouse.audit_log SET outcome = 'ok'$$, '42501', NULL, 'LA-5: and changes none');
SELECT throws_ok($$INSERT INTO gatehouse.audit_log (at, event, outcome) VALUES (now(), 'x', 'ok')$$, '42501', NULL,
                 'LA-5: and dates none');
SELECT throws_ok($$INSERT INTO gatehouse.audit_log (user_id, event, outcome) VALUES (pg_temp.id('b', 1), 'x', 'ok')$$,
                 '42501', NULL, 'LA-5: and writes none of another''s as its own tenant');
RESET ROLE;
SET LOCAL ROLE gatehouse_mcp;
SELECT throws_ok($$SELECT hashed_password FROM gatehouse.users$$, '42501', NULL,
                 'SE-8: the mcp program cannot read a password hash');
SELECT throws_ok($$SELECT * FROM gatehouse.user_by_email('a@example.com')$$, '42501', NULL,
                 'SE-8: not through a door either');
SELECT throws_ok($$UPDATE gatehouse.audit_log SET outcome = 'ok'$$, '42501', NULL,
                 'LA-5: the mcp program changes no audit row');
RESET ROLE;

-- ---- TI-6: nothing of another's is in the way ----

SELECT pg_temp.as_tenant('a') \g /dev/null
SET LOCAL ROLE gatehouse_api;
SELECT lives_ok($$SELECT gatehouse.source_create(gen_random_uuid(), 'documents', (SELECT '{"name": "Notes"}'::jsonb), '{}', 9)$$,
                'TI-6: a source may have the name of another''s');
SELECT lives_ok($$SELECT gatehouse.server_create(gen_random_uuid(), 'Server', '{}', '{free.example}', 0, 9)$$,
                'TI-6: and a server');
SELECT lives_ok($$SELECT gatehouse.token_create(gen_random_uuid(), pg_temp.id('a', 3), 'Token', repeat('c', 64), 1, 9)$$,
                'TI-6: and a token');
SELECT lives_ok($$SELECT gatehouse.documents_put(pg_temp.id('a', 2),
                    '[{"origin": "origin", "title": "Title", "text": "word", "digest": "1"}]')$$,
                'TI-6: and a document its origin, and its words');
SELECT throws_ok($$INSERT INTO gatehouse.documents (id, user_id, source_id, title, text, language, search, size)
                   VALUES (pg_temp.id('a', 6), pg_temp.id('a', 1), pg_temp.id('b', 2), 't', 't', 'english', '', 1)$$,
                 '42501', NULL, 'TI-2: a document cannot be put into another''s source');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
