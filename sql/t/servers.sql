-- Gateway domains, quotas, tokens, the mcp program's door, and what deletion reaches.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();

-- Makes a server of the tenant's on a pool, and tells the domain it got.
CREATE FUNCTION pg_temp.served(pool text[], rest integer DEFAULT 24, most integer DEFAULT 99) RETURNS text LANGUAGE sql AS
    $$ SELECT gatehouse.server_create(gen_random_uuid(), 'Server', '{}', pool, rest, most) ->> 'endpoint' $$;
CREATE FUNCTION pg_temp.end_of(domain text) RETURNS bigint LANGUAGE sql AS
    $$ SELECT count(*) FROM gatehouse.mcp_servers s, gatehouse.servers_end(s.id) WHERE s.endpoint = domain $$;
CREATE FUNCTION pg_temp.digest(who text) RETURNS text LANGUAGE sql AS
    $$ SELECT repeat(to_hex(ascii(who) % 16), 64) $$;
CREATE FUNCTION pg_temp.opened(who text, digest text) RETURNS text LANGUAGE sql AS
    $$ SELECT string_agg(format('%s %s', server_id = pg_temp.id(who, 3), token_id = pg_temp.id(who, 4)), ',')
         FROM gatehouse.gateway_open(who || '.gateway.example', who || '.gateway.example:443', digest) $$;

-- ---- TI-8: domains ----

SELECT pg_temp.as_tenant('a') \g /dev/null
SET LOCAL ROLE gatehouse_api;
SELECT is(ARRAY[pg_temp.served('{z.example,y.example,x.example}'), pg_temp.served('{z.example,y.example,x.example}')],
          '{z.example,y.example}', 'TI-8: domains are given out in the order of the pool');
SELECT is(pg_temp.served('{w.example,z.example,y.example,x.example}'), 'w.example',
          'TI-8: a pool that grew is used at once, in its new order');
SELECT is(pg_temp.served('{z.example,x.example}'), 'x.example', 'TI-8: what is taken is passed over');
SELECT throws_ok($$SELECT pg_temp.served('{z.example,y.example,x.example,w.example}')$$, 'GH001', 'NO_DOMAIN',
                 'TI-8: an empty pool gives nothing');
SELECT throws_ok($$SELECT pg_temp.served('{}')$$, 'GH001', 'NO_DOMAIN', 'TI-8: nor does no pool');
SELECT is(pg_temp.end_of('y.example'), 1::bigint, 'a server is deleted');
SELECT throws_ok($$SELECT pg_temp.served('{z.example,y.example}', 24)$$, 'GH001', 'NO_DOMAIN', 'TI-8: a freed domain rests');
RESET ROLE;
UPDATE gatehouse.gateway_domains SET released_at = now() - interval '25 hours' WHERE name = 'y.example';
SELECT pg_temp.as_tenant('b') \g /dev/null
SET LOCAL ROLE gatehouse_api;
SELECT is(pg_temp.served('{z.example,y.example}', 24), 'y.example', 'TI-8: and is given out again after a day');
RESET ROLE;
SELECT throws_ok($$INSERT INTO gatehouse.mcp_servers (id, user_id, name, endpoint)
                   VALUES (gen_random_uuid(), pg_temp.id('a', 1), 'x', 'y.example')$$,
                 '23505', NULL, 'TI-8: one live server a domain, whatever else goes wrong');
SET LOCAL ROLE gatehouse_api;
SELECT gatehouse.domain_give(pg_temp.id('a', 3), 'free.example') \g /dev/null
SELECT throws_ok($$SELECT * FROM gatehouse.gateway_domains$$, '42501', NULL, 'TI-8: the api program gives domains by the door alone');
SELECT is((SELECT gatehouse.server_create(pg_temp.id('b', 9), 's', '{}', '{v.example,u.example}', 24, 99) ->> 'endpoint'),
          (SELECT gatehouse.server_create(pg_temp.id('b', 9), 's', '{}', '{v.example,u.example}', 24, 99) ->> 'endpoint'),
          'DB-4: making a server once more gives the same, with the same domain');

-- ---- TI-10: quotas ----

SELECT throws_ok($$SELECT pg_temp.served('{t.example}', 24, 3)$$, 'GH001', 'QUOTA', 'TI-10: one server too many is refused');
SELECT throws_ok($$SELECT gatehouse.source_create(gen_random_uuid(), 'box', '{}', '{}', 1)$$, 'GH001', 'QUOTA',
                 'TI-10: and one source');
SELECT throws_ok($$SELECT gatehouse.token_create(gen_random_uuid(), pg_temp.id('b', 3), 't', repeat('0', 64), 1, 1)$$,
                 'GH001', 'QUOTA', 'TI-10: and one token');
SELECT is((SELECT row(t) FROM gatehouse.token_create(pg_temp.id('b', 8), pg_temp.id('b', 3), 't', repeat('8', 64), 1, 2) t),
          (SELECT row(t) FROM gatehouse.token_create(pg_temp.id('b', 8), pg_temp.id('b', 3), 't', repeat('8', 64), 1, 2) t),
          'DB-4: making a token once more gives the same, and counts once');
RESET ROLE;

-- ---- the mcp program's door ----

SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.opened('a', pg_temp.digest('a')), 't t', 'a gateway opens for its token');
SELECT is(pg_temp.opened('a', pg_temp.digest('b')), 't ', 'TI-1: another''s token opens nothing, and is as one that is not there');
SELECT is(pg_temp.opened('a', NULL), 't ', 'no token opens nothing');
SELECT is((SELECT count(*) FROM gatehouse.gateway_open('nobody.example', 'nobody.example:443', pg_temp.digest('a'))), 0::bigint,
          'a host that is nobody''s has no server');
SELECT is((SELECT (sources::jsonb -> 0) - 'id' FROM gatehouse.gateway_open('a.gateway.example', 'x', pg_temp.digest('a'))),
          '{"type": "documents", "source_metadata": {"name": "Notes"}}', 'SE-8: what it tells of a source is no secret');
SELECT is((SELECT count FROM gatehouse.handler_counts('a.gateway.example', 'x')), 1::bigint, 'the sources of a host are counted');
SELECT is((SELECT count FROM gatehouse.handler_counts('a.gateway.example', 'b.gateway.example')), 1::bigint,
          'TI-1: those of one server, although another has the same name without its port');

-- MC-16: each call takes its step of the tool's rate, of one token.
CREATE FUNCTION pg_temp.rates(who text) RETURNS text LANGUAGE sql AS
    $$ SELECT rates::text FROM gatehouse.gateway_open(who || '.gateway.example', 'x', pg_temp.digest(who)) $$;
CREATE FUNCTION pg_temp.called(who text, tool text, step bigint) RETURNS void LANGUAGE sql AS
    $$ SELECT gatehouse.tool_called('tool-call', 'done', jsonb_build_object('token', pg_temp.id(who, 4), 'tool', tool), step) $$;
SELECT is(pg_temp.rates('a'), NULL, 'MC-16: a token that called nothing has used nothing up');
SELECT pg_temp.as_tenant('a') \g /dev/null
SELECT pg_temp.called('a', 'fetch', 1500000) FROM generate_series(1, 3) \g /dev/null
SELECT is(pg_temp.rates('a'), '{ "fetch" : 4500000 }', 'MC-16: what it called is added up');
SELECT pg_temp.called('a', 'search', 10) \g /dev/null
SELECT is(pg_temp.rates('a')::jsonb, '{"fetch": 4500000, "search": 10}', 'MC-16: each tool by itself');
SELECT is(pg_temp.rates('b'), NULL, 'MC-16: and each token');
RESET ROLE;
UPDATE gatehouse.tool_rates SET until = now() - interval '1 hour' WHERE tool = 'fetch';
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.rates('a'), '{ "search" : 10 }', 'MC-16: time gives it back');
SELECT pg_temp.called('a', 'fetch', 1500000) \g /dev/null
SELECT is(pg_temp.rates('a')::jsonb, '{"fetch": 1500000, "search": 10}', 'MC-16: and no more than all of it');
SELECT pg_temp.as_tenant('b') \g /dev/null
SELECT throws_ok($$SELECT pg_temp.called('a', 'fetch', 1)$$, '42501', NULL, 'TI-2: nobody uses up another''s');
SELECT is((SELECT string_agg(tool, ',') FROM gatehouse.tool_rates), 'test', 'TI-2: nor sees it');
RESET ROLE;
SELECT is((SELECT last_used_at FROM gatehouse.access_tokens WHERE id = pg_temp.id('a', 4)), now(), 'that a token was used is noted');
SAVEPOINT time;
UPDATE gatehouse.access_tokens SET expires_at = now() WHERE id = pg_temp.id('a', 4);
SELECT is(pg_temp.opened('a', pg_temp.digest('a')), 't ', 'a token whose time has come opens nothing');
ROLLBACK TO time;

-- ---- TI-7: deletion ----

-- Each in a savepoint of its own, since one deletion reaches what another is about.
SELECT pg_temp.as_tenant('a') \g /dev/null
SAVEPOINT one;
SET LOCAL ROLE gatehouse_api;
SELECT is(gatehouse.token_end(pg_temp.id('a', 3), pg_temp.id('a', 4)), pg_temp.id('a', 4), 'a token is ended');
RESET ROLE;
SELECT is(pg_temp.opened('a', pg_temp.digest('a')), 't ', 'TI-7: an ended token opens nothing');
ROLLBACK TO one;

SET LOCAL ROLE gatehouse_api;
SELECT is((SELECT gatehouse.servers_end(pg_temp.id('a', 3))), pg_temp.id('a', 3), 'a server is deleted');
SELECT is((SELECT count(*) FROM gatehouse.mcp_servers WHERE id = pg_temp.id('a', 3)), 0::bigint, 'TI-7: a deleted server is not seen');
SELECT is((SELECT count(*) FROM gatehouse.servers_end(pg_temp.id('a', 3))), 0::bigint, 'TI-7: nor deleted twice');
RESET ROLE;
SELECT is(pg_temp.opened('a', pg_temp.digest('a')), NULL, 'TI-7: its domain is nobody''s at once');
SELECT is((SELECT count(*) FROM gatehouse.access_tokens WHERE server_id = pg_temp.id('a', 3) AND ended_at IS NULL), 0::bigint,
          'TI-7: its tokens are ended');
SELECT is((SELECT deleted_at FROM gatehouse.mcp_servers WHERE id = pg_temp.id('a', 3)), now(), 'TI-7: the row stays, for the record');
SELECT is((SELECT count(*) FROM gatehouse.audit_log WHERE event = 'server_delete'
              AND detail ->> 'server' = pg_temp.id('a', 3)::text), 1::bigint, 'LA-5: and a row of the audit log');
ROLLBACK TO one;

SET LOCAL ROLE gatehouse_api;
SELECT is((SELECT gatehouse.sources_end(pg_temp.id('a', 2))), pg_temp.id('a', 2), 'a source is deleted');
SELECT is((SELECT count(*) FROM gatehouse.sources) + (SELECT count(*) FROM gatehouse.documents), 0::bigint,
          'TI-7: a deleted source is not seen, nor its documents');
SELECT is((SELECT (gatehouse.server_json(s) ->> 'source_ids') FROM gatehouse.mcp_servers s WHERE s.id = pg_temp.id('a', 3)), '[]',
          'TI-7: it leaves its servers');
SELECT throws_ok($$SELECT gatehouse.server_change(pg_temp.id('a', 3), NULL, ARRAY[pg_temp.id('a', 2)::text])$$, 'GH001',
                 'BAD_FIELD', 'TI-7: and no server takes it again');
RESET ROLE;
SELECT is((SELECT count(*) FROM gatehouse.source_secrets WHERE source_id = pg_temp.id('a', 2)), 0::bigint,
          'TI-7: its credentials are erased');
SELECT is((SELECT sources::text FROM gatehouse.gateway_open('a.gateway.example', 'x', pg_temp.digest('a'))), '[]',
          'TI-7: a gateway asks it no more');
ROLLBACK TO one;

SET LOCAL ROLE gatehouse_api;
SELECT gatehouse.user_delete() \g /dev/null
SELECT gatehouse.user_delete() \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.users) + (SELECT count(*) FROM gatehouse.sources) + (SELECT count(*) FROM gatehouse.documents)
          + (SELECT count(*) FROM gatehouse.mcp_servers) + (SELECT count(*) FROM gatehouse.server_sources), 0::bigint,
          'TI-7: nothing of a deleted account is seen');
SELECT throws_ok($$SELECT pg_temp.served('{q.example}')$$, 'GH001', 'NO_USER', 'TI-7: nor is anything made for it');
SELECT is((SELECT count(*) FROM gatehouse.session_open(pg_temp.id('a', 5), 1) s WHERE s.user_id IS NULL),
          1::bigint, 'AC-9: its sessions are over, and say that the account is gone');
SELECT is((SELECT count(*) FROM gatehouse.user_by_email('a@example.com')), 0::bigint, 'TI-7: nobody signs in to it');
SELECT pg_temp.as_tenant('e') \g /dev/null
SELECT is((SELECT email FROM gatehouse.user_create(pg_temp.id('e', 1), 'a@example.com', 'a@example.com', 'hash')),
          'a@example.com', 'AC-2: its address is free again');
RESET ROLE;
SELECT is(pg_temp.opened('a', pg_temp.digest('a')), NULL, 'TI-7: its gateways are gone');
SELECT is((SELECT count(*) FROM gatehouse.sessions WHERE user_id = pg_temp.id('a', 1) AND ended_at IS NULL)
          + (SELECT count(*) FROM gatehouse.access_tokens WHERE user_id = pg_temp.id('a', 1) AND ended_at IS NULL)
          + (SELECT count(*) FROM gatehouse.source_secrets WHERE user_id = pg_temp.id('a', 1))
          + (SELECT count(*) FROM gatehouse.gateway_domains d JOIN gatehouse.mcp_servers s ON s.id = d.server_id
              WHERE s.user_id = pg_temp.id('a', 1)), 0::bigint,
          'TI-7: its sessions, tokens, credentials and domains with it');
SELECT is((SELECT hashed_password FROM gatehouse.users WHERE id = pg_temp.id('a', 1)), NULL, 'TI-7: its password hash is erased');
SELECT is((SELECT count(*) FROM gatehouse.audit_log WHERE event = 'user_delete' AND user_id = pg_temp.id('a', 1)), 1::bigint,
          'LA-5: it is audited once');
SELECT is(pg_temp.opened('b', pg_temp.digest('b')), 't t', 'TI-7: another''s gateway goes on');

SELECT * FROM finish();
ROLLBACK;
