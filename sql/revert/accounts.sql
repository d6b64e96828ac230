-- Revert gatehouse:accounts from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.audit_seldom(text, uuid, text, jsonb);
DROP FUNCTION gatehouse.sessions_end(uuid, uuid);
DROP FUNCTION gatehouse.user_rehash(text, text);
DROP FUNCTION gatehouse.throttle_clear(text);
DROP FUNCTION gatehouse.throttle_fail(text, integer, integer);
DROP FUNCTION gatehouse.throttle_sweep(text);
DROP FUNCTION gatehouse.throttle_look(text);
DROP FUNCTION gatehouse.session_end(uuid, uuid);
DROP FUNCTION gatehouse.session_live(uuid, uuid, integer);
DROP FUNCTION gatehouse.session_seen(uuid);
DROP FUNCTION gatehouse.session_open(uuid, integer);
DROP FUNCTION gatehouse.session_start(uuid, uuid, integer, text);
DROP FUNCTION gatehouse.user_by_email(text);
DROP FUNCTION gatehouse.user_create(uuid, text, text, text);
DROP FUNCTION gatehouse.audit_event(uuid, text, text, jsonb);
DROP FUNCTION gatehouse.user_change(text, text, text, uuid);
DROP FUNCTION gatehouse.audit(text, text, jsonb);
DROP TABLE gatehouse.throttles;
DROP TABLE gatehouse.audit_log;
DROP TABLE gatehouse.sessions;
DROP TABLE gatehouse.users;
COMMIT;
