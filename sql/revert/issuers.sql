-- Revert gatehouse:issuers from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP FUNCTION gatehouse.issuer_token(uuid, boolean, text, text, text, text, text, text[], uuid, uuid, text, integer);
DROP FUNCTION gatehouse.issuer_user(uuid, text, text, text);
DROP FUNCTION gatehouse.issuer_keys(uuid, text);
DROP FUNCTION gatehouse.issuer_end(uuid, uuid);
DROP FUNCTION gatehouse.issuer_list(uuid, bigint, bigint);
DROP FUNCTION gatehouse.issuer_add(uuid, uuid, text, text, integer);
DROP FUNCTION gatehouse.issuer_json(gatehouse.server_issuers);
DROP TABLE gatehouse.issuer_subjects;
DROP TABLE gatehouse.server_issuers;
COMMIT;
