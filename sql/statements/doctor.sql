-- What gatehouse doctor looks at, as a superuser.

-- name: doctor_clock() again
-- The database's clock in seconds since 1970; its version; which changes of the schema are there.
SELECT extract(epoch FROM clock_timestamp())::bigint, current_setting('server_version'), to_regclass('gatehouse.users') IS NOT NULL;

-- name: doctor_domains(names) again
-- Those of the pool that a new server could have now.
SELECT count(*) FROM unnest($1::text[]) domain
 WHERE NOT EXISTS (SELECT FROM mcp_servers s WHERE s.endpoint = domain AND s.deleted_at IS NULL);

-- name: doctor_sources(after, email, id, most) again
-- Live sources after an id, of everybody or one account; NULL lets all pass.
SELECT o.id, o.user_id, u.email FROM sources o JOIN users u ON u.id = o.user_id AND u.deleted_at IS NULL
 WHERE o.deleted_at IS NULL AND ($1::uuid IS NULL OR o.id > $1::uuid) AND ($2::text IS NULL OR u.email_key = lower($2))
   AND ($3::uuid IS NULL OR o.id = $3::uuid)
 ORDER BY o.id LIMIT $4::bigint;
