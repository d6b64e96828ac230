# Personal tokens of an MCP server.

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
	make_server
	tokens=/api/v1/mcp-servers/$server/tokens
}

teardown()
{
	as owner
	end_servers
}

@test "a token is shown once, with its name and its end" {
	answers 201 POST "$tokens" '{"name": "laptop", "expires_in_days": 30}'
	says 'keys == ["expires_at", "id", "name", "token"] and .name == "laptop"'
	says '.token | test("^ght_[A-Za-z0-9_-]{43}$")'
	token=$(field .token)
	answers 200 GET "$tokens"
	says 'length == 1 and (.[0] | keys == ["created_at", "expires_at", "id", "last_used_at", "name"])'
	says '.[0].name == "laptop" and .[0].last_used_at == null'
	lacks "$token"
}

@test "a token lives 90 days unless said otherwise, from 1 to 365" {
	for days in 1 90 365; do
		answers 201 POST "$tokens" "{\"name\": \"n\", \"expires_in_days\": $days}"
		says "(.expires_at | .[:19] + \"Z\" | fromdate) - now - $days * 86400 | fabs < 60"
	done
	answers 201 POST "$tokens" '{"name": "n"}'
	says '(.expires_at | .[:19] + "Z" | fromdate) - now - 90 * 86400 | fabs < 60'
	for wrong in 0 366 -1 1.5 '"30"' true '[]' 1e2x; do
		answers 400 POST "$tokens" "{\"name\": \"n\", \"expires_in_days\": $wrong}"
	done
}

@test "a name has 1 to 255 characters" {
	answers 201 POST "$tokens" "{\"name\": \"$(printf 'ü%.0s' {1..255})\"}"
	answers 400 POST "$tokens" "{\"name\": \"$(printf 'x%.0s' {1..256})\"}"
	for wrong in '{}' '{"name": ""}' '{"name": null}' '{"name": 1}'; do
		answers 400 POST "$tokens" "$wrong"
	done
	answers 200 GET "$tokens"
	says 'length == 1'
}

@test "a deleted token is gone" {
	answers 201 POST "$tokens" '{"name": "n"}'
	id=$(field .id)
	answers 200 DELETE "$tokens/$id"
	says '. == {message: "Token deleted successfully"}'
	answers 404 DELETE "$tokens/$id"
	told 'Token not found'
	answers 200 GET "$tokens"
	says '. == []'
}

@test "tokens of a server that is not there, deleted or somebody else's are 404" {
	answers 201 POST "$tokens" '{"name": "n"}'
	id=$(field .id)
	mine=$server
	as stranger
	for server in "$mine" "$nobody"; do
		answers 404 GET "/api/v1/mcp-servers/$server/tokens"
		told 'MCP server not found'
		answers 404 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "n"}'
		told 'MCP server not found'
		answers 404 DELETE "/api/v1/mcp-servers/$server/tokens/$id"
	done
	as owner
	answers 200 GET "$tokens"
	says 'length == 1'
	answers 200 DELETE "/api/v1/mcp-servers/$mine"
	answers 404 GET "$tokens"
	answers 404 POST "$tokens" '{"name": "n"}'
}

@test "ids that are none are told so" {
	answers 400 GET /api/v1/mcp-servers/x/tokens
	told 'Invalid server ID format'
	answers 400 POST /api/v1/mcp-servers/x/tokens '{"name": "n"}'
	told 'Invalid server ID format'
	answers 400 DELETE "$tokens/x"
	told 'Invalid server or token ID format'
}

@test "OA-19: the database holds a digest of the token and not the token" {
	answers 201 POST "$tokens" '{"name": "n"}'
	token=$(field .token)
	dump=$(sql 'SELECT t::text FROM gatehouse.access_tokens t')
	[ -n "$dump" ]
	lacks "${token#ght_}" "$dump"
}
