# Worker processes: crashes, stopping, reloading, their supervisor.

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
	start_test_workers
}

teardown()
{
	release
	keys_as_before
	start_test_workers
}

documents_path()
{
	echo "/api/v1/sources/$source/documents"
}

gone()
{
	[ ! -e "/proc/$1" ]
}

api_answers()
{
	api GET /api/v1/checks
	[ "$status" = 200 ]
}

mcp_answers()
{
	mcp keeper tools/list
	[ "$status" = 200 ]
}

@test "WL-2: after 100 crashes in a row the service answers at once" {
	for ((i = 0; i < 100; i++)); do
		pid=$(worker_pids api)
		kill -ABRT $pid
		wait_until gone "${pid%% *}"
		wait_until test -n "$(worker_pids api)"
	done
	wait_for 1 api_answers
	# The slot is still there, and it is one.
	wait_until worker_up api 1
}

@test "WL-4: a request in flight is answered when the api worker is told to stop" {
	for signal in TERM USR1; do
		pid=$(worker_pids api)
		hold documents
		behind slow api GET "$(documents_path)"
		wait_until waiting 1
		kill "-$signal" $pid
		release
		finished slow
		[ "$status" = 200 ]
		says '.[0].title == "Otter"'
		wait_until gone ${pid% }
		wait_until api_answers
	done
}

@test "WL-4: a search in flight is answered when the mcp workers are told to stop" {
	for signal in TERM USR1; do
		read -ra pids <<<"$(worker_pids mcp)"
		hold documents
		behind search mcp keeper tools/call '{"name": "search", "arguments": {"query": "otter"}}'
		wait_until waiting 1
		kill "-$signal" "${pids[@]}"
		release
		finished search
		[ "$status" = 200 ]
		says '.result.structuredContent.results[0].title == "Otter"'
		for pid in "${pids[@]}"; do
			wait_until gone "$pid"
		done
		wait_until mcp_answers
	done
}

@test "WL-5: while the workers are renewed one by one, every request is answered" {
	go=$BATS_TEST_TMPDIR/go
	touch "$go"
	(
		while [ -e "$go" ]; do
			mcp keeper tools/list
			echo "$status"
		done >"$BATS_TEST_TMPDIR/statuses"
	) 3>&- &
	asker=$!
	worker_renew mcp
	worker_renew mcp
	rm "$go"
	wait "$asker"
	sort "$BATS_TEST_TMPDIR/statuses" | uniq -c
	[ "$(sort -u "$BATS_TEST_TMPDIR/statuses")" = 200 ]
}

# session_keys NEWEST [PREVIOUS]: in the settings, and then in the api workers,
# which are renewed one by one.
session_keys()
{
	[ -e "$BATS_TEST_TMPDIR/settings" ] || cp "$stand/.env" "$BATS_TEST_TMPDIR/settings"
	{
		sed "s|^JWT_SECRET=.*|JWT_SECRET='$1'|" "$BATS_TEST_TMPDIR/settings"
		[ -z "${2:-}" ] || echo "GATEHOUSE_JWT_SECRET_PREVIOUS='$2'"
	} | file_for "$worker_user" "$stand/.env"
	worker_renew api
}

keys_as_before()
{
	[ -e "$BATS_TEST_TMPDIR/settings" ] || return 0
	file_for "$worker_user" "$stand/.env" <"$BATS_TEST_TMPDIR/settings"
	worker_stop api
}

# sign_in_again: another session of the account in use, into $session.
sign_in_again()
{
	current_user='' api POST /api/v1/signin \
		"$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')"
	session=$(jq -r .access_token <<<"$body")
}

me_by()
{
	current_user='' api GET /api/v1/me '' -H "Authorization: Bearer $1"
}

# load NAME COMMAND…: does it again and again while the file $go is there, and
# notes each $status; the process id is added to $askers.
load()
{
	local name=$1

	shift
	(
		BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR/$name
		mkdir "$BATS_TEST_TMPDIR"
		while [ -e "$go" ]; do
			"$@"
		done >"$BATS_TEST_TMPDIR/statuses"
	) 3>&- &
	askers+=("$!")
}

asks_by()
{
	me_by "$1"
	echo "$status"
}

# A POST that meets the very end of its worker is a 502, since nginx sends none
# a second time; its client does.
signs_in_and_asks()
{
	sign_in_again
	[ "$status" != 502 ] || sign_in_again
	echo "$status"
	asks_by "$session"
}

@test "JW-7: the session key is replaced under load in two workers, and nobody is signed out" {
	old=$(cat "$stand/keys/jwt")
	new=$(head -c 48 /dev/urandom | base64 -w 0)
	echo "$new" >>"$stand/secrets"
	worker_stop api
	test_worker_start api 2
	sign_in_again
	first=$session
	go=$BATS_TEST_TMPDIR/go askers=()
	touch "$go"
	load early asks_by "$first"
	load late signs_in_and_asks
	session_keys "$old" "$new" # all know the new key before one signs with it
	session_keys "$new" "$old"
	sign_in_again
	second=$session
	rm "$go"
	wait "${askers[@]}"
	for name in early late; do
		sort "$BATS_TEST_TMPDIR/$name/statuses" | uniq -c
		[ "$(sort -u "$BATS_TEST_TMPDIR/$name/statuses")" = 200 ]
	done
	me_by "$first"
	[ "$status" = 200 ]
	# The old key goes, and what it signed goes with it.
	session_keys "$new"
	me_by "$first"
	[ "$status" = 401 ]
	me_by "$second"
	[ "$status" = 200 ]
}

@test "WL-6: workers end with their supervisor, and a new pool takes the socket over" {
	supervisor=$(cat "$stand/run/mcp.pid")
	read -ra pids <<<"$(worker_pids mcp)"
	kill -KILL "$supervisor"
	for pid in "${pids[@]}"; do
		wait_until gone "$pid"
	done
	start_test_workers
	mcp_answers
	read -ra pids <<<"$(worker_pids mcp)"
	[ "${#pids[@]}" = 2 ]
}

# waiting_thread PID: the thread that waits for the database: in poll with a time
# limit, where one that waits for a request has none.
waiting_thread()
{
	local task

	for task in /proc/${1% }/task/*; do
		grep -qE '^(7|73|271) ' "$task/syscall" && ! grep -qiE '^[0-9]+ 0x[0-9a-f]+ 0x[0-9a-f]+ 0x(f{8}|f{16}) ' "$task/syscall" &&
			echo "${1% } ${task##*/}" && return
	done
}

# crash_thread "PID TID": as a bug in that very thread would.
crash_thread()
{
	perl -e 'my %number = ("x86_64", 234, "aarch64", 131); my $m = `uname -m`; chomp $m;
		syscall($number{$m}, $ARGV[0] + 0, $ARGV[1] + 0, 11) == 0 or die' $1
}

@test "WL-7: the request that a worker died of is named in the log" {
	hold documents
	behind slow api GET "$(documents_path)"
	wait_until waiting 1
	crash_thread "$(waiting_thread "$(worker_pids api)")"
	finished slow
	[ "$status" = 502 ]
	release
	grep -a '"event":"crash"' "$stand/log/api.log" | tail -n 1 | grep -Eq '[0-9a-f]{32}'
	wait_until api_answers
}

# environment_of PID: one of the files that a process keeps from others of its
# own user when it is not dumpable.
environment_of()
{
	as_user "$worker_user" cat "/proc/$1/environ" >/dev/null 2>&1
}

@test "SE-6: a worker leaves no core, and its own user cannot look into its memory" {
	environment_of self
	for pid in $(worker_pids api) $(worker_pids mcp); do
		grep -Eq '^Max core file size +0 +0 ' "/proc/$pid/limits"
		# The leak check of a sanitizer attaches to its own process.
		grep -q 'define GATEHOUSE_SANITIZED' "$build/config.h" || not environment_of "$pid"
	done
}

@test "I6: a worker killed hard loses its own requests alone" {
	read -ra pids <<<"$(worker_pids mcp)"
	kill -KILL "${pids[0]}"
	wait_until mcp_answers
	wait_until worker_up mcp 2
}
