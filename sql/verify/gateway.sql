-- Verify gatehouse:gateway on pg

BEGIN;
SELECT 'gatehouse.gateway_open(text, text, text)'::regprocedure;
SELECT 'gatehouse.handler_counts(text, text)'::regprocedure;
ROLLBACK;
