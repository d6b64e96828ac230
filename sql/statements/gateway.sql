-- The gateway domains' side.

-- name: gateway_open(host, host_port, digest) again
-- The hot path: domain, token, server and its sources in one trip. No row: no such gateway; token_id NULL: no such token.
SELECT user_id, server_id, server_name, endpoint, token_id, sources FROM gateway_open($1, $2, $3);

-- name: handler_counts(host, host_port) again
-- For checks: sources of the host's server by type.
SELECT type, count FROM handler_counts($1, $2);
