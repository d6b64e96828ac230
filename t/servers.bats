# MCP servers: sources put behind a gateway domain.

load helper
load api

setup_file()
{
	sign_up owner
	sign_up stranger
}

setup()
{
	as owner
}

teardown()
{
	as owner
	end_servers
}

@test "a server gets a gateway domain, and is shown with the contract's members" {
	make_source
	answers 201 POST /api/v1/mcp-servers "{\"name\": \"Everything\", \"source_ids\": [\"$source\"]}"
	says 'keys == ["access", "created_at", "endpoint", "id", "name", "source_ids", "updated_at"]'
	says ".name == \"Everything\" and .source_ids == [\"$source\"] and (.endpoint | test(\"^[a-z0-9.-]+(:[0-9]+)?\$\"))"
	id=$(field .id)
	answers 200 GET "/api/v1/mcp-servers/$id"
	answers 200 GET /api/v1/mcp-servers
	says "length == 1 and .[0].id == \"$id\""
}

@test "a name may be empty and has 255 characters at most" {
	answers 201 POST /api/v1/mcp-servers '{"name": ""}'
	says '.name == "" and .source_ids == []'
	name=$(printf 'ü%.0s' {1..255})
	answers 201 POST /api/v1/mcp-servers "{\"name\": \"$name\", \"source_ids\": null}"
	says ".name == \"$name\" and .source_ids == []"
	answers 400 POST /api/v1/mcp-servers "{\"name\": \"${name}ü\"}"
	for wrong in '{}' '{"name": null}' '{"name": 1}' '{"name": ["x"]}'; do
		answers 400 POST /api/v1/mcp-servers "$wrong"
	done
}

@test "DB-1, RP-14: any text comes back as it was sent" {
	for text in "'; DROP TABLE users; --" '\"quoted\" and \\back\\slashed' '\u0001\u001b[31m\u001f\r\nSet-Cookie: a=b' '</script><b>' \
		'🍰 e\u0301 é \ud83c\udf70 \u2028' '%s %n {} $1 ${x}' '\u200b\u202e' ' '; do
		answers 201 POST /api/v1/mcp-servers "{\"name\": \"$text\"}"
		says ".name == \"$text\""
		[ -z "$(header Set-Cookie)" ]
		id=$(field .id)
		answers 200 GET "/api/v1/mcp-servers/$id"
		says ".name == \"$text\""
		answers 200 DELETE "/api/v1/mcp-servers/$id"
	done
}

@test "the endpoint cannot be chosen" {
	answers 201 POST /api/v1/mcp-servers '{"name": "n", "endpoint": "evil.example"}'
	says '.endpoint != "evil.example"'
	id=$(field .id)
	endpoint=$(field .endpoint)
	answers 200 PUT "/api/v1/mcp-servers/$id" '{"name": "m", "endpoint": "evil.example"}'
	says ".endpoint == \"$endpoint\" and .name == \"m\""
}

@test "a source id that is none, or not the user's, is named" {
	make_source
	mine=$source
	as stranger
	make_source
	theirs=$source
	as owner
	answers 400 POST /api/v1/mcp-servers '{"name": "n", "source_ids": ["nonsense"]}'
	told 'Invalid source ID format: nonsense'
	for foreign in "$theirs" "$nobody"; do
		answers 400 POST /api/v1/mcp-servers "{\"name\": \"n\", \"source_ids\": [\"$mine\", \"$foreign\"]}"
		told "Source ID $foreign not found or does not belong to user"
	done
	for wrong in '"x"' '[1]' '[null]' '[["x"]]' '{}' true; do
		answers 400 POST /api/v1/mcp-servers "{\"name\": \"n\", \"source_ids\": $wrong}"
	done
	answers 200 GET /api/v1/mcp-servers
	says '. == []'
}

@test "a wrong source id is repeated only in part and without hidden characters" {
	answers 400 POST /api/v1/mcp-servers "{\"name\": \"n\", \"source_ids\": [\"a\\u202eb$(printf 'x%.0s' {1..300})\"]}"
	says '.detail | startswith("Invalid source ID format: abxxx") and length < 140'
}

@test "source ids are returned in lower case, in the order given, each once" {
	make_source
	one=$source
	make_source
	two=$source
	make_server "\"${two^^}\", \"${one//-/}\", \"$two\""
	says ".source_ids == [\"$two\", \"$one\"]"
}

@test "a change changes what it names and nothing else" {
	make_source
	make_server "\"$source\""
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"name": "other"}'
	says ".name == \"other\" and .source_ids == [\"$source\"] and .updated_at > .created_at"
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"source_ids": []}'
	says '.name == "other" and .source_ids == []'
	answers 400 PUT "/api/v1/mcp-servers/$server" "{\"source_ids\": [\"$nobody\"]}"
	told "Source ID $nobody not found or does not belong to user"
}

@test "a change of nothing is refused, as for sources" {
	make_server
	for nothing in '{}' '{"name": null, "source_ids": null}' '{"endpoint": "x"}'; do
		answers 400 PUT "/api/v1/mcp-servers/$server" "$nothing"
		told 'No valid fields to update'
	done
}

@test "a deleted source leaves the servers that had it" {
	make_source
	make_server "\"$source\""
	answers 200 DELETE "/api/v1/sources/$source"
	answers 200 GET "/api/v1/mcp-servers/$server"
	says '.source_ids == []'
}

@test "a deleted server is gone" {
	make_server
	answers 200 DELETE "/api/v1/mcp-servers/$server"
	says '. == {message: "MCP server deleted successfully"}'
	answers 404 GET "/api/v1/mcp-servers/$server"
	told 'MCP server not found'
	answers 404 PUT "/api/v1/mcp-servers/$server" '{"name": "x"}'
	answers 404 DELETE "/api/v1/mcp-servers/$server"
	answers 200 GET /api/v1/mcp-servers
	says '. == []'
}

@test "TI-5: somebody else's server is as absent as one that never was" {
	make_server
	as stranger
	for id in "$server" "$nobody"; do
		answers 404 GET "/api/v1/mcp-servers/$id"
		told 'MCP server not found'
		answers 404 PUT "/api/v1/mcp-servers/$id" '{"name": "mine now"}'
		told 'MCP server not found'
		answers 404 DELETE "/api/v1/mcp-servers/$id"
		told 'MCP server not found'
	done
	as owner
	answers 200 GET "/api/v1/mcp-servers/$server"
	says '.name == "s"'
}

@test "TI-8: an empty pool is 503 with the contract's words, and a freed domain is given out again" {
	for i in {1..21}; do
		api POST /api/v1/mcp-servers '{"name": "n"}'
		[ "$status" = 201 ] || break
	done
	[ "$status" = 503 ]
	told 'No available domains in MCP_GATEWAY_URL_POOLS'
	[ "$(header Retry-After)" -ge 1 ]
	api GET /api/v1/mcp-servers
	says '(map(.endpoint) | unique | length) == length'
	id=$(field '.[0].id')
	endpoint=$(field '.[0].endpoint')
	answers 200 DELETE "/api/v1/mcp-servers/$id"
	answers 201 POST /api/v1/mcp-servers '{"name": "n"}'
	says ".endpoint == \"$endpoint\""
}

@test "TI-8: as many creations at once as domains are left, and one more, share none" {
	for i in {1..21}; do
		api POST /api/v1/mcp-servers '{"name": "n"}' &
	done
	wait
	api GET /api/v1/mcp-servers
	says 'length >= 1 and (map(.endpoint) | unique | length) == length'
}

@test "an id that is none is told so, before the body is looked at" {
	for method in GET PUT DELETE; do
		answers 400 "$method" /api/v1/mcp-servers/x 'not JSON'
		told 'Invalid server ID format'
	done
}

@test "the list is ordered oldest first and can be read in pages" {
	for i in 1 2 3; do
		answers 201 POST /api/v1/mcp-servers "{\"name\": \"$i\"}"
	done
	answers 200 GET '/api/v1/mcp-servers?limit=2'
	says 'map(.name) == ["1", "2"]'
	[ "$(header Link)" = '</api/v1/mcp-servers?limit=2&offset=2>; rel="next"' ]
	answers 200 GET '/api/v1/mcp-servers?limit=2&offset=2'
	says 'map(.name) == ["3"]'
}
