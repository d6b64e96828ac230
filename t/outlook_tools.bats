# The tools of an Outlook source, outlook_find_messages and outlook_list_folders:
# what they find, what they ask Microsoft Graph, and what they say when it fails.

load helper
load api
load outlook

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
	printf '%s\n' "$secret" meadow-secret >>"$stand/secrets"
	vendor_gateway harbour "$(mailbox)"
	vendor_gateway both "$(mailbox)" "$(meadow)"
	vendor_gateway log "$(mailbox graph_user_id=log@harbour.example)"
}

# find ARGUMENTS [GATEWAY], folders ARGUMENTS [GATEWAY]
find()
{
	tool outlook_find_messages "$@"
}

folders()
{
	tool outlook_list_folders "$@"
}

# found JSON: these mails, in this order.
found()
{
	says "[.messages[].title] == $1"
}

# told PATTERN: it failed, and says so.
told()
{
	says ".told // \"\" | test(\"$1\")"
}

# once QUERY PATH: Graph was asked once for mail, exactly that.
once()
{
	asked "[.[] | select(.host == \"graph\") | [.path, (.query | sub(\"&.top=[0-9]+&.select=.*\"; \"\"))]] ==
		[[\"/v1.0/users/ann%40harbour.example/${2:-messages}\", $(jq -cn --arg query "$1" '$query')]]"
}

# What Graph is asked from now on is the first, and nothing goes wrong.
anew()
{
	vendor_control graph DELETE journal >/dev/null
	vendor_control graph DELETE fault >/dev/null
	sql 'DELETE FROM gatehouse.source_states; DELETE FROM gatehouse.vendor_slots'
}

find_fault()
{
	fault "$(jq -c '{match: "GET /v1.0/users/.*/(messages|mailFolders|childFolders)", times: 0} + .' <<<"$1")"
}

newest='$orderby=receivedDateTime%20desc'
always='receivedDateTime%20ge%201900-01-01T00%3A00%3A00Z'

# ---- finding ----

@test "without arguments the newest mails come, newest first, with ids that fetch opens" {
	find '{}'
	says '.messages | length == 21 and ([.[].time] | . == (sort | reverse))'
	says '.messages[0] | .title == "Re: Renewal of the Harbour lease" and .from == "Ann Moss <ann@harbour.example>"
		and .to == "Paulo Reis <paulo.reis@harbour.example>" and .time == "2026-09-14T09:10:07Z" and .unread == false and .attachments == false
		and (.text | test("break clause")) and (.url | startswith("https://outlook.office365.com/owa/?ItemID="))'
	says '.messages[1] | .title == "Renewal of the Harbour lease" and .unread == true and .attachments == true'
	says '.sources == [{id: .sources[0].id, name: "Mail", type: "outlook", state: "complete", count: 21}] and (has("next_cursor") | not)'
	asked '[.[] | select(.host == "graph")] | length == 1 and (.[0] | .query == "$orderby=receivedDateTime%20desc&$top=25&$select=id,subject,from,sender,toRecipients,receivedDateTime,lastModifiedDateTime,bodyPreview,webLink,isRead,hasAttachments"
		and .headers.prefer == "IdType=\"ImmutableId\"")'
	open "$(field '.messages[1].id')"
	says '.title == "Renewal of the Harbour lease" and (.text | test("the landlord agrees"))'
}

@test "mails are found by sender: a name, an address, words of them" {
	local sender

	for sender in 'Bob Tran' 'tran bob' bob@supplier.example BOB; do
		find "$(jq -cn --arg sender "$sender" '$ARGS.named')"
		found '["Quarterly cloud costs", "Reminder: invoice 2026-0711", "Invoice 2026-0811", "Invoice 2026-0711", "Old otter pictures", "Cloud budget 2025"]'
	done
	find '{"sender": "花子"}'
	found '["港の契約更新について", "Keys of the boathouse"]'
	find '{"sender": "nobody"}'
	found '[]'
	state complete 'No mail matches'
}

@test "mails are found by recipient, copies included" {
	find '{"recipient": "zoe@harbour.example"}'
	found '["Renewal of the Harbour lease", "Keys of the boathouse"]'
	find '{"recipient": "Paulo"}'
	says '[.messages[].title] | index("Invoice 2026-0711") and index("Re: Renewal of the Harbour lease")'
}

@test "all words of a subject have to be there; quoted ones side by side" {
	find '{"subject": "lease renewal"}'
	found '["Re: Renewal of the Harbour lease", "Renewal of the Harbour lease"]'
	find '{"subject": "\"harbour renewal\""}'
	found '[]'
	find '{"subject": "\"renewal of the harbour\" lease", "sender": "paulo"}'
	found '["Renewal of the Harbour lease"]'
	find '{"words": "landlord deposit"}'
	found '[]'
	find '{"words": "landlord", "has_attachments": true}'
	found '["Renewal of the Harbour lease"]'
}

@test "times hold to the second, with words and without" {
	local more

	for more in '{}' '{"sender": "bob", "subject": "invoice"}'; do
		find "$(jq -c '. + {received_after: "2026-08-11T09:00:07Z", received_before: "2026-08-14T09:00:07Z"}' <<<"$more")"
		says '[.messages[].title] | index("Invoice 2026-0811") != null and index("Reminder: invoice 2026-0711") == null'
		find "$(jq -c '. + {received_after: "2026-08-11T09:00:08Z", received_before: "2026-08-14T11:00:08+02:00"}' <<<"$more")"
		says '[.messages[].title] | index("Invoice 2026-0811") == null and index("Reminder: invoice 2026-0711") != null'
		find "$(jq -c '. + {received_after: "2026-08-11", received_before: "2026-08-14"}' <<<"$more")"
		says '[.messages[].title] | index("Invoice 2026-0811") != null and index("Reminder: invoice 2026-0711") == null'
	done
	anew
	find '{"received_after": "2026-08-11T11:30:00.5+02:30", "received_before": "2026-08-14"}'
	once "\$filter=receivedDateTime%20ge%202026-08-11T09%3A00%3A00Z%20and%20receivedDateTime%20lt%202026-08-14T00%3A00%3A00Z&$newest"
	anew
	find '{"subject": "invoice", "received_after": "2026-03-01", "received_before": "2026-12-31T23:00:00Z"}'
	once '$search=%22subject%3A%5C%22invoice%5C%22%20AND%20received%3E%3D02%2F28%2F2026%20AND%20received%3C%3D01%2F01%2F2027%22'
}

@test "mails are found by attachments and by whether they were read, with words and without" {
	find '{"unread": true}'
	found '["Renewal of the Harbour lease", "Quarterly cloud costs", "Keys of the boathouse"]'
	once "\$filter=$always%20and%20isRead%20eq%20false&$newest"
	find '{"unread": true, "sender": "paulo"}'
	found '["Renewal of the Harbour lease"]'
	find '{"unread": false, "sender": "paulo"}'
	found '["Picture of the crane"]'
	find '{"has_attachments": true}'
	found '["Renewal of the Harbour lease", "Invoice 2026-0711", "Report with an odd name"]'
	find '{"has_attachments": true, "sender": "paulo"}'
	found '["Renewal of the Harbour lease"]'
	find '{"has_attachments": false, "sender": "paulo", "unread": false}'
	found '["Picture of the crane"]'
	anew
	find '{"has_attachments": false, "unread": false, "received_after": "2026-09-12"}'
	found '["Re: Renewal of the Harbour lease", "Holiday plans (unfinished)"]'
	once "\$filter=receivedDateTime%20ge%202026-09-12T00%3A00%3A00Z%20and%20hasAttachments%20eq%20false%20and%20isRead%20eq%20true&$newest"
}

@test "mails are found in one folder, by its name or its id" {
	local boats

	find '{"folder": "Sent"}'
	found '["Re: Renewal of the Harbour lease"]'
	once "$newest" mailFolders/sentitems/messages
	find '{"folder": "archive", "sender": "bob"}'
	found '["Cloud budget 2025"]'
	find '{"folder": "mailbox", "words": "boathouse"}'
	found '["Keys of the boathouse"]'
	find '{"folder": "inbox", "words": "boathouse"}'
	found '[]'
	folders '{"folder": "inbox"}'
	boats=$(field '.folders[0].id')
	find "$(jq -cn --arg folder "$boats" '$ARGS.named')"
	found '["Keys of the boathouse"]'
	find "$(jq -cn --arg folder "$boats" '$ARGS.named + {unread: false}')"
	found '[]'
	open "$boats"
	told 'no item with this id'
}

@test "a folder that is none is told, and nothing is asked for it" {
	local folder

	for folder in cellar '../users/paulo.reis@harbour.example/mailFolders/inbox' 'inbox/messages' '..' 'box::x::y' ''; do
		find "$(jq -cn --arg folder "$folder" '$ARGS.named')"
		told "^'folder' must"
		folders "$(jq -cn --arg folder "$folder" '$ARGS.named')"
		told "^'folder' must"
	done
	for folder in "outlook::$source::AAMk" "outlook::$source::folder-" "outlook::$source::folder-../x" "outlook::$source::folder-a%2Fb" \
		"box::$source::folder-1" "outlook::$source::folder-AA@5" "outlook::$source::folder-inbox/messages"; do
		find "$(jq -cn --arg folder "$folder" '$ARGS.named')"
		told 'no item with this id'
		folders "$(jq -cn --arg folder "$folder" '$ARGS.named')"
		told 'no item with this id'
	done
	asked 'length == 0'
	for folder in find folders; do
		"$folder" "{\"folder\": \"outlook::$source::folder-AQMkADxxx\"}"
		told 'no item with this id'
	done
}

# ---- page by page ----

# all_of ARGUMENTS: the titles of all pages, a line each, in $titles; how many
# pages there were in $pages.
all_of()
{
	local cursor=

	pages=0
	titles=
	while :; do
		find "$(jq -c --arg cursor "$cursor" '. + if $cursor == "" then {} else {cursor: $cursor} end' <<<"$1")" log
		says '.messages | length <= 25'
		titles+=$(field '.messages[].title')$'\n'
		((++pages))
		cursor=$(field '.next_cursor // ""')
		[ -n "$cursor" ] || return 0
		((pages < 30))
	done
}

@test "all mails come page by page, each once, with words and without" {
	local arguments

	for arguments in '{}' '{"sender": "bob"}'; do
		all_of "$arguments"
		[ "$pages" = 14 ]
		[ "$titles" = "$(seq 329 -1 0 | sed 's/^/Gauge reading /')"$'\n' ]
	done
}

@test "what Graph cannot look for beside words is sifted, page by page" {
	find '{"sender": "bob", "unread": true}' log
	says '[.messages[].title] == [range(320; 39; -40) | "Gauge reading \(.)"]'
	state complete 'next_cursor goes on'
	asked '[.[] | select(.host == "graph")] | length == 3 and all(.query | test("top=100&"))'
	all_of '{"sender": "bob", "unread": true}'
	[ "$pages" = 2 ]
	[ "$titles" = "$(seq 320 -40 0 | sed 's/^/Gauge reading /')"$'\n' ]
}

@test "a cursor is good for the same arguments, user, server and mailbox only" {
	local cursor arguments used

	find '{"sender": "bob"}' log
	cursor=$(field .next_cursor)
	for arguments in '{}' '{"sender": "Bob"}' '{"subject": "bob"}' '{"sender": "bob", "unread": true}' '{"sender": "bob", "folder": "inbox"}'; do
		find "$(jq -c --arg cursor "$cursor" '. + $ARGS.named' <<<"$arguments")" log
		told 'cursor is not valid here'
	done
	used=$(jq -cn --arg cursor "$cursor" '{sender: "bob"} + $ARGS.named')
	for arguments in "$cursor=" "${cursor:1}" x "$(printf 'A%.0s' {1..100})"; do
		find "$(jq -cn --arg cursor "$arguments" '{sender: "bob"} + $ARGS.named')" log
		told 'cursor is not valid here'
	done
	find "$used"
	told 'cursor is not valid here'
	find "$used" log
	says '.messages[0].title == "Gauge reading 304"'
	as log
	on log
	answers 200 PUT "/api/v1/sources/$source" "$(mailbox | jq -c 'del(.type)')"
	find "$used" log
	told 'cursor is not valid here'
	answers 200 PUT "/api/v1/sources/$source" "$(mailbox graph_user_id=log@harbour.example | jq -c 'del(.type)')"
	asked 'all(.path | test("paulo") | not)'
}

@test "RL-4: a page is as long as an answer may be, and the next begins where it ended" {
	local first second

	find_fault "$(jq -nc '{kind: "status", status: 200, body: {value: [range(20) | {id: "AA\(.)", subject: ("\"" * 400), bodyPreview: ("é\\" * 600),
		receivedDateTime: "2026-01-01T00:00:00Z", from: {emailAddress: {name: ("n" * 300), address: ("a" * 300)}}, isRead: true, hasAttachments: false,
		toRecipients: [range(12) | {emailAddress: {name: "r", address: ("b" * 50)}}]}]}}')"
	find '{}'
	says '(tostring | length) <= 60000 and (.messages | length) > 3 and has("next_cursor")'
	first=$(jq -c '[.messages[].id]' <<<"$body")
	find "$(jq -c '{cursor: .next_cursor}' <<<"$body")"
	second=$(jq -c '[.messages[].id]' <<<"$body")
	body=$(jq -nc --argjson first "$first" --argjson second "$second" '$first + $second | map(split("::")[2])')
	says '. == [range(length) | "AA\(.)"] and length > 6'
}

@test "a page that Graph says is elsewhere is not asked for, and its lack is told" {
	local link

	vendor_control box DELETE journal >/dev/null
	for link in "$box_url/2.0/search" https://evil.example/v1.0/users/x/messages https://graph.microsoft.com.evil.example/v1.0/ \
		https://graph.microsoft.com@evil.example/v1.0/ http://graph.microsoft.com/v1.0/users https://login.microsoftonline.com/v1.0/users \
		"https://graph.microsoft.com/v1.0/users?$(printf 'a%.0s' {1..5000})"; do
		find_fault "$(jq -nc --arg link "$link" '{kind: "status", status: 200, times: 1, body: {value: [], "@odata.nextLink": $link}}')"
		find '{"sender": "bob", "unread": true}'
		found '[]'
		state partial 'did not say where to read on'
		says 'has("next_cursor") | not'
	done
	asked '[.[] | select(.host == "graph")] | length == 7'
	[ "$(vendor_journal box length)" = 0 ]
}

@test "a failure on a later page leaves what was found, and tells" {
	fault '{"match": "GET .*skiptoken", "times": 0, "kind": "status", "status": 429, "headers": {"Retry-After": "120"}}'
	find '{"sender": "bob", "unread": true}' log
	says '[.messages[].title] == ["Gauge reading 320", "Gauge reading 280", "Gauge reading 240"]'
	state throttled 'try again in'
	says 'has("next_cursor")'
	anew
	find "$(jq -c '{sender: "bob", unread: true, cursor: .next_cursor}' <<<"$body")" log
	says '.messages[0].title == "Gauge reading 200"'
	fault '{"match": "GET .*skiptoken", "times": 0, "kind": "hang"}'
	find '{"sender": "bob", "unread": true}' log
	says '[.messages[].title] == ["Gauge reading 320", "Gauge reading 280", "Gauge reading 240"] and has("next_cursor")'
	state timed_out
}

# ---- arguments are data ----

@test "MC-10: what is looked for reaches Graph as quoted words within one quoted value, byte for byte" {
	local name given wanted

	while IFS='|' read -r name given wanted; do
		anew
		find "$(jq -cn --arg name "$name" --arg value "$(printf '%b' "$given")" '{($name): $value}')"
		once "\$search=%22$wanted%22" || { echo "$name: $given"; false; }
	done <<-'END'
		sender|lease" AND from:"bob|from%3A%5C%22lease%5C%22%20AND%20from%3A%5C%22AND%20from%3A%5C%22%20AND%20from%3A%5C%22bob%5C%22
		sender|bob OR ann|from%3A%5C%22bob%5C%22%20AND%20from%3A%5C%22OR%5C%22%20AND%20from%3A%5C%22ann%5C%22
		sender|x"\\\\" OR subject:y;z|from%3A%5C%22x%5C%22%20AND%20from%3A%5C%22OR%5C%22%20AND%20from%3A%5C%22subject%3Ay%3Bz%5C%22
		recipient|zoe)(OR)|recipients%3A%5C%22zoe%29%28OR%5C%22
		recipient|o'brien@x.example;y|recipients%3A%5C%22o%27brien%40x.example%3By%5C%22
		subject|50%_ %0d%0aHost: x&$top=9#|subject%3A%5C%2250%25_%5C%22%20AND%20subject%3A%5C%22%250d%250aHost%5C%22%20AND%20subject%3A%5C%22x%26%24top%3D9%23%5C%22
		subject|lease\r\nX-Evil: 1|subject%3A%5C%22lease%5C%22%20AND%20subject%3A%5C%22X-Evil%5C%22%20AND%20subject%3A%5C%221%5C%22
		subject|“a  b” invoi* NOT|subject%3A%5C%22a%20%20b%5C%22%20AND%20subject%3A%5C%22invoi%2A%5C%22%20AND%20subject%3A%5C%22NOT%5C%22
		words|from:bob received>=2020 NEAR(a b)|%5C%22from%3Abob%5C%22%20AND%20%5C%22received%3E%3D2020%5C%22%20AND%20%5C%22NEAR%28a%5C%22%20AND%20%5C%22b%5C%22
		words|\xE2\x80\xAEÜ 花|%5C%22%C3%9C%5C%22%20AND%20%5C%22%E8%8A%B1%5C%22
	END
}

@test "MC-10: no argument changes what is asked for, or of whom" {
	local name value

	# shellcheck disable=SC2016,SC1003 # signs that mean something elsewhere
	for value in 'lease" OR from:"paulo' 'x\" OR \"y' '")) OR (from:"paulo' 'a&$top=1000' 'a%22&$select=body' '#a + %' 'a*b*c' '\a' 'a\' '{a}' '🎂' 'size:>1'; do
		for name in sender recipient subject words; do
			find "$(jq -cn --arg name "$name" --arg value "$value" '{($name): $value}')"
			state complete
			says '[.messages[] | select(tostring | test("pauloonly"))] == []'
		done
	done
	asked '[.[] | select(.host == "graph")] | length == 48 and all(.status == 200 and .path == "/v1.0/users/ann%40harbour.example/messages")'
	asked '[.[] | select(.host == "graph") | .query | split("&") | map(split("=")[0]) | join(" ")] | unique == ["$search $top $select"]'
}

@test "an argument without anything to look for, or of another form, is told" {
	local name arguments pattern

	for name in sender recipient subject words; do
		find "{\"$name\": \"\\\"?!\\\" * \\u202e\"}"
		told "^'$name' has nothing to look for"
	done
	while IFS='|' read -r arguments pattern; do
		find "$arguments"
		told "$pattern"
	done <<-'END'
		{"sender": ""}|'sender' must be at least 1
		{"sender": 7}|'sender' must be a string
		{"unread": "yes"}|'unread' must be true or false
		{"has_attachments": null}|'has_attachments' must be true or false
		{"folder": ["inbox"]}|'folder' must be a string
		{"cursor": ""}|'cursor' must be at least 1
		{"limit": 7}|no argument 'limit'
		{"received_after": "yesterday"}|'received_after' must be at least 10
		{"received_after": "2026-02-30"}|'received_after' must be a day
		{"received_after": "2026-13-01"}|'received_after' must be a day
		{"received_after": "14.09.2026"}|'received_after' must be a day
		{"received_before": "2026-09-14T25:00:00Z"}|'received_before' must be a day
		{"received_before": "2026-09-14T10:00:00Z or isRead eq true"}|'received_before' must be a day
		{"received_before": "2026-09-14 eq '"}|'received_before' must be a day
		{"received_after": "2026-09-14", "received_before": "2026-09-14"}|'received_after' must be before
	END
	find "$(jq -nc '{subject: ("é" * 201)}')"
	told "'subject' must be at most 200"
	asked 'length == 0'
	find "$(jq -nc '{subject: ("a " * 50)}')"
	state complete 'only their first words'
}

# ---- folders ----

@test "folders are listed with their mails, level by level" {
	folders '{}'
	says '[.folders[].name] == ["Inbox", "Sent Items", "Drafts", "Archive", "Deleted Items", "Junk Email"]'
	says '.folders[0] | .unread == 2 and .total > 10 and .folders == 1'
	says '.sources[0] | .name == "Mail" and .state == "complete" and .count == 6'
	asked '[.[] | select(.host == "graph")] | length == 1 and (.[0] | .path == "/v1.0/users/ann%40harbour.example/mailFolders"
		and .query == "$top=100&$select=id,displayName,childFolderCount,unreadItemCount,totalItemCount" and .headers.prefer == "IdType=\"ImmutableId\"")'
	folders "$(jq -c '{folder: .folders[0].id}' <<<"$body")"
	says '.folders | length == 1 and (.[0] | .name == "Boats and <b>keys</b>" and .total == 1 and .unread == 1 and .folders == 1)'
	folders "$(jq -c '{folder: .folders[0].id}' <<<"$body")"
	says '[.folders[].name] == ["Old boats"]'
	folders "$(jq -c '{folder: .folders[0].id}' <<<"$body")"
	says '.folders == []'
}

@test "more folders than are listed are told" {
	find_fault "$(jq -nc '{kind: "status", status: 200, body: {value: [range(120) | {id: "AA\(.)", displayName: "Folder \(.)"}],
		"@odata.nextLink": "https://graph.microsoft.com/v1.0/x"}}')"
	folders '{}'
	says '(.folders | length) == 100 and .folders[7] == {id: .folders[7].id, name: "Folder 7", total: 0, unread: 0, folders: 0}'
	state partial 'more than 100 folders'
}

# ---- Graph fails ----

@test "OH-12: each failure is told in plain words, none of them Graph's" {
	local name code pattern

	while IFS='|' read -r code pattern; do
		for name in find folders; do
			find_fault "{\"kind\": \"status\", \"status\": $code, \"headers\": {\"x-told\": \"canary\", \"retry-after\": \"60\"},
				\"body\": {\"error\": {\"code\": \"canary\", \"message\": \"canary\"}}}"
			"$name" '{}'
			told "$pattern"
			says 'tostring | test("canary") | not'
			anew
		done
	done <<-'END'
		400|.
		401|owner has to renew
		403|permission Mail[.]Read
		404|.
		429|try again in
		500|trouble of its own
		503|.
	END
	not grep -q canary "$stand"/log/mcp-vendors.log
	token_fault '{"kind": "status", "status": 401, "what": "7000222"}'
	vendor_control graph POST revoke >/dev/null
	sql 'DELETE FROM gatehouse.source_states'
	find '{}'
	told 'has expired'
}

@test "a mailbox that is not there is told as such" {
	find_fault '{"kind": "status", "status": 404, "what": "ErrorInvalidUser"}'
	find '{}'
	told 'graph_user_id'
	anew
	find_fault '{"kind": "status", "status": 404, "what": "MailboxNotEnabledForRESTAPI"}'
	folders '{"folder": "inbox"}'
	told 'licence'
}

@test "an answer that is late, broken, endless or none of Graph's is told" {
	local name kind

	for name in find folders; do
		for kind in '"broken"' '"type"' '"close"' '"redirect"' '"endless"' '"status", "status": 200, "body": "[]"' \
			'"status", "status": 200, "body": "{\"value\": 7}"' '"status", "status": 200, "body": ""'; do
			find_fault "{\"kind\": $kind}"
			"$name" '{}'
			told .
			says 'tostring | test("Sign in") | not'
			anew
		done
	done
	find_fault '{"kind": "hang"}'
	find '{}'
	told 'did not answer in time'
	anew
	find '{}'
	state complete
}

@test "a failure that passes is not seen" {
	find_fault '{"kind": "status", "status": 503, "times": 1}'
	find '{}'
	state complete
	find_fault '{"kind": "status", "status": 429, "headers": {"Retry-After": "1"}, "times": 1}'
	folders '{}'
	state complete
	vendor_control graph POST revoke >/dev/null
	find '{}'
	state complete
}

@test "MC-13: what Graph answers is told as text, and nothing of it that a reader would not see" {
	find '{"sender": "helpdesk"}'
	says '[.messages[].title] | index("Password reset evil notice") != null'
	find_fault '{"kind": "status", "status": 200, "body": "{\"value\":[{\"id\":\"A1\",\"subject\":\"zero \\u0000 half \\ud83c a\\u200bb\\n\\u202ec\",\"bodyPreview\":7,\"webLink\":\"javascript:alert(1)\",\"from\":[],\"toRecipients\":{\"a\":1},\"isRead\":\"yes\",\"receivedDateTime\":{}},{\"id\":\"../A2\",\"subject\":\"odd id\"},{\"subject\":\"no id\"},7,null,{\"id\":\"A3\"}]}"}'
	find '{}'
	says '.messages == [{id: .messages[0].id, title: "zero � half � ab c", text: "", unread: true, attachments: false},
		{id: .messages[1].id, title: "(no subject)", text: "", unread: true, attachments: false}]'
	anew
	find_fault '{"kind": "status", "status": 200, "body": "{\"value\":[{\"id\":\"A1\",\"displayName\":\"a\\u200bb\\n\\u202ec <i>\",\"totalItemCount\":\"x\"},{\"id\":\"a/b\",\"displayName\":\"odd id\"},null,{\"id\":\"A3\"}]}"}'
	folders '{}'
	says '[.folders[] | .name, .total] == ["ab c <i>", 0, "(no name)", 0]'
}

# ---- which source ----

@test "with two mailboxes it has to be said which is meant, and none is taken for the other" {
	local first second folder name

	on both
	for name in find folders; do
		"$name" '{}' both
		told "^Say which source of Outlook is meant.*${sources[0]} \\\\(Mail\\\\).*${sources[1]} \\\\(Meadow\\\\)"
		"$name" "{\"source\": \"$server\"}" both
		told '^Say which source'
	done
	asked 'length == 0'
	find "{\"source\": \"${sources[1]}\"}" both
	says '.sources[0].name == "Meadow" and (.messages | length > 0 and all(.id | startswith("outlook::'"${sources[1]}"'::")))'
	second=$(field '.messages[0].id')
	find "{\"source\": \"${sources[0]}\"}" both
	first=$(field '.messages[0].id')
	says 'tostring | test("meadow") | not'
	folders "{\"source\": \"${sources[0]}\"}" both
	folder=$(field '.folders[0].id')
	find "{\"folder\": \"$folder\", \"unread\": true}" both
	says '.sources[0].name == "Mail" and .messages[0].title == "Renewal of the Harbour lease"'
	find "{\"folder\": \"$folder\", \"source\": \"${sources[1]}\"}" both
	told 'no item with this id'
	find "{\"folder\": \"${folder/${sources[0]}/${sources[1]}}\"}" both
	told 'no item with this id'
	find "{\"folder\": \"$folder\"}" log
	told '^Say which source'
	on both
	open "${first/${sources[0]}/${sources[1]}}" both
	told .
	open "$second" both
	says '.metadata.source == "Meadow"'
	asked '[.[] | select(.host == "graph" and .status == 200)] | all((.path | test("ann%40")) or (.path | test("mia%40")))'
}

@test "tools stand where a source of Outlook does, unless its owner has switched them off" {
	local names='[.result.tools[].name | select(startswith("outlook_"))]'

	mcp harbour tools/list
	says "$names == [\"outlook_find_messages\", \"outlook_list_folders\"]"
	answers 200 PUT "/api/v1/sources/$source" "$(mailbox tools=no | jq -c 'del(.type)')"
	mcp harbour tools/list
	says "$names == []"
	for tool in outlook_find_messages outlook_list_folders; do
		mcp harbour tools/call "{\"name\": \"$tool\", \"arguments\": {}}"
		says '.error.code == -32602 and (.error.message | test("no tool"))'
	done
	answers 400 PUT "/api/v1/sources/$source" "$(mailbox tools=maybe | jq -c 'del(.type)')"
	answers 200 PUT "/api/v1/sources/$source" "$(mailbox tools=yes | jq -c 'del(.type)')"
	mcp harbour tools/list
	says "$names | length == 2"
	as both
	on both
	answers 200 PUT "/api/v1/sources/${sources[0]}" "$(mailbox tools=no | jq -c 'del(.type)')"
	find '{}' both
	says '.sources[0].name == "Meadow"'
	find "{\"source\": \"${sources[0]}\"}" both
	told '^Say which source'
	find "{\"folder\": \"outlook::${sources[0]}::folder-AA\"}" both
	told '^Say which source'
	answers 200 PUT "/api/v1/sources/${sources[0]}" "$(mailbox | jq -c 'del(.type)')"
}

@test "MC-12: what a model is told of the tools is a constant, the same for everybody: a change of it is a decision" {
	local listed

	mcp harbour tools/list
	listed=$(jq -cS '[.result.tools[] | select(.name | startswith("outlook_"))]' <<<"$body")
	[ "$(sha256sum <<<"$listed" | cut -c1-64)" = 6c468c9cf0b94083772355c70307d65216d18093cc5b6d6f79ebd87fd6c99dae ]
	mcp both tools/list
	[ "$(jq -cS '[.result.tools[] | select(.name | startswith("outlook_"))]' <<<"$body")" = "$listed" ]
	body=$listed
	says 'all(.annotations.readOnlyHint and (.annotations.destructiveHint | not) and .inputSchema.additionalProperties == false)'
}

@test "a call is in the audit log with its source, and not with what was looked for" {
	last=$(sql 'SELECT coalesce(max(id), 0) FROM gatehouse.audit_log')
	find '{"subject": "canaryword"}'
	row=$(sql "SELECT detail FROM gatehouse.audit_log WHERE id > $last AND event = 'tool-call'")
	body=$row
	says ".tool == \"outlook_find_messages\" and .sources == [{id: \"$source\", state: \"complete\"}] and (tostring | test(\"canaryword\") | not)"
}

# fits TOOL ARGUMENTS: what it answers is as its own schema says.
fits()
{
	mcp harbour tools/list
	echo "$body" >"$BATS_TEST_TMPDIR/tools"
	mcp harbour tools/call "{\"name\":\"$1\",\"arguments\":$2}"
	echo "$body" >"$BATS_TEST_TMPDIR/result"
	run "$node" "$clients/schemas.mjs" "$BATS_TEST_TMPDIR/tools" "$1" "$BATS_TEST_TMPDIR/result"
	[ "$output" = fits ] || { echo "$1 $2: $output"; false; }
}

@test "what the tools answer is as their own schemas say" {
	fits outlook_find_messages '{}'
	fits outlook_find_messages '{"sender": "nobody"}'
	fits outlook_find_messages '{"folder": "drafts", "unread": false}'
	fits outlook_list_folders '{}'
	fault '{"match": "GET .*/messages", "times": 0, "kind": "status", "status": 200, "body": "{\"value\":[{\"id\":\"A1\"}],\"@odata.nextLink\":\"https://graph.microsoft.com/v1.0/x\"}"}'
	fits outlook_find_messages '{}'
}

@test "what was asked of Graph in this suite is as Microsoft describes it" {
	vendor_conforms graph
}
