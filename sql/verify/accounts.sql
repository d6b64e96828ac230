-- Verify gatehouse:accounts on pg

BEGIN;
SELECT FROM gatehouse.users LIMIT 0;
SELECT FROM gatehouse.sessions LIMIT 0;
SELECT FROM gatehouse.audit_log LIMIT 0;
SELECT FROM gatehouse.throttles LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.users'::regclass;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.sessions'::regclass;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.audit_log'::regclass;
SELECT 'gatehouse.audit(text, text, jsonb)'::regprocedure;
SELECT 'gatehouse.user_change(text, text, text, uuid)'::regprocedure;
SELECT 'gatehouse.audit_event(uuid, text, text, jsonb)'::regprocedure;
SELECT 'gatehouse.user_create(uuid, text, text, text)'::regprocedure;
SELECT 'gatehouse.user_by_email(text)'::regprocedure;
SELECT 'gatehouse.session_start(uuid, uuid, integer, text)'::regprocedure;
SELECT 'gatehouse.session_open(uuid, integer)'::regprocedure;
SELECT 'gatehouse.session_seen(uuid)'::regprocedure;
SELECT 'gatehouse.session_live(uuid, uuid, integer)'::regprocedure;
SELECT 'gatehouse.session_end(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.user_rehash(text, text)'::regprocedure;
SELECT 'gatehouse.throttle_look(text)'::regprocedure;
SELECT 'gatehouse.throttle_fail(text, integer, integer)'::regprocedure;
SELECT 'gatehouse.throttle_clear(text)'::regprocedure;
SELECT 'gatehouse.throttle_sweep(text)'::regprocedure;
SELECT 'gatehouse.audit_seldom(text, uuid, text, jsonb)'::regprocedure;
ROLLBACK;
