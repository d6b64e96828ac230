-- Deploy gatehouse:accounts to pg
-- requires: schema
--
-- People and their sessions, the audit log, and the counters that slow guessing down.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.users (
    id              uuid PRIMARY KEY,
    email           text NOT NULL CHECK (length(email) BETWEEN 3 AND 320),
    email_key       text NOT NULL CHECK (email_key = lower(email_key)),
    hashed_password text,
    hash_renew      boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz
);
COMMENT ON TABLE gatehouse.users IS 'People. Each is a tenant: what they own names them.';
COMMENT ON COLUMN gatehouse.users.email_key IS 'The canonical form, made by auth/email.c alone (AC-1).';
COMMENT ON COLUMN gatehouse.users.hash_renew IS 'The hash came from a system that cut passwords; it is made anew at the next sign-in (AC-4).';
-- One live account an address (AC-2).
CREATE UNIQUE INDEX users_email_key ON gatehouse.users (email_key) WHERE deleted_at IS NULL;

CREATE TABLE gatehouse.sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES gatehouse.users (id),
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
COMMENT ON TABLE gatehouse.sessions IS 'What a session token names; ended by a row, at once (AC-9).';
CREATE INDEX sessions_user ON gatehouse.sessions (user_id) WHERE ended_at IS NULL;

CREATE TABLE gatehouse.audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    user_id    uuid,
    event      text NOT NULL,
    outcome    text NOT NULL,
    request_id text DEFAULT NULLIF(current_setting('gatehouse.request', true), ''),
    detail     jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE gatehouse.audit_log IS 'Every security decision and tool call; written with the change itself, never changed (LA-5).';
CREATE INDEX audit_log_user ON gatehouse.audit_log (user_id, at);

CREATE TABLE gatehouse.throttles (
    key        text PRIMARY KEY,
    failures   integer NOT NULL,
    until      timestamptz NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX throttles_updated ON gatehouse.throttles (updated_at);
COMMENT ON TABLE gatehouse.throttles IS 'Failed tries and until when the next one is refused (AC-7); and until when a limit that was hit is not audited again (LA-2).';

ALTER TABLE gatehouse.users OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.sessions OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.audit_log OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.throttles OWNER TO gatehouse_owner;
CREATE TRIGGER touch BEFORE UPDATE ON gatehouse.users FOR EACH ROW EXECUTE FUNCTION gatehouse.touch();

-- ---- whose rows ----

ALTER TABLE gatehouse.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON gatehouse.users TO gatehouse_api
    USING (id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid AND deleted_at IS NULL);
CREATE POLICY tenant ON gatehouse.sessions TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY tenant ON gatehouse.audit_log FOR INSERT TO gatehouse_api, gatehouse_mcp
    WITH CHECK (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.users TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.sessions TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.audit_log FOR INSERT TO gatehouse_door WITH CHECK (true);

GRANT SELECT, UPDATE (email, email_key, hashed_password, hash_renew) ON gatehouse.users TO gatehouse_api;
GRANT SELECT, UPDATE (ended_at, last_seen_at) ON gatehouse.sessions TO gatehouse_api;
-- Not the time: a program cannot date a row back.
GRANT INSERT (user_id, event, outcome, request_id, detail) ON gatehouse.audit_log
   TO gatehouse_api, gatehouse_mcp, gatehouse_door;
GRANT SELECT, INSERT, UPDATE ON gatehouse.users, gatehouse.sessions TO gatehouse_door;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.throttles TO gatehouse_door;

-- ---- the audit log ----

-- Writes one row of the asking tenant's, in the transaction of the change. Not in SQL, which would be planned anew at
-- each call.
CREATE FUNCTION gatehouse.audit(p_event text, p_outcome text, p_detail jsonb DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gatehouse.audit_log (user_id, event, outcome, request_id, detail)
    VALUES (gatehouse.tenant(), p_event, p_outcome, NULLIF(current_setting('gatehouse.request', true), ''), p_detail);
END
$$;

-- What belongs to no tenant's transaction: refusals, above all. The request id travels inside the detail.
CREATE FUNCTION gatehouse.audit_event(p_user uuid, p_event text, p_outcome text, p_detail jsonb) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    INSERT INTO audit_log (user_id, event, outcome, request_id, detail)
    VALUES (p_user, p_event, p_outcome,
            COALESCE(p_detail ->> 'request', NULLIF(current_setting('gatehouse.request', true), '')), p_detail - 'request')
$$;

-- ---- accounts ----

CREATE FUNCTION gatehouse.user_create(p_id uuid, p_email text, p_key text, p_hash text)
    RETURNS TABLE (id uuid, email text, created_at text, updated_at text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- The same id again: the first answer was lost on its way (DB-4).
    IF NOT EXISTS (SELECT FROM users u WHERE u.id = p_id AND u.email_key = p_key) THEN
        INSERT INTO users (id, email, email_key, hashed_password) VALUES (p_id, p_email, p_key, p_hash);
        PERFORM gatehouse.audit_event(p_id, 'signup', 'ok', '{}');
    END IF;
    RETURN QUERY SELECT u.id, u.email, iso(u.created_at), iso(u.updated_at) FROM users u WHERE u.id = p_id;
END
$$;

CREATE FUNCTION gatehouse.user_by_email(p_key text)
    RETURNS TABLE (id uuid, email text, hashed_password text, hash_renew boolean, created_at text, updated_at text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT id, email, hashed_password, hash_renew, iso(created_at), iso(updated_at)
      FROM users WHERE email_key = p_key AND deleted_at IS NULL
$$;

-- NULL leaves a thing as it is. A new password ends every session but the one that asked (AC-9); without a session,
-- all of them.
CREATE FUNCTION gatehouse.user_change(p_email text, p_key text, p_hash text, p_session uuid)
    RETURNS TABLE (id uuid, email text, created_at text, updated_at text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    UPDATE gatehouse.users u
       SET email = coalesce(p_email, u.email), email_key = coalesce(p_key, u.email_key),
           hashed_password = coalesce(p_hash, u.hashed_password),
           hash_renew = u.hash_renew AND p_hash IS NULL
     WHERE u.id = gatehouse.tenant();
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_hash IS NOT NULL THEN
        UPDATE gatehouse.sessions s SET ended_at = now()
         WHERE s.user_id = gatehouse.tenant() AND s.ended_at IS NULL AND s.id IS DISTINCT FROM p_session;
        PERFORM gatehouse.audit('password_change', 'ok');
    END IF;
    IF p_key IS NOT NULL THEN
        PERFORM gatehouse.audit('email_change', 'ok');
    END IF;
    RETURN QUERY SELECT u.id, u.email, gatehouse.iso(u.created_at), gatehouse.iso(u.updated_at)
                   FROM gatehouse.users u WHERE u.id = gatehouse.tenant();
END
$$;

-- ---- sessions ----

-- p_hash is what the password was compared with: a session that a changed password should have ended does not start
-- after it (AC-9). Whoever comes at such a moment tries again.
CREATE FUNCTION gatehouse.session_start(p_id uuid, p_user uuid, p_hours integer, p_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    PERFORM FROM users WHERE id = p_user AND deleted_at IS NULL AND hashed_password = p_hash FOR SHARE;
    IF NOT FOUND THEN
        PERFORM fail('BUSY');
    END IF;
    INSERT INTO sessions (id, user_id, expires_at) VALUES (p_id, p_user, now() + make_interval(hours => p_hours))
        ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        PERFORM audit_event(p_user, 'signin', 'ok', '{}');
    END IF;
END
$$;

-- The account of the tenant's live session, and whether it was last seen a minute ago or earlier; no row for a dead session, a row
-- of NULLs when the account is gone. This runs in every request: as a door or
-- in plpgsql it would cost a third more.
CREATE FUNCTION gatehouse.session_open(p_id uuid, p_idle_hours integer)
    RETURNS TABLE (user_id uuid, email text, created_at text, updated_at text, unseen boolean)
    LANGUAGE sql STABLE AS $$
    SELECT u.id, u.email, gatehouse.iso(u.created_at), gatehouse.iso(u.updated_at),
           s.last_seen_at < now() - interval '1 minute'
      FROM (VALUES (gatehouse.tenant())) tenant (id)
      LEFT JOIN gatehouse.users u ON u.id = tenant.id AND u.deleted_at IS NULL
      LEFT JOIN gatehouse.sessions s ON s.user_id = tenant.id AND s.id = p_id AND s.ended_at IS NULL
           AND s.expires_at > now() AND s.last_seen_at > now() - make_interval(hours => p_idle_hours)
     WHERE u.id IS NULL OR s.id IS NOT NULL
$$;

-- Whether a session is live, for the mcp program, which sees no account: what tests a source with its stored
-- credentials is asked of it, by the person who is signed in at the app host.
CREATE FUNCTION gatehouse.session_live(p_id uuid, p_user uuid, p_idle_hours integer) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT EXISTS (SELECT FROM sessions s JOIN users u ON u.id = s.user_id
                    WHERE s.id = p_id AND s.user_id = p_user AND s.ended_at IS NULL AND s.expires_at > now()
                      AND s.last_seen_at > now() - make_interval(hours => p_idle_hours) AND u.deleted_at IS NULL)
$$;

-- Of requests that come at once, one writes; and nobody waits for the disk because of it.
CREATE FUNCTION gatehouse.session_seen(p_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE gatehouse.sessions SET last_seen_at = now()
     WHERE id = p_id AND user_id = gatehouse.tenant() AND last_seen_at < now() - interval '1 minute';
END
$$;

CREATE FUNCTION gatehouse.session_end(p_id uuid, p_user uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    WITH ended AS (
        UPDATE sessions SET ended_at = now() WHERE id = p_id AND user_id = p_user AND ended_at IS NULL RETURNING id
    )
    INSERT INTO audit_log (user_id, event, outcome) SELECT p_user, 'signout', 'ok' FROM ended
$$;

-- Ends a session of the asking tenant's, or with NULL all but p_but.
CREATE FUNCTION gatehouse.sessions_end(p_id uuid, p_but uuid) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
DECLARE
    ended uuid;
BEGIN
    FOR ended IN UPDATE gatehouse.sessions SET ended_at = now()
                  WHERE user_id = gatehouse.tenant() AND ended_at IS NULL AND CASE WHEN p_id IS NULL THEN id <> p_but ELSE id = p_id END
                 RETURNING id LOOP
        PERFORM gatehouse.audit('session_end', 'ok', jsonb_build_object('session', ended));
        RETURN NEXT ended;
    END LOOP;
END
$$;

-- ---- throttles ----

CREATE FUNCTION gatehouse.throttle_look(p_key text) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT coalesce((SELECT ceil(extract(epoch FROM until - now()))::integer
                       FROM throttles WHERE key = p_key AND until > now()), 0)
$$;

-- Keys are the guesser's choice, so each that is counted also clears two away that are long forgotten: the table cannot
-- grow for ever.
CREATE FUNCTION gatehouse.throttle_sweep(p_key text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    DELETE FROM throttles WHERE key IN (
        SELECT key FROM throttles WHERE updated_at < now() - interval '1 day' AND until < now() AND key <> p_key
         ORDER BY updated_at LIMIT 2 FOR UPDATE SKIP LOCKED)
$$;

-- Counts a failure. The first p_free cost nothing; after them the wait doubles up to p_most seconds. An hour without
-- a failure forgives them all.
CREATE FUNCTION gatehouse.throttle_fail(p_key text, p_free integer, p_most integer) RETURNS integer
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT throttle_sweep(p_key);
    INSERT INTO throttles AS t (key, failures, until)
    VALUES (p_key, 1, now() + make_interval(secs => CASE WHEN p_free >= 1 THEN 0 ELSE least(1, p_most) END))
    ON CONFLICT (key) DO UPDATE
       SET failures = CASE WHEN t.updated_at < now() - interval '1 hour' THEN 1 ELSE least(t.failures + 1, 1000) END,
           until = now() + make_interval(secs => CASE
               WHEN t.updated_at < now() - interval '1 hour' OR t.failures + 1 <= p_free THEN 0
               ELSE least(power(2, least(t.failures - p_free, 20)), p_most) END),
           updated_at = now()
    RETURNING ceil(extract(epoch FROM until - now()))::integer
$$;

CREATE FUNCTION gatehouse.throttle_clear(p_key text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    DELETE FROM throttles WHERE key = p_key
$$;

-- A refusal that anybody can bring about as often as they like: one audit row a minute for each key, who is refused
-- what, so that nobody fills the log by it. Only that row is a write. It does not wait for the disk: a refusal has to
-- be quick.
CREATE FUNCTION gatehouse.audit_seldom(p_key text, p_user uuid, p_event text, p_detail jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    PERFORM FROM throttles WHERE key = p_key AND until > now();
    IF FOUND THEN
        RETURN;
    END IF;
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM throttle_sweep(p_key);
    INSERT INTO throttles AS t (key, failures, until) VALUES (p_key, 1, now() + interval '1 minute')
        ON CONFLICT (key) DO UPDATE SET until = excluded.until, updated_at = now() WHERE t.until <= now();
    IF FOUND THEN
        PERFORM audit_event(p_user, p_event, 'refused', p_detail);
    END IF;
END
$$;

-- The same password under a better hash, if it still is the same: a password changed meanwhile must not come back.
-- p_old is the hash the password was compared with.
CREATE FUNCTION gatehouse.user_rehash(p_hash text, p_old text) RETURNS void LANGUAGE sql AS $$
    UPDATE gatehouse.users SET hashed_password = p_hash, hash_renew = false
     WHERE id = gatehouse.tenant() AND hashed_password = p_old
$$;

-- ---- who may call what ----

ALTER FUNCTION gatehouse.audit(text, text, jsonb) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.user_change(text, text, text, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.sessions_end(uuid, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.user_rehash(text, text) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.audit_event(uuid, text, text, jsonb) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.user_create(uuid, text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.user_by_email(text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.session_start(uuid, uuid, integer, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.session_open(uuid, integer) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.session_seen(uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.session_live(uuid, uuid, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.session_end(uuid, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.throttle_look(text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.throttle_fail(text, integer, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.throttle_clear(text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.throttle_sweep(text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.audit_seldom(text, uuid, text, jsonb) OWNER TO gatehouse_door;

-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.audit(text, text, jsonb) TO gatehouse_api, gatehouse_mcp, gatehouse_door;
GRANT EXECUTE ON FUNCTION gatehouse.audit_event(uuid, text, text, jsonb), gatehouse.audit_seldom(text, uuid, text, jsonb)
   TO gatehouse_api, gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.session_live(uuid, uuid, integer) TO gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.user_create(uuid, text, text, text), gatehouse.user_by_email(text),
      gatehouse.user_change(text, text, text, uuid), gatehouse.user_rehash(text, text), gatehouse.session_start(uuid, uuid, integer, text),
      gatehouse.session_open(uuid, integer), gatehouse.session_seen(uuid), gatehouse.sessions_end(uuid, uuid),
      gatehouse.session_end(uuid, uuid),
      gatehouse.throttle_look(text), gatehouse.throttle_fail(text, integer, integer), gatehouse.throttle_clear(text)
   TO gatehouse_api;

COMMIT;
