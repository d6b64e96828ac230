-- Accounts, sessions, throttles, the audit log.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();
SELECT set_config('gatehouse.request', 'request-1', true) \g /dev/null

CREATE FUNCTION pg_temp.audited(wanted text, who uuid) RETURNS bigint LANGUAGE sql AS
    $$ SELECT count(*) FROM gatehouse.audit_log
        WHERE event = wanted AND user_id = who AND request_id = 'request-1' AND outcome = 'ok' $$;

-- ---- AC-2: one account an address ----

SET LOCAL ROLE gatehouse_api;
SELECT pg_temp.as_tenant('c') \g /dev/null
SELECT is((SELECT email FROM gatehouse.user_create(pg_temp.id('c', 1), 'C@example.com', 'c@example.com', 'hash')),
          'C@example.com', 'AC-2: an account keeps its address as it was written');
SELECT is((SELECT count(*) FROM gatehouse.user_create(pg_temp.id('c', 1), 'C@example.com', 'c@example.com', 'hash')),
          1::bigint, 'DB-4: making it once more gives the same');
SELECT throws_ok($$SELECT gatehouse.user_create(pg_temp.id('d', 1), 'c@Example.com', 'c@example.com', 'hash')$$,
                 '23505', NULL, 'AC-2: a taken address is a unique violation');
SELECT throws_ok($$SELECT gatehouse.user_change('b@example.com', 'b@example.com', NULL, NULL)$$,
                 '23505', NULL, 'AC-2: also when an account changes to it');
RESET ROLE;
SELECT throws_ok($$INSERT INTO gatehouse.users (id, email, email_key) VALUES (gen_random_uuid(), 'X@example.com', 'X@example.com')$$,
                 '23514', NULL, 'AC-1: a key with capitals is refused');
SELECT is(pg_temp.audited('signup', pg_temp.id('c', 1)), 1::bigint, 'LA-5: signing up is audited once, with its request');

-- ---- AC-9: sessions ----

SET LOCAL ROLE gatehouse_api;
SELECT pg_temp.as_tenant('a') \g /dev/null
SELECT gatehouse.session_start(pg_temp.id('a', 7), pg_temp.id('a', 1), 2, 'hash of a') \g /dev/null
SELECT gatehouse.session_start(pg_temp.id('a', 7), pg_temp.id('a', 1), 2, 'hash of a') \g /dev/null
SELECT is((SELECT email FROM gatehouse.session_open(pg_temp.id('a', 7), 1)), 'a@example.com',
          'AC-9: a session opens its account');
SELECT pg_temp.as_tenant('b') \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.session_open(pg_temp.id('a', 7), 1)), 0::bigint, 'AC-9: and no other');
SELECT pg_temp.as_tenant('a') \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.session_open(gen_random_uuid(), 1)), 0::bigint,
          'AC-9: one that is not there opens nothing');
RESET ROLE;
SET LOCAL ROLE gatehouse_mcp;
SELECT ok(gatehouse.session_live(pg_temp.id('a', 7), pg_temp.id('a', 1), 1), 'AC-9: the mcp program learns that a session is live');
SELECT ok(NOT gatehouse.session_live(pg_temp.id('a', 7), pg_temp.id('b', 1), 1), 'AC-9: but not of another''s');
RESET ROLE;
SET LOCAL ROLE gatehouse_api;
SELECT gatehouse.session_end(pg_temp.id('a', 7), pg_temp.id('b', 1)) \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.session_open(pg_temp.id('a', 7), 1)), 1::bigint,
          'AC-9: nobody ends it for another');
SELECT gatehouse.session_end(pg_temp.id('a', 7), pg_temp.id('a', 1)) \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.session_open(pg_temp.id('a', 7), 1)), 0::bigint,
          'AC-9: signing out ends it at once');
RESET ROLE;
SELECT ok(NOT gatehouse.session_live(pg_temp.id('a', 7), pg_temp.id('a', 1), 1), 'AC-9: for both programs');
SET LOCAL ROLE gatehouse_api;
SELECT is((SELECT count(*) FROM gatehouse.session_open(pg_temp.id('a', 5), 1)), 1::bigint,
          'AC-9: and only it');
RESET ROLE;
SELECT is(pg_temp.audited('signin', pg_temp.id('a', 1)), 1::bigint, 'LA-5: signing in is audited once, repeated or not');
SELECT is(pg_temp.audited('signout', pg_temp.id('a', 1)), 1::bigint, 'LA-5: signing out is audited');
SELECT lives_ok($$UPDATE gatehouse.sessions SET last_seen_at = now() - interval '61 minutes' WHERE id = pg_temp.id('a', 5)$$);
SELECT is((SELECT count(*) FROM gatehouse.session_open(pg_temp.id('a', 5), 1)), 0::bigint,
          'AC-10: a session left alone is over');
SELECT lives_ok($$UPDATE gatehouse.sessions SET last_seen_at = now(), expires_at = now() WHERE id = pg_temp.id('a', 5)$$);
SELECT is((SELECT count(*) FROM gatehouse.session_open(pg_temp.id('a', 5), 1)), 0::bigint,
          'AC-10: so is one whose time has come');
SELECT lives_ok($$UPDATE gatehouse.sessions SET expires_at = now() + interval '1 day', last_seen_at = now() - interval '5 minutes'
                   WHERE id = pg_temp.id('a', 5)$$);
SELECT is((SELECT unseen FROM gatehouse.session_open(pg_temp.id('a', 5), 1)), true);
SELECT gatehouse.session_seen(pg_temp.id('a', 5)) \g /dev/null
SELECT is((SELECT unseen FROM gatehouse.session_open(pg_temp.id('a', 5), 1)), false, 'AC-10: that it was seen is noted once a minute');
SELECT is((SELECT last_seen_at FROM gatehouse.sessions WHERE id = pg_temp.id('a', 5)), now(), 'AC-10: use keeps it alive');

SELECT gatehouse.session_start(pg_temp.id('a', 8), pg_temp.id('a', 1), 2, 'hash of a') \g /dev/null
SET LOCAL ROLE gatehouse_api;
SELECT is((SELECT email FROM gatehouse.user_change(NULL, NULL, 'new hash', pg_temp.id('a', 5))), 'a@example.com');
SELECT is((SELECT string_agg(right(id::text, 1), '') FROM gatehouse.sessions WHERE ended_at IS NULL), '5',
          'AC-9: a new password ends all sessions but the one that asked');
SELECT throws_ok($$SELECT gatehouse.session_start(pg_temp.id('a', 9), pg_temp.id('a', 1), 2, 'hash of a')$$, 'GH001', 'BUSY',
                 'AC-9: the old password, found right before it was changed, starts no session after it');
SELECT is((SELECT email FROM gatehouse.user_change(NULL, NULL, 'newer hash', NULL)), 'a@example.com');
SELECT is((SELECT count(*) FROM gatehouse.sessions WHERE ended_at IS NULL), 0::bigint,
          'AC-9: and all of them when no session asked');
SELECT gatehouse.user_rehash('hash of the old password', 'hash of a') \g /dev/null
SELECT is((SELECT hashed_password FROM gatehouse.users), 'newer hash',
          'AC-9: a hash renewed at sign-in does not undo a password changed meanwhile');
SELECT gatehouse.user_rehash('better', 'newer hash') \g /dev/null
SELECT is((SELECT hashed_password FROM gatehouse.users), 'better', 'AC-3: a weak hash is renewed');
RESET ROLE;
SELECT is(pg_temp.audited('password_change', pg_temp.id('a', 1)), 2::bigint, 'LA-5: a new password is audited');
SELECT is((SELECT count(*) FROM gatehouse.sessions WHERE user_id = pg_temp.id('b', 1) AND ended_at IS NULL), 1::bigint,
          'AC-9: another''s sessions go on');

-- LA-5: what is undone is not audited either.
SAVEPOINT change;
SELECT pg_temp.as_tenant('b') \g /dev/null
SELECT gatehouse.user_change('b2@example.com', 'b2@example.com', NULL, NULL) \g /dev/null
SELECT is(pg_temp.audited('email_change', pg_temp.id('b', 1)), 1::bigint, 'LA-5: a new address is audited');
ROLLBACK TO change;
SELECT is(pg_temp.audited('email_change', pg_temp.id('b', 1)), 0::bigint, 'LA-5: with the change, or not at all');

-- ---- AC-7: throttles ----

SET LOCAL ROLE gatehouse_api;
SELECT is(gatehouse.throttle_look('k'), 0, 'AC-7: at first nobody waits');
SELECT is(ARRAY[gatehouse.throttle_fail('k', 2, 60), gatehouse.throttle_fail('k', 2, 60)], '{0,0}', 'AC-7: some failures are free');
SELECT is(ARRAY[gatehouse.throttle_fail('k', 2, 60), gatehouse.throttle_fail('k', 2, 60), gatehouse.throttle_fail('k', 2, 60)],
          '{1,2,4}', 'AC-7: then the wait doubles');
SELECT is(gatehouse.throttle_look('k'), 4, 'AC-7: and is asked for');
SELECT is((SELECT max(gatehouse.throttle_fail('k', 2, 60)) FROM generate_series(1, 40)), 60, 'AC-7: up to its most, never a lock');
SELECT is(gatehouse.throttle_look('other'), 0, 'AC-7: others do not wait');
SELECT gatehouse.throttle_clear('k') \g /dev/null
SELECT is(gatehouse.throttle_look('k'), 0, 'AC-7: the right password forgives');
SELECT throws_ok($$SELECT * FROM gatehouse.throttles$$, '42501', NULL, 'AC-7: who is throttled is not read past its door');
RESET ROLE;
SELECT lives_ok($$INSERT INTO gatehouse.throttles SELECT 'old' || n, 1, now() - interval '2 days', now() - interval '2 days'
                    FROM generate_series(1, 5) n$$);
SELECT gatehouse.throttle_fail('k' || n, 2, 60) FROM generate_series(1, 3) n \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.throttles WHERE key LIKE 'old%'), 0::bigint,
          'AC-7: what is long forgotten is cleared away');

-- ---- LA-2: limits that are hit ----

CREATE FUNCTION pg_temp.hits(who uuid) RETURNS bigint LANGUAGE sql AS
    $$ SELECT count(*) FROM gatehouse.audit_log WHERE event = 'limit' AND outcome = 'refused' AND user_id IS NOT DISTINCT FROM who
          AND request_id = 'request-9' AND detail = '{"of": "x"}' $$;
SET LOCAL ROLE gatehouse_mcp;
SELECT gatehouse.audit_seldom('limit a', pg_temp.id('a', 1), 'limit', '{"request": "request-9", "of": "x"}') FROM generate_series(1, 100) \g /dev/null
SELECT gatehouse.audit_seldom('limit b', NULL, 'limit', '{"request": "request-9", "of": "x"}') FROM generate_series(1, 100) \g /dev/null
RESET ROLE;
SELECT is(pg_temp.hits(pg_temp.id('a', 1)), 1::bigint, 'LA-2: a limit that is hit again and again is one row');
SELECT is(pg_temp.hits(NULL), 1::bigint, 'LA-2: another has its own');
UPDATE gatehouse.throttles SET until = now() WHERE key = 'limit a';
SELECT gatehouse.audit_seldom('limit a', pg_temp.id('a', 1), 'limit', '{"request": "request-9", "of": "x"}') FROM generate_series(1, 100) \g /dev/null
SELECT is(pg_temp.hits(pg_temp.id('a', 1)), 2::bigint, 'LA-2: and a minute later, one more');
SELECT lives_ok($$INSERT INTO gatehouse.throttles SELECT 'older' || n, 1, now() - interval '2 days', now() - interval '2 days'
                    FROM generate_series(1, 2) n$$);
SELECT gatehouse.audit_seldom('limit c', NULL, 'limit', '{}') \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.throttles WHERE key LIKE 'older%'), 0::bigint, 'LA-2: what is over is cleared away');

SELECT * FROM finish();
ROLLBACK;
