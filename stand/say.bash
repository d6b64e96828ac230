# What a person reads, and how long things take.

# say TEXT…: one line on standard output.
say()
{
	printf '%s\n' "$*"
}

# die TEXT…: one line on standard error, and the end.
die()
{
	printf '%s: %s\n' "${program:-stand}" "$*" >&2
	exit 1
}

# Whether a person watches who can be shown a line that changes.
watched()
{
	[ -t 1 ] && [ -z "${CI:-}" ]
}

# during WHAT LOG COMMAND…: runs a command with its output in a log, and shows
# that it goes on: a line that counts seconds, or without a terminal a line now
# and then. Ends with the command's status. The command is a process of its
# own: it cannot change our variables.
during()
{
	local what=$1 log=$2 began=$SECONDS shown=0 status=0 job

	shift 2
	apart "$@" >>"$log" 2>&1 </dev/null
	job=$apart
	while kill -0 "$job" 2>/dev/null; do
		sleep 0.1
		if watched; then
			printf '\r%s … %d s ' "$what" $((SECONDS - began))
		elif ((SECONDS - began >= shown + 15 || (shown == 0 && SECONDS - began >= 2))); then
			shown=$((SECONDS - began + 1))
			say "$what … $((SECONDS - began)) s"
		fi
	done
	watched && printf '\r\033[K'
	wait "$job" || status=$?
	apart=
	return "$status"
}

# reason LOG: the line of a log that most likely says why, for die.
reason()
{
	local line

	line=$(grep -aiE '(^|[^a-z])(error|fatal|panic|no space|cannot|failed|E:)' "$1" 2>/dev/null | grep -avE 'error_page|-Werror' | head -n 1) ||
		line=$(tail -n 1 "$1" 2>/dev/null) || line=
	printf '%s' "${line:0:200}"
}

# wait_for SECONDS COMMAND…: tries a command until it succeeds.
wait_for()
{
	local until=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < until)) || return 1
		sleep 0.05
	done
}
