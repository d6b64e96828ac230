# The worker programs: spawn-fcgi opens the Unix socket, multiwatch forks the
# processes and starts another whenever one ends.

# multiwatch gives a slot up after a few short lives, a clean exit included, so
# it gets a number of them that no crash reaches (WL-2).
retries=2000000000

# Connections that may wait for a request thread. What comes beyond is refused
# at once, so that the last in the line is served before nginx gives up (RL-3).
most_waiting=256

# worker_start NAME PROGRAM PROCESSES [VARIABLE=VALUE…]: its socket is
# run/NAME.sock, for nginx and the workers alone (TV-5).
worker_start()
{
	local name=$1 program_file=$2 processes=$3 who=()

	shift 3
	running "$name" && return
	# A socket that nobody listens on is in the way of a new one.
	rm -f "$run/$name.sock"
	((EUID != 0)) || who=(-u "$worker_user" -g "$(id -gn "$worker_user")")
	daemon "$name" env -i PATH=/usr/bin:/bin LANG=C.UTF-8 GATEHOUSE_ENV_FILE="$stand/.env" "$@" \
		spawn-fcgi -n -s "$run/$name.sock" -M 0660 -b "$most_waiting" "${who[@]}" -- \
		"$(command -v multiwatch)" -f "$processes" -r "$retries" -s TERM -- "$program_file"
	wait_for 10 worker_up "$name" "$processes" || {
		end "$name" TERM 5
		die "the $name workers did not start: $(reason "$stand/log/$name.log")"
	}
}

# worker_pids NAME: its processes.
worker_pids()
{
	children "$(cat "$stand/run/$1.pid")"
}

# Each process has said in the log that it is ready, since the last start.
worker_up()
{
	local pids

	[ -S "$run/$1.sock" ] || return 1
	read -ra pids <<<"$(worker_pids "$1")"
	((${#pids[@]} == $2)) || return 1
	# Its request threads are there once it serves.
	for pid in "${pids[@]}"; do
		(($(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l) >= ${least_threads:-2})) || return 1
	done
}

worker_stop()
{
	end "$1" TERM 20
	rm -f "$run/$1.sock"
}

# worker_renew NAME: one process after the other ends and is replaced, while
# the rest serve (WL-5).
worker_renew()
{
	local name=$1 pid count=0

	for pid in $(worker_pids "$name"); do
		count=$((count + 1))
	done
	for pid in $(worker_pids "$name"); do
		kill -USR1 "$pid"
		wait_for 20 test ! -e "/proc/$pid" || return 1
		wait_for 10 worker_up "$name" "$count" || return 1
	done
}
