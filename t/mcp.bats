# The MCP endpoint on the wire: what is refused, in which order and how, for
# each revision; and what is answered.

load helper
load mcp

setup_file()
{
	gateway alice
	gateway bob
}

setup()
{
	on alice
}

# ---- the way in ----

@test "MC-3: without a token of this gateway there is no answer, whatever is asked" {
	bobs=$(on bob; echo "$gateway_token")
	for token in '' 'Authorization: Bearer' 'Authorization: Bearer nonsense' \
		'Authorization: Basic YWxpY2U6cGFzcw==' "Authorization: Bearer $bobs" \
		"Authorization: Bearer ${gateway_token%?}"; do
		for method in initialize ping tools/list tools/call server/discover nothing; do
			ask "$method" '' -H 'Authorization:' ${token:+-H "$token"}
			plain 401
			[ -n "$(header WWW-Authenticate)" ]
		done
	done
}

@test "MC-4: every method, revision and form of answer asks for the token" {
	for method in GET DELETE; do
		ask tools/list '' -X "$method" -H 'Authorization:'
		plain 401
	done
	[ "$(curl -sS -I -o /dev/null -w '%{http_code}' "$gateway_url/")" = 401 ]
	for header in 'Accept: text/event-stream' 'Accept: application/json' 'MCP-Protocol-Version: 2025-03-26'; do
		post '[{"jsonrpc":"2.0","id":1,"method":"ping"}]' -H 'Authorization:' -H "$header"
		plain 401
	done
}

@test "MC-5: a refusal tells where the metadata is, and an error only where a token was sent" {
	ask tools/list '' -H 'Authorization:'
	[ "$(header WWW-Authenticate | wc -l)" = 1 ]
	[[ $(header WWW-Authenticate) == "Bearer resource_metadata=\"$gateway_url/.well-known/oauth-protected-resource\", scope=\""*\" ]]
	[[ $(header WWW-Authenticate) != *error* ]]
	ask tools/list '' -H 'Authorization:' -H 'Authorization: Bearer ght_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
	[[ $(header WWW-Authenticate) == *'error="invalid_token"'*'error_description="'* ]]
	gateway_url="$gateway_url/?access_token=$gateway_token&token=$gateway_token#" ask tools/list '' -H 'Authorization:'
	plain 401
}

@test "a token that was ended is refused at once" {
	answer=$(on alice; as alice; api POST "/api/v1/mcp-servers/$server/tokens" '{"name": "short", "expires_in_days": 1}'; echo "$body")
	gateway_token=$(jq -r .token <<<"$answer")
	ask tools/list
	[ "$status" = 200 ]
	as alice
	api DELETE "/api/v1/mcp-servers/$server/tokens/$(jq -r .id <<<"$answer")"
	ask tools/list
	plain 401
}

@test "MC-2: only POST is taken, and says so to who has a token" {
	for method in GET DELETE; do
		ask tools/list '' -X "$method"
		plain 405
		[ "$(header Allow)" = POST ]
	done
	for method in PUT PATCH TRACE PROPFIND; do
		ask tools/list '' -X "$method"
		[ "$status" = 405 ]
	done
}

@test "MC-2: session ids and event ids are ignored and never made" {
	ask_old 2025-11-25 tools/list '' -H 'Mcp-Session-Id: abc' -H 'Last-Event-ID: 7'
	[ "$status" = 200 ]
	[ -z "$(header Mcp-Session-Id)" ]
	ask_old 2025-11-25 initialize '"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}'
	[ "$status" = 200 ]
	[ -z "$(header Mcp-Session-Id)" ]
}

@test "MC-1: a page of a foreign origin is refused, of an own or a local one not" {
	for origin in http://evil.example.com null "https://${gateway_host%:*}.evil.example.com" http://localhost.evil.example.com; do
		ask tools/list '' -H "Origin: $origin"
		refused 403 -32600
		[ -z "$(header Access-Control-Allow-Origin)" ]
	done
	for origin in "$gateway_url" http://localhost:6274 http://127.0.0.1:6274; do
		ask tools/list '' -H "Origin: $origin"
		[ "$status" = 200 ]
		[ "$(header Access-Control-Allow-Origin)" = "$origin" ]
		[ "$(header Access-Control-Expose-Headers)" = 'WWW-Authenticate, Retry-After, Mcp-Session-Id' ]
		[ -z "$(header Access-Control-Allow-Credentials)" ]
	done
}

@test "a preflight is answered without a token" {
	ask tools/list '' -X OPTIONS -H 'Authorization:' -H 'Origin: http://localhost:6274' \
		-H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: mcp-method'
	[ "$status" = 204 ]
	[ "$(header Access-Control-Allow-Origin)" = http://localhost:6274 ]
	[ "$(header Access-Control-Allow-Methods)" = 'POST, GET, DELETE, OPTIONS' ]
	[[ $(header Access-Control-Allow-Headers) == *Mcp-Method* ]]
}

@test "TV-3: an unknown host is 421, from nginx and from the worker" {
	ask tools/list '' -H 'Host: unknown.example.com'
	[ "$status" = 421 ]
	# a domain of the pool that no server has
	gateway_url=http://$(tr , '\n' <<<"$pool" | grep '^localhost:' | tail -n 1)
	ask tools/list
	plain 421
	ask tools/list '' -H 'Authorization:'
	plain 421
	# whatever is wrong with the token
	for gateway_token in x ght_ "${gateway_token}x" 'a b' "ght_$(printf 'A%.0s' {1..43})"; do
		ask tools/list
		plain 421
	done
	[ "$(curl -sS -o /dev/null -w '%{http_code}' "$gateway_url/.well-known/oauth-protected-resource")" = 421 ]
}

@test "RP-9: a body that is not application/json is 415" {
	for type in text/plain 'multipart/form-data; boundary=x' application/x-www-form-urlencoded application/jsonx; do
		ask tools/list '' -H "Content-Type: $type"
		refused 415 -32600
	done
	ask tools/list '' -H 'Content-Type:'
	refused 415 -32600
	ask tools/list '' -H 'Content-Type: application/json; charset=utf-8'
	[ "$status" = 200 ]
}

@test "RP-7: a body of more than a mebibyte is 413, one of just that is read" {
	filler=$(head -c 1048000 /dev/zero | tr '\0' ' ')
	ask tools/list "$filler\"a\":1"
	[ "$status" = 200 ]
	ask tools/list "$filler$(printf '%600s' '')\"a\":1"
	[ "$status" = 413 ]
	holds '.error.code == -32600 and (has("id") | not)'
}

# ---- shape ----

@test "what is no JSON, or more than one reading of it, is -32700 without an id" {
	for text in '' '{' 'nothing' "{'a':1}" '{"jsonrpc":"2.0"}x' '{"a":NaN}' '{"a":1,"a":2}' '{"a":"\ud800"}' '{"a":"\u0000"}' \
		$'{"a":"\xc0\xaf"}' "$(printf '[%.0s' {1..33})$(printf ']%.0s' {1..33})"; do
		post "$text" -H "MCP-Protocol-Version: $modern"
		refused 400 -32700
		holds 'has("id") | not'
	done
}

@test "an error without an id is no JSON-RPC for revisions that cannot have it" {
	revision=2025-06-18
	post '{' -H 'MCP-Protocol-Version: 2025-06-18'
	plain 400
	post '{' -H 'MCP-Protocol-Version: 2025-03-26'
	plain 400
}

@test "what is no JSON-RPC message is -32600" {
	revision=$modern
	for text in '1' '"a"' 'null' '{}' '[]' '{"jsonrpc":"2.0"}' '{"jsonrpc":"1.0","id":1,"method":"ping"}' '{"id":1,"method":"ping"}' \
		'{"jsonrpc":"2.0","id":null,"method":"ping"}' '{"jsonrpc":"2.0","id":1.5,"method":"ping"}' \
		'{"jsonrpc":"2.0","id":[],"method":"ping"}' '{"jsonrpc":"2.0","id":1,"method":7}' \
		'{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}'; do
		post "$text" -H "MCP-Protocol-Version: $legacy"
		refused 400 -32600
		holds '.id != null or (has("id") | not)'
	done
}

@test "notifications and posted responses are accepted and not answered" {
	for text in '{"jsonrpc":"2.0","method":"notifications/initialized"}' '{"jsonrpc":"2.0","id":1,"result":{}}' \
		'{"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"m"}}' \
		'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}'; do
		post "$text" -H "MCP-Protocol-Version: $legacy"
		[ "$status" = 202 ]
		[ -z "$body" ]
	done
}

# ---- 2026-07-28: the table of doc/mcp.md, row by row ----

@test "each error of 2026-07-28 has its status and code, and the request's id" {
	local v=io.modelcontextprotocol/protocolVersion c=io.modelcontextprotocol/clientCapabilities row
	revision=$modern
	while IFS='|' read -r status_wanted code version method meta_sent; do
		post "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"$method\"${meta_sent:+,\"params\":{\"_meta\":{$meta_sent\}\}}}" \
			${version:+-H "MCP-Protocol-Version: $version"} -H "Mcp-Method: $method"
		echo "$version $method $meta_sent"
		refused "$status_wanted" "$code"
		holds '.id == "x"'
	done <<-END
		400|-32602|2026-07-28|tools/list|
		400|-32602|2026-07-28|tools/list|"a":1
		400|-32602|2026-07-28|tools/list|"$v":"2026-07-28"
		400|-32602|2026-07-28|tools/list|"$v":1,"$c":{}
		400|-32602|2026-07-28|tools/list|"$v":"2026-07-28","$c":[]
		400|-32602|2026-07-28|tools/list|"$c":{}
		400|-32602|2026-07-28|tools/list|"$v":"2026-07-28","$c":{},"progressToken":{}
		400|-32020|2025-11-25|tools/list|"$v":"2026-07-28","$c":{}
		400|-32020||tools/list|"$v":"2026-07-28","$c":{}
		400|-32022|2027-01-01|tools/list|"$v":"2027-01-01","$c":{}
		400|-32022|2025-11-25|tools/list|"$v":"2025-11-25","$c":{}
		404|-32601|2026-07-28|nothing|"$v":"2026-07-28","$c":{}
		404|-32601|2026-07-28|initialize|"$v":"2026-07-28","$c":{}
		404|-32601|2026-07-28|ping|"$v":"2026-07-28","$c":{}
		404|-32601|2026-07-28|logging/setLevel|"$v":"2026-07-28","$c":{}
		404|-32601|2026-07-28|resources/subscribe|"$v":"2026-07-28","$c":{}
		404|-32601|2026-07-28|subscriptions/listen|"$v":"2026-07-28","$c":{}
		404|-32601|2026-07-28|notifications/initialized|"$v":"2026-07-28","$c":{}
		400|-32020|2026-07-28|tools/call|"$v":"2026-07-28","$c":{}
	END
	ask tools/call '"name":"nothing"'
	refused 200 -32602
	ask prompts/get '"name":"nothing"'
	refused 200 -32602
	ask prompts/get '"name":"research","arguments":{}'
	refused 200 -32602
	ask resources/read '"uri":"gatehouse://item/nothing"'
	refused 200 -32602
	holds '.error.data.uri == "gatehouse://item/nothing"'
	ask tools/list '"cursor":"forged"'
	refused 200 -32602
	ask resources/list '"cursor":"forged"'
	refused 200 -32602
	ask completion/complete '"ref":{"type":"ref/prompt","name":"nothing"},"argument":{"name":"a","value":""}'
	refused 200 -32602
}

@test "an unsupported version is told which ones there are" {
	revision=$modern
	post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{${meta/2026-07-28/2030-01-01}}}" \
		-H 'MCP-Protocol-Version: 2030-01-01' -H 'Mcp-Method: tools/list'
	refused 400 -32022
	holds '.error.data == {"supported": ["2026-07-28"], "requested": "2030-01-01"}'
	ask server/discover
	holds '.result.supportedVersions == ["2026-07-28"]'
}

@test "MC-7: Mcp-Method and Mcp-Name must say what the body says" {
	call='"name":"search","arguments":{"query":"x"}'
	for wrong in 'Mcp-Method: tools/list' 'Mcp-Method: Tools/Call' 'Mcp-Name: fetch' 'Mcp-Name: Search' \
		'Mcp-Name: =?base64?c2VhcmNo?' 'Mcp-Name: =?base64?c2VhcmN?=' 'Mcp-Name: =?base64?c2Vh!mNo?=' $'Mcp-Name: s\xc3\xa4' \
		'Mcp-Name;' 'Mcp-Method;'; do
		name=${wrong%%[:;]*}
		revision=$modern
		post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{$call,$meta}}" -H "MCP-Protocol-Version: $modern" \
			$([ "$name" = Mcp-Method ] || echo -HMcp-Method:tools/call) $([ "$name" = Mcp-Name ] || echo -HMcp-Name:search) -H "$wrong"
		echo "$wrong"
		refused 400 -32020
	done
	for right in 'Mcp-Name:   search  ' 'mcp-name: search' 'Mcp-Name: =?base64?c2VhcmNo?='; do
		post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{$call,$meta}}" -H "MCP-Protocol-Version: $modern" \
			-HMcp-Method:tools/call -H "$right"
		echo "$right"
		[ "$status" = 200 ]
	done
}

@test "TV-11: a header sent twice is refused, in either order" {
	revision=$modern
	for name in Mcp-Method:tools/list:tools/call MCP-Protocol-Version:2026-07-28:2025-11-25; do
		IFS=: read -r header right wrong <<<"$name"
		for order in "$right $wrong" "$wrong $right" "$right $right"; do
			set -- $order
			post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{$meta}}" \
				$([ "$header" = Mcp-Method ] || echo -HMcp-Method:tools/list) \
				$([ "$header" = MCP-Protocol-Version ] || echo -HMCP-Protocol-Version:$modern) -H "$header: $1" -H "$header: $2"
			refused 400 -32020
		done
	done
	for pair in 'Accept: application/json' 'Origin: http://localhost:6274'; do
		ask tools/list '' -H "$pair" -H "${pair%%:*}: text/plain"
		[ "$status" = 400 ]
		ask tools/list '' -H "${pair%%:*}: text/plain" -H "$pair"
		[ "$status" = 400 ]
	done
}

@test "MC-7: an older header does not switch the checks off for a newer body" {
	for header in 2025-03-26 2025-06-18 2025-11-25; do
		revision=$modern
		post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{$meta}}" -H "MCP-Protocol-Version: $header"
		refused 400 -32020
	done
}

# ---- 2026-07-28: answers ----

@test "server/discover tells what is served, and nothing that is not" {
	ask server/discover
	[ "$status" = 200 ]
	holds '.result | .resultType == "complete" and .cacheScope == "private" and .ttlMs > 0'
	holds '.result.capabilities == {"tools":{},"resources":{},"prompts":{},"completions":{}}'
	holds '.result._meta["io.modelcontextprotocol/serverInfo"].name == "gatehouse"'
	holds '.result.instructions | length > 100'
}

@test "MC-11: what may be kept is marked as one user's, every list and read" {
	for method in tools/list prompts/list resources/list resources/templates/list server/discover; do
		ask "$method"
		holds '.result | .cacheScope == "private" and (.ttlMs | type) == "number" and .resultType == "complete"'
	done
	ask prompts/get '"name":"compare","arguments":{"topic":"x"}'
	holds '.result | has("ttlMs") | not'
}

@test "MC-12: the tools are search, fetch and search_more, as they always were" {
	ask tools/list
	holds '[.result.tools[].name] == ["search", "fetch", "search_more"]'
	holds '[.result.tools[] | .inputSchema | (.required == (.properties | keys)) and (.properties | length) == 1] | all'
	holds '[.result.tools[].annotations | .readOnlyHint and (.destructiveHint | not) and .idempotentHint and (.openWorldHint | not)] | all'
	[ "$(jq -cS .result.tools <<<"$body" | sha256sum | cut -c1-64)" = "$(cat "$BATS_TEST_DIRNAME/tools.sha256")" ]
	first=$(jq -c .result.tools <<<"$body")
	on bob
	ask tools/list
	[ "$(jq -c .result.tools <<<"$body")" = "$first" ]
}

@test "search finds a document, and fetch reads it by its id" {
	as alice
	api POST "/api/v1/sources/$source/documents" '{"title": "Walrus notes", "text": "The walrus lives on ice.", "url": "https://docs.example.com/walrus"}'
	ask tools/call '"name":"search","arguments":{"query":"walrus"}'
	holds '.result.structuredContent.results[0] | .title == "Walrus notes" and .url == "https://docs.example.com/walrus"'
	holds '.result.structuredContent.sources[0].state == "complete"'
	holds '(.result.content | length) == 1 and (.result.content[0].text | fromjson) == .result.structuredContent'
	id=$(jq -r '.result.structuredContent.results[0].id' <<<"$body")
	ask tools/call "\"name\":\"fetch\",\"arguments\":{\"id\":\"$id\"}"
	holds ".result.structuredContent | .id == \"$id\" and (.text | test(\"walrus lives\"))"
	uri=gatehouse://item/$(jq -rn --arg id "$id" '$id | @uri')
	ask resources/read "\"uri\":\"$uri\""
	holds ".result.contents[0] | .uri == \"$uri\" and .mimeType == \"text/plain\" and (.text | test(\"walrus lives\"))"
	ask resources/list
	holds "[.result.resources[] | select(.uri == \"$uri\")] | length == 1 and .[0].name == \"Walrus notes\""
	ask completion/complete '"ref":{"type":"ref/resource","uri":"gatehouse://item/{id}"},"argument":{"name":"id","value":"walr"}'
	holds ".result.completion.values == [\"$id\"]"
	ask prompts/get "\"name\":\"summarize\",\"arguments\":{\"id\":\"$id\"}"
	holds ".result.messages[0].content.resource | .uri == \"$uri\" and (.text | test(\"walrus\"))"
	on bob
	ask tools/call "\"name\":\"fetch\",\"arguments\":{\"id\":\"$id\"}"
	holds '.result.isError'
	theirs=$(jq -c .result.content <<<"$body")
	ask tools/call '"name":"fetch","arguments":{"id":"documents::0a1b2c3d-0000-4000-8000-00000000000f::0a1b2c3d-0000-4000-8000-00000000000f"}'
	[ "$(jq -c .result.content <<<"$body")" = "$theirs" ]
	ask resources/read "\"uri\":\"$uri\""
	refused 200 -32602
}

@test "a long list goes on where its page ended, and a cursor is good nowhere else" {
	as alice
	sql "INSERT INTO gatehouse.documents (id, user_id, source_id, title, text, size)
		SELECT gen_random_uuid(), '$user_id', '$source', 'Page ' || n, 'page', 4 FROM generate_series(1, 250) n" >/dev/null ||
		for n in {1..250}; do
			api POST "/api/v1/sources/$source/documents" "{\"title\": \"Page $n\", \"text\": \"page\"}"
		done
	ask resources/list
	holds '.result.resources | length == 200'
	cursor=$(jq -r .result.nextCursor <<<"$body")
	seen=$(jq -r '.result.resources[].uri' <<<"$body")
	ask resources/list "\"cursor\":\"$cursor\""
	[ "$(jq -r '.result.resources[].uri' <<<"$body" | sort | comm -12 - <(sort <<<"$seen") | wc -l)" = 0 ]
	holds '(.result.resources | length) >= 50 and (.result | has("nextCursor") | not)'
	ask resources/templates/list "\"cursor\":\"$cursor\""
	refused 200 -32602
	on bob
	ask resources/list "\"cursor\":\"$cursor\""
	refused 200 -32602
}

@test "what is wrong with a tool's arguments is told to the model, not to the client" {
	for arguments in '{}' '{"query":1}' '{"query":""}' '{"query":"a","filter":"b"}' '{"query":null}'; do
		ask tools/call "\"name\":\"search\",\"arguments\":$arguments"
		[ "$status" = 200 ]
		holds '.result.isError and (.result.content[0].text | length > 5)'
	done
	ask tools/call '"name":"fetch","arguments":{"id":"nothing"}'
	holds '.result.isError'
	ask tools/call '"name":"search","arguments":[]'
	refused 200 -32602
}

@test "MC-9: an id that is none of this server's is as unknown as any" {
	ask tools/call '"name":"fetch","arguments":{"id":"documents::x::y"}'
	unknown=$(jq -c .result.content <<<"$body")
	for id in '../../etc/passwd' '%2e%2e' 'a?b' 'a#b' 'documents::' 'box::1::2' '::::' "documents::$source::" "$(printf 'x%.0s' {1..1000})"; do
		ask tools/call "\"name\":\"fetch\",\"arguments\":{\"id\":\"$id\"}"
		holds '.result.isError'
		[ "$(jq -c .result.content <<<"$body")" = "$unknown" ]
	done
	ask tools/call "\"name\":\"fetch\",\"arguments\":{\"id\":\"$(printf 'x%.0s' {1..8192})\"}"
	holds '.result.isError'
}

@test "each tool call is in the audit log, without what was asked" {
	ask tools/call '"name":"search","arguments":{"query":"canaryquery"}'
	[ "$(sql "SELECT count(*) > 0 FROM gatehouse.audit_log WHERE event = 'tool-call' AND detail->>'tool' = 'search'")" = t ]
	[ "$(sql "SELECT count(*) FROM gatehouse.audit_log WHERE detail::text LIKE '%canaryquery%'")" = 0 ]
}

@test "progress comes as an event stream to who asks for it and takes one" {
	ask tools/call '"name":"search","arguments":{"query":"x"}'
	[[ $(header Content-Type) == application/json* ]]
	revision=$modern
	post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{\"query\":\"x\"},${meta/\{/\{\"progressToken\":\"p\",}}}" \
		-H "MCP-Protocol-Version: $modern" -HMcp-Method:tools/call -HMcp-Name:search
	[[ $(header Content-Type) == text/event-stream* ]]
	[ "$(events | jq -rs 'map(.params.progress // "result") | join(" ")')" = '0 1 result' ]
	events | jq -es 'all(.method != "notifications/progress" or .params.progressToken == "p")'
	post "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{\"query\":\"x\"},${meta/\{/\{\"progressToken\":1,}}}" \
		-H "MCP-Protocol-Version: $modern" -HMcp-Method:tools/call -HMcp-Name:search -H 'Accept: application/json'
	[[ $(header Content-Type) == application/json* ]]
}

# ---- older revisions ----

@test "initialize answers the revision that was asked for, or the newest of its kind" {
	for pair in 2025-11-25:2025-11-25 2025-06-18:2025-06-18 2025-03-26:2025-03-26 2024-11-05:2025-11-25 2026-07-28:2025-11-25 1:2025-11-25; do
		revision=${pair#*:}
		post "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"${pair%:*}\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"
		[ "$status" = 200 ]
		holds ".result.protocolVersion == \"${pair#*:}\" and .id == 0"
		holds '.result | (has("resultType") or has("_meta")) | not'
	done
}

@test "older revisions: unknown methods are 200 with -32601, a resource that is not there is -32002" {
	for old in 2025-03-26 2025-06-18 2025-11-25; do
		ask_old $old ping
		[ "$body" = '{"jsonrpc":"2.0","id":1,"result":{}}' ]
		for method in nothing server/discover logging/setLevel resources/subscribe resources/unsubscribe tasks/list; do
			ask_old $old "$method" '"a":1'
			refused 200 -32601
		done
		ask_old $old resources/read '"uri":"gatehouse://item/nothing"'
		refused 200 -32002
		holds '.error.data.uri == "gatehouse://item/nothing"'
	done
	ask_old 2024-11-05 tools/list
	[ "$status" = 400 ]
	ask_old nonsense tools/list
	[ "$status" = 400 ]
}

@test "each revision sees the fields it knows" {
	ask_old 2025-03-26 tools/list
	holds '[.result.tools[] | has("title") or has("outputSchema")] | any | not'
	holds '[.result.tools[].annotations | has("title")] | all'
	ask_old 2025-03-26 tools/call '"name":"search","arguments":{"query":"x"}'
	holds '.result | has("content") and (has("structuredContent") | not)'
	ask_old 2025-03-26 prompts/list
	holds '[.result.prompts[] | has("title")] | any | not'
	for old in 2025-06-18 2025-11-25; do
		ask_old $old tools/list
		holds '[.result.tools[] | has("title") and has("outputSchema")] | all'
		ask_old $old tools/call '"name":"search","arguments":{"query":"x"}'
		holds '.result | has("structuredContent")'
	done
	for old in 2025-03-26 2025-06-18 2025-11-25; do
		for method in tools/list prompts/list resources/list resources/templates/list; do
			ask_old $old $method
			holds '.result | (has("resultType") or has("ttlMs") or has("cacheScope") or has("_meta")) | not'
		done
	done
	# no header: the oldest
	revision=2025-03-26
	post '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
	holds '[.result.tools[] | has("title")] | any | not'
}

@test "batches are answered under 2025-03-26 and refused under all others" {
	ping='{"jsonrpc":"2.0","id":1,"method":"ping"}'
	revision=2025-03-26
	for header in '' 2025-03-26; do
		post "[$ping,{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},{\"jsonrpc\":\"2.0\",\"id\":\"t\",\"method\":\"tools/list\"}]" \
			${header:+-H "MCP-Protocol-Version: $header"}
		[ "$status" = 200 ]
		holds 'length == 2 and .[0] == {"jsonrpc":"2.0","id":1,"result":{}} and .[1].id == "t" and (.[1].result.tools | length) == 3'
	done
	post "[$ping,{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"initialize\",\"params\":{}},{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":4}]"
	holds '.[0].result == {} and .[1].error.code == -32600 and .[2].error.code == -32600'
	post '[{"jsonrpc":"2.0","method":"notifications/initialized"}]'
	[ "$status" = 202 ]
	revision=$modern
	post "[$ping$(printf ",$ping%.0s" {1..20})]"
	refused 400 -32600
	revision=$legacy
	for header in 2025-06-18 2025-11-25 2026-07-28; do
		post "[$ping]" -H "MCP-Protocol-Version: $header"
		[ "$status" = 400 ]
	done
	revision=$modern
	post "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{$meta}}]"
	refused 400 -32600
}

# ---- addresses ----

@test "/mcp is another name of the endpoint, and other addresses are none" {
	gateway_url=$gateway_url/mcp ask tools/list '' --path-as-is
	[ "$status" = 404 ] # a slash after it is another address
	status=$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $gateway_token" -H 'Content-Type: application/json' \
		-d '{"jsonrpc":"2.0","id":1,"method":"ping"}' "$gateway_url/mcp")
	[ "$status" = 200 ]
	for path in x mcp/x .well-known .well-known/openid-configuration api/v1/checks; do
		body=$(curl -sS -w '\n%{http_code}' -H "Authorization: Bearer $gateway_token" "$gateway_url/$path")
		[ "${body##*$'\n'}" = 404 ]
		not grep -q jsonrpc <<<"$body"
	done
}

@test "the old transport's addresses name the new one" {
	for path in sse messages messages/ 'messages/?session_id=1'; do
		for method in GET POST; do
			body=$(curl -sS -X $method -w '\n%{http_code}' "$gateway_url/$path")
			[ "${body##*$'\n'}" = 410 ]
			[ "$(head -n -1 <<<"$body" | jq -r .endpoint)" = "$gateway_url" ]
		done
	done
}

@test "the metadata of the protected resource is there for everyone, at each of its addresses" {
	for path in '' / /mcp; do
		body=$(curl -sS -H 'Origin: http://localhost:6274' "$gateway_url/.well-known/oauth-protected-resource$path")
		[ "$(jq -r .resource <<<"$body")" = "$gateway_url" ]
		jq -e '.bearer_methods_supported == ["header"] and (.scopes_supported | length) > 0 and .resource_name' <<<"$body"
	done
	status=$(curl -sS -o /dev/null -w '%{http_code}' -H 'Host: unknown.example.com' "$gateway_url/.well-known/oauth-protected-resource")
	[ "$status" = 421 ]
}

# ---- all of it ----

@test "every answer above fits the schema of its revision" {
	run client node "$client_folder/validate.mjs" "$BATS_TEST_DIRNAME/schema" "$records"
	echo "$output" | tail -20
	[ "$status" = 0 ]
}

@test "structured content fits the tools' own output schemas" {
	ask tools/list
	list=$BATS_TEST_TMPDIR/list call=$BATS_TEST_TMPDIR/call
	printf '%s' "$body" >"$list"
	ask tools/call '"name":"search","arguments":{"query":"walrus"}'
	printf '%s' "$body" >"$call"
	id=$(jq -r '.result.structuredContent.results[0].id' <<<"$body")
	[ "$(client node "$client_folder/schemas.mjs" "$list" search "$call")" = fits ]
	ask tools/call "\"name\":\"fetch\",\"arguments\":{\"id\":\"$id\"}"
	printf '%s' "$body" >"$call"
	[ "$(client node "$client_folder/schemas.mjs" "$list" fetch "$call")" = fits ]
}
