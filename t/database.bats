# The database goes away, comes back, refuses: 503 and never worse.

load helper
load hold

setup_file()
{
	gateway keeper
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter", "text": "The otter floats."}'
}

setup()
{
	as keeper
	on keeper
}

teardown()
{
	release
	thaw
	swallower_end
	black_hole_end
	cluster_start
	sql "ALTER ROLE gatehouse_api CONNECTION LIMIT -1; ALTER ROLE gatehouse_mcp CONNECTION LIMIT -1"
	sql "ALTER SYSTEM RESET default_transaction_read_only"
	sql "SELECT pg_reload_conf()" >/dev/null
	wait_until all_well
}

# Ends every connection that the workers have.
cut()
{
	sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename IN ('gatehouse_api', 'gatehouse_mcp')" >/dev/null
}

all_well()
{
	api GET /api/v1/checks
	[ "$status" = 200 ] || return
	api GET /api/v1/me
	[ "$status" = 200 ] || return
	mcp keeper tools/list
	[ "$status" = 200 ]
}

# refused_for_now: 503 with the time to try again, in under two seconds.
refused_for_now()
{
	local took=$((SECONDS - began))

	[ "$status" = 503 ] && [ "$(tr -d '\r' <"$headers" | sed -n 's/^Retry-After: //Ip')" -ge 1 ] && ((took <= 3)) && return
	echo "answered $status after $took s: $(cat "$headers") $body"
	return 1
}

# everything_refuses: REST, MCP and sign-in alike.
everything_refuses()
{
	for path in /api/v1/me /api/v1/sources /api/v1/mcp-servers; do
		began=$SECONDS
		api GET "$path"
		refused_for_now
		says '.detail == "The gateway cannot reach its database: try again soon."'
	done
	began=$SECONDS
	api POST /api/v1/signin "{\"email\": \"$user_email\", \"password\": \"$user_password\"}"
	refused_for_now
	began=$SECONDS
	api POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	refused_for_now
	for method in tools/list server/discover; do
		began=$SECONDS
		mcp keeper "$method"
		refused_for_now
		says '.error.code == -32603'
	done
	began=$SECONDS
	mcp keeper tools/call '{"name": "search", "arguments": {"query": "otter"}}'
	refused_for_now
}

@test "DB-5: without a database all is refused with 503, and checks says why" {
	cluster_stop immediate
	everything_refuses
	began=$SECONDS
	api GET /api/v1/checks
	refused_for_now
	says '.status == "unhealthy" and .database == "unreachable"'
	# Not even a token that was good a moment ago is believed.
	gateway_token=ght_nonsense
	cluster_start
	wait_for 5 all_well
}

@test "DB-5: a database that was restarted is found again by each worker" {
	cluster_stop fast
	cluster_start
	for ((i = 0; i < 20; i++)); do
		wait_for 5 all_well
	done
}

@test "DB-3: a lost connection is opened anew, and the reader notices nothing" {
	for ((i = 0; i < 5; i++)); do
		all_well
		cut
		api GET /api/v1/sources
		[ "$status" = 200 ]
		cut
		mcp keeper tools/call '{"name": "search", "arguments": {"query": "otter"}}'
		[ "$status" = 200 ]
		says '.result.structuredContent.results[0].title == "Otter"'
	done
}

@test "DB-4: a creation whose connection was lost is made once" {
	before=$(sql "SELECT count(*) FROM gatehouse.sources WHERE user_id = '$user_id'")
	made=0
	for ((i = 0; i < 10; i++)); do
		cut
		api POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
		[ "$status" = 201 ] || [ "$status" = 503 ]
		[ "$status" = 503 ] || made=$((made + 1))
	done
	[ "$(sql "SELECT count(*) FROM gatehouse.sources WHERE user_id = '$user_id'")" = $((before + made)) ]
}

@test "DB-3: a database that has become read-only answers reads, and 503 to writes" {
	sql "ALTER SYSTEM SET default_transaction_read_only = on"
	sql "SELECT pg_reload_conf()" >/dev/null
	cut
	began=$SECONDS
	wait_until writes_refused
	refused_for_now
}

writes_refused()
{
	began=$SECONDS
	api POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	[ "$status" != 201 ]
}

@test "DB-3: where no connection is free, it is 503, and better as soon as one is" {
	sql "ALTER ROLE gatehouse_api CONNECTION LIMIT 0; ALTER ROLE gatehouse_mcp CONNECTION LIMIT 0"
	cut
	everything_refuses
	sql "ALTER ROLE gatehouse_api CONNECTION LIMIT -1; ALTER ROLE gatehouse_mcp CONNECTION LIMIT -1"
	wait_for 5 all_well
}

@test "DB-2: a statement that waits too long is ended, and is no 500" {
	hold documents
	api GET "/api/v1/sources/$source/documents"
	[ "$status" = 503 ] || [ "$status" = 504 ]
	release
	wait_until all_well
}

# ---- a server that swallows packets ----

# What listens as Postgres would, and never says a word.
swallower_start()
{
	swallower=$BATS_TEST_TMPDIR/swallows
	chmod 0711 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
	mkdir -m 0755 "$swallower"
	spawn-fcgi -n -s "$swallower/.s.PGSQL.5432" -M 0666 -- /bin/sleep 600 >/dev/null 3>&- &
	swallower_pid=$!
	wait_until as_user "$worker_user" test -w "$swallower/.s.PGSQL.5432"
}

swallower_end()
{
	[ -n "${swallower_pid:-}" ] || return 0
	kill "$swallower_pid"
	swallower_pid=
	restart_workers
}

# Postgres stands still, in the middle of whatever it does.
freeze()
{
	frozen=$(head -n 1 "$stand/data/postmaster.pid")
	frozen="$frozen $(children "$frozen")"
	# shellcheck disable=SC2086 # a list of numbers
	kill -STOP $frozen
}

thaw()
{
	# shellcheck disable=SC2086 # a list of numbers
	[ -z "${frozen:-}" ] || kill -CONT $frozen
	frozen=
}

doubts()
{
	log_lines 'select(.event == "start" and .doubt == "the database does not answer, its role is unchecked")' | wc -l
}

# One process of the api program, two of the mcp program.
told_three_times()
{
	[ "$(doubts)" = $((before + 3)) ]
}

@test "DB-2: a server that swallows packets is a 503 in time, and told at the start" {
	swallower_start
	worker_stop api
	worker_stop mcp
	before=$(doubts)
	test_worker_start api 1 GATEHOUSE_API_DATABASE_URL="postgresql:///gatehouse?host=$swallower&port=5432&user=gatehouse_api"
	test_worker_start mcp 2 GATEHOUSE_MCP_DATABASE_URL="postgresql:///gatehouse?host=$swallower&port=5432&user=gatehouse_mcp"
	wait_until told_three_times
	everything_refuses
	began=$SECONDS
	api GET /api/v1/checks
	refused_for_now
	says '.database == "unreachable"'
}

@test "DB-2: a server that falls silent in the middle is given up at the deadline, and found again" {
	all_well
	freeze
	began=$SECONDS
	api GET /api/v1/sources
	[ "$status" = 503 ] || [ "$status" = 504 ]
	mcp keeper tools/list
	[ "$status" = 503 ] || [ "$status" = 504 ]
	# Each has 8 s, and a little.
	((SECONDS - began <= 20))
	thaw
	wait_for 5 all_well
}

# ---- several hosts ----

# Who connects to port 8571 waits for ever, as if its packets were lost: its
# queue is full of the one connection that sees whether it listens.
black_hole_start()
{
	spawn-fcgi -n -a 127.0.0.1 -p 8571 -b 0 -- /bin/sleep 600 >/dev/null 3>&- &
	hole_pid=$!
	wait_until listening 8571
}

black_hole_end()
{
	[ -n "${hole_pid:-}" ] || return 0
	kill "$hole_pid"
	hole_pid=
	restart_workers
}

# workers_at HOST,HOST… PORT,PORT…: both programs, with these hosts.
workers_at()
{
	local at="postgresql:///gatehouse?host=$1&port=$2&user=gatehouse_"

	worker_stop api
	worker_stop mcp
	test_worker_start api 1 GATEHOUSE_API_DATABASE_URL="${at}api"
	test_worker_start mcp 2 GATEHOUSE_MCP_DATABASE_URL="${at}mcp"
}

@test "DB-2: of several hosts, one that swallows packets leaves time for the next" {
	black_hole_start
	before=$(doubts)
	workers_at "127.0.0.1,$run/db" 8571,5432
	# By none of them in vain, at the start or for a request.
	for ((i = 0; i < 4; i++)); do
		all_well
		cut
	done
	mcp keeper tools/call '{"name": "search", "arguments": {"query": "otter"}}'
	says '.result.structuredContent.results[0].title == "Otter"'
	[ "$(doubts)" = "$before" ]
}

unproved()
{
	[ "$(log_lines 'select(.event == "start" and .level == "warning") | .doubt' | grep -c 'database at 192.0.2.1 need not prove .* sslmode=verify-full')" = 3 ]
}

@test "DB-2: of several hosts that all are silent or away, each worker says so in time, and that one proves nothing" {
	black_hole_start
	before=$(doubts)
	workers_at 192.0.2.1,127.0.0.1 5432,8571
	wait_until told_three_times
	unproved
	for path in /api/v1/me /api/v1/sources; do
		api GET "$path"
		[ "$status" = 503 ]
		grep -qi '^Retry-After: [1-9]' "$headers"
		by_worker
	done
	mcp keeper tools/list
	[ "$status" = 503 ]
	by_worker
}

# ---- coming back ----

# One after another, as fast as it goes, until told to stop.
keep_asking()
{
	while [ -e "$BATS_TEST_TMPDIR/asking" ]; do
		curl -s -o "$BATS_TEST_TMPDIR/asked$1" --max-time 30 "$app_url/api/v1/checks" "$app_url/api/v1/checks" "$app_url/api/v1/checks" || true
	done
}

@test "DB-6: a database that is restarted under load is not run over when it comes back" {
	sql "ALTER SYSTEM SET log_connections = on"
	sql "SELECT pg_reload_conf()" >/dev/null
	touch "$BATS_TEST_TMPDIR/asking"
	for ((i = 0; i < 12; i++)); do
		keep_asking "$i" >/dev/null 3>&- &
	done
	cluster_stop immediate
	said=$(wc -l <"$stand/log/postgres.log")
	cluster_start
	wait_for 5 all_well
	rm "$BATS_TEST_TMPDIR/asking"
	wait
	sql "ALTER SYSTEM RESET log_connections"
	sql "SELECT pg_reload_conf()" >/dev/null
	tail -n +$((said + 1)) "$stand/log/postgres.log" >"$BATS_TEST_TMPDIR/said"
	# Hundreds asked; each process came with its few connections, and while
	# the server was starting, now and then.
	[ "$(grep -c 'authorized: user=gatehouse_api' "$BATS_TEST_TMPDIR/said")" -ge 1 ]
	[ "$(grep -c 'authorized: user=gatehouse_api' "$BATS_TEST_TMPDIR/said")" -le 8 ]
	[ "$(grep -c 'starting up\|not yet accepting' "$BATS_TEST_TMPDIR/said")" -le 40 ]
	[ "$(grep -c 'too many\|remaining connection slots' "$BATS_TEST_TMPDIR/said")" = 0 ]
}

@test "DB-6: many requests at once share the few connections of each process" {
	for ((i = 0; i < 60; i++)); do
		api GET /api/v1/sources &
		mcp keeper tools/list &
	done 3>&-
	wait
	[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE usename = 'gatehouse_api'")" -le 4 ]
	# Two processes of the mcp program, one of its twin with fixtures.
	[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE usename = 'gatehouse_mcp'")" -le 12 ]
}

@test "DB-1: text of any kind is kept as it came" {
	for text in "'; DROP TABLE gatehouse.users; --" "\\' OR 1=1" '$1 $$ %s %n' "E'\\\\x'" $'tab\tline\nend' '€ 𝄞 ‮ א' '{"a":1}' 'NULL' '\N'; do
		api POST "/api/v1/sources/$source/documents" "$(jq -cn --arg text "$text" '{title: $text, text: $text}')"
		[ "$status" = 201 ]
		id=$(jq -r .id <<<"$body")
		api GET "/api/v1/sources/$source/documents/$id"
		wanted=$(jq -cn --arg text "$text" '$text')
		says ".title == $wanted and .text == $wanted"
	done
}
