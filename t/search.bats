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
	gateway bob
	document Secret 'Bob bakes a cake in secret.'
}

setup()
{
	as alice
	on alice
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
	says ".result.structuredContent.sources | map(select(.id == \"$mailbox\")) | .[0].state == \"failed\" and (.[0].help | test(\"cannot search Outlook\"))"
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

@test "RL-4: a long text is cut, and the cut is marked" {
	search endless
	fetch "$(field '.result.structuredContent.results[0].id')"
	says '.result.structuredContent | (.text | length) < 100200 and (.text | test("Cut here: the first 100000 of 160000")) and .metadata.cut'
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
