# Snowflake's Cortex Search, through its stand-in (t/vendors/snowflake.mjs).

load helper

setup_file()
{
	vendors_start
	vendor_gateway snow "$(source_of HELP.PUBLIC.DOCS)"
	vendor_gateway snow-two "$(source_of help.public.docs)" "$(source_of HELP.PUBLIC.DOCS meadow-farm pat-meadow-0001)"
	vendor_gateway snow-odd "$(source_of HELP.PUBLIC.NO_ID)"
	vendor_gateway snow-empty "$(source_of HELP.PUBLIC.EMPTY)"
}

teardown_file()
{
	vendors_of_stand
	vendors_stop
}

setup()
{
	vendors_of_stand
	vendors_reset
	sql "DELETE FROM gatehouse.source_states"
	as snow
	on snow
}

# source_of SERVICE [ACCOUNT [TOKEN]]
source_of()
{
	jq -nc --arg service "$1" --arg account "${2:-HARBOUR-main}" --arg token "${3:-pat-harbour-0001}" '{type: "snowflake", source_metadata: {
		snowflake_account_url: "https://\($account).snowflakecomputing.com/", snowflake_pat: $token,
		snowflake_semantic_model_file: "@A.B.C/m.yaml", snowflake_cortex_search_service: $service}}'
}

search()
{
	mcp "${name:-snow}" tools/call "$(jq -nc --arg query "$1" '{name: "search", arguments: {query: $query}}')"
	answer=$(jq -c .result.structuredContent <<<"$body")
}

fetch()
{
	mcp "${name:-snow}" tools/call "$(jq -nc --arg id "snowflake::$source::$1" '{name: "fetch", arguments: {id: $id}}')"
	answer=$(jq -c '.result.structuredContent // {error: .result.content[0].text}' <<<"$body")
}

of()
{
	jq -r "$1" <<<"$answer"
}

@test "rows are found by meaning, with title, address, time and author from their columns" {
	search 'lease of the office'
	[ "$(of '.sources[0].state')" = complete ]
	[ "$(of '.results[0].title')" = 'Lease of the harbour office' ]
	[ "$(of '.results[0].url')" = https://wiki.harbour.example/kb/50 ]
	[ "$(of '.results[0].id')" = "snowflake::$source::id:kb-050" ]
	[ "$(of '.results[0].metadata.author')" = 'Ann Moss' ]
}

@test "a document is opened again by its id, with all its pieces" {
	fetch id:kb-118
	[ "$(of .title)" = 'Reset the VPN certificate' ]
	[[ $(of .text) == 'Open the client'*harbouronly* ]]
	search 'odd signs'
	source_id=$(of '.results[] | select(.title == "An id with odd signs") | .id')
	fetch "${source_id#snowflake::"$source"::}"
	[ "$(of .title)" = 'An id with odd signs' ]
}

@test "a row of a service without an id column is opened by how it begins" {
	name=snow-odd
	on snow-odd
	search 'lease of the office'
	source_id=$(of '.results[0].id')
	[[ $source_id == *::near:* ]]
	fetch "${source_id#snowflake::"$source"::}"
	[[ $(of .text) == 'The lease of the office'* ]]
}

@test "MC-9: an id that names nothing is no item" {
	for id in id:none near:none kb-118 id: near: "id:x' OR 1=1" 'id:{"@eq":{}}'; do
		fetch "$id"
		[ "$(of .error)" = 'There is no item with this id.' ]
	done
}

@test "a service without rows is searched, and says so" {
	name=snow-empty search lease
	[ "$(of '.sources[0].state')" = complete ]
	[ "$(of '.results | length')" = 0 ]
	[[ $(of '.sources[0].help') == *'no rows'* ]]
}

@test "with the text column set the service is not asked for its columns" {
	api PUT "/api/v1/sources/$source" "$(source_of HELP.PUBLIC.DOCS | jq -c '.source_metadata += {snowflake_text_column: "BODY",
		snowflake_id_column: "DOC_ID", snowflake_title_column: "TITLE"}')"
	[ "$status" = 200 ]
	search 'lease of the office'
	[ "$(of '.results[0].title')" = 'Lease of the harbour office' ]
	[ "$(vendor_journal snowflake length)" = 1 ]
	api PUT "/api/v1/sources/$source" "$(source_of HELP.PUBLIC.DOCS)"
}

@test "two accounts in one server never see each other's rows, though ids are the same" {
	name=snow-two
	on snow-two
	source=${sources[0]}
	fetch id:kb-118
	[[ $(of .text) == *harbouronly* ]]
	source=${sources[1]}
	fetch id:kb-118
	[[ $(of .text) != *harbouronly* ]]
}

@test "OH-11, OH-12: whatever is wrong with Snowflake is told in our words" {
	while IFS='|' read -r json state help; do
		vendors_reset snowflake
		sql "DELETE FROM gatehouse.source_states"
		vendor_fault snowflake "$(jq -c '{match: "POST /api/v2/databases", times: 0} + .' <<<"$json")"
		search lease
		[ "$(of '.sources[0].state')" = "$state" ] || { echo "$json: $body"; false; }
		[[ $(of '.sources[0].help') == *"$help"* ]] || { echo "$json: $body"; false; }
		[[ $body != *canary* ]]
	done <<-'END'
		{"kind": "status", "status": 401, "what": "390318"}|unauthorized|has expired
		{"kind": "status", "status": 401, "what": "390144"}|unauthorized|network policy
		{"kind": "status", "status": 403}|unauthorized|USAGE
		{"kind": "status", "status": 404}|failed|no such search service
		{"kind": "status", "status": 429, "headers": {"Retry-After": "100"}}|throttled|try again in 100 seconds
		{"kind": "status", "status": 500, "body": {"message": "canary"}}|failed|trouble of its own
		{"kind": "broken"}|failed|unreadable
		{"kind": "type", "type": "text/html", "body": "<p>canary</p>"}|failed|unreadable
		{"kind": "endless"}|failed|more than the gateway takes
		{"kind": "bomb"}|failed|more than the gateway takes
		{"kind": "redirect", "status": 302, "location": "http://169.254.169.254/canary"}|failed|
	END
}

@test "a wrong, expired or bound token is told with what to do" {
	while IFS='|' read -r token help; do
		api PUT "/api/v1/sources/$source" "$(source_of HELP.PUBLIC.DOCS HARBOUR-main "$token")"
		search lease
		[ "$(of '.sources[0].state')" = unauthorized ]
		[[ $(of '.sources[0].help') == *"$help"* ]] || { echo "$token: $body"; false; }
	done <<-'END'
		wrong|does not know
		pat-harbour-expired|has expired
		pat-harbour-network|network policy
	END
	api PUT "/api/v1/sources/$source" "$(source_of HELP.PUBLIC.DOCS)"
}

@test "a suspended or misnamed service is told" {
	for service in HELP.PUBLIC.ASLEEP HELP.PUBLIC.NOBODY just_a_name 'a.b.c.d' 'A.B."x/../y'; do
		api PUT "/api/v1/sources/$source" "$(source_of "$service")"
		search lease
		[ "$(of '.sources[0].state')" = failed ] || { echo "$service: $body"; false; }
	done
	api PUT "/api/v1/sources/$source" "$(source_of HELP.PUBLIC.ASLEEP)"
	api POST "/api/v1/sources/$source/test" '' --connect-to localhost:8500:localhost:8502
	[[ $(jq -r .detail <<<"$body") == *suspended* ]]
	api PUT "/api/v1/sources/$source" "$(source_of HELP.PUBLIC.DOCS)"
	api POST "/api/v1/sources/$source/test" '' --connect-to localhost:8500:localhost:8502
	[ "$(jq .ok <<<"$body")" = true ]
}

@test "all that was asked of Snowflake is as Snowflake describes it" {
	run vendor_conforms snowflake
	echo "$output"
	[ "$status" = 0 ]
}
