-- Deploy gatehouse:vendors to pg
-- requires: sources
--
-- What all workers must know of a vendor at once: a source's token, whether it is throttled, refused or broken, and how
-- many calls and searches are going on under one limit of the vendor's. A worker asks once before a search and tells
-- once after it, both in one trip for all sources of the search.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.source_states (
    source_id       uuid NOT NULL,
    subject_id      uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    user_id         uuid NOT NULL,
    token           text,
    token_until     timestamptz,
    token_number    bigint NOT NULL DEFAULT 0,
    renewing_until  timestamptz,
    refused_until   timestamptz,
    refused_help    text,
    throttled_until timestamptz,
    failures        integer NOT NULL DEFAULT 0,
    open_until      timestamptz,
    PRIMARY KEY (source_id, subject_id),
    FOREIGN KEY (user_id, source_id) REFERENCES gatehouse.sources (user_id, id)
);
COMMENT ON TABLE gatehouse.source_states IS 'A source''s token, sealed, and whether its vendor may be asked now.';
COMMENT ON COLUMN gatehouse.source_states.subject_id IS 'Whose own account is asked, of a personal source; zeros: the source''s own credentials.';
COMMENT ON COLUMN gatehouse.source_states.failures IS 'In a row. From five on the circuit is open until open_until; then one tries.';

-- For checks: the few that are open.
CREATE INDEX source_states_open ON gatehouse.source_states (open_until) WHERE failures >= 5;

-- Limits belong to an application and a mailbox, say, that sources of several tenants may share: their keys are digests,
-- and only doors go there. A crash may empty both: nothing in them outlives a minute.
-- Each search changes them, so no index may have a column that changes every time (that would make every change one of
-- the indexes too), and pages keep room for the new version of a row.
CREATE UNLOGGED TABLE gatehouse.vendor_slots (
    key   text NOT NULL,
    slot  integer NOT NULL,
    until timestamptz NOT NULL,
    taken uuid NOT NULL,
    day   date NOT NULL DEFAULT current_date,
    PRIMARY KEY (key, slot)
) WITH (fillfactor = 50);
COMMENT ON TABLE gatehouse.vendor_slots IS 'Calls on their way at a vendor that bounds how many; each is lent for a time.';
COMMENT ON COLUMN gatehouse.vendor_slots.day IS 'It was last lent on.';
CREATE INDEX vendor_slots_day ON gatehouse.vendor_slots (day);
CREATE UNLOGGED TABLE gatehouse.vendor_rates (
    key    text PRIMARY KEY,
    times  timestamptz[] NOT NULL,
    day    date NOT NULL DEFAULT current_date
) WITH (fillfactor = 50);
COMMENT ON TABLE gatehouse.vendor_rates IS 'When searches began in the last minute, at a vendor that bounds how many.';
COMMENT ON COLUMN gatehouse.vendor_rates.day IS 'The last of them began on.';
CREATE INDEX vendor_rates_day ON gatehouse.vendor_rates (day);

ALTER TABLE gatehouse.source_states OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.vendor_slots OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.vendor_rates OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.source_states ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gatehouse.source_states TO gatehouse_api, gatehouse_mcp
    USING (user_id = NULLIF(current_setting('gatehouse.tenant', true), '')::uuid);
CREATE POLICY door ON gatehouse.source_states TO gatehouse_door USING (true);
GRANT SELECT, INSERT, UPDATE ON gatehouse.source_states TO gatehouse_mcp;
-- A changed source starts anew.
GRANT SELECT (source_id, user_id), DELETE ON gatehouse.source_states TO gatehouse_api;
GRANT SELECT, DELETE ON gatehouse.source_states TO gatehouse_door;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.vendor_slots, gatehouse.vendor_rates TO gatehouse_door;

-- ---- limits: doors ----

-- A free slot of p_most, lent for p_seconds; NULL: none is free. Two rows of past days go with each new one, so that keys
-- nobody asks for any more do not stay.
CREATE FUNCTION gatehouse.slot_take(p_key text, p_most integer, p_seconds integer, p_taken uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    free integer;
BEGIN
    UPDATE vendor_slots
       SET until = clock_timestamp() + make_interval(secs => p_seconds), taken = p_taken, day = current_date
     WHERE key = p_key AND slot = (SELECT s.slot FROM vendor_slots s
                                    WHERE s.key = p_key AND s.slot <= p_most AND s.until <= clock_timestamp()
                                    ORDER BY s.slot LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING slot INTO free;
    IF free IS NOT NULL THEN
        RETURN free;
    END IF;
    SELECT n INTO free FROM generate_series(1, p_most) n
     WHERE NOT EXISTS (SELECT FROM vendor_slots s WHERE s.key = p_key AND s.slot = n) ORDER BY n LIMIT 1;
    IF free IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO vendor_slots (key, slot, until, taken)
    VALUES (p_key, free, clock_timestamp() + make_interval(secs => p_seconds), p_taken) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN NULL; -- another was quicker: asked again soon
    END IF;
    DELETE FROM vendor_slots WHERE (key, slot) IN (
        SELECT s.key, s.slot FROM vendor_slots s WHERE s.day < current_date - 1
         ORDER BY s.day LIMIT 2 FOR UPDATE SKIP LOCKED);
    RETURN free;
END
$$;

-- Only who took it gives it back: one that was late finds that it is another's.
CREATE FUNCTION gatehouse.slot_give(p_key text, p_slot integer, p_taken uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN -- not in SQL, which would be planned anew at each call
    UPDATE vendor_slots SET until = '-infinity' WHERE key = p_key AND slot = p_slot AND taken = p_taken;
END
$$;

-- Counts one; the milliseconds to wait before asking again, when as many began in the last second or minute (and then
-- counts nothing). Both windows slide, as the vendor's do; a little longer than they are, since requests travel.
CREATE FUNCTION gatehouse.rate_take(p_key text, p_second integer, p_minute integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    t timestamptz;
    r vendor_rates;
    n integer;
    free timestamptz;
BEGIN
    SELECT * INTO r FROM vendor_rates WHERE key = p_key FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO vendor_rates (key, times) VALUES (p_key, '{}') ON CONFLICT (key) DO NOTHING;
        DELETE FROM vendor_rates WHERE key IN (
            SELECT v.key FROM vendor_rates v WHERE v.day < current_date - 1
             ORDER BY v.day LIMIT 2 FOR UPDATE SKIP LOCKED);
        SELECT * INTO r FROM vendor_rates WHERE key = p_key FOR UPDATE;
    END IF;
    t := clock_timestamp(); -- it may have been waited for
    r.times := ARRAY(SELECT x FROM unnest(r.times) x WHERE x > t - interval '60.1 seconds' ORDER BY x);
    n := cardinality(r.times);
    free := greatest(CASE WHEN p_minute BETWEEN 1 AND n THEN r.times[n - p_minute + 1] + interval '60.1 seconds' END,
                     CASE WHEN p_second BETWEEN 1 AND n THEN r.times[n - p_second + 1] + interval '1.1 seconds' END);
    IF free > t THEN
        RETURN ceil(extract(epoch FROM free - t) * 1000)::integer;
    END IF;
    UPDATE vendor_rates SET times = r.times || t, day = current_date WHERE key = p_key;
    RETURN 0;
END
$$;

-- ---- a search begins and ends ----

-- May a source of the tenant's be asked now, with the account of p_subject if it is personal (sql/deploy/personal.sql)?
-- state: 'go'; 'wait' (for wait_ms, then ask again); 'throttled', 'refused', 'open' (a failing vendor is left alone),
-- each for wait_ms; 'unconnected'. With 'go' come its token, if there is one that still lasts,
-- its number, and a slot where slots count.
CREATE FUNCTION gatehouse.vendor_enter(p_source uuid, p_key text, p_at_once integer, p_second integer, p_minute integer,
                                       p_seconds integer, p_taken uuid,
                                       p_subject uuid DEFAULT '00000000-0000-0000-0000-000000000000')
    RETURNS TABLE (state text, wait_ms integer, help text, slot integer, token text, token_number bigint, troubled boolean)
    ROWS 1 LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    s gatehouse.source_states;
    t timestamptz := clock_timestamp();
BEGIN
    IF p_subject <> '00000000-0000-0000-0000-000000000000' AND NOT gatehouse.connection_live(p_source, p_subject) THEN
        RETURN QUERY SELECT 'unconnected', 0, NULL, 0, NULL, 0::bigint, true;
        RETURN;
    END IF;
    SELECT * INTO s FROM gatehouse.source_states
     WHERE user_id = gatehouse.tenant() AND source_id = p_source AND subject_id = p_subject;
    help := s.refused_help;
    IF s.refused_until > t THEN
        RETURN QUERY SELECT 'refused', (extract(epoch FROM s.refused_until - t) * 1000)::integer, help, 0, NULL, 0::bigint, true;
        RETURN;
    END IF;
    IF s.throttled_until > t THEN
        RETURN QUERY SELECT 'throttled', (extract(epoch FROM s.throttled_until - t) * 1000)::integer, NULL, 0, NULL, 0::bigint, true;
        RETURN;
    END IF;
    IF s.failures >= 5 THEN
        -- Of all that come when the time is over, one tries; the others wait on until it has told.
        UPDATE gatehouse.source_states SET open_until = t + interval '30 seconds'
         WHERE user_id = gatehouse.tenant() AND source_id = p_source AND subject_id = p_subject AND open_until <= t;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'open', greatest(0, (extract(epoch FROM s.open_until - t) * 1000)::integer), NULL, 0, NULL,
                                0::bigint, true;
            RETURN;
        END IF;
    END IF;
    slot := 0;
    IF p_at_once > 0 THEN
        slot := gatehouse.slot_take(p_key, p_at_once, p_seconds, p_taken);
        IF slot IS NULL THEN
            RETURN QUERY SELECT 'wait', 50, NULL, 0, NULL, 0::bigint, false;
            RETURN;
        END IF;
    END IF;
    IF p_second > 0 OR p_minute > 0 THEN
        wait_ms := gatehouse.rate_take(p_key, p_second, p_minute);
        IF wait_ms > 0 THEN
            IF slot > 0 THEN
                PERFORM gatehouse.slot_give(p_key, slot, p_taken);
            END IF;
            RETURN QUERY SELECT 'wait', wait_ms, NULL, 0, NULL, 0::bigint, false;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT 'go', 0, NULL, slot, CASE WHEN s.token_until > t THEN s.token END, coalesce(s.token_number, 0),
                        coalesce(s.failures, 0) > 0;
END
$$;

-- What was learnt of a source. slot 0: none was lent. throttled_ms: it said so; 0 if not. failed: it could not be
-- reached, or broke; worked: it answered. Five failures in a row open the circuit for 30 seconds.
CREATE FUNCTION gatehouse.vendor_leave(p_source uuid, p_key text, p_slot integer, p_taken uuid, p_throttled_ms bigint,
                                       p_failed boolean, p_worked boolean,
                                       p_subject uuid DEFAULT '00000000-0000-0000-0000-000000000000') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Lost with a crash, none of this does harm; so nobody waits for the disk.
    PERFORM set_config('synchronous_commit', 'off', true);
    IF p_slot > 0 THEN
        PERFORM gatehouse.slot_give(p_key, p_slot, p_taken);
    END IF;
    IF p_throttled_ms = 0 AND NOT p_failed AND NOT p_worked THEN
        RETURN;
    END IF;
    INSERT INTO gatehouse.source_states AS s (source_id, user_id, subject_id, throttled_until, failures)
    SELECT o.id, o.user_id, p_subject, clock_timestamp() + p_throttled_ms * interval '1 millisecond', p_failed::integer
      FROM gatehouse.sources o WHERE o.user_id = gatehouse.tenant() AND o.id = p_source
        ON CONFLICT (source_id, subject_id) DO UPDATE
       SET throttled_until = greatest(s.throttled_until, excluded.throttled_until),
           failures = CASE WHEN p_failed THEN least(s.failures + 1, 1000) WHEN p_worked THEN 0 ELSE s.failures END,
           open_until = CASE WHEN p_failed AND s.failures + 1 >= 5 THEN clock_timestamp() + interval '30 seconds'
                             WHEN p_worked THEN NULL ELSE s.open_until END;
END
$$;

-- How many sources' circuits are open now, and how many half open (the next search tries), of all tenants: for whoever
-- watches the gateway.
CREATE FUNCTION gatehouse.circuits(OUT open bigint, OUT half_open bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    SELECT count(*) FILTER (WHERE open_until > now()), count(*) FILTER (WHERE open_until <= now()) INTO open, half_open
      FROM source_states WHERE failures >= 5;
END
$$;

-- ---- tokens ----

-- A token newer than p_number, if there is one; else whether the caller shall get it: of many, one, for ten seconds.
CREATE FUNCTION gatehouse.token_claim(p_source uuid, p_number bigint, p_subject uuid DEFAULT '00000000-0000-0000-0000-000000000000')
    RETURNS TABLE (token text, token_number bigint, claimed boolean, help text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    s gatehouse.source_states;
    t timestamptz;
BEGIN
    INSERT INTO gatehouse.source_states (source_id, user_id, subject_id)
    SELECT id, user_id, p_subject FROM gatehouse.sources WHERE user_id = gatehouse.tenant() AND id = p_source
        ON CONFLICT (source_id, subject_id) DO NOTHING;
    SELECT * INTO s FROM gatehouse.source_states
     WHERE user_id = gatehouse.tenant() AND source_id = p_source AND subject_id = p_subject FOR UPDATE;
    t := clock_timestamp();
    IF s.refused_until > t THEN
        RETURN QUERY SELECT NULL::text, s.token_number, false, s.refused_help;
        RETURN;
    END IF;
    IF s.token_number > p_number AND s.token_until > t THEN
        RETURN QUERY SELECT s.token, s.token_number, false, NULL::text;
        RETURN;
    END IF;
    claimed := s.source_id IS NOT NULL AND (s.renewing_until IS NULL OR s.renewing_until <= t);
    IF claimed THEN
        UPDATE gatehouse.source_states SET renewing_until = t + interval '10 seconds'
         WHERE user_id = gatehouse.tenant() AND source_id = p_source AND subject_id = p_subject;
    END IF;
    RETURN QUERY SELECT NULL::text, coalesce(s.token_number, 0), claimed, NULL::text;
END
$$;

-- The token that was got, good for p_seconds from now; renewed a minute before its end, or at half of a short life.
CREATE FUNCTION gatehouse.token_store(p_source uuid, p_token text, p_seconds bigint,
                                      p_subject uuid DEFAULT '00000000-0000-0000-0000-000000000000') RETURNS bigint LANGUAGE sql AS $$
    UPDATE gatehouse.source_states
       SET token = p_token, token_number = token_number + 1, renewing_until = NULL, refused_until = NULL, refused_help = NULL,
           token_until = clock_timestamp() + make_interval(secs => greatest(p_seconds - 60, p_seconds / 2))
     WHERE user_id = gatehouse.tenant() AND source_id = p_source AND subject_id = p_subject
 RETURNING token_number
$$;

-- None was got. Refused (p_help): nobody asks again for five minutes, or until the source is changed. Else the next may
-- try at once.
CREATE FUNCTION gatehouse.token_fail(p_source uuid, p_help text, p_subject uuid DEFAULT '00000000-0000-0000-0000-000000000000') RETURNS void LANGUAGE sql AS $$
    UPDATE gatehouse.source_states
       SET renewing_until = NULL, refused_help = p_help, token = NULL, token_until = NULL,
           refused_until = CASE WHEN p_help IS NOT NULL THEN clock_timestamp() + interval '5 minutes' END
     WHERE user_id = gatehouse.tenant() AND source_id = p_source AND subject_id = p_subject
$$;

-- ---- a changed or deleted source starts anew ----

CREATE FUNCTION gatehouse.forget_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM gatehouse.source_states WHERE user_id = NEW.user_id AND source_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER forget_state AFTER UPDATE ON gatehouse.sources FOR EACH ROW EXECUTE FUNCTION gatehouse.forget_state();

ALTER FUNCTION gatehouse.slot_take(text, integer, integer, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.slot_give(text, integer, uuid) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.rate_take(text, integer, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.vendor_enter(uuid, text, integer, integer, integer, integer, uuid, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.vendor_leave(uuid, text, integer, uuid, bigint, boolean, boolean, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.circuits() OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.token_claim(uuid, bigint, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.token_store(uuid, text, bigint, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.token_fail(uuid, text, uuid) OWNER TO gatehouse_owner;
ALTER FUNCTION gatehouse.forget_state() OWNER TO gatehouse_owner;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.slot_take(text, integer, integer, uuid), gatehouse.slot_give(text, integer, uuid),
      gatehouse.rate_take(text, integer, integer),
      gatehouse.vendor_enter(uuid, text, integer, integer, integer, integer, uuid, uuid),
      gatehouse.vendor_leave(uuid, text, integer, uuid, bigint, boolean, boolean, uuid),
      gatehouse.token_claim(uuid, bigint, uuid), gatehouse.token_store(uuid, text, bigint, uuid), gatehouse.token_fail(uuid, text, uuid)
   TO gatehouse_mcp;
GRANT EXECUTE ON FUNCTION gatehouse.circuits() TO gatehouse_api;

COMMIT;
