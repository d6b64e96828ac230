#!/bin/bash
# Memory of all workers and their supervisors: PSS, so that what processes share
# is counted once. Run by hand, as root or as the workers' user, on an idle
# stack. Arguments: the pids of the supervisors (multiwatch); without any, every
# process whose program is gatehouse-*.fcgi, and its supervisor.
set -euo pipefail

pss() { awk '/^Pss:/ { print $2 }' "/proc/$1/smaps_rollup"; }
name() { tr '\0' ' ' <"/proc/$1/cmdline" | cut -c1-60; }
family() { # a process and all below it
	echo "$1"
	for child in $(pgrep -P "$1"); do
		family "$child"
	done
}

if [ $# -gt 0 ]; then
	pids=$(for root in "$@"; do family "$root"; done)
else
	workers=$(pgrep -f 'gatehouse-(api|mcp)\.fcgi' || true)
	supervisors=$(for pid in $workers; do ps -o ppid= -p "$pid"; done)
	pids=$(printf '%s\n' $workers $supervisors | awk '$1 > 1' | sort -un)
fi
[ -n "$pids" ] || { echo "no workers are running" >&2; exit 1; }

total=0
for pid in $pids; do
	[ "$pid" != $$ ] && [ -r "/proc/$pid/smaps_rollup" ] || continue
	size=$(pss "$pid")
	total=$((total + size))
	printf '%8d kB  %6d  %s\n' "$size" "$pid" "$(name "$pid")"
done
printf '%8d kB  all\n' "$total"
