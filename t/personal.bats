# A personal source is read by each user with an account of their own.

load helper
load mcp
load oauth
source "$BATS_TEST_DIRNAME/vendors.bash"

# Rita owns two servers: one with mail, one with files and notes. Ann and Paul
# are let in to both; Tom is not.
setup_file()
{
	vendors_start
	vendor_gateway rita "$(vendor_source outlook '.source_metadata |= (.access = "personal" | del(.graph_user_id))')"
	shared rita
	vendor_gateway files "$(vendor_source box '.source_metadata |= (.access = "personal" | del(.box_subject_type, .box_subject_id))')" \
		'{"type": "documents", "source_metadata": {"name": "Notes"}}'
	shared files
	api POST "/api/v1/sources/${sources[1]}/documents" '{"title": "Lease notes", "text": "The lease of the notes."}'
	sign_up ann
	sign_up paul
	sign_up tom
	lets_in rita ann
	lets_in rita paul
	lets_in files ann
	lets_in files paul
}

teardown_file()
{
	vendors_folder=$stand/vendors
	vendors_stop
}

setup()
{
	vendors_folder=$stand/vendors
	vendors_addresses
	vendors_reset
	sql "SELECT gatehouse.connection_over(user_id, id, 'test') FROM gatehouse.connections WHERE ended_at IS NULL;
		DELETE FROM gatehouse.source_states; DELETE FROM gatehouse.vendor_rates; DELETE FROM gatehouse.vendor_slots" >/dev/null
	at rita ann
}

shared()
{
	on "$1"
	as "$1"
	api PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
}

# lets_in SERVER NAME: a share, and a token by OAuth.
lets_in()
{
	on "$1"
	as "$2"
	sql "INSERT INTO gatehouse.server_shares (id, user_id, server_id, email, email_key, subject_id, accepted_at)
		SELECT gen_random_uuid(), user_id, id, '$user_email', '$user_email', '$user_id', now() FROM gatehouse.mcp_servers WHERE id = '$server'"
	forgive
	register
	grant scope='search fetch outlook box'
	redeem
	echo "$access" >"$people/$2/at-$1"
}

# at SERVER NAME: the server in use, with NAME's token.
at()
{
	on "$1"
	as "$2"
	browser "$2"
	gateway_token=$(cat "$people/$2/at-$1")
	link=$app_url/connect/$source
}

# calls TOOL ARGUMENTS [CAPABILITIES] [MEMBERS]: in 2026-07-28.
calls()
{
	revision=$modern
	post "$(jq -cn --arg tool "$1" --argjson arguments "$2" --argjson can "${3:-"{}"}" --argjson more "${4:-"{}"}" '{jsonrpc: "2.0", id: 1,
		method: "tools/call", params: ({name: $tool, arguments: $arguments, _meta: {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
		"io.modelcontextprotocol/clientCapabilities": $can}} + $more)}')" "${gateway_curl[@]}" \
		-H "MCP-Protocol-Version: $modern" -H 'Mcp-Method: tools/call' -H "Mcp-Name: $1"
}

# calls_old REVISION TOOL ARGUMENTS [curl arguments…]
calls_old()
{
	ask_old "$1" tools/call "\"name\":\"$2\",\"arguments\":$3" "${gateway_curl[@]}" "${@:4}"
}

lease='{"query": "lease"}'

# to_vendor: from the page to the vendor's; sets $place, there.
to_vendor()
{
	page GET "/connect/$source"
	if [[ $place == */signin ]]; then
		page POST "$place" "email=$user_email" "password=$user_password"
		page GET "/connect/$source"
	fi
	[ "$status" = 200 ]
	page POST "/connect/$source" answer=connect
	[ "$status" = 303 ]
}

# consents LOGIN: at the vendor; sets $place, back here.
consents()
{
	fetch_answer --cacert "$vendors_ca" --connect-to "login.microsoftonline.com:443:${login_url#https://}" \
		--connect-to "account.box.com:443:${box_url#https://}" "$place&login_hint=$1"
	[ "$status" = 302 ] || {
		echo "the vendor: $status $body"
		return 1
	}
	place=$(tr -d '\r' <"$headers" | sed -n 's/^Location: //Ip')
	sed -n 's/.*[?&]code=\([^&]*\).*/\1/p' <<<"$place" >>"$stand/secrets"
}

# back: the browser in use follows the vendor.
back()
{
	fetch_answer "${app_of_vendors[@]}" -b "$jar" -c "$jar" "$place"
}

# connects LOGIN: the person in use.
connects()
{
	to_vendor
	consents "$1"
	back
	[ "$status" = 200 ] && grep -q '<strong>' <<<"$body" && return
	echo "not connected: $status $body"
	return 1
}

# told_link: a failure that the model can tell the user of, with the link.
told_link()
{
	holds ".result.isError and (.result.content[0].text | contains(\"$link\"))"
	holds '.result._meta["mcp/www_authenticate"][0] | test("^Bearer resource_metadata=\".*error=\"insufficient_scope\", error_description=")'
}

live()
{
	sql "SELECT count(*) FROM gatehouse.connections WHERE user_id = '$user_id' AND source_id = '$source' AND ended_at IS NULL"
}

renewals()
{
	vendor_journal "$1" '[.[] | select(.path | test("/token$"))] | length'
}

@test "a call without a connected account fails with the link, in words, where a client can do no more" {
	calls search "$lease"
	told_link
	calls fetch "{\"id\": \"outlook::$source::abc\"}" '{"elicitation": {}}'
	told_link
	calls outlook_list_folders '{}' '{"elicitation": {"form": {}}}'
	told_link
	for revision in 2025-11-25 2025-06-18 2025-03-26; do
		calls_old $revision search "$lease"
		told_link
	done
	[ "$(vendor_journal graph length)" = 0 ]
}

@test "a client of 2026-07-28 that opens addresses is asked to, until its user declines" {
	calls search "$lease" '{"elicitation": {"url": {}}}'
	holds ".result | .resultType == \"input_required\" and (.inputRequests | to_entries | length == 1)
		and (.inputRequests[] | .method == \"elicitation/create\" and .params.mode == \"url\" and .params.url == \"$link\" and (.params.message | length > 0)
		and (.params | has(\"elicitationId\") | not))"
	# Agreed to open it, but not done.
	calls search "$lease" '{"elicitation": {"url": {}}}' "{\"inputResponses\": {\"$source\": {\"action\": \"accept\"}}}"
	holds '.result.resultType == "input_required"'
	calls search "$lease" '{"elicitation": {"url": {}}}' "{\"inputResponses\": {\"$source\": {\"action\": \"decline\"}}}"
	told_link
	connects ann@harbour.example
	calls search "$lease" '{"elicitation": {"url": {}}}' "{\"inputResponses\": {\"$source\": {\"action\": \"accept\"}}}"
	holds '.result.structuredContent.results | any(.title == "Renewal of the Harbour lease")'
}

@test "a client of 2025-11-25 that said it opens addresses gets the error -32042, and no other does" {
	local session can='"capabilities":{"elicitation":{"url":{}}}'

	ask_old 2025-11-25 initialize "\"protocolVersion\":\"2025-11-25\",$can,\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}" "${gateway_curl[@]}"
	session=$(header Mcp-Session-Id)
	[[ $session == ghm_* ]]
	calls_old 2025-11-25 search "$lease" -H "Mcp-Session-Id: $session"
	[ "$status" = 200 ]
	holds ".error.code == -32042 and (.error.data.elicitations | length == 1)
		and (.error.data.elicitations[0] | .mode == \"url\" and .url == \"$link\" and (.elicitationId | length > 0) and (.message | length > 0))"
	calls_old 2025-11-25 fetch "{\"id\": \"outlook::$source::abc\"}" -H "Mcp-Session-Id: $session"
	holds '.error.code == -32042'
	# Another's, or a changed one, is over; one of somebody else's making is nobody's.
	calls_old 2025-11-25 search "$lease" -H "Mcp-Session-Id: ${session}x"
	[ "$status" = 404 ]
	at rita paul
	calls_old 2025-11-25 search "$lease" -H "Mcp-Session-Id: $session"
	[ "$status" = 404 ]
	calls_old 2025-11-25 search "$lease" -H "Mcp-Session-Id: 1868a90c"
	told_link
	calls_old 2025-06-18 search "$lease" -H "Mcp-Session-Id: $session"
	told_link
	ask_old 2025-11-25 initialize '"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"t","version":"1"}' "${gateway_curl[@]}"
	[ -z "$(header Mcp-Session-Id)" ]
}

@test "the page says whose source it is and what is read; then the same call works, as that person" {
	page GET "/connect/$source"
	[ "$place" = "/connect/$source/signin" ]
	page POST "$place" "email=$user_email" "password=$user_password"
	page GET "/connect/$source"
	for text in "$(cat "$people/rita/email")" 'your mail' 'Microsoft Graph' '<dd>nothing</dd>' "$user_email"; do
		grep -qF -- "$text" <<<"$body"
	done
	connects ann@harbour.example
	grep -q 'ann@harbour.example' <<<"$body"
	calls search "$lease"
	holds '.result.structuredContent.results | any(.title == "Renewal of the Harbour lease")'
	calls fetch "$(jq -c '.result.structuredContent.results[0] | {id}' <<<"$body")"
	holds '.result.structuredContent.text | length > 0'
	calls outlook_list_folders '{}'
	holds '.result.structuredContent.folders | length > 0'
	calls outlook_find_messages '{"folder": "inbox"}'
	holds '.result.structuredContent.messages | length > 0'
	[ "$(vendor_journal graph '[.[] | select(.path | test("^/v1.0/")) | .path | test("^/v1.0/me/")] | all')" = true ]
	[ "$(renewals graph)" = 2 ] # the code, and the first refresh
	page GET "/connect/$source"
	grep -q 'ann@harbour.example' <<<"$body"
	api GET /api/v1/connections
	says "length == 1 and (.[0] | .account == \"ann@harbour.example\" and .source.id == \"$source\" and (keys | sort) == [\"account\", \"connected_at\", \"id\", \"last_used_at\", \"scopes\", \"source\"])"
}

@test "TI-9: two people at one server see their own mail and never each other's" {
	connects ann@harbour.example
	at rita paul
	calls search "$lease"
	told_link
	connects paulo.reis@harbour.example
	for _ in 1 2 3; do
		at rita paul
		calls search "$lease"
		holds '[.result.structuredContent.results[].title] == ["Private lease gossip of Paulo"]'
		at rita ann
		calls search "$lease"
		holds '.result.structuredContent.results | length > 0 and all(.title != "Private lease gossip of Paulo")'
	done
}

@test "a search answers with what the other sources found, and says what is not connected" {
	at files ann
	calls search "$lease" '{"elicitation": {"url": {}}}'
	holds '.result.structuredContent.results | any(.title == "Lease notes")'
	holds ".result.structuredContent.sources | any(.state == \"not_connected\" and (.help | contains(\"$link\")))"
	connects ann@harbour.example
	grep -q '<strong>ann@harbour.example</strong> at Box' <<<"$body"
	calls search "$lease"
	holds '.result.structuredContent.sources | all(.state == "complete")'
	holds '.result.structuredContent.results | any(.metadata.kind == "box")'
}

@test "what was begun by one person in one browser is finished there, once, and by nobody else" {
	local begun

	to_vendor
	consents ann@harbour.example
	begun=$place
	# Somebody else, to whom the link was sent: their account stays theirs.
	at rita paul
	to_vendor
	place=$begun
	back
	[ "$status" = 404 ]
	[ "$(live)" = 0 ]
	# The same person in another browser.
	as ann
	browser ann-elsewhere
	to_vendor
	place=$begun
	back
	[ "$status" = 404 ]
	at rita ann
	to_vendor
	place=$begun
	back
	[ "$status" = 404 ] # begun again since
	to_vendor
	consents ann@harbour.example
	back
	[ "$status" = 200 ]
	back
	[ "$status" = 404 ]
	[ "$(live)" = 1 ]
	# Not signed in any more; and over.
	to_vendor
	consents ann@harbour.example
	begun=$jar
	browser nobody
	back
	[ "$status" = 404 ]
	jar=$begun
	sql "UPDATE gatehouse.pending_connections SET expires_at = now()"
	back
	[ "$status" = 404 ]
	fetch_answer -b "$jar" "${app_of_vendors[@]}" "$app_url/connect/callback?code=x&state=y"
	[ "$status" = 404 ]
	fetch_answer -b "$jar" "${app_of_vendors[@]}" "$app_url/connect/callback"
	[ "$status" = 404 ]
	# The gateways have no such page.
	fetch_answer -b "$jar" "${gateway_curl[@]}" "$gateway_url/connect/callback?code=x&state=y"
	[ "$status" = 404 ]
}

@test "who declines at the vendor connects nothing, and reads none of the vendor's words" {
	to_vendor
	consents deny
	back
	[ "$status" = 200 ]
	grep -q 'Nothing was connected' <<<"$body"
	not grep -q canary <<<"$body"
	[ "$(live)" = 0 ]
	# A code that is not the one the vendor gave.
	to_vendor
	consents ann@harbour.example
	place=${place/code=/code=x}
	back
	[ "$status" = 503 ]
	[ "$(live)" = 0 ]
	calls search "$lease"
	told_link
}

@test "who is not let in finds no such source, and no page begins elsewhere" {
	as tom
	browser tom
	page POST "/connect/$source/signin" "email=$user_email" "password=$user_password"
	page GET "/connect/$source"
	[ "$status" = 404 ]
	page POST "/connect/$source" answer=connect
	[ "$status" = 404 ]
	page GET "/connect/00000000-0000-4000-8000-000000000000"
	[ "$status" = 404 ]
	page GET "/connect/nonsense"
	[ "$status" = 400 ] || [ "$status" = 404 ]
	at rita ann
	to_vendor
	fetch_answer -b "$jar" -H 'Origin: https://evil.example' -d answer=connect "$app_url/connect/$source"
	[ "$status" = 403 ]
	page POST "/connect/$source" answer=maybe
	[ "$status" = 400 ]
	# A source that everybody reads with one account has none to connect.
	at files ann
	page GET "/connect/${sources[1]}"
	[ "$status" = 404 ]
}

@test "a refresh token that is good for one use is used once, whoever asks at the same time" {
	local i

	at files ann
	connects ann@harbour.example
	worker_stop mcp-vendors
	test_worker_start mcp-vendors 2 "${vendors_environment[@]}"
	vendor_fault box '{"match": "POST /oauth2/token", "kind": "slow", "ms": 300, "times": 0}'
	for i in 1 2 3; do
		sql "UPDATE gatehouse.source_states SET token_until = now()"
		for _ in 1 2 3 4 5 6; do
			(calls search "$lease" && holds '.result.structuredContent.sources | all(.state == "complete")' || touch "$BATS_TEST_TMPDIR/failed") &
		done
		wait
		[ ! -e "$BATS_TEST_TMPDIR/failed" ]
		[ "$(renewals box)" = $((1 + i)) ]
		sql "DELETE FROM gatehouse.vendor_rates"
	done
	worker_with
}

asked_twice()
{
	[ "$(renewals box)" = 2 ]
}

kept()
{
	[ "$(sql "SELECT count(*) FROM gatehouse.source_states WHERE token IS NOT NULL")" = 1 ]
}

@test "a refresh token that comes when the client has left is kept all the same" {
	at files ann
	connects ann@harbour.example
	vendor_fault box '{"match": "POST /oauth2/token", "kind": "slow", "ms": 2000, "times": 1}'
	curl -sS -o "$BATS_TEST_TMPDIR/left" "${gateway_curl[@]}" -H "Authorization: Bearer $gateway_token" -H 'Content-Type: application/json' \
		--data '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {"query": "lease"}}}' "$gateway_url/" &
	wait_until asked_twice
	kill $!
	not kept
	wait_until kept
	calls search "$lease"
	holds '.result.structuredContent.sources | all(.state == "complete")'
	[ "$(renewals box)" = 2 ]
	sql "UPDATE gatehouse.source_states SET token_until = now()"
	calls search "$lease"
	holds '.result.structuredContent.sources | all(.state == "complete")'
}

@test "a refresh token that the vendor takes no more asks to connect again" {
	connects ann@harbour.example
	vendor_fault graph '{"match": "POST .*/token", "kind": "status", "status": 400, "what": "50173", "times": 1}'
	calls search "$lease"
	told_link
	[ "$(live)" = 0 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.connections WHERE sealed IS NOT NULL AND ended_at IS NOT NULL")" = 0 ]
	connects ann@harbour.example
	calls search "$lease"
	holds '.result.structuredContent.results | length > 0'
}

@test "TI-7: who is let out, or disconnects, is not read any more" {
	connects ann@harbour.example
	calls search "$lease"
	page POST "/connect/$source" answer=disconnect
	[ "$status" = 200 ]
	calls search "$lease"
	told_link
	connects ann@harbour.example
	api GET /api/v1/connections
	api DELETE "/api/v1/connections/$(jq -r '.[0].id' <<<"$body")"
	[ "$status" = 200 ]
	calls search "$lease"
	told_link
	connects ann@harbour.example
	as rita
	api PUT "/api/v1/mcp-servers/$server" '{"access": "private"}'
	as ann
	[ "$(live)" = 0 ]
	as rita
	api PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
	as ann
	page GET "/connect/$source"
	grep -q '<dd>nothing</dd>' <<<"$body"
	lets_in rita ann
	lets_in rita paul
}

@test "who was let in on an issuer's word alone reads nobody's account, their own neither" {
	at rita ann
	connects ann@harbour.example
	calls search "$lease"
	holds '.result.structuredContent.results | length > 0'
	digest=$(printf %s "$gateway_token" | b2sum -l 256 | cut -d ' ' -f 1)
	sql "UPDATE gatehouse.access_tokens SET vouched = true WHERE digest = '$digest'"
	calls search "$lease"
	holds '(.result.structuredContent.results | length == 0) and (.result.structuredContent.sources[0] | .state == "unauthorized")'
	grep -q 'whom an issuer let in has to connect by consent' <<<"$body"
	sql "UPDATE gatehouse.access_tokens SET vouched = false WHERE digest = '$digest'"
}

@test "SE-3: the owner of a source reads nobody's account, nor do rows that were moved" {
	local one

	connects ann@harbour.example
	calls search "$lease"
	as rita
	api GET /api/v1/connections
	says 'length == 0'
	one=$(sql "SELECT id FROM gatehouse.connections WHERE ended_at IS NULL")
	api DELETE "/api/v1/connections/$one"
	[ "$status" = 404 ]
	api GET "/api/v1/sources/$source"
	not grep -q 'ann@harbour' <<<"$body"
	fetch_answer "${app_of_vendors[@]}" -X POST -H "Authorization: Bearer $(cat "$people/rita/session")" "$app_url/api/v1/sources/$source/test"
	says '.ok == false and .state == "not_connected"'
	on rita
	calls search "$lease"
	told_link
	# Ann's refresh token in a row of Paul's does not open.
	at rita paul
	connects paulo.reis@harbour.example
	sql "UPDATE gatehouse.connections SET sealed = (SELECT sealed FROM gatehouse.connections WHERE id = '$one') WHERE user_id = '$user_id' AND ended_at IS NULL"
	sql "DELETE FROM gatehouse.source_states"
	calls search "$lease"
	told_link
}

@test "an owner says who reads with what: a personal source needs no mailbox, another does" {
	as rita
	api POST /api/v1/sources "$(vendor_source outlook 'del(.source_metadata.graph_user_id)')"
	[ "$status" = 400 ]
	api POST /api/v1/sources "$(vendor_source outlook '.source_metadata.access = "everybody"')"
	[ "$status" = 400 ]
	api POST /api/v1/sources "$(vendor_source outlook '.source_metadata |= (.access = "personal" | del(.graph_user_id))')"
	[ "$status" = 201 ]
	says '.source_metadata.access == "personal"'
	# What rita reads herself is her own account.
	on rita
	link=$app_url/connect/$source
	browser rita
	connects ann@harbour.example
	calls search "$lease"
	holds '.result.structuredContent.results | length > 0'
}
