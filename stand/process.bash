# Starting what outlives us, and ending exactly that.

# daemon NAME COMMAND…: starts a command that stays in the foreground, apart
# from our terminal and descriptors; its output goes to log/NAME.log, its
# process id to run/NAME.pid.
daemon()
{
	local name=$1 log=$stand/log/$1.log

	shift
	(
		exec 0</dev/null >>"$log" 2>&1
		# bats waits for whoever holds one of its descriptors.
		exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
		exec setsid "$@"
	) &
	echo $! >"$stand/run/$name.pid"
	disown
}

# running NAME: whether what daemon started is still that process. A pid may
# belong to someone else by now, so its command line has to name our folder.
running()
{
	local pid

	pid=$(cat "$stand/run/$1.pid" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] || return 1
	tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$stand/"
}

# end NAME SIGNAL SECONDS: asks it to end, and insists when it does not.
end()
{
	local name=$1 pid

	if running "$name"; then
		pid=$(cat "$stand/run/$name.pid")
		kill "-$2" "$pid" 2>/dev/null || true
		wait_for "$3" not running "$name" || kill -KILL "$pid" 2>/dev/null || true
		wait_for 5 not running "$name" || true
	fi
	rm -f "$stand/run/$name.pid"
}

# apart COMMAND…: in the background, in a process group of its own; sets $apart.
# end_apart ends it with all that it has started, such as the compilers of make.
apart=
apart()
{
	set -m
	"$@" &
	apart=$!
	set +m
}

end_apart()
{
	[ -z "$apart" ] || kill -TERM -- "-$apart" 2>/dev/null || true
	apart=
}

not()
{
	! "$@"
}

# children PID: the processes it started.
children()
{
	cat "/proc/$1/task/$1/children" 2>/dev/null
}
