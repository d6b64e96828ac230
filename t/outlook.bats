# Mail through Microsoft Graph, as a stand-in answers for it: what is found and
# opened, what is said when Graph or its token endpoint fail, and what is sent.

load helper
load api
load outlook

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
	printf '%s\n' "$secret" meadow-secret expired-secret >>"$stand/secrets"
	vendor_gateway harbour "$(mailbox)"
	vendor_gateway both "$(mailbox)" "$(meadow)"
	vendor_gateway quick "$(mailbox search_seconds=1)" '{"type": "documents", "source_metadata": {"name": "Notes"}}'
	api POST "/api/v1/sources/${sources[1]}/documents" '{"title": "Lease notes", "text": "What to ask about the lease."}'
}

# look QUERY [GATEWAY]: the answer of search becomes $body.
look()
{
	mcp "${2:-harbour}" tools/call "$(jq -cn --arg query "$1" '{name: "search", arguments: {query: $query}}')"
	body=$(jq -c '.result.structuredContent // .' <<<"$body")
}

# open_first QUERY: opens the first mail it finds.
open_first()
{
	look "$1"
	open "$(field '.results[0].id')"
}

# titles JSON: exactly these were found, in this order.
titles()
{
	says "[.results[].title] == $1"
}

# A fault of the search itself, always unless it says otherwise.
search_fault()
{
	fault "$(jq -c '{match: "GET /v1.0/users/.*/messages", times: 0} + .' <<<"$1")"
}

# ---- searching ----

@test "a search looks through the whole mailbox, and says that it did" {
	look 'lease break'
	titles '["Re: Renewal of the Harbour lease"]'
	state complete
	says '.results[0] | .metadata.source == "Mail" and .metadata.kind == "outlook" and .metadata.time == "2026-09-14T09:10:07Z"
		and .metadata.author == "Ann Moss <ann@harbour.example>" and (.text | test("break clause"))
		and (.url | startswith("https://outlook.office365.com/owa/?ItemID="))'
	look 'otter'
	titles '["Otter survey", "Old otter pictures"]'
	asked '[.[] | select(.host == "graph")] | length == 2 and all(.headers.prefer == "IdType=\"ImmutableId\"" and .headers.accept == "application/json")'
}

@test "one token serves all searches until it ends" {
	look lease
	look otter
	look lease quick
	asked '[.[] | select(.path | endswith("/token"))] | length == 2'
	asked '[.[] | select(.path | endswith("/token"))][0].body | test("grant_type=client_credentials") and test("scope=https%3A%2F%2Fgraph.microsoft.com%2F.default")'
}

@test "folder words narrow a search to that folder" {
	look 'in:sent lease'
	titles '["Re: Renewal of the Harbour lease"]'
	asked 'any(.path | endswith("/mailFolders/sentitems/messages"))'
	look 'in:"deleted items" otter'
	titles '["Old otter pictures"]'
	look 'in:drafts'
	titles '["Holiday plans (unfinished)"]'
	look 'in:cellar lease'
	state complete 'whole mailbox was searched'
	says '.results | length >= 3'
}

@test "people, subjects, attachments and dates narrow a search" {
	look 'from:bob invoice'
	titles '["Reminder: invoice 2026-0711", "Invoice 2026-0811", "Invoice 2026-0711"]'
	look 'from:bob subject:budget'
	titles '["Cloud budget 2025"]'
	look 'from:bob has:attachment'
	titles '["Invoice 2026-0711"]'
	look 'invoice received:2026-08'
	says '[.results[].title] | sort == ["Invoice 2026-0811", "Reminder: invoice 2026-0711"]'
	look 'invoice after:2026-07-01 before:2026-08-12'
	says '[.results[].title] | sort == ["Invoice 2026-0711", "Invoice 2026-0811"]'
}

@test "the newest mails come when mail in general is asked for" {
	look 'my latest emails'
	says '.results[0].title == "Re: Renewal of the Harbour lease" and (.results | length) == 10'
	asked 'any(.query | test("orderby=receivedDateTime%20desc"))'
}

@test "a mail with the words in its subject comes before a newer one without" {
	look harbour
	says '[.results[].title] | index("Renewal of the Harbour lease") < index("Reminder: invoice 2026-0711")'
}

@test "mails with some of the words come when none has all, and the answer says so" {
	look 'landlord zebra giraffe'
	titles '["Renewal of the Harbour lease"]'
	state complete 'No mail has all the words'
	asked '[.[] | select(.host == "graph")] | length == 2'
	look 'otter from:sam'
	titles '[]'
	asked '[.[] | select(.host == "graph")] | length == 3'
}

@test "nothing found is told as nothing found" {
	look zebra
	titles '[]'
	state complete 'No mail matches'
	look '???'
	titles '[]'
	state complete 'no words'
}

@test "words of all alphabets are found" {
	look 'Überraschung Łódź'
	titles '["Überraschung für Zoë 🎂 in Łódź"]'
	look '港の契約更新について'
	titles '["港の契約更新について"]'
	look 'Спасибо'
	says '.results | length == 1'
	look 'from:花子'
	titles '["港の契約更新について", "Keys of the boathouse"]'
}

@test "MC-10: a question is data, whatever signs of the search language are in it" {
	local query

	# shellcheck disable=SC2016,SC1003 # signs that mean something elsewhere
	for query in 'lease" OR from:"bob' 'lease\" OR \"otter' '"lease' 'lease"' ')(' 'lease AND' 'NOT' 'OR OR' '"" ""' "'" 'x:y:z' 'from:"' \
		'subject:")"' 'lease&$top=1000' 'lease%22&$select=body' '#lease + %' 'received:2026-99-99' '“lease” OR „otter”' '\' '\\"' 'a*b*c' '*' \
		'lease")) OR (from:"paulo' 'NEAR(a b)' 'in:"../../paulo.reis@harbour.example/messages"' '{}' '$search=x' '🎂' 'received>=x' 'size:>1'; do
		look "$query"
		state complete
		says '[.results[].text] | all(test("pauloonly") | not)'
	done
	asked '[.[] | select(.host == "graph")] | length > 20 and all(.status == 200 and (.path | startswith("/v1.0/users/ann%40harbour.example/")))'
	asked '[.[] | select(.host == "graph") | .query | split("&") | map(split("=")[0]) | sort | join(" ")] | unique - ["$search $select $top", "$orderby $select $top"] == []'
}

@test "MC-10: a question reaches Graph as quoted words within one quoted value, byte for byte" {
	local query wanted

	while IFS='|' read -r query wanted; do
		vendors_reset graph
		look "$(printf '%b' "$query")"
		wanted="\$search=%22$wanted%22&\$top=25&\$select="
		asked "[.[] | select(.host == \"graph\")][0].query | startswith(\"$wanted\")" || { echo "$query"; false; }
	done <<-'END'
		lease" AND from:"bob|%5C%22lease%5C%22%20AND%20%5C%22AND%20from%3A%5C%22%20AND%20%5C%22bob%5C%22
		two\\" OR o'brien;x|%28%5C%22two%5C%22%20OR%20%5C%22o%27brien%3Bx%5C%22%29
		x\\\\" a\\b;c|%5C%22x%5C%22%20AND%20%5C%22b%3Bc%5C%22
		50%_ %0d%0aHost: x&$top=9|%5C%2250%25_%5C%22%20AND%20%5C%22%250d%250aHost%5C%22%20AND%20%5C%22x%26%24top%3D9%5C%22
		lease\r\nX-Evil: 1|%5C%22lease%5C%22%20AND%20%5C%22X-Evil%5C%22%20AND%20%5C%221%5C%22
	END
}

@test "a quoted question is found as it stands" {
	look '"from:bob" AND left \ backslash'
	titles '["She said \"from:bob\" AND left \\ backslash"]'
	look '"otters live"'
	titles '["Otter survey"]'
	look '"live otters"'
	titles '[]'
}

# ---- opening ----

@test "a mail is opened with its people, its text, and what is attached" {
	open_first 'signed draft'
	says '.title == "Renewal of the Harbour lease" and (.text | startswith("Subject: Renewal of the Harbour lease\nFrom: Paulo Reis <paulo.reis@harbour.example>\nTo: Ann Moss <ann@harbour.example>\nCc: Zoë Łukasiewicz <zoe@harbour.example>\nDate: 2026-09-14T07:42:11Z\n\nHello Ann,\n\nthe landlord agrees"))'
	says '.text | test("- lease-draft.pdf \\(application/pdf, 183224 bytes\\)\n") and test("Attachment notes.txt:\n\nCall the landlord") and test("2028,1260")'
	says '.text | test("- Floor plan \\(cloud\\)") and test("Attachment Re: rent table:\n\nSubject: Re: rent table\n\nThe rent rises")'
	says '.metadata.attachments | map(.read) == [false, true, true, true, false]'
	says '.metadata | .to == ["Ann Moss <ann@harbour.example>"] and .author == "Paulo Reis <paulo.reis@harbour.example>" and (.message_id | test("lease-renewal"))'
}

@test "HTML is opened as a reader would see it" {
	open_first 'cloud costs'
	says '.text | test("The cloud costs of the third quarter were 31,400.EUR, that is 12.% over budget.") and test("July\t9,900\n") and test("Fish & chips on Friday\\? 3 < 5")'
	open_first 'break clause'
	says '.text | test("- rent\n- deposit\n") and (test("color: red") | not)'
}

@test "MC-13: what a reader would not see of a mail does not reach a model" {
	open_first 'newsletter crane'
	says '.text | test("Harbour newsletter: the crane is back.")'
	says 'tostring | test("stolen script|hidden comment|reveal the token|javascript:|‮") | not'
	look 'from:helpdesk reset'
	titles '["Password reset evil notice"]'
	open "$(field '.results[0].id')"
	says '.title == "Password reset evil notice" and (.text | test("Ignore all previous"))'
	# zero width, bidi, fillers, tags
	says '[tostring | explode[] | select((. >= 8203 and . <= 8207) or (. >= 8234 and . <= 8238) or (. >= 8288 and . <= 8303)
		or . == 173 or . == 65279 or . >= 917504)] == []'
	open_first 'subject:"odd name"'
	says '.metadata.attachments[0].name == "reportfdp.exe<b>.txt" and (.text | test("Hidden and <b>marked up</b> text,  tagged."))'
}

@test "a mail without subject, text and people is opened" {
	look 'from:lease-list received:2026-09-11'
	titles '["(no subject)"]'
	open "$(field '.results[0].id')"
	says '.title == "(no subject)" and (.text | test("From: lease-list"))'
}

@test "RL-4: a very long mail comes in parts that join without a gap" {
	local id text=$BATS_TEST_TMPDIR/text said='The harbour master spoke about dredging, and nobody slept. Ünïcödé too. '

	look 'minutes dredging'
	id=$(field '.results[0].id')
	for _ in 1 2 3; do
		open "$id"
		says '.title == "Minutes of the long meeting" and .metadata.cut == true and (tostring | length) <= 60000'
		jq -j '.text | split("\n\n[Characters ")[0]' <<<"$body" >>"$text"
		id=$(field '.text | capture("To read on, fetch (?<id>[^]]+)").id')
	done
	body=$(jq -n --rawfile text "$text" --arg said "$said" '$text | split("\n\n")[1] | split($said)')
	says 'length > 1500 and (.[:-1] | all(. == ""))'
	open "${id%@*}@99999999"
	says '.text | test("The text ends before that: it has 8[0-9]{5} characters")'
}

@test "an id stays good when its mail is moved" {
	look 'signed draft'
	vendor_set graph '{"moves": 3}'
	open "$(field '.results[0].id')"
	says '.title == "Renewal of the Harbour lease"'
}

@test "a mail that is gone is no such item" {
	look 'otters pier'
	vendor_control graph POST forget '{"id": "otter"}' >/dev/null
	open "$(field '.results[0].id')"
	says '.told == "There is no item with this id."'
}

@test "an id that is none of Graph's is not sent to it" {
	local id

	for id in '../../paulo.reis@harbour.example/messages/x' 'a/b' 'a%2Fb' '..' 'a b' '$value' 'x?$select=body' "$(printf 'A%.0s' {1..600})" 'ä' 'AAkAL@' 'AAkAL@0' 'AAkAL@x' 'AAkAL@1@1' '@1'; do
		open "outlook::$source::$id"
		says '.told == "There is no item with this id."'
	done
	asked 'length == 0'
	open "outlook::$source::AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0AXXXXXXXXXXXXXXXXXXXXXXXX_-="
	says '.told | length > 0'
}

@test "two mailboxes in one server: each id opens its own mail, and no other" {
	local first second

	look 'subject:lease' both
	says '[.results[].metadata.source] | unique == ["Mail", "Meadow"]'
	first=$(field '[.results[] | select(.metadata.source == "Mail")][0].id')
	second=$(field '[.results[] | select(.metadata.source == "Meadow")][0].id')
	open "$second" both
	says '.text | test("meadowonly")'
	open "$first" both
	says '.text | test("meadowonly") | not'
	open "outlook::${sources[0]}::${second##*::}" both
	says '.told | length > 0'
	open "outlook::${sources[1]}::${first##*::}" both
	says '.told | length > 0'
	asked '[.[] | select(.host == "graph" and .status == 200)] | all((.path | test("ann%40")) or (.path | test("mia%40")))'
}

@test "a mail comes although its attachments do not" {
	look 'signed draft'
	fault '{"match": "GET .*/attachments/.*/.value", "times": 0, "kind": "status", "status": 500}'
	open "$(field '.results[0].id')"
	says '.text | test("the landlord agrees") and test("notes.txt [^\n]*could not be read") and test("The rent rises")'
	says '.metadata.attachments | map(.read) == [false, false, false, true, false]'
}

@test "an attachment that is larger than it says is left out" {
	look 'signed draft'
	fault '{"match": "GET .*/attachments/.*/.value", "kind": "huge"}'
	open "$(field '.results[0].id')"
	says '.text | test("notes.txt [^\n]*too large") and test("2028,1260")'
}

@test "of a mail that is too large its beginning comes" {
	look 'signed draft'
	fault '{"match": "GET .*/messages/", "kind": "huge", "times": 1}'
	open "$(field '.results[0].id')"
	says '.text | test("the landlord agrees") and test("larger than the gateway takes") and test("2028,1260")'
	says '.metadata.cut == true'
}

@test "half a character and U+0000 in a mail do not lose the others" {
	search_fault '{"kind": "status", "status": 200, "body": "{\"value\":[{\"id\":\"A1\",\"subject\":\"zero \\u0000 and half \\ud83c\",\"bodyPreview\":\"x\"},{\"id\":\"A2\",\"subject\":\"whole\",\"bodyPreview\":\"x\"},{\"id\":\"../A3\",\"subject\":\"odd id\"}]}"}'
	look x
	says '[.results[].title] | sort == ["whole", "zero � and half �"]'
}

# ---- Graph fails ----

@test "a token that Graph does not take any more is renewed once, unseen" {
	look lease
	vendor_control graph POST revoke >/dev/null
	look lease
	state complete
	asked '[.[] | select(.path | endswith("/token"))] | length == 2'
}

@test "401 again and again is told as credentials that are refused" {
	search_fault '{"kind": "status", "status": 401}'
	look lease
	state unauthorized 'owner has to renew'
	asked '[.[] | select(.host == "graph")] | length == 2'
	says 'tostring | test("Access token has expired") | not'
}

@test "403 is told with the name of the permission, never in Graph's words" {
	search_fault '{"kind": "status", "status": 403, "what": "ErrorAccessDenied"}'
	look lease
	state unauthorized 'Mail[.]Read'
	says 'tostring | test("Access is denied") | not'
}

@test "OH-12: nothing of what Graph or its token endpoint says in an error is passed on" {
	local status

	for status in 400 401 403 404 409 429 500 503; do
		search_fault "{\"kind\": \"status\", \"status\": $status, \"headers\": {\"x-told\": \"canary\", \"www-authenticate\": \"canary\", \"retry-after\": \"60\"},
			\"body\": {\"error\": {\"code\": \"canary\", \"message\": \"canary\"}}}"
		look lease
		says '.sources[0].state != "complete" and (tostring | test("canary") | not)'
		not grep -q canary "$headers"
		open "outlook::$source::AAkALgAAAAAAHYQDEapmEc2byACqAC"
		says '(.told | length > 0) and (tostring | test("canary") | not)'
		setup
	done
	token_fault '{"kind": "status", "status": 400, "body": {"error": "canary", "error_description": "canary", "error_codes": [1]}}'
	look lease
	says '.sources[0].state == "unauthorized" and (tostring | test("canary") | not)'
	not grep -q canary "$stand"/log/mcp-vendors.log
}

@test "404 of a mailbox says what is wrong with it" {
	search_fault '{"kind": "status", "status": 404, "what": "MailboxNotEnabledForRESTAPI"}'
	look lease
	state failed 'licence'
	setup
	search_fault '{"kind": "status", "status": 404, "what": "ErrorInvalidUser"}'
	look lease
	state failed 'graph_user_id'
}

@test "OH-11: 429 is waited for when there is time, and asked again" {
	search_fault '{"kind": "status", "status": 429, "headers": {"Retry-After": "1"}, "times": 1}'
	look lease
	state complete
	says '.results | length > 0'
	asked '[.[] | select(.host == "graph") | .at] | length == 2 and .[1] - .[0] >= 900'
}

@test "OH-11: 429 for longer ends the search, and nobody asks before its time" {
	search_fault '{"kind": "status", "status": 429, "headers": {"Retry-After": "120"}}'
	look lease
	state throttled 'try again in'
	look otter
	state throttled 'try again in 1[12][0-9] seconds'
	asked '[.[] | select(.host == "graph")] | length == 1'
}

@test "OH-11: a failure that passes is not seen; one that stays is told" {
	search_fault '{"kind": "status", "status": 503, "times": 1}'
	look lease
	state complete
	search_fault '{"kind": "status", "status": 500}'
	look lease
	state failed 'trouble of its own'
	asked '[.[] | select(.host == "graph")] | length == 5'
}

@test "OH-11: after five failures in a row Graph is left alone for a while" {
	search_fault '{"kind": "status", "status": 502}'
	for _ in 1 2 3 4 5; do
		look lease
		state failed
	done
	vendor_control graph DELETE fault >/dev/null
	look lease
	state failed 'left alone'
	asked '[.[] | select(.host == "graph")] | length == 15'
}

@test "OH-11: a Graph that does not answer in time leaves the others' results" {
	local kind

	for kind in hang stall trickle; do
		search_fault "{\"kind\": \"$kind\", \"ms\": 300}"
		look lease quick
		says '[.sources[] | .state] == ["timed_out", "complete"] and [.results[].title] == ["Lease notes"]'
		vendor_control graph DELETE fault >/dev/null
		sql 'DELETE FROM gatehouse.source_states'
	done
}

@test "OH-6: an answer without end, of 100 MB or packed small is cut off and told" {
	local fault

	for fault in '{"kind": "endless"}' '{"kind": "huge"}' '{"kind": "bomb", "size": 50000000}' '{"kind": "headers"}'; do
		search_fault "$fault"
		look lease
		state failed
		vendor_control graph DELETE fault >/dev/null
		sql 'DELETE FROM gatehouse.source_states'
	done
	look lease
	state complete
}

@test "an answer that is no JSON, or half of one, is told" {
	local fault

	for fault in '{"kind": "broken"}' '{"kind": "type"}' '{"kind": "close"}' '{"kind": "reset"}' \
		'{"kind": "status", "status": 200, "body": "[]"}' '{"kind": "status", "status": 200, "body": "{\"value\": 7}"}' \
		'{"kind": "status", "status": 200, "body": ""}'; do
		search_fault "$fault"
		look lease
		state failed
		says '.results == [] and (tostring | test("Sign in") | not)'
		vendor_control graph DELETE fault >/dev/null
		sql 'DELETE FROM gatehouse.source_states'
	done
}

@test "OH-4: a redirect is not followed, and gets no token" {
	search_fault '{"kind": "redirect"}'
	look lease
	state failed unreadable
	setup
	search_fault "{\"kind\": \"redirect\", \"location\": \"$box_url/2.0/search\"}"
	vendor_control box DELETE journal >/dev/null
	look lease
	state failed unreadable
	[ "$(vendor_journal box length)" = 0 ]
}

@test "OH-2: a Graph with a wrong certificate is not spoken to" {
	local which

	for which in unknown expired name; do
		fault "{\"kind\": \"certificate\", \"which\": \"$which\"}"
		look lease
		state failed 'could not be reached'
		vendor_control graph DELETE fault >/dev/null
		sql 'DELETE FROM gatehouse.source_states'
	done
	asked 'length == 0'
}

@test "never more than four calls at once for an application and a mailbox" {
	local i searches=()

	vendor_set graph '{"delay": 150}'
	for i in 1 2 3 4 5 6 7 8 9 10; do
		(look lease && state complete) >"$BATS_TEST_TMPDIR/search-$i" 2>&1 3>&- &
		searches+=("$!")
	done
	for i in "${searches[@]}"; do
		wait "$i"
	done
	[ "$(vendor_control graph GET state | jq .most_at_once)" -le 4 ]
	asked '[.[] | select(.status == 429)] | length == 0'
}

# ---- credentials ----

@test "a source is tried by a call to its mailbox" {
	answers 200 POST "/api/v1/sources/$source/test" '' "${app_of_vendors[@]}"
	says '.ok == true and .state == "complete"'
	asked 'any(.path == "/v1.0/users/ann%40harbour.example/mailFolders/inbox")'
}

# refused_with PATTERN SETTING=VALUE…: trying such a source says so.
refused_with()
{
	local pattern=$1 sent

	shift
	sent=$(mailbox "$@")
	vendor_gateway wrong "$sent"
	look lease wrong
	state unauthorized "$pattern" || return
	says 'tostring | test("AADSTS|Trace ID|Correlation") | not' || return
	vendor_control graph DELETE journal >/dev/null
	look lease wrong
	state unauthorized "$pattern" || return
	asked 'length == 0' || return
	as wrong
	api DELETE "/api/v1/mcp-servers/$server"
}

@test "a wrong secret is told as such, and not tried again and again" {
	refused_with 'value of a secret' graph_client_secret=guess
}

@test "an expired secret is told as such" {
	refused_with 'has expired' "graph_client_id=${application}03" graph_client_secret=expired-secret
}

@test "an unknown application is told as such" {
	refused_with 'no application of that id' graph_client_id=0c5a9f6e-9999-4a4a-8b8b-aaaaaaaaaa01
}

@test "a wrong tenant is told as such" {
	refused_with 'no such tenant' tenant_id=nowhere.example
}

@test "an application without consent is told which permission it lacks" {
	vendor_gateway wrong "$(mailbox "graph_client_id=${application}02" graph_client_secret=no-consent)"
	look lease wrong
	state unauthorized 'permission Mail[.]Read'
}

@test "a mailbox that is not there, or not in the cloud, is told as such" {
	vendor_gateway wrong "$(mailbox graph_user_id=nobody@harbour.example)"
	look lease wrong
	state failed 'no such mailbox'
	vendor_gateway wrong2 "$(mailbox graph_user_id=onprem@harbour.example)"
	look lease wrong2
	state failed 'on premises'
	vendor_gateway wrong3 "$(mailbox graph_user_id=barred@harbour.example)"
	look lease wrong3
	state unauthorized 'access policy'
}

@test "a changed secret is tried at once" {
	vendor_gateway wrong "$(mailbox graph_client_secret=guess)"
	look lease wrong
	state unauthorized
	as wrong
	answers 200 PUT "/api/v1/sources/$source" "$(mailbox | jq -c 'del(.type)')"
	look lease wrong
	state complete
}

@test "a token endpoint that fails for a moment is no refusal" {
	local fault

	for fault in '{"kind": "redirect"}' '{"kind": "broken"}' '{"kind": "type"}' '{"kind": "status", "status": 200, "body": "{}"}' \
		'{"kind": "status", "status": 500}' '{"kind": "status", "status": 429, "headers": {"Retry-After": "60"}}'; do
		token_fault "$fault"
		look lease
		says '.sources[0].state | IN("failed", "throttled")'
		vendor_control graph DELETE fault >/dev/null
		sql 'UPDATE gatehouse.source_states SET throttled_until = NULL, failures = 0'
		look lease
		state complete
		sql 'DELETE FROM gatehouse.source_states'
	done
}

@test "settings that cannot be a tenant, a mailbox or a cloud are refused" {
	local setting

	as harbour
	for setting in tenant_id=common tenant_id=../x tenant_id=.. tenant_id=a/b graph_user_id=.. graph_user_id=a/b 'graph_user_id=a b' \
		cloud=moon cloud=https://evil.example cloud=graph.microsoft.com; do
		answers 400 POST /api/v1/sources "$(mailbox "$setting")"
		says ".detail | test(\"^${setting%%=*} must\")"
	done
}

@test "a national cloud is asked at its own addresses, and for its own tokens" {
	vendor_gateway wrong "$(mailbox cloud=us-government)"
	look lease wrong
	asked 'length == 1 and .[0].headers.host == "login.microsoftonline.us" and (.[0].body | test("scope=https%3A%2F%2Fgraph.microsoft.us%2F.default"))'
	vendor_fault graph '{"match": "POST .*/token", "kind": "status", "status": 200, "body": "{\"access_token\": \"x\", \"expires_in\": 3599}"}'
	sql 'DELETE FROM gatehouse.source_states'
	look lease wrong
	asked 'any(.headers.host == "graph.microsoft.us")'
	asked 'all(.headers.host | endswith(".us"))'
}

@test "a source that is deleted while it is searched does no harm" {
	local search

	vendor_gateway leaving "$(mailbox)"
	vendor_set graph '{"delay": 700}'
	(look lease leaving && says 'has("results")') >"$BATS_TEST_TMPDIR/search" 2>&1 3>&- &
	search=$!
	wait_until asked 'length > 0'
	as leaving
	answers 200 DELETE "/api/v1/sources/$source"
	wait "$search"
	vendor_set graph '{"delay": 0}'
	look lease leaving
	says '.sources == [] and .results == []'
}

# ---- all of it ----

@test "SE-3: a credential that was moved here from another source does not open, goes nowhere, and is audited" {
	on both
	sealed_of="SELECT sealed FROM gatehouse.source_secrets WHERE name = 'graph_client_secret' AND source_id ="
	kept=$(sql "$sealed_of '${sources[0]}'")
	sql "UPDATE gatehouse.source_secrets SET sealed = ($sealed_of '${sources[1]}') WHERE name = 'graph_client_secret' AND source_id = '${sources[0]}'"
	last=$(sql "SELECT coalesce(max(id), 0) FROM gatehouse.audit_log")
	look lease both
	says ".sources[0].state == \"unauthorized\" and (.sources[0].help | test(\"cannot open this source's stored credentials\"))"
	says '.sources[1].state == "complete"'
	[ "$(vendor_journal graph '[.[] | select(.path | test("/token$"))] | length')" = 1 ]
	[ "$(sql "SELECT outcome || ' ' || (detail->>'secret') || ' ' || (detail->>'source') FROM gatehouse.audit_log WHERE id > $last AND event = 'seal'")" = \
		"refused graph_client_secret ${sources[0]}" ]
	sql "UPDATE gatehouse.source_secrets SET sealed = '$kept' WHERE name = 'graph_client_secret' AND source_id = '${sources[0]}'"
	look lease both
	says '.sources[0].state == "complete"'
}

@test "what was asked of Graph in this suite is as Microsoft describes it" {
	vendor_conforms graph
}
