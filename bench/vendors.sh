#!/bin/bash
# Measures searches over three sources (Outlook, Snowflake, Box) whose vendors
# each take 200 ms, through nginx and the mcp program. Run by hand, on an idle
# machine. Brings up a whole stack as the tests do (t/stack.bash), with
# bench/slow.c behind a TLS nginx in place of each vendor.
#
# The vendors' own limits hold (four calls at once for a mailbox, six searches a
# second and sixty a minute for a Box user), so there are many gateways, each
# with sources of its own, and a run is short.
#
#   BUILD=folder bench/vendors.sh      a build with --enable-test-vendors
# How (with defaults): GATEWAYS_MADE=256 DELAY=200 SECONDS_EACH=8 PROCESSES=2
# THREADS=160 AT_ONCE="64 256" REPLIES=bench/vendors
set -euo pipefail

top=$(dirname "$(dirname "$(readlink -f "$0")")")
program=bench
source "$top/stand/all.bash"
source "$top/t/stack.bash"
: "${BUILD:?name a build with --enable-test-vendors}" "${GATEWAYS_MADE:=256}" "${DELAY:=200}" "${SECONDS_EACH:=8}"
: "${PROCESSES:=2}" "${THREADS:=160}" "${AT_ONCE:=64 256}" "${REPLIES:=$top/bench/vendors}"
slow_port=8553
pool=$(printf 'g%s.bench.test:8502,' $(seq "$GATEWAYS_MADE"))
pool=${pool%,}
more_settings="GATEHOUSE_DOMAIN_REST_HOURS=0
GATEHOUSE_TOOL_RATE=1000000
GATEHOUSE_SOURCES_PER_USER=10000
GATEHOUSE_SERVERS_PER_USER=10000
GATEHOUSE_MCP_THREADS=$THREADS"

finish()
{
	[ -z "${slow_pid:-}" ] || kill "$slow_pid" 2>/dev/null || true
	[ -z "${front_pid:-}" ] || kill "$front_pid" 2>/dev/null || true
	[ -z "${BATS_FILE_TMPDIR:-}" ] || rm -rf "$BATS_FILE_TMPDIR"
	test_stack_stop
}

# The vendors: one slow program, and TLS with HTTP/2 at the stand-ins' ports.
vendors_slow()
{
	local port at=1

	vendors_of_stand
	mkdir -p "$vendors_folder"
	vendors_certificates
	cc -std=gnu11 -O2 -Wall "$top/bench/slow.c" -o "$work/slow"
	"$work/slow" "$slow_port" "$DELAY" "$REPLIES" &
	slow_pid=$!
	{
		printf 'daemon off; worker_processes 1; pid %s/front.pid; error_log %s/front.log;\n' "$work" "$work"
		printf 'events { worker_connections 4096; }\nhttp { access_log off;\n'
		for port in client_body fastcgi proxy uwsgi scgi; do
			printf '%s_temp_path %s/%s;\n' "$port" "$work" "$port"
		done
		printf 'upstream slow { server 127.0.0.1:%s; keepalive 1024; }\nserver {\n' "$slow_port"
		for port in "${graph_url##*:}" "${login_url##*:}" "${snowflake_url##*:}" "${box_url##*:}"; do
			# An address each: libcurl keeps what is led elsewhere by its address, and would take them for one host.
			at=$((at + 1))
			printf 'listen 127.0.0.%s:%s ssl http2;\n' "$at" "$port"
			vendors_environment=("${vendors_environment[@]/127.0.0.1:$port/127.0.0.$at:$port}")
		done
		printf 'ssl_certificate %s/good.crt; ssl_certificate_key %s/good.key;\n' "$vendors_folder" "$vendors_folder"
		printf 'http2_max_concurrent_streams 1024; keepalive_requests 1000000;\n'
		printf 'location / { proxy_pass http://slow; proxy_http_version 1.1; proxy_set_header Connection ""; }\n}\n}\n'
	} >"$work/front.conf"
	nginx -c "$work/front.conf" &
	front_pid=$!
	wait_for 10 test -s "$work/front.pid"
}

# The worker program as it would be run for real, and a vhost for all gateways.
workers_real()
{
	worker_stop mcp-vendors
	test_worker_start mcp-vendors "$PROCESSES" "${vendors_environment[@]}"
	cat >"$stand/nginx/more/bench.conf" <<-END
		upstream bench { server unix:$run/mcp-vendors.sock; keepalive 32; }
		server {
			listen 127.0.0.1:8502;
			server_name *.bench.test;
			include $stand/nginx/server.conf;
			location / {
				include $stand/nginx/fastcgi-common.conf;
				include $stand/nginx/fastcgi-gateway.conf;
				fastcgi_param GATEHOUSE_HOST \$host;
				fastcgi_param SERVER_PORT 8502;
				fastcgi_keep_conn on;
				fastcgi_pass bench;
			}
		}
	END
	web_reload
}

made()
{
	api POST "$1" "$2"
	[ "$status" = 201 ] || die "$1: $status $body"
}

# gateway_made NAME NUMBER: a gateway with three sources of its own; prints "host token".
gateway_made()
{
	local name=$1 number=$2 sources=() host server

	made /api/v1/sources "{\"type\": \"outlook\", \"source_metadata\": {\"tenant_id\": \"t.example\", \"graph_client_id\": \"c\",
		\"graph_client_secret\": \"s\", \"graph_user_id\": \"$name@t.example\"}}"
	sources+=("$(jq .id <<<"$body")")
	made /api/v1/sources "{\"type\": \"box\", \"source_metadata\": {\"box_client_id\": \"c\", \"box_client_secret\": \"s\",
		\"box_subject_type\": \"user\", \"box_subject_id\": \"$number\"}}"
	sources+=("$(jq .id <<<"$body")")
	made /api/v1/sources "{\"type\": \"snowflake\", \"source_metadata\": {\"snowflake_account_url\": \"https://o-a.snowflakecomputing.com\",
		\"snowflake_pat\": \"p\", \"snowflake_semantic_model_file\": \"@D.S.M/m.yaml\",
		\"snowflake_cortex_search_service\": \"D.S.X\", \"snowflake_text_column\": \"CHUNK\", \"snowflake_id_column\": \"ID\", \"snowflake_catalogue\": \"no\", \"snowflake_analyst_seconds\": \"0\"}}"
	sources+=("$(jq .id <<<"$body")")
	made /api/v1/mcp-servers "{\"name\": \"b\", \"source_ids\": [$(IFS=,; echo "${sources[*]}")]}"
	server=$(jq -r .id <<<"$body") host=$(jq -r .endpoint <<<"$body")
	made "/api/v1/mcp-servers/$server/tokens" '{"name": "b"}'
	echo "$host $(jq -r .token <<<"$body")"
}

gateways_made()
{
	local i

	sign_up bench
	for ((i = 1; i < GATEWAYS_MADE; i++)); do
		gateway_made "u$i" "$i"
	done >"$work/gateways"
	gateway_made hang "$i" >"$work/hanging"
}

# Milliseconds of CPU of all processes whose program has this name, so far.
cpu()
{
	local pid ticks=0 line fields

	for pid in $(pgrep -x "$1"); do
		line=$(<"/proc/$pid/stat") || continue
		read -ra fields <<<"${line##*) }"
		ticks=$((ticks + fields[11] + fields[12] + fields[13] + fields[14])) # those of its ended children too
	done 2>/dev/null
	echo $((ticks * 1000 / $(getconf CLK_TCK)))
}

cpu_of_all()
{
	echo "$(cpu gatehouse-mcp-v) $(cpu postgres) $(cpu nginx)"
}

# searches AT-ONCE GATEWAYS: how they went, as bench/vendors.lua tells.
searches()
{
	GATEWAYS=$2 wrk -t 2 -c "$1" -d "${SECONDS_EACH}s" -s "$top/bench/vendors.lua" http://127.0.0.1:8502/ 2>/dev/null | tail -1
}

# Another gateway, whose mailbox never answers, is searched at the same time, or is not, in turn.
hanging()
{
	local round hung told

	for round in 1 2 3; do
		echo "64 at once: $(searches 64 "$work/gateways")"
		sql "DELETE FROM gatehouse.source_states s WHERE s.open_until IS NOT NULL" # its circuit
		GATEWAYS=$work/hanging wrk -t 2 -c 8 -d "${SECONDS_EACH}s" -s "$top/bench/vendors.lua" http://127.0.0.1:8502/ >"$work/hung" 2>&1 &
		hung=$!
		told=$(searches 64 "$work/gateways")
		wait "$hung"
		echo "  beside one that hangs: $told"
		echo "    and that one: $(tail -1 "$work/hung")"
	done
}

memory()
{
	local pid sum=0

	for pid in $(worker_pids mcp-vendors); do
		sum=$((sum + $(sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' "/proc/$pid/smaps_rollup")))
	done
	echo "$((sum / 1024)) MB PSS, $(sql "SELECT count(*) FROM pg_stat_activity WHERE usename = 'gatehouse_mcp'") Postgres connections"
}

main()
{
	local at_once before told

	trap finish EXIT
	trap 'exit 130' INT TERM
	work=$(mktemp -d) BATS_FILE_TMPDIR=$work/bats BATS_TEST_DIRNAME=$top/t
	chmod 755 "$work"
	mkdir -p "$BATS_FILE_TMPDIR"
	test_stack_start >&2
	STAND=$stand
	source "$top/t/helper.bash"
	vendors_slow
	workers_real
	gateways_made
	SECONDS_EACH=3 searches 64 "$work/gateways" >/dev/null # tokens, connections
	echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $GATEWAYS_MADE gateways, $PROCESSES x $THREADS, vendors take $DELAY ms"
	for at_once in $AT_ONCE; do
		before=$(cpu_of_all)
		told=$(searches "$at_once" "$work/gateways")
		echo "$at_once at once: $told"
		echo "$before $(cpu_of_all) ${told%% *}" | awk '{
			printf "    CPU in ms a search: worker %.2f, Postgres %.2f, nginx %.2f (both)\n", ($4-$1)/$7, ($5-$2)/$7, ($6-$3)/$7 }'
		echo "    $(memory)"
	done
	sleep 61 # Box lets a user search sixty times a minute
	hanging
}

main
