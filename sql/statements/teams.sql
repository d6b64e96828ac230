-- Teams, their members, and invitations to them.

-- name: team_create(id, name, most) tenant again
-- Its first owner is who makes it. Raises QUOTA.
SELECT team_create($1::uuid, $2, $3::integer);

-- name: team_list(limit, offset) tenant again
-- The tenant's, oldest first.
SELECT team_json(t, m.role) FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = tenant()
 ORDER BY t.created_at, t.id LIMIT $1::bigint OFFSET $2::bigint;

-- name: team_get(id) tenant again
-- One of the tenant's.
SELECT team_json(t, m.role) FROM team_members m JOIN teams t ON t.id = m.team_id
 WHERE m.user_id = tenant() AND m.team_id = $1::uuid;

-- name: team_change(id, name) tenant again
-- Raises NO_TEAM and NOT_ALLOWED, as all that follow.
SELECT team_change($1::uuid, $2);

-- name: team_end(id) tenant again
-- With all that hangs on it. No row for one that is not there.
SELECT id FROM team_end($1::uuid) id WHERE id IS NOT NULL;

-- name: member_list(team, limit, offset) tenant again
-- Who joined first comes first.
SELECT team_members_list($1::uuid, $2::bigint, $3::bigint);

-- name: member_change(team, user, role) tenant again
-- No row for who is none. Raises LAST_OWNER.
SELECT json FROM team_member_change($1::uuid, $2::uuid, $3) json WHERE json IS NOT NULL;

-- name: member_end(team, user) tenant again
-- No row for who is none. Raises LAST_OWNER.
SELECT id FROM team_member_end($1::uuid, $2::uuid) id WHERE id IS NOT NULL;

-- name: team_leave(team) tenant again
-- No row for who is no member. Raises LAST_OWNER.
SELECT id FROM team_leave($1::uuid) id WHERE id IS NOT NULL;

-- name: team_invite(id, team, email, email_key, role, digest, most) tenant again
-- Raises CONFLICT and QUOTA.
SELECT team_invite($1::uuid, $2::uuid, $3, $4, $5, $6, $7::integer);

-- name: team_invitation_list(team, limit, offset) tenant again
-- Oldest first.
SELECT team_invitations_list($1::uuid, $2::bigint, $3::bigint);

-- name: team_invitation_end(team, id) tenant again
-- No row for one that is not there.
SELECT id FROM team_invitation_end($1::uuid, $2::uuid) id WHERE id IS NOT NULL;
