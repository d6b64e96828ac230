-- Revert gatehouse:vendors from pg

BEGIN;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER forget_state ON gatehouse.sources;
DROP FUNCTION gatehouse.forget_state();
DROP FUNCTION gatehouse.token_fail(uuid, text, uuid);
DROP FUNCTION gatehouse.token_store(uuid, text, bigint, uuid);
DROP FUNCTION gatehouse.token_claim(uuid, bigint, uuid);
DROP FUNCTION gatehouse.circuits();
DROP FUNCTION gatehouse.vendor_leave(uuid, text, integer, uuid, bigint, boolean, boolean, uuid);
DROP FUNCTION gatehouse.vendor_enter(uuid, text, integer, integer, integer, integer, uuid, uuid);
DROP FUNCTION gatehouse.rate_take(text, integer, integer);
DROP FUNCTION gatehouse.slot_give(text, integer, uuid);
DROP FUNCTION gatehouse.slot_take(text, integer, integer, uuid);
DROP TABLE gatehouse.vendor_rates;
DROP TABLE gatehouse.vendor_slots;
DROP TABLE gatehouse.source_states;

COMMIT;
