-- Verify gatehouse:sharing on pg

BEGIN;
SELECT id, user_id, server_id, team_id, email, email_key, subject_id, scopes, until, created_at, accepted_at FROM gatehouse.server_shares WHERE false;
SELECT id, user_id, share_id, team_id, role, email, email_key, digest, created_at, expires_at FROM gatehouse.invitations WHERE false;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.server_shares'::regclass;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.invitations'::regclass;
SELECT 'gatehouse.access_of(uuid, uuid, boolean)'::regprocedure;
SELECT 'gatehouse.unshare()'::regprocedure;
SELECT 'gatehouse.unshare_with()'::regprocedure;
SELECT 'gatehouse.uninvite()'::regprocedure;
SELECT 'gatehouse.share_json(gatehouse.server_shares)'::regprocedure;
SELECT 'gatehouse.share_check(uuid, text, uuid, integer)'::regprocedure;
SELECT 'gatehouse.share_create(uuid, uuid, text, text, uuid, text[], timestamptz, text, integer)'::regprocedure;
SELECT 'gatehouse.share_list(uuid, bigint, bigint)'::regprocedure;
SELECT 'gatehouse.share_end(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.server_kinds(gatehouse.mcp_servers)'::regprocedure;
SELECT 'gatehouse.shared_servers(bigint, bigint)'::regprocedure;
SELECT 'gatehouse.invitation_find(text)'::regprocedure;
SELECT 'gatehouse.invitation_look(text)'::regprocedure;
SELECT 'gatehouse.invitation_take(text, boolean)'::regprocedure;
SELECT 'gatehouse.team_invitation_json(gatehouse.invitations)'::regprocedure;
SELECT 'gatehouse.team_invite(uuid, uuid, text, text, text, text, integer)'::regprocedure;
SELECT 'gatehouse.team_invitations_list(uuid, bigint, bigint)'::regprocedure;
SELECT 'gatehouse.team_invitation_end(uuid, uuid)'::regprocedure;
ROLLBACK;
