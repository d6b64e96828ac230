-- Deploy gatehouse:published to pg
-- requires: oauth
--
-- What others publish for everybody: metadata of clients, keys that tokens are verified by. Copies are kept for all
-- workers; an operator can pin one, which is then never asked for again. And which of their tokens were used.

BEGIN;
SET LOCAL lock_timeout = '2s';

CREATE TABLE gatehouse.published (
    url         text PRIMARY KEY CHECK (url ~ '^https://' AND length(url) <= 2000),
    body        text NOT NULL CHECK (length(body) <= 65536),
    pinned      boolean NOT NULL DEFAULT false,
    fetched_at  timestamptz NOT NULL DEFAULT now(),
    fresh_until timestamptz NOT NULL,
    tried_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE gatehouse.published IS 'Copies of JSON documents that others publish; only good ones, the last of each.';
CREATE INDEX published_tried ON gatehouse.published (tried_at) WHERE NOT pinned;

CREATE TABLE gatehouse.used_assertions (
    digest text PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    until  timestamptz NOT NULL
);
COMMENT ON TABLE gatehouse.used_assertions IS 'Tokens of others that count once, for as long as they would be good.';
CREATE INDEX used_assertions_until ON gatehouse.used_assertions (until);

ALTER TABLE gatehouse.published OWNER TO gatehouse_owner;
ALTER TABLE gatehouse.used_assertions OWNER TO gatehouse_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON gatehouse.published, gatehouse.used_assertions TO gatehouse_door;

-- The copy of a document, if there is one, and whether the caller is the one to fetch it now: there is none, or it is
-- not fresh (p_again: or lacks something), and nobody tried within a minute. One that could not be had for a week is
-- none any more.
CREATE FUNCTION gatehouse.published_take(p_url text, p_again boolean) RETURNS TABLE (body text, mine boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
DECLARE
    p published;
BEGIN
    SELECT * INTO p FROM published o WHERE o.url = p_url;
    IF p.url IS NULL OR (NOT p.pinned AND p.fresh_until < now() - interval '7 days') THEN
        RETURN QUERY SELECT NULL::text, true;
    ELSIF p.pinned OR (p.fresh_until > now() AND NOT p_again) THEN
        RETURN QUERY SELECT p.body, false;
    ELSE
        UPDATE published o SET tried_at = now() WHERE o.url = p_url AND o.tried_at <= now() - interval '1 minute';
        RETURN QUERY SELECT p.body, FOUND;
    END IF;
END
$$;

-- Keeps one that was fetched. Where there are p_most of them, the one that was not asked for longest makes room.
CREATE FUNCTION gatehouse.published_keep(p_url text, p_body text, p_seconds integer, p_most integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    INSERT INTO published AS o (url, body, fresh_until) VALUES (p_url, p_body, now() + make_interval(secs => p_seconds))
        ON CONFLICT (url) DO UPDATE SET body = excluded.body, fetched_at = now(), tried_at = now(), fresh_until = excluded.fresh_until
        WHERE NOT o.pinned;
    IF (SELECT count(*) FROM published) > p_most THEN
        DELETE FROM published WHERE url IN (
            SELECT url FROM published WHERE NOT pinned AND url <> p_url ORDER BY tried_at LIMIT 1 FOR UPDATE SKIP LOCKED);
    END IF;
END
$$;

-- Whether a token is used for the first time. It is remembered until it is over anyway.
CREATE FUNCTION gatehouse.assertion_use(p_digest text, p_until bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
BEGIN
    DELETE FROM used_assertions WHERE digest IN (
        SELECT digest FROM used_assertions WHERE until < now() ORDER BY until LIMIT 2 FOR UPDATE SKIP LOCKED);
    INSERT INTO used_assertions (digest, until) VALUES (p_digest, to_timestamp(p_until) + interval '2 minutes')
        ON CONFLICT (digest) DO NOTHING;
    RETURN FOUND;
END
$$;

ALTER FUNCTION gatehouse.published_take(text, boolean) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.published_keep(text, text, integer, integer) OWNER TO gatehouse_door;
ALTER FUNCTION gatehouse.assertion_use(text, bigint) OWNER TO gatehouse_door;
-- Postgres lets everybody call a new function: nobody may who is not named here.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gatehouse FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gatehouse.published_take(text, boolean), gatehouse.published_keep(text, text, integer, integer),
      gatehouse.assertion_use(text, bigint) TO gatehouse_api, gatehouse_mcp;

COMMIT;
