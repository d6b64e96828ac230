-- What takes over a database of the original, one row at a time.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();

CREATE FUNCTION pg_temp.server_of(who text, thing integer, endpoint text, sources text[], deleted timestamptz DEFAULT NULL,
                                  pool text[] DEFAULT '{}') RETURNS text LANGUAGE sql AS
    $$ SELECT format('%s %s %s', outcome, endpoint, missing)
         FROM gatehouse.import_server(pg_temp.id(who, thing), 'S', endpoint, sources, '2024-01-01', '2024-01-02', deleted, pool, 24) $$;

SELECT pg_temp.as_tenant('c') \g /dev/null
SET LOCAL ROLE gatehouse_owner;
SELECT is(gatehouse.import_source(pg_temp.id('c', 2), 'box', '{}', '{}', '2024-01-01', '2024-01-02'), 'orphan',
          'a source without its account is not imported');
SELECT is(gatehouse.import_user('C@example.com', 'c@example.com', 'hash', '2024-01-01', '2024-01-02'), 'made', 'an account is imported');
SELECT is(gatehouse.import_user('X@example.com', 'x@example.com', 'other', '2024-01-01', '2024-01-02'), 'there',
          'and once more: it stays as it is');
SELECT pg_temp.as_tenant('d') \g /dev/null
SELECT is(gatehouse.import_user('c@EXAMPLE.com', 'c@example.com', 'hash', '2024-01-01', '2024-01-02'), 'taken',
          'AC-2: two addresses that are one are one account');
SELECT pg_temp.as_tenant('c') \g /dev/null
SELECT is(gatehouse.import_source(pg_temp.id('c', 2), 'box', '{"a": "b"}', '{"s": "sealed"}', '2024-01-01', '2024-01-02'), 'made',
          'a source is imported');
SELECT is(gatehouse.import_source(pg_temp.id('c', 2), 'box', '{}', '{}', '2024-01-01', '2024-01-02'), 'there', 'and once more');
SELECT is(gatehouse.import_source(pg_temp.id('a', 2), 'box', '{}', '{}', '2024-01-01', '2024-01-02'), 'taken',
          'TI-1: nobody gets another''s source by its id');
SELECT is(pg_temp.server_of('c', 3, 'c.gateway.example', ARRAY[pg_temp.id('c', 2)::text, pg_temp.id('a', 2)::text]),
          format('made c.gateway.example ["%s"]', pg_temp.id('a', 2)), 'a server is imported, and what it lacks is told');
SELECT is(pg_temp.server_of('c', 3, 'other.example', '{}'), 'there c.gateway.example []', 'and once more: it stays as it is');
SELECT is(pg_temp.server_of('c', 4, 'c.gateway.example', '{}'), 'no_domain  []', 'TI-8: two live servers never share a domain');
SELECT is(pg_temp.server_of('c', 4, 'a.gateway.example', '{}'), 'no_domain  []', 'TI-8: nor with one that was here before');
SELECT is(pg_temp.server_of('c', 4, 'a.gateway.example', '{}', NULL, '{a.gateway.example,p.example}'), 'made p.example []',
          'it gets one of the pool where that is wanted');
SELECT is(pg_temp.server_of('c', 5, 'c.gateway.example', ARRAY[pg_temp.id('c', 2)::text], '2024-01-03'), 'made c.gateway.example []',
          'a deleted server is imported as a deleted one');
RESET ROLE;
SELECT is((SELECT format('%s %s %s %s', email, hashed_password, hash_renew, created_at AT TIME ZONE 'UTC') FROM gatehouse.users
            WHERE id = pg_temp.id('c', 1)), 'C@example.com hash t 2024-01-01 00:00:00',
          'AC-4: an imported hash is kept, and marked to be renewed');
SELECT is((SELECT string_agg(sealed, ',') FROM gatehouse.source_secrets WHERE source_id = pg_temp.id('c', 2)), 'sealed',
          'its credentials are kept sealed');
SELECT is((SELECT string_agg(source_id::text, ',') FROM gatehouse.server_sources WHERE server_id = pg_temp.id('c', 3)),
          pg_temp.id('c', 2)::text, 'TI-1: of its sources, a server gets those of its account');
SELECT is((SELECT server_id FROM gatehouse.gateway_domains WHERE name = 'c.gateway.example'), pg_temp.id('c', 3),
          'TI-8: an imported domain is taken');
SELECT is((SELECT count(*) FROM gatehouse.audit_log WHERE event LIKE 'import_%' AND user_id = pg_temp.id('c', 1)), 5::bigint,
          'LA-5: each row taken is audited');
SELECT gatehouse.sources_end(pg_temp.id('c', 2)), gatehouse.servers_end(pg_temp.id('c', 3)) \g /dev/null
SET LOCAL ROLE gatehouse_owner;
SELECT is(gatehouse.import_source(pg_temp.id('c', 2), 'box', '{}', '{}', '2024-01-01', '2024-01-02'), 'ended',
          'TI-7: a source deleted here is not brought back');
SELECT is(pg_temp.server_of('c', 3, 'c.gateway.example', '{}'), 'ended c.gateway.example []', 'TI-7: nor a server');
RESET ROLE;
SELECT gatehouse.user_delete() \g /dev/null
SET LOCAL ROLE gatehouse_owner;
SELECT is(gatehouse.import_user('C@example.com', 'c@example.com', 'hash', '2024-01-01', '2024-01-02'), 'ended', 'TI-7: nor an account');
SELECT is(gatehouse.import_source(pg_temp.id('c', 6), 'box', '{}', '{}', '2024-01-01', '2024-01-02'), 'orphan',
          'TI-7: nor anything for it');
RESET ROLE;
SET LOCAL ROLE gatehouse_api;
SELECT throws_ok($$SELECT gatehouse.import_user('q@example.com', 'q@example.com', 'h', now(), now())$$, '42501', NULL,
                 'TI-2: a program cannot import');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
