#!/bin/bash
# Measures what ten times as much as can be done looks like (RL-3): how long
# those take that are accepted, how many are refused, and how long that takes.
# Run by hand, on an idle machine. Brings up a whole stack as the tests do
# (t/stack.bash), so without nginx's rates: they would refuse most of it before.
#
# What can be done is measured first, at few connections. Then the same is asked
# ten times as often. The figures are nginx's own, from its log: what a client
# waits before nginx reads its request is not in them, so wrk's slowest answer,
# of whichever kind, stands beside them.
#
#   BUILD=folder bench/overload.sh
# How (with defaults): DOCUMENTS=/usr/share/doc SECONDS_EACH=10 TIMES=10 PAUSE=500
set -euo pipefail

top=$(dirname "$(dirname "$(readlink -f "$0")")")
program=bench
source "$top/stand/all.bash"
source "$top/t/stack.bash"
more_settings='GATEHOUSE_TOOL_RATE=1000000'
: "${BUILD:?name a build}" "${DOCUMENTS:=/usr/share/doc}" "${SECONDS_EACH:=10}" "${TIMES:=10}" "${PAUSE:=500}"

finish()
{
	[ -z "${work:-}" ] || rm -rf "$work"
	test_stack_stop
}

# load CONNECTIONS PAUSE: asks what $work/request says, for a while; then
# $work/log has nginx's lines of it, and $slowest is what wrk waited at most.
load()
{
	local size

	size=$(stat -c %s "$stand/log/access.log")
	REQUEST=$work/request PAUSE=$2 wrk -t 2 -c "$1" -d "${SECONDS_EACH}s" --timeout 60s -s "$top/bench/overload.lua" "$url" >"$work/wrk"
	slowest=$(awk '$1 == "Latency" { print $4 }' "$work/wrk")
	tail -c "+$((size + 1))" "$stand/log/access.log" | jq -r 'select(.status != 499) | "\(.status) \(.seconds)"' >"$work/log"
}

# times STATUS-PATTERN: "count p50 p99 most", in milliseconds.
times()
{
	awk -v wanted="^($1)\$" '$1 ~ wanted { print $2 * 1000 }' "$work/log" | sort -n | awk '{ all[NR] = $1 }
		END { if (NR) print NR, all[int((NR + 1) / 2)], all[int(NR * 0.99 + 0.5)], all[NR]; else print "0 - - -" }'
}

# measure NAME FEW HELD: what can be done at so few connections, and ten times
# that. Each connection pauses between an answer and its next request; HELD more
# make up for those whose requests are being done or wait.
measure()
{
	local name=$1 rate many count p50 p99 most refused refused_p99 refused_most others

	load "$2" 0
	read -r count p50 p99 most <<<"$(times 200)"
	rate=$(awk -v n="$count" -v s="$SECONDS_EACH" 'BEGIN { printf "%.1f", n / s }')
	echo "| $name: what can be done | $rate/s | $rate/s | $p50 ms | $p99 ms | $most ms | $(($(wc -l <"$work/log") - count)) | | | $slowest |"
	many=$(awk -v held="$3" -v rate="$rate" -v times="$TIMES" -v pause="$PAUSE" 'BEGIN { printf "%d", held + rate * times * pause / 1000 }')
	load "$many" "$PAUSE"
	read -r count p50 p99 most <<<"$(times 200)"
	read -r refused _ refused_p99 refused_most <<<"$(times '503|429')"
	others=$(($(wc -l <"$work/log") - count - refused))
	echo "| $name: $TIMES times that | $(($(wc -l <"$work/log") / SECONDS_EACH))/s | $((count / SECONDS_EACH))/s | $p50 ms | $p99 ms | $most ms |" \
		"$refused | $refused_p99 ms | $refused_most ms | $slowest |"
	((others == 0)) || echo "beside these, $others were answered neither 200 nor 503 nor 429: $(cut -d' ' -f1 "$work/log" | sort | uniq -c | xargs)"
}

request_of_search()
{
	url=http://127.0.0.1:${gateway_host##*:}/
	cat >"$work/request" <<-END
		POST /
		Host: $gateway_host
		Authorization: Bearer $gateway_token
		Content-Type: application/json
		Accept: application/json
		MCP-Protocol-Version: 2025-06-18

		{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"copyright license"}}}
	END
}

request_of_sign_in()
{
	url=http://127.0.0.1:$app_port/
	cat >"$work/request" <<-END
		POST /api/v1/signin
		Host: localhost
		Content-Type: application/json

		$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')
	END
}

main()
{
	trap finish EXIT
	trap 'exit 130' INT TERM
	work=$(mktemp -d) BATS_FILE_TMPDIR=$work/bats BATS_TEST_DIRNAME=$top/t
	mkdir -p "$BATS_FILE_TMPDIR"
	test_stack_start >&2
	STAND=$stand
	source "$top/t/helper.bash"
	gateway bench
	gatehouse ingest --quiet --user "$user_email" --source "$source" "$DOCUMENTS" >&2
	echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $(sql "SELECT count(*) FROM gatehouse.documents") documents, ${SECONDS_EACH} s each"
	echo
	echo "| | asked | answered | p50 | p99 | most | refused | p99 | most | wrk's slowest |"
	echo "|---|---|---|---|---|---|---|---|---|---|"
	request_of_search
	measure search 16 420
	request_of_sign_in
	measure "sign-in" 4 10
}

main
