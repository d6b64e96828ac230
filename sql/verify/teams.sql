-- Verify gatehouse:teams on pg

BEGIN;
SELECT id, name, created_at, updated_at FROM gatehouse.teams WHERE false;
SELECT team_id, user_id, role, joined_at FROM gatehouse.team_members WHERE false;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.teams'::regclass;
SELECT 1 / (relrowsecurity AND relforcerowsecurity)::int FROM pg_class WHERE oid = 'gatehouse.team_members'::regclass;
SELECT 'gatehouse.team_json(gatehouse.teams, text)'::regprocedure;
SELECT 'gatehouse.team_role(uuid, text[])'::regprocedure;
SELECT 'gatehouse.team_hold(uuid, text[])'::regprocedure;
SELECT 'gatehouse.team_need(uuid, text[])'::regprocedure;
SELECT 'gatehouse.team_create(uuid, text, integer)'::regprocedure;
SELECT 'gatehouse.team_change(uuid, text)'::regprocedure;
SELECT 'gatehouse.team_end(uuid)'::regprocedure;
SELECT 'gatehouse.member_json(gatehouse.team_members)'::regprocedure;
SELECT 'gatehouse.team_members_list(uuid, bigint, bigint)'::regprocedure;
SELECT 'gatehouse.owner_left(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.team_member_change(uuid, uuid, text)'::regprocedure;
SELECT 'gatehouse.team_member_end(uuid, uuid)'::regprocedure;
SELECT 'gatehouse.team_leave(uuid)'::regprocedure;
SELECT 'gatehouse.leave_all()'::regprocedure;
ROLLBACK;
