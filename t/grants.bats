# What people see and end: applications that act for them, sessions, and what
# was recorded of them.

load helper
load mcp
load oauth

setup_file()
{
	gateway gina
	gateway hugo
}

setup()
{
	as gina
	on gina
	forgive
}

grants()
{
	api GET /api/v1/grants
	[ "$status" = 200 ]
}

@test "OA-18: a grant is listed by who gave it and by the server's owner, and ended it is over on the next request" {
	connected
	tool "$access" search '{"query": "otter"}'
	grants
	says "length == 1 and .[0].client_name == \"Tests\" and .[0].client_id == \"$client\" and .[0].scopes == [\"search\", \"fetch\"]
		and .[0].server.id == \"$server\" and .[0].user == \"$user_email\" and (.[0] | has(\"expires_at\") and .last_used_at != null)"
	id=$(jq -r '.[0].id' <<<"$body")
	api GET "/api/v1/mcp-servers/$server/grants"
	says "length == 1 and .[0].id == \"$id\""
	# TI-5: somebody else sees and ends nothing.
	as hugo
	grants
	says 'length == 0'
	api GET "/api/v1/mcp-servers/$server/grants"
	[ "$status" = 404 ]
	api DELETE "/api/v1/grants/$id"
	[ "$status" = 404 ]
	opens "$access"
	as gina
	api DELETE "/api/v1/grants/$id"
	[ "$status" = 200 ]
	not opens "$access"
	[ "$status" = 401 ]
	refreshes "$refresh"
	oauth_error 400 invalid_grant
	api DELETE "/api/v1/grants/$id"
	[ "$status" = 404 ]
	grants
	says 'length == 0'
}

@test "OA-18: the command line lists grants and ends them" {
	connected
	run gatehouse grant list --user "$user_email"
	[[ $output == *Tests* ]]
	id=$(gatehouse grant list --user "$user_email" --server "$server" --json | jq -r '.[0].id')
	run gatehouse grant end --user "$user_email" --id "$id"
	[ "$output" = ended ]
	not opens "$access"
	run gatehouse grant end --user "$user_email" --id "$id"
	[ "$status" -ne 0 ]
}

@test "OA-18, AC-9: sessions are listed, and ended they are over on the next request" {
	here=$(cat "$people/gina/session")
	api POST /api/v1/signin "$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')"
	there=$(jq -r .access_token <<<"$body")
	echo "$there" >>"$stand/secrets"
	api GET /api/v1/sessions
	says 'length >= 2 and ([.[] | select(.current)] | length == 1) and all(.[]; has("created_at") and has("last_seen_at") and has("expires_at"))'
	other=$(jq -r '.[-1].id' <<<"$body")
	as hugo
	api DELETE "/api/v1/sessions/$other"
	[ "$status" = 404 ]
	as gina
	api DELETE "/api/v1/sessions/$other"
	[ "$status" = 200 ]
	fetch_answer -H "Authorization: Bearer $there" "$app_url/api/v1/me"
	[ "$status" = 401 ]
	api POST /api/v1/signin "$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')"
	there=$(jq -r .access_token <<<"$body")
	echo "$there" >>"$stand/secrets"
	api DELETE /api/v1/sessions
	says '.ended >= 1'
	fetch_answer -H "Authorization: Bearer $there" "$app_url/api/v1/me"
	[ "$status" = 401 ]
	[ "$(cat "$people/gina/session")" = "$here" ]
	api GET /api/v1/sessions
	says 'length == 1 and .[0].current'
}

@test "LA-2: registering, consent, grant, refresh twice and giving back are in the audit log, which its owner reads" {
	connected
	refreshes "$refresh"
	at_gateway -d "client_id=$client&token=$refresh" /revoke
	api GET "/api/v1/audit?server=$server&limit=10"
	[ "$status" = 200 ]
	says '[.[].event] | index("token_refresh") != null and index("grant_end") != null and index("grant") != null and index("consent") != null and index("client_register") != null'
	says 'all(.[]; has("id") and has("at") and has("outcome") and has("request_id") and has("detail")) and ([.[].at] | . == (sort | reverse))'
	api GET '/api/v1/audit?event=grant&outcome=ok&limit=1'
	says 'length == 1 and .[0].event == "grant"'
	api GET "/api/v1/audit?event=grant&since=$(date -u -d '+1 day' +%Y-%m-%dT%H:%M:%SZ)"
	says 'length == 0'
	api GET "/api/v1/audit?until=$(date -u -d '+1 day' +%Y-%m-%d)&limit=2"
	says 'length == 2'
	grep -q '^Link: </api/v1/audit?until=.*&limit=2&offset=2>; rel="next"' "$headers"
	as hugo
	api GET "/api/v1/audit?server=$server"
	says 'length == 0'
	for wrong in since=yesterday 'until=2026-13-01' server=x event= "event=$(printf 'x%.0s' {1..65})" limit=0 'since=1&since=2'; do
		api GET "/api/v1/audit?$wrong"
		[ "$status" = 400 ]
	done
}

@test "LA-2: a client that does not prove who it is is in the audit log of the server's owner" {
	register 'del(.token_endpoint_auth_method)'
	jq -r .client_secret <<<"$body" >>"$stand/secrets"
	token grant_type=authorization_code "client_id=$client" client_secret=ghs_wrong code=x "code_verifier=$verifier"
	oauth_error 401 invalid_client
	api GET '/api/v1/audit?event=client_proof&limit=1'
	says ".[0].outcome == \"refused\" and .[0].detail.client == \"$client\" and .[0].detail.server == \"$server\" and .[0].detail.address == \"127.0.0.1\""
}

# refusals EVENT: those that the owner of the server in use reads about; sets $count.
refusals()
{
	api GET "/api/v1/audit?event=$1&outcome=refused&server=$server&limit=100"
	count=$(jq length <<<"$body")
}

@test "LA-2: whoever is refused at a gateway is in its owner's audit log: once a minute, however often they come" {
	register
	declare -A before=()
	for event in authorize token client_proof; do
		refusals "$event"
		before[$event]=$count
	done
	for _ in 1 2 3; do
		authorize redirect_uri=https://evil.example/
		authorize client_id=ghi_nobody
		authorize scope=admin
		refreshes ghr_nobody
		code=ghc_nobody
		redeem resource=https://evil.example/
		token grant_type=refresh_token client_id=ghi_nobody refresh_token=x
	done
	refusals authorize
	[ "$count" = $((before[authorize] + 3)) ]
	says ".[2].detail.fault == \"BAD_REDIRECT\" and .[2].detail.client == \"$client\" and .[2].detail.address == \"127.0.0.1\""
	says '.[1].detail.fault == "BAD_CLIENT" and (.[1].detail | has("client") | not) and .[0].detail.fault == "BAD_SCOPE"'
	refusals token
	[ "$count" = $((before[token] + 2)) ]
	says "[.[0, 1].detail.fault] == [\"BAD_TARGET\", \"BAD_GRANT\"] and .[1].detail.client == \"$client\""
	refusals client_proof
	[ "$count" = $((before[client_proof] + 1)) ]
	# A token that is given back is, too.
	connected
	at_gateway -d "client_id=$client&token=$access" /revoke
	api GET "/api/v1/audit?event=token_end&server=$server&limit=1"
	says ".[0].detail.client == \"$client\""
}

@test "LA-2: the operator exports the audit log as JSON lines, and forgets what is old" {
	sql "INSERT INTO gatehouse.audit_log (user_id, event, outcome, at) OVERRIDING SYSTEM VALUE VALUES ('$user_id', 'long-ago', 'ok', now() - interval '400 days')"
	run gatehouse audit export --database "$owner_url" --user "$user_email"
	[ "$status" -eq 0 ]
	jq -se --arg email "$user_email" 'length > 3 and all(.[]; .user == $email) and any(.[]; .event == "long-ago")' <<<"$output"
	run gatehouse audit export --database "$owner_url" --since 2000-01-01 --until 2001-01-01
	[ -z "$output" ]
	run gatehouse audit trim --database "$owner_url" --days 399
	[ "$output" = '1 rows older than 399 days are gone' ]
	run gatehouse audit trim --database "$(database_url gatehouse_api)"
	[ "$status" -ne 0 ]
	[[ $output == *BYPASSRLS* ]]
	run gatehouse audit export --database "$owner_url" --since tomorrow
	[ "$status" -eq 2 ]
}

@test "MC-16: what a grant has used up of a tool's rate its next token has used up, too" {
	worker_stop mcp
	test_worker_start mcp 1 GATEHOUSE_TOOL_RATE=1
	connected
	tool "$access" search '{"query": "otter"}'
	[ "$status" = 200 ]
	sql "UPDATE gatehouse.tool_rates SET until = until + interval '1 day' WHERE holder_id = (SELECT id FROM gatehouse.grants WHERE client_id = '$client')"
	refreshes "$refresh"
	[ "$status" = 200 ]
	tool "$access" search '{"query": "otter"}'
	[ "$status" = 429 ]
	# Another grant of the same person's is another.
	connected
	tool "$access" search '{"query": "otter"}'
	[ "$status" = 200 ]
	restart_workers mcp
}
