-- Tokens, limits and circuits of vendors, as the mcp program asks for them.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();

CREATE FUNCTION pg_temp.entered(who text, key text, at_once integer DEFAULT 0, second integer DEFAULT 0, minute integer DEFAULT 0)
    RETURNS text LANGUAGE sql AS $$
    SELECT state || ' ' || slot || CASE WHEN token IS NULL THEN '' ELSE ' ' || token END
      FROM gatehouse.vendor_enter(pg_temp.id(who, 2), key, at_once, second, minute, 30, pg_temp.id(who, 9)) $$;
CREATE FUNCTION pg_temp.left_with(who text, slot integer, throttled bigint, failed boolean, worked boolean) RETURNS void LANGUAGE sql AS
    $$ SELECT gatehouse.vendor_leave(pg_temp.id(who, 2), 'k', slot, pg_temp.id(who, 9), throttled, failed, worked) $$;
SELECT pg_temp.as_tenant('a') \g /dev/null
SET LOCAL ROLE gatehouse_mcp;

-- ---- slots and rates ----

SELECT is(pg_temp.entered('a', 'k', 2), 'go 1', 'OH-11: the first slot of two');
SELECT is(pg_temp.entered('a', 'k', 2), 'go 2', 'OH-11: the second');
SELECT is((SELECT state || ' ' || wait_ms FROM gatehouse.vendor_enter(pg_temp.id('a', 2), 'k', 2, 0, 0, 30, pg_temp.id('a', 9))),
          'wait 50', 'OH-11: the third waits');
SELECT is(pg_temp.entered('a', 'another', 2), 'go 1', 'OH-11: another key has slots of its own');
SELECT gatehouse.slot_give('k', 1, pg_temp.id('b', 9)) \g /dev/null
SELECT is(pg_temp.entered('a', 'k', 2), 'wait 0', 'OH-11: nobody gives back what another took');
SELECT pg_temp.left_with('a', 2, 0, false, false) \g /dev/null
SELECT is(pg_temp.entered('a', 'k', 2), 'go 2', 'OH-11: one that was given back is lent again');
RESET ROLE;
UPDATE gatehouse.vendor_slots SET until = now() - interval '1 second' WHERE key = 'k' AND slot = 1;
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.entered('a', 'k', 2), 'go 1', 'OH-11: one that nobody gave back comes back by itself');
SELECT is(pg_temp.entered('a', 'r', 0, 2, 3), 'go 0', 'a rate: the first of a second');
SELECT is(pg_temp.entered('a', 'r', 0, 2, 3), 'go 0', 'a rate: the second');
SELECT matches(pg_temp.entered('a', 'r', 0, 2, 3), '^wait', 'a rate: the third of a second waits');
RESET ROLE;
UPDATE gatehouse.vendor_rates SET times = ARRAY(SELECT x - interval '2 seconds' FROM unnest(times) x) WHERE key = 'r';
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.entered('a', 'r', 0, 2, 3), 'go 0', 'a rate: until the next second');
SELECT cmp_ok((SELECT wait_ms FROM gatehouse.vendor_enter(pg_temp.id('a', 2), 'r', 0, 2, 3, 30, pg_temp.id('a', 9))), '>', 30000,
              'a rate: a full minute is waited for');
SELECT is(pg_temp.entered('a', 'both', 1, 0, 1), 'go 1', 'slot and rate together');
SELECT pg_temp.left_with('a', 0, 0, false, false), gatehouse.slot_give('both', 1, pg_temp.id('a', 9)) \g /dev/null
SELECT matches(pg_temp.entered('a', 'both', 1, 0, 1), '^wait 0', 'a slot is not kept where the rate says wait');
SELECT is((SELECT wait_ms > 1000 FROM gatehouse.vendor_enter(pg_temp.id('a', 2), 'both', 1, 0, 1, 30, pg_temp.id('a', 9))), true,
          'and so the rate is met again, not the slot');

-- ---- what nobody asks for any more ----

RESET ROLE;
INSERT INTO gatehouse.vendor_slots (key, slot, until, taken, day)
SELECT 'old', n, now(), pg_temp.id('a', 9), current_date - 2 FROM generate_series(1, 2) n;
INSERT INTO gatehouse.vendor_rates (key, times, day) VALUES ('old', '{}', current_date - 2);
SET LOCAL ROLE gatehouse_mcp;
SELECT pg_temp.entered('a', 'new', 1, 1, 1) \g /dev/null
RESET ROLE;
SELECT is((SELECT count(*) FROM gatehouse.vendor_slots WHERE key = 'old'), 0::bigint, 'slots of past days go when one is made');
SELECT is((SELECT count(*) FROM gatehouse.vendor_rates WHERE key = 'old'), 0::bigint, 'and so do rates');
SELECT isnt((SELECT count(*) FROM gatehouse.vendor_slots WHERE key = 'k'), 0::bigint, 'those of today stay');
SET LOCAL ROLE gatehouse_mcp;

-- ---- throttled, and broken ----

SELECT pg_temp.left_with('a', 0, 5000, false, false) \g /dev/null
SELECT is((SELECT state || (wait_ms BETWEEN 3000 AND 5000) FROM gatehouse.vendor_enter(pg_temp.id('a', 2), '', 0, 0, 0, 30, pg_temp.id('a', 9))),
          'throttledtrue', 'OH-11: what one worker was told to wait, all wait');
RESET ROLE;
UPDATE gatehouse.source_states SET throttled_until = NULL;
SET LOCAL ROLE gatehouse_mcp;
SELECT pg_temp.left_with('a', 0, 0, true, false) FROM generate_series(1, 4) \g /dev/null
SELECT is(pg_temp.entered('a', ''), 'go 0', 'OH-11: four failures in a row do not open the circuit');
SELECT pg_temp.left_with('a', 0, 0, false, true), pg_temp.left_with('a', 0, 0, true, false) \g /dev/null
SELECT is(pg_temp.entered('a', ''), 'go 0', 'OH-11: nor a fifth after one that worked');
SELECT pg_temp.left_with('a', 0, 0, true, false) FROM generate_series(1, 4) \g /dev/null
SELECT is(pg_temp.entered('a', ''), 'open 0', 'OH-11: five in a row do');
RESET ROLE;
SET LOCAL ROLE gatehouse_api;
SELECT is(c::text, '(1,0)', 'OH-11: and checks can tell') FROM gatehouse.circuits() c;
RESET ROLE;
UPDATE gatehouse.source_states SET open_until = now() - interval '1 second' WHERE source_id = pg_temp.id('a', 2);
SET LOCAL ROLE gatehouse_api;
SELECT is(c::text, '(0,1)', 'OH-11: after thirty seconds it is half open') FROM gatehouse.circuits() c;
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.entered('a', ''), 'go 0', 'OH-11: after thirty seconds one tries');
SELECT is(pg_temp.entered('a', ''), 'open 0', 'OH-11: and only one');
SELECT pg_temp.left_with('a', 0, 0, false, true) \g /dev/null
SELECT is(pg_temp.entered('a', ''), 'go 0', 'OH-11: when it worked, all may again');
SET LOCAL ROLE gatehouse_api;
SELECT is(c::text, '(0,0)', 'OH-11: and it is closed') FROM gatehouse.circuits() c;
SET LOCAL ROLE gatehouse_mcp;

-- ---- tokens ----

SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 0) c), true, 'one worker gets the token');
SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 0) c), false, 'the others wait');
SELECT is(gatehouse.token_store(pg_temp.id('a', 2), 'sealed', 3600), 1::bigint, 'the token has a number');
SELECT is((SELECT c.token FROM gatehouse.token_claim(pg_temp.id('a', 2), 0) c), 'sealed', 'and the others take it');
SELECT is(pg_temp.entered('a', ''), 'go 0 sealed', 'and who comes later');
SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 1) c), true, 'one that was refused is renewed');
SELECT gatehouse.token_fail(pg_temp.id('a', 2), NULL) \g /dev/null
SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 1) c), true, 'after a failure of the moment the next tries');
SELECT gatehouse.token_store(pg_temp.id('a', 2), 'short', 60) \g /dev/null
SELECT is(pg_temp.entered('a', ''), 'go 0 short', 'a short-lived token is used for half of its life');
RESET ROLE;
UPDATE gatehouse.source_states SET token_until = now() - interval '1 second' WHERE source_id = pg_temp.id('a', 2);
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.entered('a', ''), 'go 0', 'a token that ends soon is not given out');
SELECT gatehouse.token_fail(pg_temp.id('a', 2), 'Renew the secret.') \g /dev/null
SELECT is((SELECT state || ': ' || help FROM gatehouse.vendor_enter(pg_temp.id('a', 2), '', 0, 0, 0, 30, pg_temp.id('a', 9))),
          'refused: Renew the secret.', 'a refused credential is not tried again for a while');
SELECT is((SELECT c.help FROM gatehouse.token_claim(pg_temp.id('a', 2), 1) c), 'Renew the secret.', 'nor by who was waiting');
RESET ROLE;
SET LOCAL ROLE gatehouse_api;
SELECT gatehouse.source_change(pg_temp.id('a', 2), 'documents', '{"name": "Notes"}', '{}') \g /dev/null
RESET ROLE;
SET LOCAL ROLE gatehouse_mcp;
SELECT is(pg_temp.entered('a', ''), 'go 0', 'a source that was changed starts anew');

-- ---- whose ----

SELECT pg_temp.as_tenant('b') \g /dev/null
SELECT is((SELECT c.claimed FROM gatehouse.token_claim(pg_temp.id('a', 2), 0) c), false, 'TI-1: nobody gets a token for another''s source');
SELECT is(gatehouse.token_store(pg_temp.id('a', 2), 'foreign', 60), NULL, 'TI-1: or stores one');
SELECT pg_temp.left_with('a', 0, 0, true, false) FROM generate_series(1, 9) \g /dev/null
SELECT pg_temp.as_tenant('a') \g /dev/null
SELECT is(pg_temp.entered('a', ''), 'go 0', 'TI-1: or tells of its failures');

SELECT * FROM finish();
ROLLBACK;
