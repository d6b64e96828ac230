-- Deploy gatehouse:sources to pg
-- requires: accounts
--
-- Where a tenant's answers come from. Plain settings stand in the source; a credential stands beside it, sealed, where
-- the side that writes it cannot read it.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.sources (
    id              uuid PRIMARY KEY,
    user_id         uuid NOT NULL REFERENCES gatehouse.users (id),
    type            text NOT NULL CHECK (type ~ '^[a-z][a-z_]{0,99}$'),
    source_metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(source_metadata) = 'object'),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz,
    UNIQUE (user_id, id)
);
COMMENT ON TABLE gatehouse.sources IS 'Sources; source_metadata has the settings that are no secrets.';
CREATE INDEX sources_list ON gatehouse.sources (user_id, created_at, id) WHERE deleted_at IS NULL;

CREATE TABLE gatehouse.source_secrets (
    source_id uuid NOT NULL,
    user_id   uuid NOT NULL,
    name      text NOT NULL,
    sealed    text NOT NULL,
    set_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_id, name),
    FOREIGN KEY (user_id, source_id) REFERENCES gatehouse.sources (user_id, id)
);
COMMENT ON TABLE gatehouse.source_secrets IS 'Credentials, sealed to the mcp program''s key and bound to this row.';

ALTER TABLE gatehouse.sources OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.source_secrets OWNER TO gatehouse_owner;
CREATE TRIGGER touch BEFORE UPDATE ON gatehouse.sources FOR EACH ROW EXECUTE FUNCTION gatehouse.touch();

ALTER TABLE gatehouse.sources ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE gatehouse.source_secrets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.sources TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid AND deleted_at IS NULL);
CREATE POLICY tenant ON gatehouse.source_secrets TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.sources TO gatehouse_door USING (true);
CREATE POLICY door ON gatehouse.source_secrets FOR DELETE TO gatehouse_door USING (true);
CREATE POLICY door_look ON gatehouse.source_secrets FOR SELECT TO gatehouse_door USING (true);

GRANT SELECT, INSERT, UPDATE (type, source_metadata) ON gatehouse.sources TO gatehouse_api;
GRANT SELECT ON gatehouse.sources TO gatehouse_mcp;
GRANT SELECT, UPDATE (deleted_at) ON gatehouse.sources TO gatehouse_door;
GRANT SELECT (source_id, user_id, name, set_at), INSERT, DELETE
   ON gatehouse.source_secrets TO gatehouse_api;
GRANT SELECT ON gatehouse.source_secrets TO gatehouse_mcp;
GRANT SELECT (source_id, user_id), DELETE ON gatehouse.source_secrets TO gatehouse_door;

-- A source as the API shows it: of a secret, only that it is set and since when (SE-5).
CREATE FUNCTION gatehouse.source_json(s gatehouse.sources) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'id', s.id, 'type', s.type,
        'source_metadata', s.source_metadata || coalesce(
            (SELECT jsonb_object_agg(x.name, jsonb_build_object('set', true, 'set_at', gatehouse.iso(x.set_at)))
               FROM gatehouse.source_secrets x WHERE x.user_id = s.user_id AND x.source_id = s.id), '{}'),
        'created_at', gatehouse.iso(s.created_at), 'updated_at', gatehouse.iso(s.updated_at))
$$;

-- Holds the tenant's row, so that of two creations at once the second counts what the first made (TI-10), and what is
-- made while the account is deleted is either deleted with it or refused (TI-7). First in whatever makes or ends
-- things, so that nobody waits for each other.
CREATE FUNCTION gatehouse.hold_tenant() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM gatehouse.users WHERE id = gatehouse.tenant() AND deleted_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM gatehouse.fail('NO_USER');
    END IF;
END
$$;

-- secrets: {name: sealed text} is stored anew, {name: null} keeps what is stored; what is not named goes.
CREATE FUNCTION gatehouse.source_secrets_set(p_source uuid, p_secrets jsonb) RETURNS void LANGUAGE sql AS $$
    -- No ON CONFLICT: excluded.sealed asks for the right to read that column, which the api program must not have.
    DELETE FROM gatehouse.source_secrets
     WHERE user_id = gatehouse.tenant() AND source_id = p_source AND p_secrets -> name IS DISTINCT FROM 'null';
    INSERT INTO gatehouse.source_secrets (source_id, user_id, name, sealed)
    SELECT p_source, gatehouse.tenant(), key, value FROM jsonb_each_text(p_secrets) WHERE value IS NOT NULL;
$$;

CREATE FUNCTION gatehouse.source_create(p_id uuid, p_type text, p_metadata jsonb, p_secrets jsonb, p_most integer)
    RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    s gatehouse.sources;
BEGIN
    PERFORM gatehouse.hold_tenant();
    SELECT * INTO s FROM gatehouse.sources WHERE user_id = gatehouse.tenant() AND id = p_id;
    IF s.id IS NULL THEN
        IF (SELECT count(*) FROM gatehouse.sources WHERE user_id = gatehouse.tenant()) >= p_most THEN
            PERFORM gatehouse.fail('QUOTA');
        END IF;
        INSERT INTO gatehouse.sources (id, user_id, type, source_metadata)
        VALUES (p_id, gatehouse.tenant(), p_type, p_metadata) RETURNING * INTO s;
        PERFORM gatehouse.source_secrets_set(p_id, p_secrets);
        PERFORM gatehouse.audit('source_create', 'ok', jsonb_build_object('source', p_id, 'type', p_type));
    END IF;
    RETURN gatehouse.source_json(s);
END
$$;

CREATE FUNCTION gatehouse.source_change(p_id uuid, p_type text, p_metadata jsonb, p_secrets jsonb)
    RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    s gatehouse.sources;
BEGIN
    UPDATE gatehouse.sources SET type = p_type, source_metadata = p_metadata
     WHERE user_id = gatehouse.tenant() AND id = p_id RETURNING * INTO s;
    IF s.id IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM gatehouse.source_secrets_set(p_id, p_secrets);
    PERFORM gatehouse.audit('source_change', 'ok', jsonb_build_object('source', p_id, 'type', p_type));
    RETURN gatehouse.source_json(s);
END
$$;

ALTER FUNCTION gatehouse.source_json(gatehouse.sources) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.hold_tenant() OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.source_secrets_set(uuid, jsonb) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.source_create(uuid, text, jsonb, jsonb, integer) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.source_change(uuid, text, jsonb, jsonb) OWNER TO gatehouse_owner;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.hold_tenant() TO gatehouse_door;
GRANT EXECUTE ON FUNCTION gatehouse.source_json(gatehouse.sources), gatehouse.hold_tenant(),
      gatehouse.source_secrets_set(uuid, jsonb), gatehouse.source_create(uuid, text, jsonb, jsonb, integer),
      gatehouse.source_change(uuid, text, jsonb, jsonb)
   TO gatehouse_api;

COMMIT;
