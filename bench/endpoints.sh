#!/bin/bash
# Measures tools/list, me and checks against the yardstick (bench/yardstick.c),
# alternating in one run, all behind one nginx of its own, so that the machine's
# moods and nginx's share fall on both alike. Run by hand, on an idle machine,
# against workers that run already. Prints a table for doc/bench.md.
#
# Where the workers are (environment; no defaults):
#   API_SOCKET, MCP_SOCKET  their Unix sockets
#   APP                     host:port of the app, as GATEHOUSE_APP_URL has it
#   GATEWAY, TOKEN          host:port of an MCP server's domain, a token of its own
#   EMAIL, PASSWORD         an account
#   DATABASE_URL            for the yardstick: any role that may connect
# How (with defaults):
#   CONNECTIONS=64 SECONDS_EACH=5 ROUNDS=3 PORT=8610 KEEP=8
#   YARDSTICK_PROCESSES=1 YARDSTICK_THREADS=32
# KEEP is what each nginx worker keeps open. A kept connection holds its thread,
# so KEEP × nginx workers must stay well below the threads of each program.
set -euo pipefail
cd "$(dirname "$0")"

for name in API_SOCKET MCP_SOCKET APP GATEWAY TOKEN EMAIL PASSWORD DATABASE_URL; do
	[ -n "${!name:-}" ] || { sed -n '2,/^set/p' "$0" | sed '$d;s/^# \{0,1\}//' >&2; exit 2; }
done
: "${CONNECTIONS:=64}" "${SECONDS_EACH:=5}" "${ROUNDS:=3}" "${PORT:=8610}" "${KEEP:=8}"
: "${YARDSTICK_PROCESSES:=1}" "${YARDSTICK_THREADS:=32}"

work=$(mktemp -d)
mkdir "$work/figures"
chmod 755 "$work"
started=()
finish() {
	# A libfcgi program with threads heeds no polite signal.
	for pid in "${started[@]}"; do
		kill -STOP "$pid" 2>/dev/null || true
		pkill -KILL -P "$pid" || true
		kill -KILL "$pid" 2>/dev/null || true
	done
	wait
	rm -rf "$work"
}
trap finish EXIT

"${CC:-cc}" -std=gnu11 -O2 -I"$(pg_config --includedir)" yardstick.c -o "$work/yardstick" \
	-lfcgi -lpq -pthread
spawn-fcgi -n -s "$work/socket" -M 0777 -- "$(command -v multiwatch)" -f "$YARDSTICK_PROCESSES" -- \
	"$work/yardstick" "$YARDSTICK_THREADS" "$DATABASE_URL" &
started+=($!)

location() { # upstream, host:port the worker takes this for
	cat <<-CONF
	location / {
		fastcgi_pass $1;
		fastcgi_keep_conn on;
		fastcgi_param REQUEST_METHOD \$request_method;
		fastcgi_param REQUEST_SCHEME http;
		fastcgi_param REQUEST_ID \$request_id;
		fastcgi_param DOCUMENT_URI \$document_uri;
		fastcgi_param QUERY_STRING \$query_string;
		fastcgi_param CONTENT_TYPE \$content_type;
		fastcgi_param CONTENT_LENGTH \$content_length;
		fastcgi_param REMOTE_ADDR \$remote_addr;
		fastcgi_param SERVER_PROTOCOL \$server_protocol;
		fastcgi_param SERVER_PORT ${2##*:};
		fastcgi_param GATEHOUSE_HOST ${2%:*};
	}
	CONF
}
cat >"$work/nginx.conf" <<CONF
daemon off;
worker_processes auto;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 1024; }
http {
	access_log off;
	keepalive_requests 1000000;
	client_body_temp_path $work/body; fastcgi_temp_path $work/fastcgi;
	proxy_temp_path $work/proxy; uwsgi_temp_path $work/uwsgi; scgi_temp_path $work/scgi;
	upstream api { server unix:$API_SOCKET; keepalive $KEEP; }
	upstream mcp { server unix:$MCP_SOCKET; keepalive $KEEP; }
	upstream yardstick { server unix:$work/socket; keepalive $KEEP; }
	server { listen 127.0.0.1:$PORT; $(location api "$APP") }
	server { listen 127.0.0.1:$((PORT + 1)); $(location mcp "$GATEWAY") }
	server { listen 127.0.0.1:$((PORT + 2)); $(location yardstick yardstick:80) }
}
CONF
"$(command -v nginx || echo /usr/sbin/nginx)" -p "$work" -e "$work/error.log" -c "$work/nginx.conf" &
started+=($!)

api=http://127.0.0.1:$PORT mcp=http://127.0.0.1:$((PORT + 1)) bare=http://127.0.0.1:$((PORT + 2))
for _ in $(seq 100); do
	curl -sf -o "$work/bare" "$bare/" && break
	sleep 0.1
done
[ "$(stat -c %s "$work/bare" 2>/dev/null)" = 300 ] || { tail -3 "$work/error.log" >&2; exit 1; }

session=$(curl -s -i "$api/api/v1/signin" -H 'Content-Type: application/json' \
	-d "$(jq -n --arg email "$EMAIL" --arg password "$PASSWORD" '{$email, $password}')" |
	sed -n 's/^[Ss]et-[Cc]ookie: access_token=\([^;]*\).*/\1/p')

measure() { # name, wrk's script, url, arguments: prints requests/s, notes p99
	local name=$1 script=$2 url=$3 rate
	shift 3
	wrk -t2 -c"$CONNECTIONS" -d"${SECONDS_EACH}s" --latency ${script:+-s "$script"} "$url" -- "$@" >"$work/wrk"
	if grep -E 'Non-2xx|Socket errors' "$work/wrk" >&2; then
		echo "$name: these figures mean nothing" >&2
	fi
	rate=$(awk '/^Requests\/sec/ { printf "%d", $2 }' "$work/wrk")
	echo "$rate $(awk '$1 == "99%" { print $2 }' "$work/wrk")" >>"$work/figures/${name//\//-}"
}
for round in $(seq "$ROUNDS"); do
	echo "round $round of $ROUNDS" >&2
	measure yardstick '' "$bare/"
	measure tools/list tools-list.lua "$mcp/" "$TOKEN"
	measure yardstick '' "$bare/"
	measure me rest.lua "$api/" /api/v1/me "$session"
	measure yardstick '' "$bare/"
	measure checks rest.lua "$api/" /api/v1/checks
done

middle() { sort -n "$work/figures/${1//\//-}" | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }'; }
read -r base base_p99 <<<"$(middle yardstick)"
echo "$CONNECTIONS connections, $(nproc) cores, median of $ROUNDS rounds of $SECONDS_EACH s, $(date -u +%F)"
echo
echo "| | requests/s | of the yardstick | p99 |"
echo "|---|---|---|---|"
echo "| yardstick ($YARDSTICK_PROCESSES × $YARDSTICK_THREADS) | $base | 100 % | $base_p99 |"
for name in tools/list me checks; do
	read -r rate p99 <<<"$(middle "$name")"
	echo "| $name | $rate | $((rate * 100 / base)) % | $p99 |"
done
