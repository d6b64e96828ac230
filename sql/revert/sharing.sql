-- Revert gatehouse:sharing from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP TRIGGER unshare ON gatehouse.mcp_servers;
DROP TRIGGER unshare_with ON gatehouse.users;
DROP TRIGGER uninvite ON gatehouse.team_members;
DROP FUNCTION gatehouse.team_invitation_end(uuid, uuid);
DROP FUNCTION gatehouse.team_invitations_list(uuid, bigint, bigint);
DROP FUNCTION gatehouse.team_invite(uuid, uuid, text, text, text, text, integer);
DROP FUNCTION gatehouse.team_invitation_json(gatehouse.invitations);
DROP FUNCTION gatehouse.invitation_take(text, boolean);
DROP FUNCTION gatehouse.invitation_look(text);
DROP FUNCTION gatehouse.invitation_find(text);
DROP FUNCTION gatehouse.shared_servers(bigint, bigint);
DROP FUNCTION gatehouse.server_kinds(gatehouse.mcp_servers);
DROP FUNCTION gatehouse.share_end(uuid, uuid);
DROP FUNCTION gatehouse.share_list(uuid, bigint, bigint);
DROP FUNCTION gatehouse.share_create(uuid, uuid, text, text, uuid, text[], timestamptz, text, integer);
DROP FUNCTION gatehouse.share_check(uuid, text, uuid, integer);
DROP FUNCTION gatehouse.share_json(gatehouse.server_shares);
DROP FUNCTION gatehouse.uninvite();
DROP FUNCTION gatehouse.unshare_with();
DROP FUNCTION gatehouse.unshare();
DROP FUNCTION gatehouse.access_of(uuid, uuid, boolean);
DROP TABLE gatehouse.invitations;
DROP TABLE gatehouse.server_shares;
COMMIT;
