-- Revert gatehouse:identities from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP TRIGGER identities_end ON gatehouse.users;
DROP FUNCTION gatehouse.identities_end_with();
DROP FUNCTION gatehouse.identity_end(uuid);
DROP FUNCTION gatehouse.identity_list(bigint, bigint);
DROP FUNCTION gatehouse.signed_in_lately(uuid);
DROP FUNCTION gatehouse.sign_in_link(uuid, text, uuid);
DROP FUNCTION gatehouse.sign_in_held(uuid, text);
DROP FUNCTION gatehouse.identity_settle(uuid, uuid, text, text, text, text, text);
DROP FUNCTION gatehouse.identity_enter(text, text, uuid, integer);
DROP FUNCTION gatehouse.sign_in_take(text, text, text);
DROP FUNCTION gatehouse.sign_in_begin(uuid, text, text, text, text);
DROP TABLE gatehouse.sign_ins;
DROP TABLE gatehouse.identities;
COMMIT;
