# Holding a request in the database for as long as a test wants: a lock on a
# table that it has to read; and cutting what waits there.

# hold TABLE: takes the lock; release lets go.
hold()
{
	holder=$BATS_TEST_TMPDIR/holder
	rm -f "$holder"
	mkfifo "$holder"
	"$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 <"$holder" >/dev/null 2>&1 3>&- &
	exec {hold_fd}>"$holder"
	echo "BEGIN; LOCK TABLE gatehouse.$1 IN ACCESS EXCLUSIVE MODE;" >&"$hold_fd"
	wait_until held "$1"
}

held()
{
	[ -n "$(sql "SELECT 1 FROM pg_locks WHERE relation = 'gatehouse.$1'::regclass AND mode = 'AccessExclusiveLock' AND granted")" ]
}

# waiting COUNT: so many statements wait for a lock.
waiting()
{
	[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename LIKE 'gatehouse_%'")" -ge "$1" ]
}

release()
{
	[ -n "${hold_fd:-}" ] || return 0
	echo 'COMMIT;' >&"$hold_fd"
	exec {hold_fd}>&-
	hold_fd=
}

# behind NAME COMMAND…: runs it in the background; finished NAME waits for it
# and sets $status, $body and $headers to what it came to.
behind()
{
	local name=$1

	shift
	(
		"$@"
		printf '%s\n%s\n' "$status" "$body" >"$BATS_FILE_TMPDIR/$name.done"
		cp "$headers" "$BATS_FILE_TMPDIR/$name.headers"
	) 3>&- &
	behind_pid=$!
}

finished()
{
	wait "$behind_pid"
	status=$(head -n 1 "$BATS_FILE_TMPDIR/$1.done")
	body=$(tail -n +2 "$BATS_FILE_TMPDIR/$1.done")
	headers=$BATS_FILE_TMPDIR/$1.headers
}

# cut_while EVENT FUNCTION: waits until a statement that calls this function of
# the schema waits for EVENT (Lock, SyncRep), and ends its connection; never
# the same one twice.
cut_while()
{
	wait_until stuck "$1" "$2"
	last_cut=$stuck_pid
	sql "SELECT pg_terminate_backend($stuck_pid)" >/dev/null
}

stuck()
{
	stuck_pid=$(sql "SELECT pid FROM pg_stat_activity WHERE '$1' IN (wait_event_type, wait_event)
		AND usename LIKE 'gatehouse_%' AND query LIKE '%$2(%' AND pid <> ${last_cut:-0} LIMIT 1")
	[ -n "$stuck_pid" ]
}
