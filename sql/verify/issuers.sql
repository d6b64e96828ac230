-- Verify gatehouse:issuers on pg

BEGIN;
SELECT FROM gatehouse.server_issuers LIMIT 0;
SELECT FROM gatehouse.issuer_subjects LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.server_issuers'::regclass;
SELECT 'gatehouse.issuer_token(uuid, boolean, text, text, text, text, text, text[], uuid, uuid, text, integer)'::regprocedure;
ROLLBACK;
