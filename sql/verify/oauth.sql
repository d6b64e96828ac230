-- Verify gatehouse:oauth on pg

BEGIN;
SELECT FROM gatehouse.grants, gatehouse.authorizations, gatehouse.refresh_tokens LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class
 WHERE oid IN ('gatehouse.grants'::regclass, 'gatehouse.authorizations'::regclass,
               'gatehouse.refresh_tokens'::regclass);
SELECT 'gatehouse.authorization_start(uuid, uuid, text, text, text, text, text, text[], text, integer)'::regprocedure;
SELECT 'gatehouse.authorization_show(uuid, text, uuid, uuid, boolean, text)'::regprocedure;
SELECT 'gatehouse.authorization_decide(uuid, text, uuid, boolean, text, text[], integer, text)'::regprocedure;
SELECT 'gatehouse.code_redeem(uuid, boolean, text, text, text, text, uuid, uuid, text, text, integer)'::regprocedure;
SELECT 'gatehouse.token_refresh(uuid, boolean, text, text, text[], integer, uuid, text, text, integer)'::regprocedure;
SELECT 'gatehouse.token_revoke(uuid, text, text)'::regprocedure;
SELECT 'gatehouse.grant_end(uuid)'::regprocedure;
SELECT 'gatehouse.client_token(uuid, text, text[], uuid, uuid, text, integer)'::regprocedure;
ROLLBACK;
