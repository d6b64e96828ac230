-- Revert gatehouse:teams from pg

BEGIN;
SET LOCAL lock_timeout = '2s';
DROP TRIGGER leave_all ON gatehouse.users;
DROP POLICY tenant ON gatehouse.teams;
DROP FUNCTION gatehouse.leave_all();
DROP FUNCTION gatehouse.team_leave(uuid);
DROP FUNCTION gatehouse.team_member_end(uuid, uuid);
DROP FUNCTION gatehouse.team_member_change(uuid, uuid, text);
DROP FUNCTION gatehouse.owner_left(uuid, uuid);
DROP FUNCTION gatehouse.team_members_list(uuid, bigint, bigint);
DROP FUNCTION gatehouse.member_json(gatehouse.team_members);
DROP FUNCTION gatehouse.team_end(uuid);
DROP FUNCTION gatehouse.team_change(uuid, text);
DROP FUNCTION gatehouse.team_create(uuid, text, integer);
DROP FUNCTION gatehouse.team_need(uuid, text[]);
DROP FUNCTION gatehouse.team_hold(uuid, text[]);
DROP FUNCTION gatehouse.team_role(uuid, text[]);
DROP FUNCTION gatehouse.team_json(gatehouse.teams, text);
DROP TABLE gatehouse.team_members;
DROP TABLE gatehouse.teams;
COMMIT;
