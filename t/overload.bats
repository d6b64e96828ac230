# Too much to do, and what takes too long: a clear answer in time, bounded
# queues, and all is well afterwards.

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
	path=/api/v1/sources/$source/documents
}

teardown()
{
	local pid

	release
	for pid in ${stopped:-}; do
		kill -CONT "$pid" 2>/dev/null || true
	done
	restart_workers
}

all_well()
{
	api GET "$path"
	[ "$status" = 200 ] || return
	mcp keeper tools/call '{"name": "search", "arguments": {"query": "otter"}}'
	[ "$status" = 200 ] && says '.result.structuredContent.results[0].title == "Otter"'
}

# workers_with VARIABLE=VALUE…: both programs, with these settings.
workers_with()
{
	worker_stop api
	worker_stop mcp
	test_worker_start api 1 "$@"
	test_worker_start mcp 1 "$@"
}

# told_to_wait: 503 or 429, in the form of its side, and when to come again.
told_to_wait()
{
	[ "$status" = 503 ] || [ "$status" = 429 ] || {
		echo "answered $status: $body"
		return 1
	}
	grep -qi '^Retry-After: [1-9]' "$headers"
	grep -qi '^Content-Type: application/json' "$headers"
	says '.detail // .error.message | test("busy|[Tt]oo many")'
}

# flood COUNT COMMAND…: so many at once; each leaves its status, headers and body
# in a folder of its own.
flood()
{
	local count=$1 i

	shift
	flood=$BATS_TEST_TMPDIR/flood floods=()
	rm -rf "$flood"
	for ((i = 0; i < count; i++)); do
		mkdir -p "$flood/$i"
		(
			BATS_TEST_TMPDIR=$flood/$i
			"$@" || true
			printf '%s\n' "$status" >"$flood/$i/status"
		) 3>&- &
		floods+=("$!")
	done
}

# answer_in FOLDER: one of them, as $status, $body and $headers.
answer_in()
{
	status=$(cat "$1/status") body=$(cat "$1/answer") headers=$1/headers
}

# flooded STATUS: how many were answered so.
flooded()
{
	cat "$flood"/*/status 2>/dev/null | grep -c "^$1\$" || true
}

at_least()
{
	(("$(flooded "$1")" >= $2))
}

@test "RL-2: a request that the database holds up is answered by its deadline, by the worker" {
	workers_with GATEHOUSE_DEADLINE_MS=500
	hold documents
	api GET "$path"
	[ "$status" = 504 ]
	says '.detail == "This took too long."'
	by_worker
	hold_gateway
	mcp keeper tools/list
	[ "$status" = 504 ]
	says '.error.code == -32603 and .error.message == "This took too long."'
	by_worker
	release_all
	all_well
}

# hold_gateway: also what a gateway reads before anything else.
hold_gateway()
{
	echo 'LOCK TABLE gatehouse.mcp_servers IN ACCESS EXCLUSIVE MODE;' >&"$hold_fd"
	wait_until held mcp_servers
}

release_all()
{
	release
	wait_until not held documents
	wait_until not held mcp_servers
}

@test "RL-2: a search whose source is held up is answered by its deadline, with what there is" {
	workers_with GATEHOUSE_DEADLINE_MS=500
	hold documents
	mcp keeper tools/call '{"name": "search", "arguments": {"query": "otter"}}'
	[ "$status" = 200 ]
	says '.result.structuredContent.sources[0] | .state == "timed_out"'
	by_worker
	release_all
	all_well
}

@test "RL-2: who waits for a connection to the database waits no longer than the deadline" {
	workers_with GATEHOUSE_DEADLINE_MS=500 GATEHOUSE_DATABASE_CONNECTIONS=1
	hold documents
	flood 3 api GET "$path"
	wait "${floods[@]}"
	for answer in "$flood"/*; do
		answer_in "$answer"
		[ "$status" = 504 ] || told_to_wait
		by_worker
	done
	release_all
	all_well
}

@test "RL-2: no deadline that can be set is as long as nginx's patience" {
	run gatehouse config
	[ "$status" = 0 ]
	run env GATEHOUSE_DEADLINE_MS=60000 GATEHOUSE_ENV_FILE="$stand/.env" "$stand/usr/bin/gatehouse" config
	[ "$status" = 0 ]
	run env GATEHOUSE_DEADLINE_MS=60001 GATEHOUSE_ENV_FILE="$stand/.env" "$stand/usr/bin/gatehouse" config
	[ "$status" = 78 ]
	for values in "$stand/nginx/values" "$top/nginx/values.example"; do
		patience=$(sed -n 's/^READ_TIMEOUT=\([0-9]*\)s$/\1/p' "$values")
		((patience >= 70))
	done
}

# flood_side COUNT: of the $side under test.
flood_side()
{
	if [ "$side" = api ]; then
		flood "$1" api GET /api/v1/checks
	else
		flood "$1" mcp keeper tools/list
	fi
}

@test "RL-3: what is more than workers and their queue take is refused at once, the rest is served" {
	worker_stop api
	worker_stop mcp
	most_waiting=4 test_worker_start api 1 GATEHOUSE_DEADLINE_MS=60000
	most_waiting=4 test_worker_start mcp 1 GATEHOUSE_DEADLINE_MS=60000
	all_well
	for side in api mcp; do
		# A process that is stopped takes nothing: what is in the queue stays.
		stopped=$(worker_pids "$side")
		kill -STOP $stopped
		flood_side 40
		# All but those who wait, and none of them after a while.
		wait_until at_least 503 20
		for answer in "$flood"/*; do
			[ -e "$answer/status" ] || continue
			answer_in "$answer"
			told_to_wait
		done
		kill -CONT $stopped
		wait "${floods[@]}"
		(($(flooded 200) >= 4 && $(flooded 200) + $(flooded 503) == 40))
		# A process that runs serves as many as it can; none is lost.
		flood_side 40
		wait "${floods[@]}"
		(($(flooded 200) >= 1 && $(flooded 200) + $(flooded 503) == 40))
		all_well
	done
}

@test "RL-3: what has waited too long for a worker is refused, and what comes then is served" {
	workers_with GATEHOUSE_WAIT_MS=600
	for side in api mcp; do
		stopped=$(worker_pids "$side")
		kill -STOP $stopped
		flood_side 5
		# They have to wait for 600 ms at least; longer does no harm.
		sleep 2
		kill -CONT $stopped
		wait "${floods[@]}"
		for answer in "$flood"/*; do
			answer_in "$answer"
			told_to_wait
			by_worker
		done
		wait_until all_well
	done
}

@test "RL-3: more sign-ins than may be computed or wait are refused at once, the rest is served" {
	workers_with GATEHOUSE_HASHES_AT_ONCE=1
	last=$(sql 'SELECT coalesce(max(id), 0) FROM gatehouse.audit_log')
	flood 30 api POST /api/v1/signin "$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')"
	wait "${floods[@]}"
	for answer in "$flood"/*; do
		answer_in "$answer"
		[ "$status" = 200 ] || told_to_wait
	done
	(($(flooded 200) >= 1 && $(flooded 200) < 30))
	# LA-2: that some were refused is in the audit log, and nothing else is.
	[ "$(sql "SELECT DISTINCT concat_ws(' ', event, outcome, detail ->> 'fault', detail ->> 'of', user_id)
		FROM gatehouse.audit_log WHERE id > $last AND event <> 'signin'")" = 'limit refused TOO_MANY /api/v1/signin' ]
	all_well
}
