# What the log and the audit log have of what was done: every event, once.

load helper
load api

setup_file()
{
	gateway keeper
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter", "text": "The otter floats."}'
}

setup()
{
	as keeper
	on keeper
	last=$(sql 'SELECT coalesce(max(id), 0) FROM gatehouse.audit_log')
	log_sizes
}

teardown()
{
	forgive
	[ -z "${limited:-}" ] || restart_workers
}

# Of wrong passwords from here, none were.
forgive()
{
	sql "SELECT gatehouse.throttle_clear('signin 127.0.0.1 ')" >/dev/null
}

# The workers' logs are looked at from here on.
log_sizes()
{
	api_size=$(stat -c %s "$stand/log/api.log")
	mcp_size=$(stat -c %s "$stand/log/mcp.log")
}

# new_lines: what both programs have written since then.
new_lines()
{
	tail -c "+$((api_size + 1))" "$stand/log/api.log"
	tail -c "+$((mcp_size + 1))" "$stand/log/mcp.log"
}

# lines_of ID: those that name the request, as "event status fault".
lines_of()
{
	new_lines | jq -r --arg id "$1" 'select(.request_id == $id) | [.event, .status, .fault] | map(select(. != null)) | join(" ") | rtrimstr(" ")' | sort
}

# has_lines TEXT…: the last request has these lines and no other.
has_lines()
{
	local id wanted

	id=$(header X-Request-Id)
	[ -n "$id" ]
	wanted=$(printf '%s\n' "$@" | sort)
	wait_until test -n "$(lines_of "$id")"
	[ "$(lines_of "$id")" = "$wanted" ] && return
	echo "request $id wrote: $(lines_of "$id")"
	echo "not: $wanted"
	return 1
}

@test "LA-1: each request is one line of exactly the members there are, and a failure says which" {
	api GET /api/v1/me
	has_lines 'request 200'
	api GET "/api/v1/sources/$nobody"
	has_lines 'request 404 NO_SOURCE'
	api POST /api/v1/sources '{"type": "fax", "source_metadata": {}}'
	has_lines 'request 400 BAD_FIELD'
	api POST /api/v1/sources '{'
	has_lines 'request 400 BAD_JSON'
	api GET /api/v1/nothing/here
	has_lines 'request 404 NO_ROUTE'
	api GET /api/v1/me '' -H 'Origin: https://evil.example'
	has_lines 'request 200'
	signed_out 401 GET /api/v1/me
	has_lines 'request 401 NO_TOKEN'
	signed_out 401 POST /api/v1/signin "{\"email\": \"$user_email\", \"password\": \"not the password\"}"
	has_lines 'request 401 BAD_SIGN_IN'
	mcp keeper tools/list
	has_lines 'request 200'
	mcp keeper tools/call '{"name": "search", "arguments": {"query": "otter"}}'
	has_lines 'request 200'
	mcp keeper tools/call '{"name": "fetch", "arguments": {"id": "documents::nothing::here"}}'
	has_lines 'request 200' 'tool-failed NO_ITEM'
	mcp keeper no/such
	has_lines 'request 404' 'rpc-error NO_METHOD'
	mcp_raw keeper -d '{'
	has_lines 'request 400 BAD_JSON'
	gateway_token=ght_0123456789abcdefghijklmnopqrstuvwxyzABCDEF- other_token
	has_lines 'request 401 BAD_TOKEN'
	# No other line was written meanwhile, and all of them fit.
	[ "$(new_lines | wc -l)" = 16 ]
	[ -z "$(new_lines | jq -c -f "$top/t/log-lines.jq")" ]
}

# other_token: asks with $gateway_token, whatever the gateway's is.
other_token()
{
	fetch_answer -H "Authorization: Bearer $gateway_token" -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' \
		"$gateway_url/"
}

@test "LA-1: the line says whose request it was, by which session or token, and from where" {
	api GET /api/v1/me
	id=$(header X-Request-Id)
	mcp keeper tools/list
	wait_until test -n "$(lines_of "$(header X-Request-Id)")"
	new_lines | jq -e -s --arg id "$id" --arg user "$user_id" 'map(select(.request_id == $id))[0] |
		.user_id == $user and (.session_id | length) == 36 and .client == "127.0.0.1" and .route == "/api/v1/me" and .method == "GET"'
	token=$(sql "SELECT id FROM gatehouse.access_tokens WHERE server_id = '$server'")
	new_lines | jq -e -s --arg id "$(header X-Request-Id)" --arg user "$user_id" --arg server "$server" --arg token "$token" \
		'map(select(.request_id == $id))[0] | .user_id == $user and .server_id == $server and .token_id == $token and .client == "127.0.0.1"'
}

@test "LA-1, LA-4: text that tries to be a line of its own is none" {
	forged='{"event":"forged"}'
	api GET "/api/v1/%0a$(jq -rn --arg text "$forged" '$text | @uri')%0a"
	api GET "/api/v1/me?x=%0d%0a$(jq -rn --arg text "$forged" '$text | @uri')"
	api POST /api/v1/signin "$(jq -cn --arg text $'a\n'"$forged"$'\n@example.com' '{email: $text, password: "\u001b[31m a password"}')"
	api POST /api/v1/sources "$(jq -cn --arg text $'\n'"$forged"$'\n' '{type: $text, source_metadata: {}}')"
	mcp keeper tools/call "$(jq -cn --arg text $'\n'"$forged"$'\n' '{name: $text, arguments: {query: $text}}')" -H 'Mcp-Name;'
	mcp keeper "$(printf '\\n%s' x)"
	wait_until test -n "$(lines_of "$(header X-Request-Id)")"
	new_lines | jq -e -s 'map(select(.event == "forged")) | length == 0'
	[ "$(new_lines | jq -s 'map(select(.event == "request")) | length')" = 6 ]
	[ -z "$(new_lines | jq -c -f "$top/t/log-lines.jq")" ]
}

# events: what the audit log has got since the test began, in order, as
# "event outcome whose", with the names that stand for the ids.
events()
{
	sql "SELECT event || ' ' || outcome || ' ' || CASE WHEN user_id IS NULL THEN 'nobody' ELSE COALESCE(
		(SELECT split_part(email, '-', 1) FROM gatehouse.users u WHERE u.id = user_id), '?') END
		FROM gatehouse.audit_log WHERE id > $last ORDER BY id"
}

@test "LA-2: a session of all that matters makes exactly these audit rows, each with its request" {
	local sign

	sign_up ann
	sign=$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')
	signed_out 400 POST /api/v1/signup "$sign"
	signed_out 401 POST /api/v1/signin "$(jq -c '.password = "not that one"' <<<"$sign")"
	signed_out 401 POST /api/v1/signin "$(jq -c '.email = "nobody-at-all@example.com"' <<<"$sign")"
	make_source
	made=$source
	answers 200 PUT "/api/v1/sources/$made" '{"source_metadata": {"name": "renamed"}}'
	make_server "\"$made\""
	gateway_url=$(field .endpoint | sed 's|/$||')
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"name": "renamed"}'
	answers 201 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "t"}'
	token=$(field .id) gateway_token=$(field .token)
	printf '%s\n' "$made" "$server" "${gateway_url#http://}" "$gateway_token" >"$gateways/ann"
	mcp ann tools/call '{"name": "search", "arguments": {"query": "otter"}}'
	mcp ann tools/call '{"name": "fetch", "arguments": {"id": "documents::nothing::here"}}'
	mcp ann tools/list
	gateway_token=ght_0123456789abcdefghijklmnopqrstuvwxyzABCDEF- other_token
	answers 200 DELETE "/api/v1/mcp-servers/$server/tokens/$token"
	mcp ann tools/list
	[ "$status" = 401 ]
	answers 200 DELETE "/api/v1/mcp-servers/$server"
	answers 200 DELETE "/api/v1/sources/$made"
	# What is refused or not there changes nothing, and is no event of these.
	answers 404 DELETE "/api/v1/sources/$made"
	answers 200 GET /api/v1/me
	answers 403 PUT /api/v1/me '{"password": "another good passphrase", "current_password": "wrong"}'
	answers 200 PUT /api/v1/me "$(jq -cn --arg current "$user_password" '{password: "another good passphrase", current_password: $current}')"
	signed_out 200 POST /api/v1/signin "$(jq -c '.password = "another good passphrase"' <<<"$sign")"
	signed_out 200 POST /api/v1/signout '' -H "Authorization: Bearer $(field .access_token)"
	events
	[ "$(events)" = "signup ok ann
signin ok ann
signup refused nobody
signin refused ann
signin refused nobody
source_create ok ann
source_change ok ann
server_create ok ann
server_change ok ann
token_create ok ann
tool-call done ann
tool-call failed ann
gateway_token refused nobody
token_end ok ann
gateway_token refused nobody
server_delete ok ann
source_delete ok ann
password_check refused ann
password_change ok ann
signin ok ann
signout ok ann" ]
	# Of a tool call: whose, which sources, how large, how long; of its words nothing.
	sql "SELECT detail FROM gatehouse.audit_log WHERE id > $last AND event = 'tool-call' ORDER BY id" >"$BATS_TEST_TMPDIR/calls"
	jq -e -s --arg server "$server" --arg token "$token" --arg source "$made" '.[0] | keys == ["arguments", "milliseconds", "result",
		"revision", "server", "sources", "token", "tool"] and .tool == "search" and .server == $server and .token == $token
		and .sources == [{id: $source, state: "complete"}] and .arguments == 17 and .result > 100 and .milliseconds >= 0' "$BATS_TEST_TMPDIR/calls"
	not grep -q otter "$BATS_TEST_TMPDIR/calls"
	[ "$(sql "SELECT count(*) FROM gatehouse.audit_log WHERE id > $last AND request_id !~ '^[0-9a-f]{32}\$'")" = 0 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.audit_log WHERE id > $last AND request_id IS NULL")" = 0 ]
}

# limits: what the audit log has got of limits since the test began, in order.
limits()
{
	sql "SELECT concat_ws(' ', outcome, detail ->> 'fault', detail ->> 'of', COALESCE(
		(SELECT split_part(email, '-', 1) FROM gatehouse.users u WHERE u.id = user_id), 'nobody'))
		FROM gatehouse.audit_log WHERE id > $last AND event = 'limit' AND request_id ~ '^[0-9a-f]{32}\$' ORDER BY id"
}

# for_a_day: what was hit until now stays hit, and what was called counted, so
# that no minute ends within a test.
for_a_day()
{
	sql "UPDATE gatehouse.throttles SET until = until + interval '1 day' WHERE key LIKE 'limit %';
		UPDATE gatehouse.tool_rates SET until = until + interval '1 day' WHERE until > now() - interval '10 minutes'" >/dev/null
}

# hit_all: every limit of ben's, and the one of those who sign in from here.
hit_all()
{
	answers 429 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	answers 429 POST /api/v1/mcp-servers '{"name": "one more", "source_ids": []}'
	answers 429 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "one more"}'
	mcp ben tools/call "$call"
	[ "$status" = 429 ]
	signed_out 429 POST /api/v1/signin "$sign"
	for_a_day
}

@test "LA-2: each limit that somebody hits is one audit row a minute, however often it is hit" {
	limited=yes
	worker_stop api
	worker_stop mcp
	test_worker_start api 1 GATEHOUSE_SOURCES_PER_USER=1 GATEHOUSE_SERVERS_PER_USER=1 GATEHOUSE_TOKENS_PER_SERVER=1
	test_worker_start mcp 2 GATEHOUSE_TOOL_RATE=1
	gateway ben
	call='{"name": "search", "arguments": {"query": "otter"}}'
	sign=$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')
	mcp ben tools/call "$call"
	[ "$status" = 200 ]
	for_a_day
	# Other suites hit limits from this address, too.
	sql "UPDATE gatehouse.throttles SET until = now() WHERE key LIKE 'limit %'" >/dev/null
	# As after far too many wrong passwords from here.
	sql "SELECT max(gatehouse.throttle_fail('signin 127.0.0.1 ', 0, 86400)) FROM generate_series(1, 20)" >/dev/null
	hit_all
	hit_all
	hit_all
	limits
	[ "$(limits)" = "refused QUOTA /api/v1/sources ben
refused QUOTA /api/v1/mcp-servers ben
refused QUOTA /api/v1/mcp-servers/{}/tokens ben
refused TOO_MANY tools/call search ben
refused TOO_MANY /api/v1/signin nobody" ]
	# Somebody else's are rows of their own; and so is the next minute's.
	forgive
	gateway cid
	answers 429 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	sql "UPDATE gatehouse.throttles SET until = now() WHERE key LIKE 'limit %'" >/dev/null
	answers 429 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	[ "$(limits | tail -n +6)" = "refused QUOTA /api/v1/sources cid
refused QUOTA /api/v1/sources cid" ]
	# Of the token that was refused, which; and from where.
	sql "SELECT detail FROM gatehouse.audit_log WHERE id > $last AND event = 'limit' AND detail ->> 'of' LIKE 'tools/%'" >"$BATS_TEST_TMPDIR/limit"
	on ben
	token=$(sql "SELECT id FROM gatehouse.access_tokens WHERE server_id = '$server'")
	jq -e --arg server "$server" --arg token "$token" '. == {fault: "TOO_MANY", of: "tools/call search", address: "127.0.0.1",
		server: $server, token: $token}' "$BATS_TEST_TMPDIR/limit"
}
