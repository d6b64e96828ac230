-- Verify gatehouse:deletion on pg

BEGIN;
SELECT 'gatehouse.servers_end(uuid)'::regprocedure;
SELECT 'gatehouse.sources_end(uuid)'::regprocedure;
SELECT 'gatehouse.user_delete()'::regprocedure;
ROLLBACK;
