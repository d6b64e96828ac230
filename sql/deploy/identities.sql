-- Deploy gatehouse:identities to pg
-- requires: published
--
-- Who people are elsewhere: sign-in by OpenID Connect. An account is known at a provider by the issuer and its subject
-- alone; an address only leads to an account whose owner then confirms with its password.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.identities (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES gatehouse.users (id),
    provider     text NOT NULL,
    issuer       text NOT NULL,
    subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    email        text,
    name         text NOT NULL DEFAULT '',
    linked_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (issuer, subject)
);
COMMENT ON TABLE gatehouse.identities IS 'As whom an account signs in at a provider.';
CREATE INDEX identities_user ON gatehouse.identities (user_id, linked_at);

CREATE TABLE gatehouse.sign_ins (
    id             uuid PRIMARY KEY,
    state_digest   text UNIQUE,
    browser_digest text NOT NULL,
    provider       text NOT NULL,
    return_to      text,
    expires_at     timestamptz NOT NULL,
    issuer         text,
    subject        text,
    email          text,
    email_key      text,
    name           text
);
COMMENT ON TABLE gatehouse.sign_ins IS 'A sign-in at a provider that goes on: in which browser, and, once the provider has answered, who has to confirm it with the password.';
CREATE INDEX sign_ins_expired ON gatehouse.sign_ins (expires_at);

ALTER TABLE gatehouse.identities OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.sign_ins OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.identities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.identities TO gatehouse_api
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.identities TO gatehouse_door USING (true);
GRANT SELECT, DELETE ON gatehouse.identities TO gatehouse_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.identities, gatehouse.sign_ins TO gatehouse_door;

-- ---- on the way ----

CREATE FUNCTION gatehouse.sign_in_begin(p_id uuid, p_state text, p_browser text, p_provider text, p_return text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    DELETE FROM sign_ins WHERE id IN (
        SELECT id FROM sign_ins WHERE expires_at < now() ORDER BY expires_at LIMIT 2 FOR UPDATE SKIP LOCKED);
    INSERT INTO sign_ins (id, state_digest, browser_digest, provider, return_to, expires_at)
    VALUES (p_id, p_state, p_browser, p_provider, p_return, now() + interval '10 minutes')
        ON CONFLICT (id) DO NOTHING;
END
$$;

-- The provider has answered: each state counts once, in the browser it was given to.
CREATE FUNCTION gatehouse.sign_in_take(p_state text, p_browser text, p_provider text) RETURNS TABLE (id uuid, return_to text)
    LANGUAGE sql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    UPDATE sign_ins SET state_digest = NULL
     WHERE state_digest = p_state AND browser_digest = p_browser AND provider = p_provider AND expires_at > now()
    RETURNING id, return_to
$$;

-- Starts a session for whoever an identity belongs to. No row: nobody.
CREATE FUNCTION gatehouse.identity_enter(p_issuer text, p_subject text, p_session uuid, p_hours integer)
    RETURNS TABLE (id uuid, email text, created_at text, updated_at text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    i identities;
BEGIN
    UPDATE identities SET last_used_at = now() WHERE issuer = p_issuer AND subject = p_subject RETURNING * INTO i;
    PERFORM FROM users u WHERE u.id = i.user_id AND u.deleted_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO sessions (id, user_id, expires_at) VALUES (p_session, i.user_id, now() + make_interval(hours => p_hours))
        ON CONFLICT (id) DO NOTHING;
    IF FOUND THEN
        PERFORM audit_event(i.user_id, 'signin', 'ok', jsonb_build_object('provider', i.provider));
    END IF;
    RETURN QUERY SELECT u.id, u.email, iso(u.created_at), iso(u.updated_at) FROM users u WHERE u.id = i.user_id;
END
$$;

-- Somebody new, with an address that the provider vouches for: true, an account was made. False: there is one with that
-- address, and its owner has to confirm (sign_in_link).
CREATE FUNCTION gatehouse.identity_settle(p_sign_in uuid, p_user uuid, p_issuer text, p_subject text, p_email text, p_key text,
                                          p_name text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    s sign_ins;
BEGIN
    UPDATE sign_ins SET issuer = p_issuer, subject = p_subject, email = p_email, email_key = p_key, name = p_name
     WHERE id = p_sign_in RETURNING * INTO s;
    INSERT INTO users (id, email, email_key) VALUES (p_user, p_email, p_key)
        ON CONFLICT (email_key) WHERE deleted_at IS NULL DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM audit_event(p_user, 'signup', 'ok', jsonb_build_object('provider', s.provider));
    INSERT INTO identities (id, user_id, provider, issuer, subject, email, name)
    VALUES (gen_random_uuid(), p_user, s.provider, p_issuer, p_subject, p_email, p_name);
    DELETE FROM sign_ins WHERE id = p_sign_in;
    RETURN true;
END
$$;

-- What waits for a password; no row: nothing does, in this browser.
CREATE FUNCTION gatehouse.sign_in_held(p_id uuid, p_browser text) RETURNS TABLE (provider text, email text, return_to text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
    SELECT provider, email, return_to FROM sign_ins
     WHERE id = p_id AND browser_digest = p_browser AND subject IS NOT NULL AND expires_at > now()
$$;

-- The owner of the account has given its password. False: nothing waited, or for another account.
CREATE FUNCTION gatehouse.sign_in_link(p_id uuid, p_browser text, p_user uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    s sign_ins;
BEGIN
    DELETE FROM sign_ins WHERE id = p_id AND browser_digest = p_browser AND subject IS NOT NULL AND expires_at > now()
        RETURNING * INTO s;
    IF NOT EXISTS (SELECT FROM users u WHERE u.id = p_user AND u.email_key = s.email_key AND u.deleted_at IS NULL) THEN
        RETURN false;
    END IF;
    INSERT INTO identities (id, user_id, provider, issuer, subject, email, name)
    VALUES (gen_random_uuid(), p_user, s.provider, s.issuer, s.subject, s.email, s.name)
        ON CONFLICT (issuer, subject) DO NOTHING;
    IF FOUND THEN
        PERFORM audit_event(p_user, 'identity_link', 'ok', jsonb_build_object('provider', s.provider, 'email', s.email));
    END IF;
    RETURN FOUND;
END
$$;

-- Whether the asking tenant's account has a password, or a session that a provider's sign-in began not long ago, which
-- then says as much.
CREATE FUNCTION gatehouse.signed_in_lately(p_session uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM gatehouse.users u WHERE u.id = gatehouse.tenant() AND u.hashed_password IS NULL)
       AND EXISTS (SELECT FROM gatehouse.sessions s WHERE s.user_id = gatehouse.tenant() AND s.id = p_session
                                                      AND s.created_at > now() - interval '5 minutes')
$$;

CREATE FUNCTION gatehouse.identity_list(p_limit bigint, p_offset bigint) RETURNS SETOF json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', i.id, 'provider', i.provider, 'email', i.email, 'full_name', i.name,
                             'linked_at', gatehouse.iso(i.linked_at), 'last_used_at', gatehouse.iso(i.last_used_at))
      FROM gatehouse.identities i WHERE i.user_id = gatehouse.tenant() ORDER BY i.linked_at, i.id LIMIT p_limit OFFSET p_offset
$$;

-- Raises CONFLICT for the only way in.
CREATE FUNCTION gatehouse.identity_end(p_id uuid) RETURNS SETOF uuid LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gatehouse.hold_tenant();
    IF EXISTS (SELECT FROM gatehouse.users u WHERE u.id = gatehouse.tenant() AND u.hashed_password IS NULL)
       AND NOT EXISTS (SELECT FROM gatehouse.identities i WHERE i.user_id = gatehouse.tenant() AND i.id <> p_id) THEN
        PERFORM gatehouse.fail('CONFLICT');
    END IF;
    RETURN QUERY DELETE FROM gatehouse.identities i WHERE i.user_id = gatehouse.tenant() AND i.id = p_id RETURNING i.id;
    IF FOUND THEN
        PERFORM gatehouse.audit('identity_end', 'ok', jsonb_build_object('identity', p_id));
    END IF;
END
$$;

-- Whoever is deleted can come again, as somebody new.
CREATE FUNCTION gatehouse.identities_end_with() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    DELETE FROM identities WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER identities_end AFTER UPDATE OF deleted_at ON gatehouse.users FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION gatehouse.identities_end_with();

ALTER FUNCTION gatehouse.sign_in_begin(uuid, text, text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.sign_in_take(text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.identity_enter(text, text, uuid, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.identity_settle(uuid, uuid, text, text, text, text, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.sign_in_held(uuid, text) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.sign_in_link(uuid, text, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.identities_end_with() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.signed_in_lately(uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.identity_list(bigint, bigint) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.identity_end(uuid) OWNER TO gatehouse_owner;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.sign_in_begin(uuid, text, text, text, text), gatehouse.sign_in_take(text, text, text),
      gatehouse.identity_enter(text, text, uuid, integer),
      gatehouse.identity_settle(uuid, uuid, text, text, text, text, text), gatehouse.sign_in_held(uuid, text),
      gatehouse.sign_in_link(uuid, text, uuid), gatehouse.signed_in_lately(uuid), gatehouse.identity_list(bigint, bigint),
      gatehouse.identity_end(uuid) TO gatehouse_api;

COMMIT;
