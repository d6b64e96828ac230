-- Deploy gatehouse:teams to pg
-- requires: vendors
--
-- People who are let in together.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.teams (
    id         uuid PRIMARY KEY,
    name       varchar(255) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE gatehouse.teams IS 'People who are let in together. A team is its members'': there is always an owner among them.';

CREATE TABLE gatehouse.team_members (
    team_id   uuid NOT NULL REFERENCES gatehouse.teams (id) ON DELETE CASCADE,
    user_id   uuid NOT NULL REFERENCES gatehouse.users (id),
    role      text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    joined_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, user_id)
);
COMMENT ON TABLE gatehouse.team_members IS 'Who is in a team: an owner may do everything, an admin has members and invitations, a member sees.';
CREATE INDEX team_members_user ON gatehouse.team_members (user_id);

ALTER TABLE gatehouse.teams OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.team_members OWNER TO gatehouse_owner;
CREATE TRIGGER touch BEFORE UPDATE ON gatehouse.teams FOR EACH ROW EXECUTE FUNCTION gatehouse.touch();

-- ---- whose rows ----

ALTER TABLE gatehouse.teams ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.team_members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.teams FOR SELECT TO gatehouse_api
    USING (EXISTS (SELECT FROM gatehouse.team_members m WHERE m.team_id = teams.id
                      AND m.user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid));
-- One's own membership: who else is in a team is a question for a door, which asks whether one may know.
CREATE POLICY tenant ON gatehouse.team_members FOR SELECT TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.teams TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.team_members TO gatehouse_door USING (true);

GRANT SELECT ON gatehouse.teams, gatehouse.team_members TO gatehouse_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.teams, gatehouse.team_members TO gatehouse_door;

-- ---- teams ----

CREATE FUNCTION gatehouse.team_json(t gatehouse.teams, p_role text) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', t.id, 'name', t.name, 'role', p_role, 'created_at', gatehouse.iso(t.created_at),
                             'updated_at', gatehouse.iso(t.updated_at))
$$;

-- The asking tenant's role in a team; NULL for one that is not there, or not theirs. Fails if it is none of p_roles.
CREATE FUNCTION gatehouse.team_role(p_team uuid, p_roles text[]) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    mine text;
BEGIN
    SELECT m.role INTO mine FROM gatehouse.team_members m WHERE m.team_id = p_team AND m.user_id = gatehouse.tenant();
    IF mine <> ALL (p_roles) THEN
        PERFORM gatehouse.fail('NOT_ALLOWED');
    END IF;
    RETURN mine;
END
$$;

-- The same of a team that is held, so that of two changes the second sees what the first made.
CREATE FUNCTION gatehouse.team_hold(p_team uuid, p_roles text[]) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM gatehouse.teams t WHERE t.id = p_team AND EXISTS (
        SELECT FROM gatehouse.team_members m WHERE m.team_id = p_team AND m.user_id = gatehouse.tenant()) FOR UPDATE;
    RETURN gatehouse.team_role(p_team, p_roles);
END
$$;

-- And for what cannot be done without the team.
CREATE FUNCTION gatehouse.team_need(p_team uuid, p_roles text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    mine text := gatehouse.team_hold(p_team, p_roles);
BEGIN
    IF mine IS NULL THEN
        PERFORM gatehouse.fail('NO_TEAM');
    END IF;
    RETURN mine;
END
$$;

CREATE FUNCTION gatehouse.team_create(p_id uuid, p_name text, p_most integer) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    t teams;
BEGIN
    PERFORM hold_tenant();
    SELECT x.* INTO t FROM teams x JOIN team_members m ON m.team_id = x.id WHERE x.id = p_id AND m.user_id = tenant();
    IF t.id IS NULL THEN
        IF (SELECT count(*) FROM team_members m WHERE m.user_id = tenant() AND m.role = 'owner') >= p_most THEN
            PERFORM fail('QUOTA');
        END IF;
        INSERT INTO teams (id, name) VALUES (p_id, p_name) RETURNING * INTO t;
        INSERT INTO team_members (team_id, user_id, role) VALUES (p_id, tenant(), 'owner');
        PERFORM audit('team_create', 'ok', jsonb_build_object('team', p_id));
    END IF;
    RETURN team_json(t, 'owner');
END
$$;

CREATE FUNCTION gatehouse.team_change(p_team uuid, p_name text) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    t teams;
BEGIN
    PERFORM team_need(p_team, '{owner}');
    UPDATE teams SET name = p_name WHERE id = p_team RETURNING * INTO t;
    PERFORM audit('team_change', 'ok', jsonb_build_object('team', p_team));
    RETURN team_json(t, 'owner');
END
$$;

-- With its members, its invitations, and what was shared with it.
CREATE FUNCTION gatehouse.team_end(p_team uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    IF team_hold(p_team, '{owner}') IS NULL THEN
        RETURN NULL;
    END IF;
    DELETE FROM teams WHERE id = p_team;
    PERFORM audit('team_delete', 'ok', jsonb_build_object('team', p_team));
    RETURN p_team;
END
$$;

-- ---- members ----

CREATE FUNCTION gatehouse.member_json(m gatehouse.team_members) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('user_id', m.user_id, 'email', u.email, 'role', m.role,
                             'joined_at', gatehouse.iso(m.joined_at))
      FROM gatehouse.users u WHERE u.id = m.user_id
$$;

CREATE FUNCTION gatehouse.team_members_list(p_team uuid, p_limit bigint, p_offset bigint) RETURNS SETOF json
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    IF team_role(p_team, '{owner,admin,member}') IS NULL THEN
        PERFORM fail('NO_TEAM');
    END IF;
    RETURN QUERY
    SELECT member_json(m) FROM team_members m WHERE m.team_id = p_team
     ORDER BY m.joined_at, m.user_id LIMIT p_limit OFFSET p_offset;
END
$$;

-- Fails if a member is an owner and the only one: the team would be nobody's.
CREATE FUNCTION gatehouse.owner_left(p_team uuid, p_member uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gatehouse.team_members m
                    WHERE m.team_id = p_team AND m.role = 'owner' AND m.user_id <> p_member) THEN
        PERFORM gatehouse.fail('LAST_OWNER');
    END IF;
END
$$;

CREATE FUNCTION gatehouse.team_member_change(p_team uuid, p_member uuid, p_role text) RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    mine text := team_need(p_team, '{owner,admin}');
    m team_members;
BEGIN
    SELECT * INTO m FROM team_members WHERE team_id = p_team AND user_id = p_member;
    IF m.role = p_role OR m.user_id IS NULL THEN
        RETURN CASE WHEN m.role = p_role THEN member_json(m) END;
    END IF;
    IF mine <> 'owner' AND 'owner' IN (m.role, p_role) THEN
        PERFORM fail('NOT_ALLOWED');
    END IF;
    IF m.role = 'owner' THEN
        PERFORM owner_left(p_team, p_member);
    END IF;
    UPDATE team_members SET role = p_role WHERE team_id = p_team AND user_id = p_member RETURNING * INTO m;
    PERFORM audit('member_change', 'ok', jsonb_build_object('team', p_team, 'member', p_member, 'role', p_role));
    RETURN member_json(m);
END
$$;

-- What they invited and shared in the team goes with them. Everybody may remove themselves.
CREATE FUNCTION gatehouse.team_member_end(p_team uuid, p_member uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    mine text := team_need(p_team, CASE WHEN p_member = tenant() THEN '{owner,admin,member}'::text[]
                                                  ELSE '{owner,admin}' END);
    had text;
BEGIN
    SELECT m.role INTO had FROM team_members m WHERE m.team_id = p_team AND m.user_id = p_member;
    IF had IS NULL THEN
        RETURN NULL;
    END IF;
    IF had = 'owner' THEN
        IF mine <> 'owner' THEN
            PERFORM fail('NOT_ALLOWED');
        END IF;
        PERFORM owner_left(p_team, p_member);
    END IF;
    DELETE FROM team_members WHERE team_id = p_team AND user_id = p_member;
    PERFORM audit('member_end', 'ok', jsonb_build_object('team', p_team, 'member', p_member));
    RETURN p_member;
END
$$;

-- NULL for who is no member: perhaps it is the second try (DB-4).
CREATE FUNCTION gatehouse.team_leave(p_team uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    IF team_hold(p_team, '{owner,admin,member}') IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN team_member_end(p_team, tenant());
END
$$;

-- A team goes with its last owner: nobody could let anyone in or out any more.
CREATE FUNCTION gatehouse.leave_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = gatehouse, pg_temp AS $$
DECLARE
    mine uuid[];
BEGIN
    SELECT array_agg(held.id) INTO mine
      FROM (SELECT t.id FROM teams t JOIN team_members m ON m.team_id = t.id WHERE m.user_id = NEW.id
             ORDER BY t.id FOR UPDATE OF t) held;
    DELETE FROM team_members WHERE user_id = NEW.id;
    DELETE FROM teams t WHERE t.id = ANY (mine) AND NOT EXISTS (
        SELECT FROM team_members m WHERE m.team_id = t.id AND m.user_id <> NEW.id AND m.role = 'owner');
    RETURN NULL;
END
$$;
CREATE TRIGGER leave_all AFTER UPDATE OF deleted_at ON gatehouse.users FOR EACH ROW
    WHEN (NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.leave_all();

-- ---- who may call what ----

ALTER FUNCTION gatehouse.team_json(gatehouse.teams, text) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.leave_all() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_role(uuid, text[]) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_hold(uuid, text[]) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_need(uuid, text[]) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_create(uuid, text, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_change(uuid, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_end(uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.member_json(gatehouse.team_members) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_members_list(uuid, bigint, bigint) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.owner_left(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_member_change(uuid, uuid, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_member_end(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.team_leave(uuid) OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.team_json(gatehouse.teams, text) TO gatehouse_api, gatehouse_door;
GRANT EXECUTE ON FUNCTION gatehouse.team_create(uuid, text, integer), gatehouse.team_change(uuid, text),
      gatehouse.team_end(uuid), gatehouse.team_members_list(uuid, bigint, bigint),
      gatehouse.team_member_change(uuid, uuid, text), gatehouse.team_member_end(uuid, uuid),
      gatehouse.team_leave(uuid)
   TO gatehouse_api;

COMMIT;
