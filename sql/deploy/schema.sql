-- Deploy gatehouse:schema to pg
-- requires: roles
--
-- The schema, and the few words all of it uses. Nothing in it may be called or read unless a change says who may.
-- Default privileges would say that once, but only for one deploying role and for its whole database: so each change
-- revokes by itself, and sql/t/rights.sql looks whether it did.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE SCHEMA gatehouse AUTHORIZATION gatehouse_owner;
GRANT USAGE ON SCHEMA gatehouse TO gatehouse_api, gatehouse_mcp;
GRANT USAGE, CREATE ON SCHEMA gatehouse TO gatehouse_door;

-- The asking tenant of this transaction, or NULL. After a transaction the setting reads as empty text, which a bare
-- cast would refuse (TI-3). Policies repeat the expression, so that the planner sees through it.
CREATE FUNCTION gatehouse.tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('gatehouse.tenant', true), '')::uuid $$;

-- A time as the API shows it: ISO 8601, UTC, microseconds.
CREATE FUNCTION gatehouse.iso(t timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') $$;

-- Fails on purpose: kind is a row of src/core/faults.def, told is what the caller reads in place of its text.
CREATE FUNCTION gatehouse.fail(kind text, told text DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF told IS NULL THEN
        RAISE EXCEPTION '%', kind USING ERRCODE = 'GH001';
    END IF;
    RAISE EXCEPTION '%', kind USING ERRCODE = 'GH001', DETAIL = told;
END
$$;

-- Every BEFORE UPDATE trigger of the schema.
CREATE FUNCTION gatehouse.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

ALTER FUNCTION gatehouse.tenant() OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.iso(timestamptz) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.fail(text, text) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.touch() OWNER TO gatehouse_owner;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.tenant(), gatehouse.iso(timestamptz), gatehouse.fail(text, text)
   TO gatehouse_api, gatehouse_mcp, gatehouse_door;

COMMIT;
