-- Verify gatehouse:vendors on pg

BEGIN;

SELECT source_id, user_id, token, token_until, token_number, renewing_until, refused_until, refused_help, throttled_until,
       failures, open_until FROM gatehouse.source_states WHERE false;
SELECT key, slot, until, taken, day FROM gatehouse.vendor_slots WHERE false;
SELECT key, times, day FROM gatehouse.vendor_rates WHERE false;
SELECT 'gatehouse.slot_take(text, integer, integer, uuid)'::regprocedure;
SELECT 'gatehouse.slot_give(text, integer, uuid)'::regprocedure;
SELECT 'gatehouse.rate_take(text, integer, integer)'::regprocedure;
SELECT 'gatehouse.vendor_enter(uuid, text, integer, integer, integer, integer, uuid, uuid)'::regprocedure;
SELECT 'gatehouse.vendor_leave(uuid, text, integer, uuid, bigint, boolean, boolean, uuid)'::regprocedure;
SELECT 'gatehouse.circuits()'::regprocedure;
SELECT 'gatehouse.token_claim(uuid, bigint, uuid)'::regprocedure;
SELECT 'gatehouse.token_store(uuid, text, bigint, uuid)'::regprocedure;
SELECT 'gatehouse.token_fail(uuid, text, uuid)'::regprocedure;

ROLLBACK;
