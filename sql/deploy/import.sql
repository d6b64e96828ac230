-- Deploy gatehouse:import to pg
-- requires: deletion
--
-- Takes over the accounts of an original database (doc/import.md). Each function takes one row, runs as its account
-- (gatehouse.tenant) under row-level security like all else, and is safe to repeat: ids are kept, and what is there
-- already stays as it is. They belong to the owner and are granted to nobody, so only a superuser or a member of
-- gatehouse_owner may call them.

BEGIN;
SET LOCAL lock_timeout = '2s';

-- The owner sees the rows of the account it imports, deleted ones too, so that what was deleted here stays deleted.
CREATE POLICY import ON gatehouse.users TO gatehouse_owner
    USING (id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY import ON gatehouse.sources TO gatehouse_owner
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY import ON gatehouse.source_secrets TO gatehouse_owner
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY import ON gatehouse.mcp_servers TO gatehouse_owner
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY import ON gatehouse.server_sources TO gatehouse_owner
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY import ON gatehouse.audit_log FOR INSERT TO gatehouse_owner
    WITH CHECK (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);

-- Every function answers one word: made, there (from an earlier run), ended (deleted here since), or why not.

-- taken: another account has the address, or it differs from one by case alone (AC-1, AC-2).
CREATE FUNCTION gatehouse.import_user(p_email text, p_key text, p_hash text, p_created timestamptz,
                                      p_updated timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    ended boolean;
BEGIN
    SELECT deleted_at IS NOT NULL INTO ended FROM users WHERE id = tenant();
    IF FOUND THEN
        RETURN CASE WHEN ended THEN 'ended' ELSE 'there' END;
    END IF;
    -- Its hash may be of a password that was cut at 72 bytes (AC-4).
    INSERT INTO users (id, email, email_key, hashed_password, hash_renew, created_at, updated_at)
    VALUES (tenant(), p_email, p_key, p_hash, true, p_created, p_updated);
    PERFORM audit('import_user', 'ok');
    RETURN 'made';
EXCEPTION WHEN unique_violation THEN
    RETURN 'taken';
END
$$;

-- orphan: its account is not here, or was deleted. taken: the id belongs to someone else.
CREATE FUNCTION gatehouse.import_source(p_id uuid, p_type text, p_metadata jsonb, p_secrets jsonb,
                                        p_created timestamptz, p_updated timestamptz) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    ended boolean;
BEGIN
    SELECT deleted_at IS NOT NULL INTO ended FROM sources WHERE user_id = tenant() AND id = p_id;
    IF FOUND THEN
        RETURN CASE WHEN ended THEN 'ended' ELSE 'there' END;
    END IF;
    PERFORM FROM users WHERE id = tenant() AND deleted_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'orphan';
    END IF;
    INSERT INTO sources (id, user_id, type, source_metadata, created_at, updated_at)
    VALUES (p_id, tenant(), p_type, p_metadata, p_created, p_updated);
    INSERT INTO source_secrets (source_id, user_id, name, sealed, set_at)
    SELECT p_id, tenant(), key, value, p_updated FROM jsonb_each_text(p_secrets);
    PERFORM audit('import_source', 'ok', jsonb_build_object('source', p_id, 'type', p_type));
    RETURN 'made';
EXCEPTION WHEN unique_violation THEN
    RETURN 'taken';
END
$$;

-- The endpoint a server of the account shall have: its own if that is free, else the next of the pool (none when
-- there is no pool to take from). NULL: none.
CREATE FUNCTION gatehouse.import_domain(p_endpoint text, p_pool text[], p_rest_hours integer) RETURNS text
    LANGUAGE sql AS $$
    SELECT coalesce(CASE WHEN p_endpoint <> '' THEN gatehouse.domain_take(ARRAY[p_endpoint], p_rest_hours) END,
                    CASE WHEN p_pool <> '{}' THEN gatehouse.domain_take(p_pool, p_rest_hours) END)
$$;

-- p_deleted: a server that was deleted there is taken as a deleted one, for the record; it has no domain.
-- endpoint: what it got. missing: which of its sources are no live ones of the account.
CREATE FUNCTION gatehouse.import_server(p_id uuid, p_name text, p_endpoint text, p_sources text[], p_created timestamptz,
                                        p_updated timestamptz, p_deleted timestamptz, p_pool text[],
                                        p_rest_hours integer)
    RETURNS TABLE (outcome text, endpoint text, missing json)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    s mcp_servers;
    domain text := p_endpoint;
    known text[];
BEGIN
    SELECT * INTO s FROM mcp_servers WHERE user_id = tenant() AND id = p_id;
    IF s.id IS NOT NULL THEN
        RETURN QUERY SELECT CASE WHEN s.deleted_at IS NULL OR p_deleted IS NOT NULL THEN 'there' ELSE 'ended' END,
                            s.endpoint, '[]'::json;
        RETURN;
    END IF;
    PERFORM FROM users WHERE id = tenant() AND deleted_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'orphan', NULL::text, '[]'::json;
        RETURN;
    END IF;
    IF p_deleted IS NULL THEN
        domain := import_domain(p_endpoint, p_pool, p_rest_hours);
        IF domain IS NULL THEN
            RETURN QUERY SELECT 'no_domain', NULL::text, '[]'::json;
            RETURN;
        END IF;
    END IF;
    INSERT INTO mcp_servers (id, user_id, name, endpoint, created_at, updated_at, deleted_at)
    VALUES (p_id, tenant(), p_name, domain, p_created, p_updated, p_deleted);
    IF p_deleted IS NULL THEN
        known := ARRAY(SELECT x FROM unnest(p_sources) WITH ORDINALITY AS u (x, place)
                        WHERE EXISTS (SELECT FROM sources o
                                       WHERE o.user_id = tenant() AND o.id = x::uuid AND o.deleted_at IS NULL)
                        ORDER BY place);
        PERFORM server_sources_set(p_id, known);
        PERFORM domain_give(p_id, domain);
    END IF;
    PERFORM audit('import_server', 'ok', jsonb_build_object('server', p_id, 'endpoint', domain));
    RETURN QUERY SELECT 'made', domain,
                        coalesce((SELECT json_agg(x) FROM unnest(p_sources) x
                                   WHERE p_deleted IS NULL AND x <> ALL (known)), '[]');
EXCEPTION WHEN unique_violation THEN
    RETURN QUERY SELECT 'taken', NULL::text, '[]'::json;
END
$$;

ALTER FUNCTION gatehouse.import_user(text, text, text, timestamptz, timestamptz) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.import_source(uuid, text, jsonb, jsonb, timestamptz, timestamptz) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.import_domain(text, text[], integer) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.import_server(uuid, text, text, text[], timestamptz, timestamptz, timestamptz, text[], integer)
      OWNER TO gatehouse_owner;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.domain_take(text[], integer), gatehouse.domain_give(uuid, text) TO gatehouse_owner;

COMMIT;
