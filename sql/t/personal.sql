-- Accounts of one's own: whose they are, who may use them, and what ends them.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();
SELECT pg_temp.person('c') \g /dev/null

-- b is let in to a's server, and c to nothing.
CREATE FUNCTION pg_temp.let_in() RETURNS void LANGUAGE sql AS $$
    UPDATE gatehouse.mcp_servers SET access = 'shared' WHERE id = pg_temp.id('a', 3);
    DELETE FROM gatehouse.server_shares WHERE server_id = pg_temp.id('a', 3);
    INSERT INTO gatehouse.server_shares (id, user_id, server_id, email, email_key, subject_id, accepted_at)
    VALUES (pg_temp.id('a', 8), pg_temp.id('a', 1), pg_temp.id('a', 3), 'b@example.com', 'b@example.com', pg_temp.id('b', 1), now());
$$;
-- What b has at a's source: the id of the connection.
CREATE FUNCTION pg_temp.connected() RETURNS uuid LANGUAGE sql AS $$
    SELECT id FROM gatehouse.connections
     WHERE source_id = pg_temp.id('a', 2) AND user_id = pg_temp.id('b', 1) AND ended_at IS NULL
$$;
CREATE FUNCTION pg_temp.keep(who text, thing integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.as_tenant(who);
    RETURN gatehouse.connection_keep(pg_temp.id(who, thing), pg_temp.id('a', 2), false, 'sealed', who || ' there', 'read');
END
$$;
SELECT pg_temp.let_in() \g /dev/null

SELECT ok(NOT pg_temp.keep('c', 20), 'who is not let in connects nothing');
SELECT is((SELECT count(*) FROM gatehouse.connect_look(pg_temp.id('a', 2), false)), 0::bigint, 'and is told nothing of the source');
SELECT ok(pg_temp.keep('b', 20), 'who is let in connects an account');
SELECT is((SELECT owner || account FROM gatehouse.connect_look(pg_temp.id('a', 2), false)), 'a@example.comb there',
          'and is told whose source it is, and what is connected');
SELECT is((SELECT string_agg(j ->> 'account', ',') FROM gatehouse.connection_list(10, 0) j WHERE j #>> '{source,id}' = pg_temp.id('a', 2)::text),
          'b there', 'a person lists what they connected');
SELECT pg_temp.as_tenant('a') \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.connection_list(10, 0) j WHERE j ->> 'account' = 'b there'), 0::bigint,
          'the owner of a source does not see who connected what to it');
SELECT is((SELECT count(*) FROM gatehouse.connection_end(pg_temp.id('b', 20)) e WHERE e IS NOT NULL), 0::bigint, 'TI-1: and does not end it');

-- ---- using it ----

SELECT is((SELECT id FROM gatehouse.connection_open(pg_temp.id('a', 2), pg_temp.id('b', 1))), pg_temp.id('b', 20),
          'a search at the owner''s server opens it for the person who searches');
SELECT is((SELECT state FROM gatehouse.vendor_enter(pg_temp.id('a', 2), '', 0, 0, 0, 30, pg_temp.id('a', 9), pg_temp.id('b', 1))),
          'go', 'and may ask the vendor');
SELECT is((SELECT state FROM gatehouse.vendor_enter(pg_temp.id('a', 2), '', 0, 0, 0, 30, pg_temp.id('a', 9), pg_temp.id('c', 1))),
          'unconnected', 'which it may not for another');
SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 0, pg_temp.id('b', 1)) c), true, 'one worker renews its token');
SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 0, pg_temp.id('b', 1)) c), false, 'the others wait');
SELECT ok(gatehouse.connection_renew(pg_temp.id('b', 1), pg_temp.id('b', 20), 'next'), 'what came in its place is kept');
SELECT is(gatehouse.token_store(pg_temp.id('a', 2), 'of b', 3600, pg_temp.id('b', 1)), 1::bigint, 'with the token');
SELECT is((SELECT sealed FROM gatehouse.connection_open(pg_temp.id('a', 2), pg_temp.id('b', 1))), 'next', 'and comes the next time');
SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 0) c), true, 'TI-9: another has none of that token');
SELECT is((SELECT token FROM gatehouse.vendor_enter(pg_temp.id('a', 2), '', 0, 0, 0, 30, pg_temp.id('a', 9), pg_temp.id('b', 1))),
          'of b', 'who connected it has');
SELECT pg_temp.as_tenant('c') \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.connection_open(pg_temp.id('a', 2), pg_temp.id('b', 1))), 0::bigint,
          'TI-1: at another owner''s server nothing opens');
SELECT is(gatehouse.connection_renew(pg_temp.id('b', 1), pg_temp.id('b', 20), 'foreign'), false, 'TI-1: or is changed');
SELECT pg_temp.as_tenant('a') \g /dev/null

-- ---- its end ----

SELECT ok(pg_temp.keep('b', 21), 'connected anew');
SELECT is(pg_temp.connected(), pg_temp.id('b', 21), 'the new account takes the place of the old one');
SELECT is((SELECT sealed FROM gatehouse.connections WHERE id = pg_temp.id('b', 20)), NULL, 'whose refresh token is erased');
SELECT is((SELECT count(*) FROM gatehouse.source_states WHERE subject_id = pg_temp.id('b', 1)), 0::bigint, 'and whose token is gone');
SELECT is(gatehouse.connection_renew(pg_temp.id('b', 1), pg_temp.id('b', 20), 'late'), false, 'a renewal that comes late changes nothing');

-- How it ends: what is done, and what is then connected.
CREATE FUNCTION pg_temp.ends_with(statement text, n integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.let_in();
    IF NOT pg_temp.keep('b', n) THEN
        RETURN false;
    END IF;
    EXECUTE statement;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    RETURN pg_temp.connected() IS NULL;
END
$$;
SELECT ok(pg_temp.ends_with($$ SELECT pg_temp.as_tenant('b'), gatehouse.connection_end(pg_temp.id('b', 30)) $$, 30), 'the person ends it');
SELECT ok(pg_temp.ends_with($$ SELECT pg_temp.as_tenant('a'), gatehouse.connection_refused(pg_temp.id('b', 1), pg_temp.id('b', 31)) $$, 31),
          'it ends when the vendor refuses it');
SELECT ok(pg_temp.ends_with($$ DELETE FROM gatehouse.server_shares WHERE id = pg_temp.id('a', 8) $$, 32), 'TI-7: it ends with the share');
SELECT ok(pg_temp.ends_with($$ UPDATE gatehouse.mcp_servers SET access = 'private' WHERE id = pg_temp.id('a', 3) $$, 33),
          'TI-7: it ends when the server is private again');
SELECT ok(NOT pg_temp.ends_with($$ WITH gone AS (DELETE FROM gatehouse.server_sources WHERE server_id = pg_temp.id('a', 3) RETURNING *)
                                   UPDATE gatehouse.mcp_servers SET name = 'Another' WHERE id = pg_temp.id('a', 3) AND EXISTS (SELECT FROM gone) AND false;
                                   INSERT INTO gatehouse.server_sources (server_id, source_id, user_id, position)
                                   VALUES (pg_temp.id('a', 3), pg_temp.id('a', 2), pg_temp.id('a', 1), 2) ON CONFLICT DO NOTHING $$, 34),
          'it lasts when a server is changed and keeps the source');
SELECT ok(pg_temp.ends_with($$ DELETE FROM gatehouse.server_sources WHERE server_id = pg_temp.id('a', 3) $$, 35),
          'TI-7: it ends when the server asks the source no more');
INSERT INTO gatehouse.server_sources (server_id, source_id, user_id, position)
VALUES (pg_temp.id('a', 3), pg_temp.id('a', 2), pg_temp.id('a', 1), 1);
SELECT ok(pg_temp.ends_with($$ UPDATE gatehouse.users SET deleted_at = now() WHERE id = pg_temp.id('b', 1) $$, 36), 'TI-7: it ends with the person');
SELECT is((SELECT count(*) FROM gatehouse.pending_connections WHERE user_id = pg_temp.id('b', 1)), 0::bigint, 'and what they had begun');
UPDATE gatehouse.users SET deleted_at = NULL WHERE id = pg_temp.id('b', 1);
SELECT ok(pg_temp.ends_with($$ SELECT pg_temp.as_tenant('a'), gatehouse.sources_end(pg_temp.id('a', 2)) $$, 37), 'TI-7: it ends with the source');

-- ---- coming back from the vendor ----

SELECT pg_temp.as_tenant('b') \g /dev/null
SELECT gatehouse.connection_begin(pg_temp.id('b', 2), pg_temp.id('b', 5), repeat('a', 64), repeat('b', 64), 'sealed') \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.connection_return(pg_temp.id('b', 5), repeat('a', 64), repeat('c', 64))), 0::bigint, 'not in another browser');
SELECT is((SELECT count(*) FROM gatehouse.connection_return(pg_temp.id('a', 5), repeat('a', 64), repeat('b', 64))), 0::bigint, 'nor in another session');
SELECT pg_temp.as_tenant('a') \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.connection_return(pg_temp.id('b', 5), repeat('a', 64), repeat('b', 64))), 0::bigint, 'nor does anybody else come back');
SELECT pg_temp.as_tenant('b') \g /dev/null
SELECT is((SELECT source_id FROM gatehouse.connection_return(pg_temp.id('b', 5), repeat('a', 64), repeat('b', 64))), pg_temp.id('b', 2), 'who began comes back');
SELECT is((SELECT count(*) FROM gatehouse.connection_return(pg_temp.id('b', 5), repeat('a', 64), repeat('b', 64))), 0::bigint, 'once');
SELECT gatehouse.connection_begin(pg_temp.id('b', 2), pg_temp.id('b', 5), repeat('a', 64), repeat('b', 64), 'sealed') \g /dev/null
UPDATE gatehouse.pending_connections SET expires_at = now() WHERE user_id = pg_temp.id('b', 1);
SELECT is((SELECT count(*) FROM gatehouse.connection_return(pg_temp.id('b', 5), repeat('a', 64), repeat('b', 64))), 0::bigint, 'and within ten minutes');

SELECT * FROM finish();
ROLLBACK;
