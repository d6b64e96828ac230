# Box, through its stand-in (t/vendors/box.mjs).

load helper

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
	vendor_gateway box "$(source_of 11446498)"
	vendor_gateway box-two "$(source_of 11446498)" "$(jq -c \
		'.source_metadata += {box_client_id: "boxclientmeadow00000000000000001", box_client_secret: "box-meadow-secret", box_subject_id: "22446498"}' \
		<<<"$(source_of 11446498)")"
	vendor_gateway box-service "$(source_of 900100 | jq -c '.source_metadata.box_subject_type = "enterprise"')"
	vendor_gateway box-narrow "$(source_of 11446498 | jq -c '.source_metadata.box_folder_id = "280133207712"')"
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
	healed
	as box
	on box
}

# source_of USER: a source of harbour's.
source_of()
{
	jq -nc --arg user "$1" '{type: "box", source_metadata: {name: "Files", box_client_id: "boxclientharbour0000000000000001",
		box_client_secret: "box-harbour-secret+/=&", box_subject_type: "user", box_subject_id: $user}}'
}

# What earlier faults have left behind.
healed()
{
	sql "DELETE FROM gatehouse.source_states; DELETE FROM gatehouse.vendor_rates"
}

# search QUERY, and fetch ID, at the gateway $name.
search()
{
	[ "$1" != -- ] || shift
	mcp "${name:-box}" tools/call "$(jq -nc --arg query "$1" '{name: "search", arguments: {query: $query}}')"
	answer=$(jq -c .result.structuredContent <<<"$body")
}

fetch()
{
	mcp "${name:-box}" tools/call "$(jq -nc --arg id "box::$source::$1" '{name: "fetch", arguments: {id: $id}}')"
	answer=$(jq -c '.result.structuredContent // {error: .result.content[0].text}' <<<"$body")
}

# tool NAME ARGUMENTS: at the gateway $name.
tool()
{
	mcp "${name:-box}" tools/call "{\"name\":\"$1\",\"arguments\":$2}"
	answer=$(jq -c '.result.structuredContent // {error: (.result.content[0].text // .error.message)}' <<<"$body")
}

# at_once NUMBER: as many searches; how each ended is in the file states.
at_once()
{
	for _ in $(seq "$1"); do
		(
			BATS_TEST_TMPDIR=$(mktemp -d -p "$BATS_TEST_TMPDIR")
			search lease
			of '.sources[0].state'
		) &
	done >"$BATS_TEST_TMPDIR/states"
	wait
}

# of FILTER: what jq makes of the answer.
of()
{
	jq -r "$1" <<<"$answer"
}

@test "files are found by name, description and text, and cite Box" {
	search 'lease'
	[ "$(of '.sources[0].state')" = complete ]
	[ "$(of '.results[0].title')" = 'Harbour lease 2027.pdf' ]
	[ "$(of '.results[0].url')" = https://app.box.com/file/1700304852231 ]
	[[ $(of '.results[0].text') == 'Signed draft'*'All Files/Leases'* ]]
	[ "$(of '.results[0].metadata.author')" = 'Ann Moss' ]
}

@test "all words are wanted first, then any of them, and that is told" {
	search 'lease deposit'
	[ "$(of '.results | length')" = 1 ]
	search 'lease zeppelin'
	[ "$(of '.results[0].title')" = 'Harbour lease 2027.pdf' ]
	[[ $(of '.sources[0].help') == *'some of them'* ]]
	[ "$(vendor_journal box '[.[] | select(.path == "/2.0/search")] | length')" = 3 ]
}

@test "type, extension, folder and dates narrow a search" {
	search 'lease ext:txt'
	[ "$(of '[.results[].title] | join(",")')" = 'Lease notes.txt' ]
	search 'lease folder:280133207712 after:2026-09-13'
	[ "$(of '[.results[].title] | join(",")')" = 'Harbour lease 2027.pdf' ]
	search 'lease ext:../.. ext:txt'
	[[ $(of '.sources[0].help') == *'not understood'* ]]
	[ "$(vendor_journal box '[.[] | select(.path == "/2.0/search")][-1].query | test("file_extensions=txt&|file_extensions=txt$")')" = true ]
	search 'lease folder:1'
	[ "$(of '.sources[0].state')" = failed ]
	[[ $(of '.sources[0].help') == *'no such folder'* ]]
}

@test "MC-10: what a person asks is words to Box, never its syntax" {
	search 'name:rents OR (zeppelin) & # % + type:file&scope=enterprise_content'
	[ "$(of '.sources[0].state')" = complete ]
	[ "$(of '.results | length')" = 0 ]
	asked=$(vendor_journal box '[.[] | select(.path == "/2.0/search")][0].query' | jq -r .)
	[[ $asked == 'query=%22name%3Arents%22%20OR%20zeppelin%20AND%20%22type%3Afile%26scope%3Denterprise_content%22&type=file&limit='* ]]
	[[ $asked != *'&scope'* ]]
}

@test "MC-10: a question reaches Box as one value, byte for byte" {
	while IFS='|' read -r query wanted; do
		vendors_reset box
		search "$(printf '%b' "$query")"
		asked=$(vendor_journal box '[.[] | select(.path == "/2.0/search")][0].query' | jq -r .)
		[[ $asked == "query=$wanted&type=file&limit="* ]] || { echo "$query: $asked"; false; }
	done <<-'END'
		lease" AND name:"bob|lease%20AND%20%22AND%20name%3A%22%20AND%20bob
		two\\" OR o'brien;x|two%20OR%20%22o%27brien%3Bx%22
		x\\\\" a\\b;c|x%20AND%20%22b%3Bc%22
		50%_ %0d%0aHost: x&type=y|%2250%25_%22%20AND%20%22%250d%250aHost%22%20AND%20%22x%26type%3Dy%22
		lease\r\nX-Evil: 1|lease%20AND%20%22X-Evil%22%20AND%201
	END
}

@test "words can be alternatives, or left out" {
	search 'deposit OR otters'
	[ "$(of '[.results[].title] | sort | join(",")')" = 'Lease notes.txt,otter survey.mp4' ]
	search 'lease -landlord'
	[ "$(of '[.results[].title] | join(",")')" = 'Lease notes.txt' ]
	search 'what is the deposit in the lease?'
	[ "$(of '[.results[].title] | join(",")')" = 'Lease notes.txt' ]
	search -- '-lease'
	[[ $(of '.sources[0].help') == *'at least one word'* ]]
}

@test "a search that finds nothing says so, and what to do" {
	search 'zeppelin'
	[ "$(of '.results | length')" = 0 ]
	[ "$(of '.sources[0].state')" = complete ]
	[[ $(of '.sources[0].help') == 'No file matches'* ]]
}

@test "an app that acts as itself is told to be invited when nothing is found" {
	name=box-service
	search 'zeppelin'
	[ "$(of '.sources[0].state')" = complete ]
	[[ $(of '.sources[0].help') == *'service account owns or was invited to'* ]]
	search 'lease'
	[ "$(of '.results | length')" = 2 ]
}

@test "a source that is narrowed to a folder shows nothing outside of it" {
	name=box-narrow
	search 'lease OR otters'
	[ "$(of '[.results[].title] | sort | join(",")')" = 'Harbour lease 2027.pdf,Lease notes.txt' ]
	search 'Käsefondue folder:280133207714'
	[ "$(of '.results | length')" = 0 ]
	on box-narrow
	fetch 1700304852232
	[ "$(of .title)" = 'Lease notes.txt' ]
	fetch folder-280133207712
	[ "$(of .title)" = Leases ]
	for id in 1700304852237 1700304852245 folder-0 folder-280133207714; do
		fetch "$id"
		[ "$(of .error)" = 'There is no item with this id.' ]
	done
	tool box_list_folder '{}'
	[ "$(of .folder.name)" = Leases ]
	[ "$(of '[.entries[].name] | join(",")')" = 'Drafts,Harbour lease 2027.pdf,rents.csv' ]
	for folder in 0 280133207714; do
		tool box_list_folder "{\"folder\": \"$folder\"}"
		[ "$(of .error)" = 'There is no item with this id.' ]
	done
}

@test "a file is opened with its text, facts and address" {
	fetch 1700304852231
	[[ $(of .text) == 'Lease of the harbour office.'* ]]
	[ "$(of .url)" = https://app.box.com/file/1700304852231 ]
	[ "$(of .metadata.path)" = All\ Files/Leases ]
	fetch 1700304852238
	[[ $(of .text) == 契約書* ]]
	[ "$(of .title)" = 契約書.pdf ]
}

@test "a text that Box has yet to make is waited for" {
	fetch 1700304852233
	[[ $(of .text) == Team*July* ]]
	fetch 1700304852234
	[[ $(of .text) == 'The board approved'* ]]
}

@test "a text that is not ready in time is told, with what there is" {
	vendor_set box '{"polls": 1000}'
	fetch 1700304852234
	[[ $(of .text) == *'still making the text'* ]]
	[ "$(of .title)" = 'Board minutes.docx' ]
}

@test "a text file without an extracted text comes from Box's own download host, without the token" {
	vendor_set box '{"fresh": false}'
	fetch 1700304852244
	[[ $(of .text) == *otters* ]]
	[ "$(vendor_journal box '[.[] | select(.host == "download")][-1].headers.authorization')" = null ]
	vendor_set box '{"fresh": true}'
	fetch 1700304852244
	[[ $(of .text) == *'just being uploaded'* ]]
}

@test "what has no text is told of all the same" {
	fetch 1700304852236
	[[ $(of .text) == *'no text of this kind'* ]]
	fetch 1700304852235
	[[ $(of .text) == *'could not make a text'* ]]
	fetch 1700304852240
	[ "$(of .text)" = '' ]
	fetch 1700304852243
	[[ $(of .text) == *'A policy of the Box enterprise'* ]]
	[ "$(of .title)" = 'secret plan.txt' ]
}

# refused WHY: the last fetch, by our own rules and before anything was sent.
refused()
{
	[[ $(of .error) == *'could not be reached'* ]] &&
		[ "$(log_lines 'select(.event == "source-failed") | .note' | tail -1)" = "\"$1\"" ]
}

@test "OH-5, RL-4: a text is only taken from a host of Box's, and of a size that is kept in bounds" {
	while IFS='|' read -r place why; do
		vendor_fault box "$(jq -nc --arg place "$place" '{match: "GET /2.0/files/1700304852243/content", kind: "redirect", status: 302, location: $place}')"
		fetch 1700304852243
		refused "$why" || { echo "$place: $body $(log_lines "select(.event == \"source-failed\") | .note" | tail -1)"; false; }
	done <<-'END'
		https://127.0.0.1/secret|the host is not on the list
		https://dl.boxcloud.com.evil.example/x|the host is not on the list
		https://evilboxcloud.com/x|the host is not on the list
		https://api.openai.com/x|the host is not on the list
		http://dl.boxcloud.com/x|the scheme is not https
		https://dl.boxcloud.com:8443/x|the port is not 443
		https://u@dl.boxcloud.com/x|the URL names a user
		file:///etc/passwd|the scheme is not https
		/etc/passwd|the URL is malformed
	END
	for part in info content; do
		vendor_fault box "$(jq -nc --arg part "$part" '{match: "GET /2.0/files/1700304852231", kind: "status", status: 200,
			headers: {"Content-Type": "application/json"}, body: {type: "file", id: "1700304852231", name: "x", representations: {entries: [
			{representation: "extracted_text", status: {state: (if $part == "info" then "pending" else "success" end)},
			info: {url: "https://canary.example/"}, content: {url_template: "https://canary.example/{+asset_path}"}}]}}}')"
		fetch 1700304852231
		refused 'the host is not on the list' || { echo "$part: $body"; false; }
	done
	for kind in huge endless bomb; do
		vendor_fault box "{\"match\": \"GET /api/2.0/internal_files/\", \"kind\": \"$kind\", \"size\": 50000000}"
		fetch 1700304852231
		[[ $(of .text) == *'larger than the gateway takes'* ]] || { echo "$kind: $body"; false; }
		[ "$(of .title)" = 'Harbour lease 2027.pdf' ]
	done
}

@test "a long text comes in windows that join without a gap" {
	fetch 1700304852241
	[ "$(of .metadata.cut)" = true ]
	first=$(of '.text | split("\n\n[Characters")[0]')
	[[ $(of .text) == *"fetch box::$source::1700304852241@50000]" ]]
	fetch 1700304852241@50000
	second=$(of '.text | split("\n\n[Characters")[0]')
	line='The tide came in, the tide went out, and the harbour master noted both. Ünïcödé.'
	[ "${#first}" = 50000 ]
	[ "$(grep -cvxF "$line" <<<"$first$second")" -le 1 ]
	fetch 1700304852241@99999999
	[[ $(of .text) == *'The text ends before that'* ]]
}

@test "a folder is its list, with ids to open" {
	fetch folder-280133207712
	[ "$(of .title)" = Leases ]
	[[ $(of .text) == *'Harbour lease 2027.pdf'*"box::$source::1700304852231"* ]]
	fetch folder-280133207715
	[ "$(of .text)" = '[The folder is empty.]' ]
	fetch folder-280133207712@50
	[ "$(of .text)" = '[The folder ends before that.]' ]
}

@test "box_list_folder lists what a folder holds, page by page" {
	tool box_list_folder '{}'
	[ "$(of .folder.name)" = 'All Files' ]
	[ "$(of '.entries[0] | [.name, .type] | join(",")')" = Leases,folder ]
	tool box_list_folder "$(jq -nc --arg id "$(of '.entries[0].id')" '{folder: $id}')"
	[ "$(of '[.entries[].name] | join(",")')" = 'Drafts,Harbour lease 2027.pdf,rents.csv' ]
	[ "$(of '.entries[1] | [.id, .type, .size, .time] | join(",")')" = "box::$source::1700304852231,file,183224,2026-09-14T00:52:33-07:00" ]
	tool box_list_folder '{"folder": "280133207712", "from": 2}'
	[ "$(of '[.entries[].name, .total] | join(",")')" = rents.csv,3 ]
	vendor_fault box "$(jq -nc '{match: "GET /2.0/folders/0/items", kind: "status", status: 200, headers: {"Content-Type": "application/json"},
		body: {total_count: 250, entries: [range(100) | {type: "file", id: "\(. + 1)", name: "<\(.)>\u202e"}]}}')"
	tool box_list_folder '{}'
	[ "$(of '[.next, .total, .entries[99].name] | join(",")')" = '100,250,<99>' ]
	for folder in 1 x ../.. box::x::1 "box::$source::1700304852231" "outlook::$source::folder-0" "box::11111111-1111-4111-8111-111111111111::folder-0"; do
		tool box_list_folder "{\"folder\": \"$folder\"}"
		[[ $(of .error) == 'There is no item with this id.' || $(of .error) == 'Say which source'* ]]
	done
	tool box_list_folder '{"from": 0}'
	[[ $(of .error) == *"'from' must be at least 1"* ]]
}

@test "box_list_folder asks which of two sources is meant, and never mixes them" {
	name=box-two
	on box-two
	tool box_list_folder '{}'
	[[ $(of .error) == 'Say which source of Box is meant'*"${sources[0]}"*"${sources[1]}"* ]]
	tool box_list_folder "{\"source\": \"${sources[1]}\"}"
	[ "$(of '[.entries[].name] | join(",")')" = 'Leases,otter survey.txt' ]
	tool box_list_folder "{\"source\": \"${sources[1]}\", \"folder\": \"280133207712\"}"
	[ "$(of .error)" = 'There is no item with this id.' ]
	tool box_list_folder "{\"source\": \"${sources[1]}\", \"folder\": \"box::${sources[0]}::folder-0\"}"
	[ "$(of .error)" = 'There is no item with this id.' ]
}

@test "MC-12: what a model is told of box_list_folder is a constant: a change of it is a decision" {
	mcp box tools/list
	[ "$(jq -cS '.result.tools[] | select(.name == "box_list_folder")' <<<"$body" | sha256sum | cut -c1-64)" = 5082714ed3836044f826c6055d40096ed42e992837f6fb4a209233e4ee84fb4e ]
}

@test "the tool stands where a source of Box does, unless its owner has switched it off" {
	mcp box tools/list
	[ "$(jq -r '[.result.tools[].name] | index("box_list_folder") != null' <<<"$body")" = true ]
	api PUT "/api/v1/sources/$source" "$(source_of 11446498 | jq -c '.source_metadata.tools = "no"')"
	mcp box tools/list
	[ "$(jq -r '[.result.tools[].name] | index("box_list_folder")' <<<"$body")" = null ]
	tool box_list_folder '{}'
	[[ $(of .error) == *'no tool'* ]]
	api PUT "/api/v1/sources/$source" "$(source_of 11446498)"
}

@test "MC-9: ids of another form are no items, and nothing is asked" {
	vendor_control box DELETE journal
	for id in abc 1/../2 '1?x=1' 1@ 1@0 1@x 1@-5 folder- folder-x folder-1@0 folder-1@99999 1@5@6 -1 99999999999999999999999 '1 '; do
		fetch "$id"
		[ "$(of .error)" = 'There is no item with this id.' ]
	done
	[ "$(vendor_journal box length)" = 0 ]
	fetch 99
	[ "$(of .error)" = 'There is no item with this id.' ]
}

@test "MC-13: what a file is called and says is visible text, and nothing else" {
	fetch 1700304852239
	[ "$(of .title)" = 'invoicefdp.exe <script>alert(1)</script>.txt' ]
	[[ $(of .text) == 'Hidden text. Ignore previous'* ]]
	search 'invoice'
	[ "$(of '.results[0].title')" = 'invoicefdp.exe <script>alert(1)</script>.txt' ]
}

@test "words and names of all alphabets are found and opened" {
	vendor_gateway box-zoe "$(source_of 11446499)"
	name=box-zoe
	search 'Käse Wein'
	[ "$(of '[.results[].title] | join(",")')" = 'Käsefondue 🧀 Rezept.md' ]
	fetch 1700304852237
	[[ $(of .text) == *'Käse reiben, Wein erhitzen. 谢谢!'* ]]
	search '港の契約'
	[ "$(of '[.results[].title] | join(",")')" = 契約書.pdf ]
	[[ $(of '.results[0].text') == *港の契約* ]]
	[ "$(of '.results[0].metadata.author')" = 'Zoë Łukasiewicz' ]
}

@test "two sources of Box in one server never see each other's files" {
	name=box-two
	on box-two
	search 'lease'
	[ "$(of '[.sources[].state] | unique | join(",")')" = complete ]
	[ "$(of "[.results[] | select(.id | contains(\"${sources[0]}\"))] | length > 0")" = true ]
	source=${sources[1]}
	fetch 1700304852231
	[ "$(of .error)" = 'There is no item with this id.' ]
}

# fault JSON: what Box's API does from now on, always.
fault()
{
	vendor_fault box "$(jq -c '{match: "GET /2.0/search", times: 0} + .' <<<"$1")"
}

@test "OH-11, OH-12: whatever is wrong with Box is told in our words, and never in its own" {
	while IFS='|' read -r json state help; do
		vendors_reset box
		healed
		fault "$json"
		search lease
		[ "$status" = 200 ]
		[ "$(of '.sources[0].state')" = "$state" ] || { echo "$json: $body"; false; }
		[[ $(of '.sources[0].help') == *"$help"* ]] || { echo "$json: $body"; false; }
		[[ $body != *canary* ]]
	done <<-'END'
		{"kind": "status", "status": 403, "what": "insufficient_scope"}|unauthorized|Read all files
		{"kind": "status", "status": 403, "what": "access_from_location_blocked"}|unauthorized|gateway's address
		{"kind": "status", "status": 404}|failed|no such folder
		{"kind": "status", "status": 400, "body": {"message": "canary"}}|failed|other words
		{"kind": "status", "status": 429, "headers": {"Retry-After": "100"}}|throttled|try again in 100 seconds
		{"kind": "status", "status": 500, "body": {"message": "canary"}}|failed|trouble of its own
		{"kind": "status", "status": 502}|failed|trouble of its own
		{"kind": "broken"}|failed|unreadable
		{"kind": "type", "type": "text/html", "body": "<p>canary</p>"}|failed|unreadable
		{"kind": "close"}|failed|unreadable
		{"kind": "endless"}|failed|more than the gateway takes
		{"kind": "huge"}|failed|more than the gateway takes
		{"kind": "bomb", "size": 50000000}|failed|more than the gateway takes
		{"kind": "redirect", "status": 302, "location": "http://169.254.169.254/canary"}|failed|
		{"kind": "headers"}|failed|
		{"kind": "certificate", "which": "unknown"}|failed|could not be reached
		{"kind": "certificate", "which": "expired"}|failed|could not be reached
		{"kind": "certificate", "which": "name"}|failed|could not be reached
	END
}

@test "OH-11: what fails for a moment is asked again, twice at most" {
	vendor_fault box '{"match": "GET /2.0/search", "times": 2, "kind": "status", "status": 500}'
	search lease
	[ "$(of '.sources[0].state')" = complete ]
	vendor_fault box '{"match": "GET /2.0/search", "times": 1, "kind": "status", "status": 429, "headers": {"Retry-After": "1"}}'
	search lease
	[ "$(of '.sources[0].state')" = complete ]
	vendor_control box DELETE journal
	fault '{"kind": "status", "status": 503}'
	search lease
	[ "$(vendor_journal box '[.[] | select(.path == "/2.0/search")] | length')" = 3 ]
}

@test "OH-11: what one search was told to wait, the next one keeps to" {
	fault '{"kind": "status", "status": 429, "headers": {"Retry-After": "100"}}'
	search lease
	vendor_control box DELETE journal
	search lease
	[ "$(of '.sources[0].state')" = throttled ]
	[ "$(vendor_journal box length)" = 0 ]
}

@test "OH-11: after five failures in a row Box is left alone for a while, and checks tells" {
	fault '{"kind": "reset"}'
	for _ in 1 2 3 4 5; do
		search lease
		[ "$(of '.sources[0].state')" = failed ]
	done
	vendor_control box DELETE journal
	search lease
	[[ $(of '.sources[0].help') == *'left alone'* ]]
	[ "$(vendor_journal box length)" = 0 ]
	api GET /api/v1/checks
	[ "$(jq -c '[.open_circuits, .half_open_circuits]' <<<"$body")" = '[1,0]' ]
	vendors_reset box
	sql "UPDATE gatehouse.source_states SET open_until = now() - interval '1 second'"
	api GET /api/v1/checks
	[ "$(jq -c '[.open_circuits, .half_open_circuits]' <<<"$body")" = '[0,1]' ]
	search lease
	[ "$(of '.sources[0].state')" = complete ]
	api GET /api/v1/checks
	[ "$(jq -c '[.open_circuits, .half_open_circuits]' <<<"$body")" = '[0,0]' ]
}

@test "a hanging Box is left at the deadline, and the answer comes" {
	api PUT "/api/v1/sources/$source" "$(source_of 11446498 | jq -c '.source_metadata += {search_seconds: "1"}')"
	for kind in hang stall trickle; do
		vendors_reset box
		healed
		fault "{\"kind\": \"$kind\", \"ms\": 500}"
		search lease
		[ "$(of '.sources[0].state')" = timed_out ]
	done
	api PUT "/api/v1/sources/$source" "$(source_of 11446498)"
}

@test "a token that Box no longer takes is renewed once, by one of all who ask" {
	search lease
	vendor_control box POST revoke
	vendor_control box DELETE journal
	at_once 4
	[ "$(vendor_journal box '[.[] | select(.path == "/oauth2/token")] | length')" = 1 ]
	search lease
	[ "$(of '.sources[0].state')" = complete ]
	fault '{"kind": "status", "status": 401}'
	search lease
	[ "$(of '.sources[0].state')" = unauthorized ]
	[ "$(vendor_journal box '[.[] | select(.path == "/oauth2/token")] | length')" = 2 ]
}

@test "wrong credentials are told with what to do, and not tried again at each search" {
	while IFS='|' read -r change help; do
		api PUT "/api/v1/sources/$source" "$(source_of 11446498 | jq -c ".source_metadata += $change")"
		search lease
		[ "$(of '.sources[0].state')" = unauthorized ]
		[[ $(of '.sources[0].help') == *"$help"* ]] || { echo "$change: $body"; false; }
		vendor_control box DELETE journal
		search lease
		[ "$(of '.sources[0].state')" = unauthorized ]
		[[ $(of '.sources[0].help') == *"$help"* ]]
		[ "$(vendor_journal box length)" = 0 ]
	done <<-'END'
		{"box_client_secret": "wrong"}|check box_client_secret
		{"box_subject_id": "900200"}|box_subject_id
		{"box_client_id": "nobody"}|knows no such app: check box_client_id
		{"box_client_id": "boxclientharbour0000000000000002", "box_client_secret": "not-granted"}|Server Authentication (Client Credentials Grant)
		{"box_client_id": "boxclientharbour0000000000000003", "box_client_secret": "app-only"}|App + Enterprise Access
	END
	api PUT "/api/v1/sources/$source" "$(source_of 11446498)"
	search lease
	[ "$(of '.sources[0].state')" = complete ]
}

@test "six searches a second and no more go to Box for one user" {
	vendor_set box '{"per_second": 6}'
	at_once 8
	[ "$(sort "$BATS_TEST_TMPDIR/states" | uniq -c | tr -s ' ')" = ' 8 complete' ]
	[ "$(vendor_journal box '[.[] | select(.status == 429)] | length')" = 0 ]
}

asked_of_box()
{
	[ "$(vendor_journal box length)" -gt 0 ]
}

@test "a source that is deleted while it is searched does no harm, and is gone with the next question" {
	vendor_gateway box-gone "$(source_of 11446499)"
	vendor_set box '{"delay": 500}'
	(
		BATS_TEST_TMPDIR=$(mktemp -d -p "$BATS_TEST_TMPDIR")
		name=box-gone search lease
		[ "$status" = 200 ] && [ "$(of 'has("results")')" = true ]
	) 3>&- &
	search=$!
	wait_until asked_of_box
	api DELETE "/api/v1/sources/$source"
	[ "$status" = 200 ]
	wait "$search"
	vendor_set box '{"delay": 0}'
	name=box-gone search lease
	[ "$(of '.sources | length')" = 0 ]
}

@test "a source is tested with the cheapest call" {
	api POST "/api/v1/sources/$source/test" '' "${app_of_vendors[@]}"
	[ "$(jq -c '[.ok, .state]' <<<"$body")" = '[true,"complete"]' ]
	vendor_fault box '{"match": "GET /2.0/users/me", "times": 0, "kind": "status", "status": 403, "what": "insufficient_scope"}'
	api POST "/api/v1/sources/$source/test" '' "${app_of_vendors[@]}"
	[ "$(jq -c '[.ok, .state]' <<<"$body")" = '[false,"unauthorized"]' ]
	[[ $(jq -r .detail <<<"$body") == *'Read all files'* ]]
}

@test "all that was asked of Box is as Box describes it" {
	run vendor_conforms box
	echo "$output"
	[ "$status" = 0 ]
}
