# Speaking to the gateway as its clients do: curl and jq.

revision=2026-07-28

# rest METHOD PATH [JSON]: sets $status and $body; $cookie, when set, signs in.
rest()
{
	local answer

	answer=$(curl -sS --max-time 30 -X "$1" "$app_url$2" ${cookie:+-b "access_token=$cookie"} \
		${3:+-H 'Content-Type: application/json' --data-binary "$3"} -w '\n%{http_code}') ||
		die "no answer from $app_url$2"
	status=${answer##*$'\n'}
	body=${answer%$'\n'*}
}

# expect STATUS METHOD PATH [JSON]: the same, and any other status is the end.
expect()
{
	local wanted=$1

	shift
	rest "$@"
	[ "$status" = "$wanted" ] || die "$1 $2 answered $status: $body"
}

# mcp_request METHOD PARAMS: a request of the newest revision, which explains
# itself and needs no session: $mcp_body, and its headers as curl arguments in
# the array $mcp_header. What Mcp-Name has to say goes in base64 where a header
# cannot carry it.
mcp_request()
{
	mcp_body=$(jq -rcn --arg method "$1" --argjson params "${2:-{\}}" --arg revision "$revision" \
		--arg name "${client_name:-gatehouse-quickstart}" '{
		jsonrpc: "2.0", id: 1, method: $method,
		params: ($params + {_meta: (($params._meta // {}) + {
			"io.modelcontextprotocol/protocolVersion": $revision,
			"io.modelcontextprotocol/clientCapabilities": {},
			"io.modelcontextprotocol/clientInfo": {name: $name, version: "1.0"}
		})})},
		((if $method == "tools/call" or $method == "prompts/get" then $params.name
		  elif $method == "resources/read" then $params.uri else null end) // empty
		 | tostring | if test("^[ -~]*$") then . else "=?base64?\(@base64)?=" end)')
	mcp_header=(-H "MCP-Protocol-Version: $revision" -H "Mcp-Method: $1")
	# The name stands below the body, which is one line.
	[[ $mcp_body != *$'\n'* ]] || mcp_header+=(-H "Mcp-Name: ${mcp_body#*$'\n'}")
	mcp_body=${mcp_body%%$'\n'*}
}

# call METHOD [PARAMS]: asks the gateway at $gateway_url; sets $body.
call()
{
	mcp_request "$1" "${2:-}"
	body=$(curl -sS --max-time 60 "$gateway_url" -H "Authorization: Bearer $token" \
		-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
		"${mcp_header[@]}" --data-binary "$mcp_body") || die "no answer from $gateway_url"
	jq -e .result >/dev/null 2>&1 <<<"$body" || die "$1 failed: ${body:0:400}"
}
