-- Vendors' tokens, limits and circuits: what sql/deploy/vendors.sql tells.

-- name: vendors_enter(asks) tenant
-- asks: an array of {source, key, at_once, second, minute, seconds, taken, secrets, subject}. A row each, in that order. Not
-- repeated: what was lent in a lost answer comes back by itself.
SELECT e.state, e.wait_ms, e.help, e.slot, e.token, e.token_number, e.troubled,
       CASE WHEN a.secrets THEN (SELECT jsonb_object_agg(s.name, s.sealed) FROM gatehouse.source_secrets s
                                  WHERE s.user_id = gatehouse.tenant() AND s.source_id = a.source) END
  FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (source uuid, key text, at_once integer, second integer, minute integer,
                                                     seconds integer, taken uuid, secrets boolean,
                                                     subject uuid)) WITH ORDINALITY
       AS a (source, key, at_once, second, minute, seconds, taken, secrets, subject, nth)
 CROSS JOIN LATERAL gatehouse.vendor_enter(a.source, a.key, a.at_once, a.second, a.minute, a.seconds, a.taken, a.subject) e
 ORDER BY a.nth;

-- name: vendors_leave(told) tenant
-- told: an array of {source, key, slot, taken, throttled_ms, failed, worked, subject}.
SELECT count(gatehouse.vendor_leave(t.source, t.key, t.slot, t.taken, t.throttled_ms, t.failed, t.worked, t.subject))
  FROM jsonb_to_recordset($1::jsonb) AS t (source uuid, key text, slot integer, taken uuid, throttled_ms bigint,
                                            failed boolean, worked boolean, subject uuid);

-- name: source_secrets(source) tenant again
SELECT name, sealed FROM gatehouse.source_secrets WHERE user_id = gatehouse.tenant() AND source_id = $1::uuid;

-- name: token_claim(source, number, subject) tenant
-- A newer token, or whether the caller gets one. help: the vendor refuses, and why.
SELECT token, token_number, claimed, help FROM gatehouse.token_claim($1::uuid, $2::bigint, $3::uuid);

-- name: token_store(source, token, seconds, subject, connection, refresh) tenant
-- -> its number. connection: of a personal source, and the refresh token that came, if one did, in the same moment.
SELECT CASE WHEN $5::uuid IS NULL OR gatehouse.connection_renew($4::uuid, $5::uuid, $6)
            THEN gatehouse.token_store($1::uuid, $2, $3::bigint, $4::uuid) END;

-- name: token_fail(source, help, subject) tenant again
-- help NULL: for a moment only.
SELECT gatehouse.token_fail($1::uuid, $2, $3::uuid);
