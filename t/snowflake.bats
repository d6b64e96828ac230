# Snowflake through its stand-in (t/vendors/snowflake.mjs): the search service,
# the catalogue, statements and the analyst; what is said when any of them
# fails, and what is sent.

load helper
load api

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
	vendor_gateway snow "$(rows_of HELP.PUBLIC.DOCS)"
	vendor_gateway snow-two "$(rows_of help.public.docs)" "$(rows_of HELP.PUBLIC.DOCS meadow-farm pat-meadow-0001)"
	vendor_gateway snow-odd "$(rows_of HELP.PUBLIC.NO_ID)"
	vendor_gateway snow-empty "$(rows_of HELP.PUBLIC.EMPTY)"
	vendor_gateway snow-all "$(source_of HELP.PUBLIC.DOCS)"
	vendor_gateway snow-notes "$(source_of HELP.PUBLIC.DOCS | jq -c '.source_metadata.search_seconds = "2"')" \
		'{"type": "documents", "source_metadata": {"name": "Notes"}}'
	api POST "/api/v1/sources/${sources[1]}/documents" '{"title": "Lease notes", "text": "What to ask about the lease."}'
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
	use snow
}

# use NAME: the account and the gateway in use.
use()
{
	name=$1
	as "$1"
	on "$1"
}

# source_of SERVICE [ACCOUNT [TOKEN]]: all of it.
source_of()
{
	jq -nc --arg service "$1" --arg account "${2:-HARBOUR-main}" --arg token "${3:-pat-harbour-0001}" '{type: "snowflake", source_metadata: {
		snowflake_account_url: "https://\($account).snowflakecomputing.com/", snowflake_pat: $token, search_seconds: "5",
		snowflake_semantic_model_file: "@SALES.MART.MODELS/revenue.yaml", snowflake_cortex_search_service: $service}}'
}

# rows_of SERVICE [ACCOUNT [TOKEN]]: the search service alone.
rows_of()
{
	source_of "$@" | jq -c '.source_metadata += {snowflake_catalogue: "no", snowflake_analyst_seconds: "0"}'
}

# change NAME=VALUE…: the source in use, with these settings; an empty value
# takes one away.
change()
{
	api PUT "/api/v1/sources/$source" "$(source_of HELP.PUBLIC.DOCS | jq -c '.source_metadata += ($ARGS.positional | map(split("=") |
		{(.[0]): (.[1:] | join("="))}) | add // {}) | .source_metadata |= with_entries(select(.value != ""))' --args -- "$@")"
	[ "$status" = 200 ] || echo "$status $body"
}

search()
{
	mcp "$name" tools/call "$(jq -nc --arg query "$1" '{name: "search", arguments: {query: $query}}')"
	answer=$(jq -c '.result.structuredContent // .' <<<"$body")
}

# fetch NATIVE-ID
fetch()
{
	mcp "$name" tools/call "$(jq -nc --arg id "snowflake::$source::$1" '{name: "fetch", arguments: {id: $id}}')"
	answer=$(jq -c '.result.structuredContent // {error: (.result.content[0].text // .error.message)}' <<<"$body")
}

# question TEXT [SOURCE]: asks by the tool snowflake_ask.
question()
{
	mcp "$name" tools/call "$(jq -nc --arg question "$1" --arg source "${2:-}" '{name: "snowflake_ask", arguments: ({question: $question} +
		if $source == "" then {} else {source: $source} end)}')"
	answer=$(jq -c '.result.structuredContent // {error: (.result.content[0].text // .error.message)}' <<<"$body")
}

of()
{
	jq -r "$1" <<<"$answer"
}

# so FILTER…: each is true of the answer.
so()
{
	local filter

	for filter; do
		jq -e "$filter" <<<"$answer" >/dev/null && continue
		echo "not so: $filter"
		echo "answer: $answer"
		return 1
	done
}

# asked FILTER: is true of what Snowflake was asked.
asked()
{
	[ "$(vendor_journal snowflake "$1")" = true ] && return
	echo "not so of what was asked: $1"
	vendor_journal snowflake '.[] | [.status, .method, .path, .query, .body]'
	return 1
}

fault()
{
	vendor_fault snowflake "$(jq -c '{times: 0} + .' <<<"$1")"
}

# native: of the first result.
native()
{
	of '.results[0].id' | sed "s/^snowflake::$source:://"
}

# ---- rows ----

@test "rows are found by meaning, with title, address, time and author from their columns" {
	search 'lease of the office'
	so '.sources[0].state == "complete"' '.results[0] | .title == "Lease of the harbour office" and .url == "https://wiki.harbour.example/kb/50"
		and .metadata.author == "Ann Moss" and .metadata.time == "2026-09-01"'
	[ "$(native)" = id:kb-050 ]
}

@test "a document is opened again by its id, with all its pieces" {
	fetch id:kb-118
	[ "$(of .title)" = 'Reset the VPN certificate' ]
	[[ $(of .text) == 'Open the client'*harbouronly* ]]
	search 'odd signs'
	fetch "$(of '.results[] | select(.title == "An id with odd signs") | .id' | sed "s/^snowflake::$source:://")"
	[ "$(of .title)" = 'An id with odd signs' ]
	asked 'all(.path | test("analyst") | not)'
}

@test "a row of a service without an id column is opened by how it begins" {
	use snow-odd
	search 'lease of the office'
	[[ $(native) == near:* ]]
	fetch "$(native)"
	[[ $(of .text) == 'The lease of the office'* ]]
}

@test "a row whose id is a number is opened by that number" {
	use snow-odd
	change 'snowflake_cortex_search_service="My Lab"."odd schema"."Mixed Service"' 'snowflake_text_column=select' 'snowflake_id_column=Some Id'
	search one
	[ "$(native)" = number:1 ]
	fetch number:1
	# That service has no attributes, so it says no, and so do we.
	so '.error | length > 0'
	asked '[.[] | select(.path | endswith(":query"))][-1].body | fromjson.filter == {"@eq": {"Some Id": 1}}'
	fetch 'number:1}'
	[ "$(of .error)" = 'There is no item with this id.' ]
	change snowflake_cortex_search_service=HELP.PUBLIC.NO_ID snowflake_catalogue=no snowflake_analyst_seconds=0
}

@test "MC-9: an id that names nothing is no item, and one that is none of ours is not asked for" {
	local id

	for id in id:none near:none; do
		fetch "$id"
		[ "$(of .error)" = 'There is no item with this id.' ]
	done
	vendors_reset snowflake
	use snow-all
	for id in kb-118 id: near: number:x number:01 number:1e9 x:y table:SALES table:SALES/MART table:SALES.MART.REVENUE table:SALES/MART/ \
		table:SALES/MART/REVENUE/X table:SALES/MART/%52EVENUE 'table:SALES/MART/REVENUE;' Table:A/B/C schema: database: database:%00 \
		answer: answer:x: answer:01BF2C3D-0605-4a1b-0000-0a5b0012f3e6: answer:01bf2c3d-0605-4a1b-0000-0a5b0012f3e6 \
		answer:01bf2c3d-0605-4a1b-0000-0a5b0012f3e6:a/b 'answer:../../x:y' "answer:01bf2c3d-0605-4a1b-0000-0a5b0012f3e6:%2e"; do
		fetch "$id"
		[ "$(of .error)" = 'There is no item with this id.' ] || { echo "$id: $answer"; false; }
	done
	asked 'length == 0'
	for id in "id:x' OR 1=1" 'id:{"@eq":{}}' answer:01bf2c3d-0605-4a1b-0000-0a5b0012f3e6: table:SALES/MART/NOTHING schema:SALES/NOTHING database:NOTHING \
		table:NOTHING/MART/REVENUE "table:SALES/MART/X'%20OR%20'1'%3D'1" "table:SALES/MART/X%27%20OR%201%3D1" 'table:SALES%22.%22MART/X/Y'; do
		fetch "$id"
		[ "$(of .error)" = 'There is no item with this id.' ] || { echo "$id: $answer"; false; }
	done
}

@test "a service without rows is searched, and says so" {
	use snow-empty
	search lease
	so '.sources[0] | .state == "complete" and (.help | test("no rows"))' '.results == []'
}

@test "rows that have nothing to do with the question are no results" {
	search 'zeppelin zeppelin zeppelin'
	so '.sources[0].state == "complete"' '[.results[].title] | index("Lease of the harbour office") == null'
}

@test "with the text column set the service is not asked for its columns" {
	change snowflake_text_column=BODY snowflake_id_column=DOC_ID snowflake_title_column=TITLE snowflake_catalogue=no snowflake_analyst_seconds=0
	search 'lease of the office'
	[ "$(of '.results[0].title')" = 'Lease of the harbour office' ]
	asked 'length == 1'
	change snowflake_catalogue=no snowflake_analyst_seconds=0
}

@test "two accounts in one server never see each other's rows, though ids are the same" {
	use snow-two
	source=${sources[0]}
	fetch id:kb-118
	[[ $(of .text) == *harbouronly* ]]
	source=${sources[1]}
	fetch id:kb-118
	[[ $(of .text) == *meadowonly* ]]
	search certificate
	so '[.results[] | select(.text | test("harbouronly")) | .id | test("'"${sources[0]}"'")] == [true]' \
		'[.results[] | select(.text | test("meadowonly")) | .id | test("'"${sources[1]}"'")] | length > 0 and all'
	asked 'all((.headers.host | test("^harbour-main")) == (.headers.authorization | test("harbour")))'
}

@test "words of all alphabets are found and opened" {
	search '契約書は日本語と英語で作成します。'
	so '.results[0].title == "契約書の書き方"'
	fetch "$(native)"
	so '.text == "契約書は日本語と英語で作成します。"'
	search 'Käse reiben, Wein erhitzen'
	so '.results[0].title == "Käsefondue für Anfänger"'
}

@test "MC-13: what a reader would not see of rows, names and values does not reach a model" {
	search 'Hidden text here'
	so '.results[0].title == "Harmless title" and (.results[0].url | startswith("javascript") | not)'
	fetch "$(native)"
	so '.text | startswith("Hidden text  here.")' '[tostring | explode[] | select((. >= 8203 and . <= 8207) or (. >= 8234 and . <= 8238) or . == 173
		or . == 65279 or . >= 917504)] == []'
	use snow-all
	change snowflake_sample_rows=yes
	fetch table:SALES/MART/CUSTOMERS
	so '.text | test("4 . Hidden evil name . true")' '[tostring | explode[] | select((. >= 8203 and . <= 8207) or (. >= 8234 and . <= 8238) or . >= 917504)] == []'
	change
}

@test "RL-4: a very long row is cut, and the cut is marked" {
	fetch id:kb-080
	so '(.text | length) < 60000 and (.text | test("\\[Cut here: the first [0-9]+ of [0-9]+ characters"))' '.metadata.cut == true'
}

# ---- the catalogue ----

@test "tables, views, schemas and databases are found by their names and comments" {
	use snow-all
	search 'where is the customers table?'
	so '[.results[].title] | contains(["SALES.MART.CUSTOMERS (table)", "SALES.MART.TOP_CUSTOMERS (view)"])'
	so '[.results[] | select(.title == "SALES.MART.CUSTOMERS (table)")][0] | .text == "One row a customer; otters welcome"
		and .url == "https://app.snowflake.com/harbour/main/#/data/databases/SALES/schemas/MART/table/CUSTOMERS" and (.id | endswith("::table:SALES/MART/CUSTOMERS"))'
	search 'schema mart'
	so '[.results[].title] | index("SALES.MART (schema)") != null'
	search 'knowledge base'
	so '[.results[].title] | contains(["HELP (database)", "HELP.PUBLIC.ARTICLES (table)"])'
	search 'mixed case'
	so '[.results[].id] | any(endswith("::table:My%20Lab/odd%20schema/Mixed%20Case"))'
}

@test "a table is opened with its columns and their comments; its rows only where the owner allows" {
	use snow-all
	fetch table:SALES/MART/REVENUE
	so '.title == "SALES.MART.REVENUE (table)" and .metadata.object == "table"' '.text | startswith("Table SALES.MART.REVENUE\nComment: Revenue per month and region\nRows: 4\n")' \
		'.text | test("\nColumns:\n- MONTH DATE: First day of the month\n- REVENUE NUMBER: In euros\n- REGION TEXT\n")' '.text | test("120345") | not'
	asked 'all(.body | test("SELECT \\*") | not)'
	change snowflake_sample_rows=yes
	fetch table:SALES/MART/REVENUE
	so '.text | endswith("Some rows:\nMONTH | REVENUE | REGION | LOADED_AT\n2026-07-01 | 120345.50 | North | 2026-09-14T10:00:00+02:00\n2026-07-01 | 98011.00 | South | 2026-09-14T08:00:00Z\n2026-08-01 | 0.00 | NULL | NULL\n2026-09-01 | 77110.10 | Øst | 2026-09-14T03:00:00-05:00\n")'
	fetch 'table:My%20Lab/odd%20schema/Mixed%20Case'
	so '.text | test("Some Id . select\n1 . one\n")'
	fetch view:SALES/MART/TOP_CUSTOMERS
	so '.title == "SALES.MART.TOP_CUSTOMERS (view)" and (.text | test("\n1 . Łukasiewicz & Söhne\n2 . 港湾サービス\n"))'
	fetch table:SALES/RAW/EMPTY_TABLE
	so '.text | endswith("Some rows:\nNOTHING\n")'
	change
}

@test "a schema is opened with its tables and views, a database with its schemas" {
	use snow-all
	fetch schema:SALES/MART
	so '.text == "Schema SALES.MART\nComment: Clean tables for reports\n\nTables and views:\n- CUSTOMERS (table, 4 rows): One row a customer; otters welcome\n- REVENUE (table, 4 rows): Revenue per month and region\n- TOP_CUSTOMERS (view): Customers by revenue\n"'
	fetch database:SALES
	so '.text == "Database SALES\n\nSchemas:\n- MART: Clean tables for reports\n- RAW\n"'
}

@test "the owner says which databases are looked into, or none" {
	use snow-all
	change 'snowflake_databases=help, "My Lab"'
	search 'customers mixed case'
	so '[.results[].id] | any(endswith("Mixed%20Case")) and (any(contains("SALES")) | not)'
	asked 'all(.body | test("SHOW DATABASES") | not)'
	fetch table:SALES/MART/REVENUE
	so '.error == "There is no item with this id."'
	vendors_reset snowflake
	change snowflake_catalogue=no snowflake_analyst_seconds=0
	search 'customers mixed case'
	fetch table:HELP/PUBLIC/ARTICLES
	so '.error == "There is no item with this id."'
	asked 'all(.path | test("/statements") | not)'
	change
}

@test "MC-10: words of a question are bindings of a statement, whatever is in them" {
	local query

	use snow-all
	for query in "customers' OR '1'='1" "x'; DROP TABLE sales.mart.customers; --" '%' '_____' '^' 'revenue) UNION SELECT * FROM sales.mart.customers' ':1' '?' '$$' '\' \
		'"; SELECT 1' '@eq' '{"@and":[]}' '🎂' "IDENTIFIER('SALES.MART.CUSTOMERS')"; do
		search "$query"
		so '.sources[0].state == "complete"' 'tostring | test("harbour-secret") | not' || { echo "$query"; false; }
	done
	search '%%%% ____'
	so '[.results[].id | select(test("::(table|view|schema|database):"))] == []'
	asked '[.[] | select(.path == "/api/v2/statements") | .body | fromjson | select(.statement | test("ILIKE")) | .statement] | unique | length == 1'
	asked '[.[] | select(.path == "/api/v2/statements") | .status] | unique == [200]'
}

@test "MC-10: a question reaches Snowflake as it was asked, and its words as values, byte for byte" {
	# shellcheck disable=SC2016 # signs that mean something elsewhere
	local query='o'"'"'brien;x 50%_a^b "two\" OR %0d%0a'

	use snow-all
	search "$query"
	so '.sources[0].state == "complete"'
	[ "$(vendor_journal snowflake '[.[] | select(.path | endswith(":query")) | .body | fromjson.query]')" = "$(jq -nc --arg query "$query" '[$query]')" ]
	[ "$(vendor_journal snowflake '[.[] | select(.path | endswith("/analyst/message")) | .body | fromjson.messages[0].content[0].text]')" = "$(jq -nc --arg query "$query" '[$query]')" ]
	asked '[.[] | select(.path == "/api/v2/statements") | .body | fromjson | select(.bindings) | [.bindings["3", "4", "5", "6"].value]] | unique
		== [["%o'"'"'brien;x%", "%50^%^_a^^b%", "%two%", "%OR%"]]'
}

# ---- statements ----

@test "a statement is one, has a time and a number of rows, and runs in the owner's role and warehouse" {
	use snow-all
	change snowflake_role=ANALYST snowflake_warehouse=SMALL_WH
	search 'revenue per region'
	so '.sources[0].state == "complete"'
	asked '[.[] | select(.path == "/api/v2/statements") | .body | fromjson] | length >= 3 and all(.role == "ANALYST" and .warehouse == "SMALL_WH"
		and .timeout >= 1 and .timeout <= 5 and .parameters.multi_statement_count == 1 and .parameters.rows_per_resultset > 0 and .parameters.query_tag == "gatehouse")'
	asked '[.[] | select(.path == "/api/v2/statements") | .query] | (unique | length) == length and all(test("^requestId=[0-9a-f-]{36}$"))'
	asked 'all((.headers."user-agent" | length > 0) and .headers.accept == "application/json" and .headers."x-snowflake-authorization-token-type" == "PROGRAMMATIC_ACCESS_TOKEN")'
	change
}

@test "a role or a warehouse that is not there is told by name of its setting" {
	use snow-all
	change snowflake_role=NOBODY
	fetch table:SALES/MART/REVENUE
	so '.error | test("snowflake_role")'
	api POST "/api/v1/sources/$source/test" '' "${app_of_vendors[@]}"
	[[ $(jq -r .detail <<<"$body") == *snowflake_role* ]]
	change snowflake_warehouse=nowhere
	fetch table:SALES/MART/REVENUE
	so '.error | test("snowflake_warehouse")'
	change
}

@test "a statement that fails for a moment is sent again by the same number, and says so" {
	use snow-all
	fault '{"match": "POST /api/v2/statements", "kind": "status", "status": 503, "times": 1}'
	fetch database:SALES
	so '.title == "SALES (database)"'
	asked '[.[] | .query] | length == 2 and .[1] == .[0] + "&retry=true"'
}

@test "a statement that still runs is looked after until it is done" {
	use snow-all
	vendor_set snowflake '{"polls": 2}'
	fetch schema:SALES/MART
	so '.title == "SALES.MART (schema)"' '.text | test("REVENUE")'
	asked '[.[] | select(.method == "GET")] | length == 4 and all(.path | test("^/api/v2/statements/[0-9a-f-]{36}$"))'
}

@test "a statement that runs too long is told, and is ended by Snowflake" {
	use snow-all
	vendor_set snowflake '{"statement_seconds": 60}'
	fetch schema:SALES/MART
	so '.error | test("did not finish the statement in time")'
}

@test "OH-6: pages of a result, which come gzipped, are read up to the rows wanted" {
	use snow-all
	vendor_set snowflake '{"partition_rows": 70}'
	question 'many events'
	so '(.rows | length) == 200 and .rows[0] == ["1", "event 1"] and .rows[199] == ["200", "event 200"] and .more == true'
	asked '[.[] | select(.query | test("partition=")) | .query] == ["partition=1", "partition=2"]'
	fetch "$(of .id | sed "s/^snowflake::$source:://")"
	so '.text | startswith("N | WHAT\n1 | event 1\n") and endswith("200 | event 200\n[Only the first 200 rows are here.]\n")'
	fault '{"match": "GET /api/v2/statements/.*partition=1", "kind": "bomb", "size": 50000000}'
	question 'many events'
	so '(.rows | length) == 70 and .more == true'
}

# ---- the analyst ----

@test "a question of numbers is answered by the analyst's statement, among what is found" {
	use snow-all
	search 'revenue per region'
	so '.sources[0].state == "complete"' '.results[0] | .title == "revenue per region" and (.text | test("our interpretation.*REGION . REVENUE\nNULL . 0.0\nNorth . 120345.5\n"))
		and (.url | test("^https://app.snowflake.com/harbour/main/#/compute/history/queries/[0-9a-f-]{36}/detail$"))'
	so '[.results[].title] | index("SALES.MART.REVENUE (table)") != null' '.results | length > 3'
	search 'revenue by month'
	so '.results[0] | .title == "revenue by month" and (.text | test("2026-07-01 . 218356.5\n"))'
	search 'otters'
	so '.sources[0].state == "complete"' '[.results[].id] | all(test("::answer:") | not)'
}

@test "an answer is opened again without asking the model, or running anything, a second time" {
	use snow-all
	search 'revenue per region'
	vendor_control snowflake DELETE journal >/dev/null
	fetch "$(native)"
	so '.title == "revenue per region"' '.text == "REGION | REVENUE\nNULL | 0.0\nNorth | 120345.5\nSouth | 98011.0\nØst | 77110.1\n"'
	asked 'length == 1 and .[0].method == "GET"'
}

@test "a later page does not ask the analyst again, and shows its answer no second time" {
	local first

	use snow-all
	search 'revenue region custo art'
	so '.results[0].id | test("::answer:")' '.next_cursor | length > 0'
	first=$(of '[.results[].id] | tojson')
	mcp snow-all tools/call "$(jq -nc --arg cursor "$(of .next_cursor)" '{name: "search_more", arguments: {cursor: $cursor}}')"
	answer=$(jq -c '.result.structuredContent // .' <<<"$body")
	so '[.results[].id] | all(test("::answer:") | not)' "[.results[].id] - $first == [.results[].id]" '.sources[0].state == "complete"'
	asked '[.[] | select(.path | endswith("/analyst/message"))] | length == 1'
}

@test "OH-11: an analyst that is too slow leaves the rest, is told, and opens no circuit" {
	local i

	use snow-notes
	vendor_set snowflake '{"analyst_ms": 30000}'
	for i in 1 2 3 4 5 6; do
		search 'lease of the office'
		so '.sources[0] | .state == "partial" and (.help | test("use the tool snowflake_ask"))' '.sources[1].state == "complete"' \
			'[.results[].title] | contains(["Lease of the harbour office", "Lease notes"])'
	done
	vendor_set snowflake '{"analyst_ms": 0}'
	search 'revenue per region'
	so '.sources[0].state == "complete"' '.results[0].title == "revenue per region"'
}

@test "the owner says how long a search waits for the analyst, or that it does not" {
	use snow-all
	vendor_set snowflake '{"analyst_ms": 30000}'
	change snowflake_analyst_seconds=1
	search 'revenue per region'
	so '.sources[0].state == "partial"'
	asked '[.[] | select(.path | endswith("/analyst/message"))] | length == 1'
	change snowflake_analyst_seconds=0
	search 'revenue per region'
	so '.sources[0].state == "complete"'
	asked '[.[] | select(.path | endswith("/analyst/message"))] | length == 1'
	change
}

@test "MC-10: a statement that does more than read, or is more than one, is not run" {
	local text

	use snow-all
	for text in 'delete all customers' 'two statements'; do
		question "$text"
		so '.error | test("was not run")'
		search "$text"
		so '.sources[0] | .state == "partial" and (.help | test("was not run"))' '[.results[].id] | all(test("::answer:") | not)'
	done
	asked 'all(.body | test("DELETE FROM|DROP TABLE") | not)'
	question 'missing table'
	so '.error | test("is not there, or the role may not read it")' '.error | test("REVENU") | not'
}

@test "snowflake_ask gives rows, columns and the statement, and tells how far it is" {
	use snow-all
	mcp snow-all tools/call '{"name": "snowflake_ask", "arguments": {"question": "revenue per region"}, "_meta": {"progressToken": "p"}}'
	[ "$(sed -n 's/^data: *//p' <<<"$body" | jq -c 'select(.method == "notifications/progress") | .params.progress' | tr '\n' ' ')" = '0 1 2 ' ]
	answer=$(sed -n 's/^data: *//p' <<<"$body" | jq -c 'select(.result) | .result.structuredContent')
	so '.columns == ["REGION", "REVENUE"] and .rows[1] == ["North", "120345.5"] and .more == false and (.statement | startswith("SELECT region"))
		and .metadata == {"source": "Snowflake", "kind": "snowflake"} and (.url | startswith("https://app.snowflake.com/harbour/main/"))'
	fetch "$(of .id | sed "s/^snowflake::$source:://")"
	so '.title == "revenue per region" and (.text | test("North . 120345.5"))'
}

@test "snowflake_ask takes the time that the analyst needs, beyond that of a search" {
	use snow-all
	vendor_set snowflake '{"analyst_ms": 6000}'
	search 'revenue per region'
	so '.sources[0].state == "partial"'
	question 'revenue per region'
	so '.rows | length == 4'
}

@test "a question that the model cannot answer brings those that it can" {
	use snow-all
	question 'how are you?'
	so '.text | startswith("The question is ambiguous")' '.suggestions | length == 2' 'has("rows") | not'
}

@test "MC-12: what a model is told of snowflake_ask is a constant: a change of it is a decision" {
	mcp snow-all tools/list
	[ "$(jq -cS '.result.tools[] | select(.name == "snowflake_ask")' <<<"$body" | sha256sum | cut -c1-64)" = "1cf9ec243ffb8664faf719c76ac395c9c243389e8c68d99d6c6443d666d67be3" ]
}

@test "snowflake_ask stands where there is such a source whose owner wants it, and asks one of them" {
	local tools='[.result.tools[].name] | index("snowflake_ask")'

	mcp snow-all tools/list
	says "$tools != null"
	use snow-all
	change tools=no
	mcp snow-all tools/list
	says "$tools == null"
	change
	use snow-two
	question 'revenue per region'
	so '.error | test("Say which source")'
	source=${sources[1]}
	question 'how large?' "$source"
	so '.error | test("snowflake_semantic_model_file")'
}

@test "a semantic view is named as one, and a model that is not there is told" {
	use snow-all
	change snowflake_semantic_model_file=SALES.MART.REVENUE_VIEW
	search 'revenue per region'
	so '.sources[0].state == "complete" and .results[0].title == "revenue per region"'
	asked '[.[] | select(.path | endswith("/analyst/message")) | .body | fromjson] | all(.semantic_view == "SALES.MART.REVENUE_VIEW" and (has("semantic_model_file") | not))'
	change snowflake_semantic_model_file=@SALES.MART.MODELS/nothing.yaml
	search 'lease of the office'
	so '.sources[0] | .state == "partial" and (.help | test("snowflake_semantic_model_file"))' '.results[0].title == "Lease of the harbour office"'
	change
}

@test "what an analyst answers that is no answer is told" {
	local body_of_fault

	use snow-all
	for body_of_fault in '[]' '{}' '{"message": 7}' '{"message": {"content": {}}}'; do
		fault "$(jq -nc --arg body "$body_of_fault" '{match: "POST .*/analyst/message", kind: "status", status: 200, body: $body}')"
		search 'lease of the office'
		so '.sources[0] | .state == "partial" and (.help | test("unreadable"))' '.results[0].title == "Lease of the harbour office"'
		vendor_control snowflake DELETE fault >/dev/null
	done
	fault '{"match": "POST .*/analyst/message", "kind": "status", "status": 200, "body": {"message": {"content": [7, {}, {"type": "chart"}, {"type": "sql"},
		{"type": "sql", "statement": 7}, {"type": "suggestions", "suggestions": [1, ""]}]}}}'
	search 'lease of the office'
	so '.sources[0].state == "complete"'
}

# ---- Snowflake fails ----

@test "OH-11, OH-12: whatever is wrong with Snowflake is told in our words" {
	local json state help

	while IFS='|' read -r json state help; do
		vendors_reset snowflake
		sql "DELETE FROM gatehouse.source_states"
		fault "$(jq -c '{match: "POST /api/v2/databases"} + .' <<<"$json")"
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
		{"kind": "status", "status": 200, "body": {"results": 7}}|failed|unreadable
		{"kind": "close"}|failed|
		{"kind": "endless"}|failed|more than the gateway takes
		{"kind": "huge"}|failed|more than the gateway takes
		{"kind": "bomb", "size": 50000000}|failed|more than the gateway takes
		{"kind": "headers"}|failed|
		{"kind": "redirect", "status": 302, "location": "http://169.254.169.254/canary"}|failed|
	END
}

@test "a part that fails leaves the others, and is told" {
	use snow-all
	fault '{"match": "POST /api/v2/databases", "kind": "status", "status": 404}'
	search 'revenue per region'
	so '.sources[0] | .state == "partial" and (.help | test("no such search service"))' '.results[0].title == "revenue per region"'
	vendors_reset snowflake
	fault '{"match": "POST /api/v2/statements", "kind": "status", "status": 403, "body": {"code": "canary", "message": "canary"}}'
	search 'lease of the office'
	so '.sources[0].state == "partial"' '.results[0].title == "Lease of the harbour office"' 'tostring | test("canary") | not'
	vendors_reset snowflake
	fault '{"match": "POST .*/analyst/message", "kind": "status", "status": 403}'
	search 'lease of the office'
	so '.sources[0] | .state == "partial" and (.help | test("CORTEX_ANALYST_USER"))' '.results[0].title == "Lease of the harbour office"'
}

@test "OH-11: 429 is waited for when there is time, and five failures in a row are enough" {
	local i

	fault '{"match": "POST /api/v2/databases", "kind": "status", "status": 429, "headers": {"Retry-After": "1"}, "times": 1}'
	search 'lease of the office'
	so '.sources[0].state == "complete"'
	asked '[.[] | select(.method == "POST") | .at] | length == 2 and .[1] - .[0] >= 900'
	fault '{"match": "GET /api/v2/databases", "kind": "reset"}'
	for i in 1 2 3 4 5; do
		search lease
		so '.sources[0].state == "failed"'
	done
	vendor_control snowflake DELETE fault >/dev/null
	search lease
	so '.sources[0] | .state == "failed" and (.help | test("left alone"))'
}

@test "OH-11: a Snowflake that does not answer in time leaves the others' results" {
	local kind

	use snow-notes
	for kind in hang stall trickle; do
		fault "{\"match\": \".*\", \"kind\": \"$kind\", \"ms\": 300}"
		search lease
		so '[.sources[].state] == ["timed_out", "complete"]' '[.results[].title] == ["Lease notes"]'
		vendor_control snowflake DELETE fault >/dev/null
		sql 'DELETE FROM gatehouse.source_states'
	done
}

@test "OH-2: a Snowflake with a wrong certificate is not spoken to" {
	local which

	for which in unknown expired name; do
		vendor_fault snowflake "{\"kind\": \"certificate\", \"which\": \"$which\"}"
		search lease
		so '.sources[0] | .state == "failed" and (.help | test("could not be reached"))'
		vendor_control snowflake DELETE fault >/dev/null
		sql 'DELETE FROM gatehouse.source_states'
	done
	asked 'length == 0'
}

@test "a source that is deleted while it is searched does no harm" {
	local search

	vendor_gateway leaving "$(source_of HELP.PUBLIC.DOCS)"
	use leaving
	vendor_set snowflake '{"delay": 500}'
	(search lease && so 'has("results")') >"$BATS_TEST_TMPDIR/search" 2>&1 3>&- &
	search=$!
	wait_until asked 'length > 0'
	answers 200 DELETE "/api/v1/sources/$source"
	wait "$search"
	vendor_set snowflake '{"delay": 0}'
	search lease
	so '.sources == [] and .results == []'
}

# ---- credentials and settings ----

@test "a wrong, expired or bound token is told with what to do" {
	local token help

	while IFS='|' read -r token help; do
		change "snowflake_pat=$token"
		search lease
		so '.sources[0].state == "unauthorized"' ".sources[0].help | test(\"$help\")"
	done <<-'END'
		wrong|does not know
		pat-harbour-expired|has expired
		pat-harbour-network|network policy
	END
	change snowflake_catalogue=no snowflake_analyst_seconds=0
}

@test "a token whose role may do nothing is told what it lacks" {
	use snow-all
	change snowflake_pat=pat-harbour-powerless
	search lease
	so '.sources[0] | .state == "failed" and (.help | test("no such search service, or the role may not see"))'
	question 'revenue per region'
	so '.error | test("CORTEX_ANALYST_USER")'
	change
}

@test "a key pair takes the place of a token" {
	local key

	key=$(cat "$vendors_folder/snowflake-harbour.key")
	vendor_gateway snow-key "$(source_of HELP.PUBLIC.DOCS | jq -c --arg key "$(tr '\n' ' ' <<<"$key")" \
		'.source_metadata |= (del(.snowflake_pat) + {snowflake_private_key: $key, snowflake_user: "gatehouse"})')"
	use snow-key
	search 'revenue per region'
	so '.sources[0].state == "complete"' '.results[0].title == "revenue per region"'
	asked 'all(.status == 200 and .headers."x-snowflake-authorization-token-type" == "KEYPAIR_JWT")'
	change "snowflake_private_key=$(tr -d '\n' <"$vendors_folder/snowflake-meadow.key")" snowflake_user=GATEHOUSE snowflake_pat=
	search lease
	so '.sources[0] | .state == "unauthorized" and (.help | test("RSA_PUBLIC_KEY"))'
	change "snowflake_private_key=$(tr -d '\n' <"$vendors_folder/snowflake-harbour.key")" snowflake_user=GATEHOUSE snowflake_pat=
	search lease
	so '.sources[0].state == "complete"'
	api GET "/api/v1/sources/$source"
	says '.source_metadata | .snowflake_private_key.set == true and .snowflake_user == "GATEHOUSE"'
	lacks 'PRIVATE KEY'
}

@test "settings that name no account, service, key or number are refused" {
	local setting

	use snow
	for setting in snowflake_account_url=https://evil.example snowflake_account_url=https://a.snowflakecomputing.com/x snowflake_account_url=https://u@a.snowflakecomputing.com \
		snowflake_account_url=http://a.snowflakecomputing.com snowflake_private_key=abc 'snowflake_role=a"b' snowflake_databases=a..b snowflake_databases=a,b,c,d,e,f,g,h,i \
		snowflake_sample_rows=maybe snowflake_catalogue=1 snowflake_analyst_seconds=61 snowflake_analyst_seconds=-1 'snowflake_id_column=a"b' tools=x; do
		answers 400 POST /api/v1/sources "$(source_of HELP.PUBLIC.DOCS | jq -c '.source_metadata += ($ARGS.positional[0] | split("=") | {(.[0]): (.[1:] | join("="))})' --args -- "$setting")"
		says ".detail | test(\"^${setting%%=*} must\")"
	done
	answers 400 POST /api/v1/sources "$(source_of HELP.PUBLIC.DOCS | jq -c 'del(.source_metadata.snowflake_pat)')"
	says '.detail | test("snowflake_pat is required")'
	answers 400 POST /api/v1/sources "$(source_of HELP.PUBLIC.DOCS | jq -c '.source_metadata += {snowflake_user: "x"}')"
	says '.detail | test("go together")'
	answers 400 POST /api/v1/sources "$(source_of HELP.PUBLIC.DOCS | jq -c '.source_metadata |= (del(.snowflake_pat) + {snowflake_private_key: ""})')"
	says '.detail | test("snowflake_pat must not be empty")'
}

@test "the account may be written as people know it" {
	local account

	for account in harbour-main HARBOUR.MAIN https://app.snowflake.com/harbour/main/ harbour-main.snowflakecomputing.com; do
		change "snowflake_account_url=$account" snowflake_catalogue=no snowflake_analyst_seconds=0
		search 'lease of the office'
		so '.results[0].title == "Lease of the harbour office"'
	done
	asked 'all(.headers.host == "harbour-main.snowflakecomputing.com")'
	change snowflake_catalogue=no snowflake_analyst_seconds=0
}

@test "a service that is not named with its database and schema is told, and nothing is asked of it" {
	local service

	for service in just_a_name a.b.c.d 'A.B."x/../y' A..B ' ' '@'; do
		change "snowflake_cortex_search_service=$service" snowflake_catalogue=no snowflake_analyst_seconds=0
		search lease
		so '.sources[0] | .state == "failed" and (.help | test("with its database and schema"))'
		fetch id:x
		so '.error | test("with its database and schema")'
	done
	api POST "/api/v1/sources/$source/test" '' "${app_of_vendors[@]}"
	[[ $(jq -r .detail <<<"$body") == *'with its database and schema'* ]]
	asked 'length == 0'
	change snowflake_catalogue=no snowflake_analyst_seconds=0
}

@test "a suspended service, or one that is not there, is told, and so is one that is fine" {
	change snowflake_cortex_search_service=HELP.PUBLIC.NOBODY
	search lease
	so '.sources[0] | .state == "failed" and (.help | test("no such search service"))'
	change snowflake_cortex_search_service=HELP.PUBLIC.ASLEEP
	search lease
	so '.sources[0] | .state == "failed" and (.help | test("suspended"))'
	api POST "/api/v1/sources/$source/test" '' "${app_of_vendors[@]}"
	[[ $(jq -r .detail <<<"$body") == *suspended* ]]
	change snowflake_catalogue=no snowflake_analyst_seconds=0
	api POST "/api/v1/sources/$source/test" '' "${app_of_vendors[@]}"
	[ "$(jq .ok <<<"$body")" = true ]
}

# ---- all of it ----

@test "all that was asked of Snowflake is as Snowflake describes it" {
	run vendor_conforms snowflake
	echo "$output"
	[ "$status" = 0 ]
}
