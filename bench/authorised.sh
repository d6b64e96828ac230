#!/bin/bash
# What the check of a token costs: tools/list as it is, and with the look-up of the
# token taken out of gateway_open, alternating in one run on the same workers. Then
# once more with a million users, servers, grants and tokens beside it. Run by hand,
# against a stack that runs already, whose database is nobody's: it fills it.
#
# Where it is (environment; no defaults):
#   GATEWAY, TOKEN   host:port of an MCP server's domain, a token of its own
#   DATABASE_URL     as a superuser
# How (with defaults): CONNECTIONS=64 SECONDS_EACH=4 ROUNDS=5 ROWS=1000000
set -euo pipefail

for name in GATEWAY TOKEN DATABASE_URL; do
	[ -n "${!name:-}" ] || { sed -n '2,/^set/p' "$0" | sed '$d;s/^# \{0,1\}//' >&2; exit 2; }
done
: "${CONNECTIONS:=64}" "${SECONDS_EACH:=4}" "${ROUNDS:=5}" "${ROWS:=1000000}"

work=$(mktemp -d)

sql()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$DATABASE_URL" "$@"
}

# The function as it is, and one that finds the server and its sources and takes
# whatever it is shown for a token.
sql -c "SELECT pg_get_functiondef('gatehouse.gateway_open(text, text, text)'::regprocedure)" >"$work/checked"
[ -s "$work/checked" ]
echo ';' >>"$work/checked"
cat >"$work/unchecked" <<'SQL'
CREATE OR REPLACE FUNCTION gatehouse.gateway_open(p_host text, p_host_port text, p_digest text)
    RETURNS TABLE (user_id uuid, server_id uuid, server_name text, endpoint text, token_id uuid, sources json,
                  rates json, subject_id uuid, scopes json, grant_id uuid, vouched boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatehouse, pg_temp AS $$
#variable_conflict use_column
DECLARE
    s mcp_servers;
BEGIN
    SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host_port AND deleted_at IS NULL;
    IF s.id IS NULL THEN
        SELECT * INTO s FROM mcp_servers WHERE endpoint = p_host AND deleted_at IS NULL;
    END IF;
    IF s.id IS NULL OR NOT EXISTS (SELECT FROM users WHERE id = s.user_id AND deleted_at IS NULL) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT s.user_id, s.id, s.name::text, s.endpoint, s.id,
           (SELECT coalesce(json_agg(json_build_object('id', o.id, 'type', o.type, 'source_metadata', o.source_metadata)
                                     ORDER BY o.created_at, o.id), '[]')
              FROM server_sources x JOIN sources o ON o.id = x.source_id
             WHERE x.user_id = s.user_id AND x.server_id = s.id AND o.user_id = s.user_id AND o.deleted_at IS NULL),
           NULL::json, s.user_id, NULL::json, NULL::uuid, false;
END
$$;
SQL
finish()
{
	sql -f "$work/checked"
	rm -rf "$work"
}
trap finish EXIT

cat >"$work/ask.lua" <<'END'
wrk.method = "POST"
wrk.body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"
wrk.headers["MCP-Protocol-Version"] = "2025-11-25"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
wrk.headers["Host"] = os.getenv("GATEWAY")
function done(summary, latency)
	local errors = summary.errors
	if errors.status + errors.connect + errors.read + errors.write + errors.timeout > 0 then print("errors") end
	print(string.format("rate %.0f", summary.requests / summary.duration * 1e6))
end
END

# rate: requests a second, of answers that were all 200.
rate()
{
	wrk -t1 -c"$CONNECTIONS" -d"${SECONDS_EACH}s" -s "$work/ask.lua" "http://$GATEWAY/" >"$work/said"
	! grep -q '^errors' "$work/said" || { echo "not all answers were 200" >&2; exit 1; }
	sed -n 's/^rate //p' "$work/said"
}

median()
{
	sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

# compare WHAT: both, in turn.
compare()
{
	local i one two

	: >"$work/on"
	: >"$work/off"
	for ((i = 0; i < ROUNDS; i++)); do
		sql -f "$work/checked"
		rate >/dev/null
		rate >>"$work/on"
		sql -f "$work/unchecked"
		rate >/dev/null
		rate >>"$work/off"
	done
	one=$(median <"$work/on") two=$(median <"$work/off")
	printf '| %s | %s (%s to %s) | %s (%s to %s) | %s |\n' "$1" "$one" "$(sort -n "$work/on" | head -n 1)" "$(sort -n "$work/on" | tail -n 1)" \
		"$two" "$(sort -n "$work/off" | head -n 1)" "$(sort -n "$work/off" | tail -n 1)" "$(awk -v a="$two" -v b="$one" 'BEGIN { printf "%.2f", a / b }')"
}

# A million of each: users with a server, a source, a grant and its token.
fill()
{
	sql <<-END
		SET session_replication_role = replica;
		SET synchronous_commit = off;
		INSERT INTO gatehouse.users (id, email, email_key) SELECT md5('u' || n)::uuid, 'u' || n || '@bench.example', 'u' || n || '@bench.example' FROM generate_series(1, $ROWS) n;
		INSERT INTO gatehouse.sources (id, user_id, type, source_metadata) SELECT md5('s' || n)::uuid, md5('u' || n)::uuid, 'documents', '{"name": "x"}' FROM generate_series(1, $ROWS) n;
		INSERT INTO gatehouse.mcp_servers (id, user_id, name, endpoint) SELECT md5('m' || n)::uuid, md5('u' || n)::uuid, 'x', 'm' || n || '.bench.example' FROM generate_series(1, $ROWS) n;
		INSERT INTO gatehouse.server_sources (server_id, source_id, user_id, position) SELECT md5('m' || n)::uuid, md5('s' || n)::uuid, md5('u' || n)::uuid, 1 FROM generate_series(1, $ROWS) n;
		INSERT INTO gatehouse.grants (id, user_id, server_id, subject_id, client_id, client_name, scopes, expires_at)
			SELECT md5('g' || n)::uuid, md5('u' || n)::uuid, md5('m' || n)::uuid, md5('u' || n)::uuid, 'ghi_x', 'x', '{search,fetch}', now() + interval '1 day' FROM generate_series(1, $ROWS) n;
		INSERT INTO gatehouse.access_tokens (id, user_id, server_id, subject_id, grant_id, name, digest, scopes, expires_at)
			SELECT md5('t' || n)::uuid, md5('u' || n)::uuid, md5('m' || n)::uuid, md5('u' || n)::uuid, md5('g' || n)::uuid, 'x', md5('a' || n) || md5('b' || n), '{search,fetch}', now() + interval '1 day' FROM generate_series(1, $ROWS) n;
		ANALYZE;
	END
}

echo '| beside it | requests/s with the check | without | times |'
echo '|---|---|---|---|'
compare 'nothing'
fill
compare "$ROWS users, servers, grants and tokens"
