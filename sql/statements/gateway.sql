-- The gateway domains' side.

-- name: gateway_open(host, host_port, digest) again
-- The hot path: domain, token, server, its sources, and which tools were called lately, in one trip. No row: no such gateway; token_id NULL: no such token.
SELECT user_id, server_id, server_name, endpoint, token_id, sources, rates, subject_id, scopes, grant_id, vouched FROM gateway_open($1, $2, $3);

-- name: checked(host, host_port) again
-- For checks: {type: count} of the sources of the host's server, and how many circuits are open, and half open, anywhere.
SELECT (SELECT json_object_agg(type, count) FROM handler_counts($1, $2)), open, half_open FROM circuits();
