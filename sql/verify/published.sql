-- Verify gatehouse:published on pg

BEGIN;
SELECT FROM gatehouse.published LIMIT 0;
SELECT FROM gatehouse.used_assertions LIMIT 0;
SELECT 'gatehouse.published_take(text, boolean)'::regprocedure;
SELECT 'gatehouse.published_keep(text, text, integer, integer)'::regprocedure;
SELECT 'gatehouse.assertion_use(text, bigint)'::regprocedure;
ROLLBACK;
