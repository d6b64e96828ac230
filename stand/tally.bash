# Counting what tests say, in TAP or in the summary of make check.

passed=0
failed=0
failures=()

# part NAME LOG COMMAND…: runs a part with its output in build/log/LOG.log, and
# counts what that says.
part()
{
	local name=$1 log=$logs/$2.log began=$SECONDS good bad status=0

	shift 2
	: >"$log"
	during "Testing: $name" "$log" "$@" || status=$?
	good=$(count_passed "$log")
	bad=$(count_failed "$log")
	if ((bad == 0 && (status != 0 || good == 0))); then
		bad=1
		failures+=("$name: ended with status $status: $(reason "$log")")
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
	mapfile -t -O "${#failures[@]}" failures < <(failed_tests "$log" | sed "s/^/$name: /")
	say "$name: $good passed, $bad failed, $((SECONDS - began)) s"
}

# Numbers, one a line, as their sum.
add_up()
{
	awk '{ sum += $1 } END { print sum + 0 }'
}

# make check counts itself ("# PASS:  12"); all else is TAP.
count_passed()
{
	if grep -q '^# TOTAL:' "$1"; then
		sed -nE 's/^# (PASS|XFAIL): *([0-9]+)$/\2/p' "$1" | tail -n 2 | add_up
	else
		grep -cE '^ok( |$)' "$1" || true
	fi
}

count_failed()
{
	if grep -q '^# TOTAL:' "$1"; then
		sed -nE 's/^# (FAIL|XPASS|ERROR): *([0-9]+)$/\2/p' "$1" | tail -n 3 | add_up
	else
		grep -cE '^not ok( |$)' "$1" || true
	fi
}

failed_tests()
{
	grep -aE '^(not ok|FAIL:|ERROR:) ' "$1" | head -n 50 || true
}

# The parts again, the failures by name, and the sum alone on the last line.
summary()
{
	local line

	if ((${#failures[@]} > 0)); then
		say
		say 'Failed:'
		for line in "${failures[@]}"; do
			say "  $line"
		done
		say "The logs are in $logs/."
	fi
	say "$passed passed, $failed failed"
	((failed == 0))
}
