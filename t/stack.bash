# The stack of the tests, from the same parts as the quickstart's.
#
# Ports on loopback: app 8500, gateway domains 8510 to 8526 in the order of the
# pool, 8501 for two more that differ by name, 8502 for those that ask vendors, 8540 to 8552 for the vendors'
# stand-ins, 8570 to 8599 for what a suite brings up itself.

app_port=8500
names_port=8501
gateway_ports=$(seq -s ' ' 8510 8526)
gateway_names='one.gateway.test two.gateway.test'
# shellcheck disable=SC2086 # a list of numbers
pool=$(printf 'localhost:%s,' $gateway_ports)one.gateway.test:$names_port,two.gateway.test:$names_port
gateway_ports="$gateway_ports $names_port"

# Nothing has to survive a power cut, tests are quick clients, and on a machine
# that does much else a request may wait for a while.
cluster_fsync=off
sign_rate=1000r/s sign_burst=5000 sign_connections=500
oauth_rate=5000r/s oauth_burst=20000
token_rate=5000r/s token_burst=20000 token_connections=1000
more_settings='GATEHOUSE_DOMAIN_REST_HOURS=0
GATEHOUSE_TOOL_RATE=1000000
GATEHOUSE_WAIT_MS=60000'

# The tests' own worker programs, where the build has them.
test_programs='mcp-test dump api-vendors mcp-vendors'

source "$top/t/vendors.bash"

# Where the stand-ins of a suite will listen: known before they do.
vendors_of_stand()
{
	vendors_folder=$stand/vendors
	vendors_addresses
}

# The folder of a test program in the build.
folder_of()
{
	[[ $1 == *-vendors ]] && echo t/vendors || echo t/fixtures
}

# test_worker_start NAME PROCESSES [VARIABLE=VALUE…]
test_worker_start()
{
	local name=$1 processes=$2 program_file=$stand/usr/libexec/gatehouse/gatehouse-$1.fcgi

	shift 2
	[ -x "$program_file" ] || return 0
	worker_start "$name" "$program_file" "$processes" "${worker_environment[@]}" "$@"
}

start_test_workers()
{
	test_worker_start api 1
	test_worker_start mcp 2
	test_worker_start mcp-test 1
	vendors_of_stand
	test_worker_start api-vendors 1 "${vendors_environment[@]}"
	test_worker_start mcp-vendors 1 "${vendors_environment[@]}"
	least_threads=1 test_worker_start dump 2 DUMP="$stand/temp/dump"
}

# Sanitizers tell what they find in the worker's log, and end it.
worker_environment=(ASAN_OPTIONS="detect_leaks=0:abort_on_error=0" UBSAN_OPTIONS="print_stacktrace=1")

# fill_template FILE NAME=VALUE…: t/fixtures/FILE.conf.in becomes part of the
# test nginx. One with a name that nobody gave a value stays out.
fill_template()
{
	local file=$1 text pair values=()

	shift
	mapfile -t values <"$stand/nginx/values"
	text=$(cat "$top/t/fixtures/$file.conf.in")
	for pair in "$@" "CONF=$stand/nginx" "APP_PORT=$app_port" "${values[@]}"; do
		text=${text//"@${pair%%=*}@"/"${pair#*=}"}
	done
	if [[ $text =~ @[A-Z_]+@ ]]; then
		rm -f "$stand/nginx/more/$file.conf"
		return 1
	fi
	printf '%s\n' "$text" >"$stand/nginx/more/$file.conf"
}

# The templates that say all themselves.
fill_templates()
{
	local file

	for file in "$top"/t/fixtures/*.conf.in; do
		[ ! -e "$file" ] || fill_template "$(basename "$file" .conf.in)" || true
	done
}

install_test_programs()
{
	local name program_file

	# One at a time, where several lanes share a build.
	exec 8>>"$build/stacks.lock"
	flock 8
	install_from "$build"
	for name in $test_programs; do
		make -C "$build" "$(folder_of "$name")/gatehouse-$name.fcgi"
	done
	for name in $test_programs; do
		program_file=$build/$(folder_of "$name")/gatehouse-$name.fcgi
		[ ! -e "$program_file" ] || install -m 0755 "$program_file" "$stand/usr/libexec/gatehouse/"
	done
	exec 8>&-
}

test_stack_start()
{
	local port

	build=$(readlink -f "${BUILD:-$top/build/check}")
	[ -e "$build/config.status" ] || die "no build in $build: set BUILD, or run ./quickstart check"
	for port in $app_port $gateway_ports; do
		wait_for "${STAND_WAIT:-0}" not listening "$port" || die "port $port is in use"
	done
	stand=$(mktemp -d "${TMPDIR:-/tmp}/gatehouse-test.XXXXXX")
	make_folders
	install -d -m 0755 "$stand/nginx" "$stand/nginx/more"
	during "Installing" "$stand/log/install.log" install_test_programs || die "$(reason "$stand/log/install.log")"
	find_postgres
	cluster_create
	cluster_start
	schema_deploy
	make_keys
	make_settings
	start_test_workers
	web_configure
	fill_templates
	web_start
	OWNER_URL=$(database_url postgres)
	export STAND=$stand BUILD=$build OWNER_URL
}

test_stack_stop()
{
	local name

	[ -n "${stand:-}" ] || return 0
	run=$(readlink -f "$stand/run")
	web_stop
	for name in api mcp $test_programs; do
		worker_stop "$name"
	done
	cluster_stop immediate
	if [ -n "${STAND_KEEP:-}" ]; then
		say "# the stack's folder: $stand"
	else
		rm -rf -- "$stand"
		[[ $run != /tmp/gatehouse-run.* ]] || rm -rf -- "$run"
	fi
}
