-- Revert gatehouse:personal from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP TRIGGER connections_end_unshared ON gatehouse.server_sources;
DROP TRIGGER connections_end_unshared ON gatehouse.mcp_servers;
DROP TRIGGER connections_end_unshared ON gatehouse.server_shares;
DROP TRIGGER connections_end_unshared ON gatehouse.team_members;
DROP TRIGGER connections_end_with ON gatehouse.sources;
DROP TRIGGER connections_end_with ON gatehouse.users;
DROP FUNCTION gatehouse.connections_end_with();
DROP FUNCTION gatehouse.connections_end_unshared();
DROP FUNCTION gatehouse.connections_recheck(uuid, uuid);
DROP FUNCTION gatehouse.connection_end(uuid);
DROP FUNCTION gatehouse.connection_list(bigint, bigint);
DROP FUNCTION gatehouse.connection_refused(uuid, uuid);
DROP FUNCTION gatehouse.connection_renew(uuid, uuid, text);
DROP FUNCTION gatehouse.connection_open(uuid, uuid);
DROP FUNCTION gatehouse.connection_live(uuid, uuid);
DROP FUNCTION gatehouse.connection_keep(uuid, uuid, boolean, text, text, text);
DROP FUNCTION gatehouse.connection_over(uuid, uuid, text);
DROP FUNCTION gatehouse.connection_return(uuid, text, text);
DROP FUNCTION gatehouse.connection_begin(uuid, uuid, text, text, text);
DROP FUNCTION gatehouse.connect_look(uuid, boolean);
DROP FUNCTION gatehouse.source_reach(uuid, uuid, uuid, boolean);
DROP TABLE gatehouse.pending_connections;
DROP TABLE gatehouse.connections;
COMMIT;
