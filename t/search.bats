# What the tools search and fetch find, and how they say what they cover.

load helper
load api

setup_file()
{
	gateway alice
	alices=$source
	document Cakes 'How to bake a chocolate cake in an oven.'
	document Ovens 'Ovens get hot; a cake is baked in one. Wash the chocolate off.' https://example.org/ovens
	document 'docs/apache2/README.Debian' 'Read me.'
	document Hidden "$(printf 'seen\u200bwords\u202e here')"
	printf 'endless %.0s' {1..20000} | jq -Rsc '{title: "Long", text: .}' >"$BATS_FILE_TMPDIR/long"
	api POST "/api/v1/sources/$source/documents" "@$BATS_FILE_TMPDIR/long"
	gateway carol
	pages=$source
	api POST /api/v1/sources '{"type": "documents", "source_metadata": {"name": "Other", "search_seconds": "5"}}'
	other=$(field .id)
	for number in {1..29}; do
		document "Page $number$(printf ' long%.0s' {1..90})" "A rope and its length, $number."
		source=$other document "Reel $number$(printf ' long%.0s' {1..90})" "Rope on a reel, number $number."
	done
	answers 200 PUT "/api/v1/mcp-servers/$server" "{\"source_ids\": [\"$pages\", \"$other\"]}"
	gateway bob
	document Secret 'Bob bakes a cake in secret.'
}

setup()
{
	as alice
	on alice
}

teardown()
{
	[ -z "${with_settings:-}" ] || restart_workers mcp
}

# document TITLE TEXT [URL]: kept in the gateway's source
document()
{
	api POST "/api/v1/sources/$source/documents" "$(jq -cn --arg title "$1" --arg text "$2" --arg url "${3:-}" '$ARGS.named')"
	[ "$status" = 201 ] || {
		echo "$1: $status $body"
		return 1
	}
}

search()
{
	mcp "${2:-alice}" tools/call "$(jq -cn --arg query "$1" '{name: "search", arguments: {query: $query}}')"
}

fetch()
{
	mcp "${2:-alice}" tools/call "$(jq -cn --arg id "$1" '{name: "fetch", arguments: {id: $id}}')"
}

more()
{
	mcp "${2:-carol}" tools/call "$(jq -cn --arg cursor "$1" '{name: "search_more", arguments: {cursor: $cursor}}')"
}

# all_pages: on from the answer that is there; $pages_seen and the file ids.
all_pages()
{
	local cursor

	pages_seen=0
	: >"$BATS_TEST_TMPDIR/ids"
	while :; do
		says '.result.structuredContent.sources | map(.state == "complete") | all'
		((pages_seen += 1))
		jq -r '.result.structuredContent.results[].id' <<<"$body" >>"$BATS_TEST_TMPDIR/ids"
		cursor=$(field '.result.structuredContent.next_cursor // empty')
		[ -n "$cursor" ] || return 0
		more "$cursor"
	done
}

# mcp_with VARIABLE=VALUE…: the mcp program with these settings.
mcp_with()
{
	worker_stop mcp
	test_worker_start mcp 1 "$@"
}

titles()
{
	says "[.result.structuredContent.results[].title] == $1"
}

@test "search finds documents, best first, as ChatGPT's connectors want them" {
	search 'chocolate cake'
	titles '["Cakes", "Ovens"]'
	says '.result.structuredContent as $s | .result.content | length == 1 and (.[0].text | fromjson) == $s'
	says ".result.structuredContent.results[0].id | startswith(\"documents::$source::\")"
	says '.result.structuredContent.results[1].url == "https://example.org/ovens"'
	says ".result.structuredContent.results[0].url | test(\"^https?://[^/]+/api/v1/sources/$source/documents/[0-9a-f-]{36}\$\")"
	says '.result.structuredContent.results[0].metadata | .kind == "documents" and .source == "Documents"'
	says '.result.structuredContent.results[0].text | test("«chocolate»")'
}

@test "fetch gives what search found, whole" {
	search 'chocolate -wash'
	fetch "$(field '.result.structuredContent.results[0].id')"
	says '.result.structuredContent | .title == "Cakes" and .text == "How to bake a chocolate cake in an oven."'
	says '.result.structuredContent | (keys | sort) == ["id", "metadata", "text", "title", "url"] and .metadata.kind == "documents"'
}

@test "words inside file names are found" {
	search apache2
	titles '["docs/apache2/README.Debian"]'
}

@test "a misspelt word is found, and the answer says how" {
	search choclate
	titles '["Cakes", "Ovens"]'
	says '.result.structuredContent.sources[0] | .state == "complete" and (.help | test("chocolate"))'
}

@test "when nothing has all the words, what has some is found, and the answer says so" {
	search 'chocolate zebra'
	titles '["Cakes", "Ovens"]'
	says '.result.structuredContent.sources[0].help | test("some of them")'
	search 'zebra'
	titles '[]'
	says '.result.structuredContent.sources[0] | .state == "complete" and .count == 0'
}

@test "a source that cannot be searched is named, and the others are answered" {
	api POST /api/v1/sources '{"type": "outlook", "source_metadata": {"tenant_id": "t", "graph_client_id": "c",
		"graph_client_secret": "s", "graph_user_id": "u"}}'
	mailbox=$(field .id)
	answers 200 PUT "/api/v1/mcp-servers/$server" "{\"source_ids\": [\"$source\", \"$mailbox\"]}"
	search cake
	titles '["Cakes", "Ovens"]'
	says ".result.structuredContent.sources | map(select(.id == \"$mailbox\")) | .[0].state == \"failed\" and (.[0].help | length > 0)"
	answers 200 PUT "/api/v1/mcp-servers/$server" "{\"source_ids\": [\"$source\"]}"
}

@test "TI-1: nobody finds another's documents" {
	search cake bob
	titles '["Secret"]'
	search secret
	titles '[]'
}

@test "MC-9: a foreign, a deleted and a broken id are all the same" {
	search secret bob
	foreign=$(field '.result.structuredContent.results[0].id')
	search cake
	own=$(field '.result.structuredContent.results[0].id')
	fetch "documents::$source::00000000-0000-4000-8000-000000000000"
	wanted=$(jq -cS 'del(.id)' <<<"$body")
	says '.result.isError or .error'
	for id in "$foreign" "${own%::*}::../x" "${own%::*}::%2e%2e" "${own/documents/box}" "${own^^}" "$own?" "$own#" "$own/" \
		"documents::../../$source::x" x :: "$(printf 'documents::%s::%0900d' "$source" 0)"; do
		fetch "$id"
		[ "$(jq -cS 'del(.id)' <<<"$body")" = "$wanted" ] || {
			echo "$id: $body"
			return 1
		}
	done
	fetch "$own"
	says '.result.structuredContent.title == "Cakes"'
}

@test "TI-7: a source that left the server is not searched any more, nor fetched from" {
	search cake
	own=$(field '.result.structuredContent.results[0].id')
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"source_ids": []}'
	search cake
	says '.result.structuredContent | .results == [] and .sources == []'
	fetch "$own"
	says '.result.isError or .error'
	answers 200 PUT "/api/v1/mcp-servers/$server" "{\"source_ids\": [\"$source\"]}"
}

@test "MC-13: characters nobody can see are not passed on" {
	search seenwords
	search hidden
	fetch "$(field '.result.structuredContent.results[0].id')"
	says '.result.structuredContent.text == "seenwords here"'
}

@test "RL-4: a long text is cut so that the answer has room, and the cut is marked" {
	search endless
	fetch "$(field '.result.structuredContent.results[0].id')"
	says '.result.content[0].text | length | . <= 60000 and . > 59000'
	says '.result.structuredContent.metadata.cut'
	says '.result.structuredContent.text | capture("Cut here: the first (?<n>[0-9]+) of 160000 characters") as $cut
		| (rindex("\n\n[Cut") | tostring) == $cut.n'
	with_settings=1
	mcp_with GATEHOUSE_ANSWER_CHARACTERS=200000
	fetch "$(field .result.structuredContent.id)"
	says '.result.structuredContent.text | test("Cut here: the first 100000 of 160000 characters")'
}

@test "search_more goes on where search ended, and nothing comes twice" {
	search rope carol
	says '.result.structuredContent.results | length == 20'
	all_pages
	((pages_seen == 3))
	[ "$(sort -u "$BATS_TEST_TMPDIR/ids" | wc -l)" = 58 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/ids")" = 58 ]
}

@test "an answer that is all there has no cursor" {
	search cake
	says '.result.structuredContent | (has("next_cursor") or has("cut")) | not'
}

@test "what changes between two pages makes nothing come twice" {
	on carol
	as carol
	search rope carol
	cursor=$(field .result.structuredContent.next_cursor)
	jq -r '.result.structuredContent.results[].id' <<<"$body" >"$BATS_TEST_TMPDIR/first"
	document 'Rope Rope' 'rope rope rope'
	added=$(field .id)
	more "$cursor"
	jq -r '.result.structuredContent.results[].id' <<<"$body" >"$BATS_TEST_TMPDIR/second"
	[ -s "$BATS_TEST_TMPDIR/second" ]
	not grep -qxFf "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	answers 200 DELETE "/api/v1/sources/$source/documents/$added"
}

@test "MC-9: a cursor that was changed, or is another user's, is refused and says nothing" {
	search rope carol
	cursor=$(field .result.structuredContent.next_cursor)
	more "$cursor" bob
	wanted=$(jq -cS .result <<<"$body")
	says '.result.isError and (.result.content[0].text | test("search again"))'
	for wrong in x "${cursor%?}" "${cursor}A" "${cursor:1}" "$(rev <<<"$cursor")" "$(printf 'A%.0s' {1..23999})"; do
		more "$wrong"
		[ "$(jq -cS .result <<<"$body")" = "$wanted" ] || {
			echo "$wrong: $body"
			return 1
		}
	done
	more "$cursor"
	says '.result.isError | not'
}

@test "a cursor is good at the server it was made for only" {
	search rope carol
	cursor=$(field .result.structuredContent.next_cursor)
	as carol
	on carol
	api POST /api/v1/mcp-servers "$(jq -cn --arg source "$source" '{name: "second", source_ids: [$source]}')"
	second=$(field .id)
	gateway_host=$(field '.endpoint | sub("^https?://"; "") | sub("/$"; "")')
	api POST "/api/v1/mcp-servers/$second/tokens" '{"name": "t"}'
	gateway_token=$(field .token)
	printf '%s\n' "$source" "$second" "$gateway_host" "$gateway_token" >"$gateways/second"
	more "$cursor" second
	says '.result.isError'
}

@test "search takes one argument, as ChatGPT's connectors want it" {
	mcp alice tools/call '{"name": "search", "arguments": {"query": "cake", "cursor": "x"}}'
	says '.result.isError and (.result.content[0].text | test("no argument .cursor."))'
}

@test "RL-4: an answer has at most the characters that are set, tells what was left out, and search_more brings it" {
	with_settings=1
	mcp_with GATEHOUSE_ANSWER_CHARACTERS=10000
	search rope carol
	says '.result.structuredContent | (.results | length) < 20 and (.cut | test("search_more"))'
	for page in {1..5}; do
		says '.result.content[0].text | length <= 10000'
		jq -r '.result.structuredContent.results[].id' <<<"$body" >>"$BATS_TEST_TMPDIR/ids"
		((page == 5)) || more "$(field .result.structuredContent.next_cursor)"
	done
	says '.result.structuredContent | (has("next_cursor") | not) and (.cut | test("narrower"))'
	[ -z "$(sort "$BATS_TEST_TMPDIR/ids" | uniq -d)" ]
}

@test "MC-10: whatever is asked is words" {
	for query in "'" '"' '(' 'a:*' '& | !' '<->' "x'; DROP TABLE documents" '\' '%' '- -' 'the'; do
		search "$query"
		says '.result.structuredContent.results | type == "array"'
	done
}

@test "RL-4: an empty query and one that is too long are refused" {
	for query in '' ' ' "$(printf 'x%.0s' {1..1001})"; do
		search "$query"
		says '.result.isError or .error'
	done
}
