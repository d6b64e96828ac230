# The quickstart's stack: starting it whole or not at all, and stopping it.

app_port=8080
gateway_ports='8081 8082 8083 8084'
pool=localhost:8081,localhost:8082,localhost:8083,localhost:8084

# Beside the checkout's files, unless the users that Postgres and nginx run as
# cannot get there (a checkout under /root).
choose_folder()
{
	stand=$top/var/quickstart
	if ((EUID == 0)) && ! { reachable "$top"; } 2>/dev/null; then
		stand=/var/lib/gatehouse-quickstart-$(printf '%s' "$top" | sha256sum | cut -c1-8)
		[ "${1:-}" = quiet ] || say "The checkout is closed to other users, so state is kept in $stand."
	fi
}

# One quickstart at a time works on the folder.
lock_folder()
{
	exec 9>"$stand/lock"
	flock -n 9 || die "another quickstart is at work in $stand"
}

# A port that someone else has is told before anything is started.
check_ports()
{
	local port who

	running nginx && return
	for port in $app_port $gateway_ports; do
		listening "$port" || continue
		who=$(ss -Hltnp "sport = :$port" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/ by \1 (process \2)/p' | head -n 1)
		die "port $port is in use${who:-}: end that first"
	done
}

started=()

# Ends what this run started, newest first.
undo()
{
	local i

	for ((i = ${#started[@]} - 1; i >= 0; i--)); do
		stop_piece "${started[i]}" || true
	done
	started=()
}

stop_piece()
{
	case $1 in
	nginx) web_stop ;;
	cluster) cluster_stop ;;
	*) worker_stop "$1" ;;
	esac
}

start_cluster()
{
	cluster_create
	cluster_running && return
	started+=(cluster)
	cluster_start
}

# What a worker process is made from; when that changes it is started anew.
workers_sum()
{
	cat "$stand/.env" "$stand"/usr/libexec/gatehouse/*.fcgi | sha256sum
}

start_workers()
{
	local sum name

	sum=$(workers_sum)
	if [ "$(cat "$stand/workers.sum" 2>/dev/null)" != "$sum" ]; then
		worker_stop api
		worker_stop mcp
		echo "$sum" >"$stand/workers.sum"
	fi
	for name in api mcp; do
		running "$name" && continue
		started+=("$name")
		worker_start "$name" "$stand/usr/libexec/gatehouse/gatehouse-$name.fcgi" \
			"$(setting "GATEHOUSE_${name^^}_PROCESSES")"
	done
}

start_web()
{
	web_configure
	running nginx || started+=(nginx)
	web_start
}

# Postgres, the schema, keys and settings, workers, nginx.
start_all()
{
	find_postgres
	start_cluster
	during "Deploying the schema" "$stand/log/quickstart.log" schema_deploy ||
		die "$(tail -n 1 "$stand/log/quickstart.log" | sed 's/^quickstart: //')"
	make_keys
	make_settings
	start_workers
	start_web
}

stop_all()
{
	web_stop
	worker_stop api
	worker_stop mcp
	cluster_stop
}
