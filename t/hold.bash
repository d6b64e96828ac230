# Holding a request in the database for as long as a test wants: a lock on a
# table that it has to read.

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
