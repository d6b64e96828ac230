-- Verify gatehouse:identities on pg

BEGIN;
SELECT FROM gatehouse.identities LIMIT 0;
SELECT FROM gatehouse.sign_ins LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.identities'::regclass;
SELECT 'gatehouse.identity_enter(text, text, uuid, integer)'::regprocedure;
SELECT 'gatehouse.sign_in_link(uuid, text, uuid)'::regprocedure;
ROLLBACK;
