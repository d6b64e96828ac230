-- Verify gatehouse:personal on pg

BEGIN;
SELECT FROM gatehouse.connections, gatehouse.pending_connections LIMIT 0;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class
 WHERE oid IN ('gatehouse.connections'::regclass, 'gatehouse.pending_connections'::regclass);
SELECT 'gatehouse.connect_look(uuid, boolean)'::regprocedure;
SELECT 'gatehouse.connection_begin(uuid, uuid, text, text, text)'::regprocedure;
SELECT 'gatehouse.connection_return(uuid, text, text)'::regprocedure;
SELECT 'gatehouse.connection_keep(uuid, uuid, boolean, text, text, text)'::regprocedure;
SELECT 'gatehouse.connection_live(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.connection_open(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.connection_renew(uuid, uuid, text)'::regprocedure;
SELECT 'gatehouse.connection_refused(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.connection_list(bigint, bigint)'::regprocedure;
SELECT 'gatehouse.connection_end(uuid)'::regprocedure;
ROLLBACK;
