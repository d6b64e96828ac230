# The authorization server of a gateway: whom an owner lets in, and no one else.

load helper
load mcp
load oauth

setup_file()
{
	gateway olga
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter notes", "text": "The otter floats on its back."}'
	gateway pete
}

setup()
{
	as olga
	on olga
	forgive
}

# client_flow KIND: a client with OAuth code of its own, from a bare URL on.
client_flow()
{
	local ends="PGHOST=$PGHOST PGUSER=$PGUSER PGPORT=$PGPORT $postgres_bin/psql -X -q -d gatehouse -c 'UPDATE gatehouse.access_tokens
		SET expires_at = now() WHERE grant_id IS NOT NULL'"

	run client node "$client_folder/oauth.mjs" "$1" "$gateway_url/" "$user_email" "$user_password" "$ends"
	body=$(tail -n 1 <<<"$output")
	says '.found == ["Otter notes"] and .again == ["Otter notes"] and .asked == 1 and .refreshed and .refused == "UnauthorizedError"'
	says ".state == \"the state of this flow\" and .iss == \"$gateway_url\" and .scope == \"search fetch\""
}

@test "the TypeScript SDK 1.x connects with nothing but the gateway's address, and goes on after its token is over" {
	client_flow sdk1
}

@test "OA-15: both SDKs connect with the address of their metadata, without registering" {
	local id=https://assistant.example/metadata.json

	# Nobody is out there to be asked: so a copy of it is pinned.
	jq -nc --arg id "$id" '{client_id: $id, client_name: "Gatehouse <tests>", redirect_uris: ["http://127.0.0.1:41041/callback"]}' >"$BATS_TEST_TMPDIR/metadata"
	gatehouse pin add --database "$owner_url" --url "$id" "$BATS_TEST_TMPDIR/metadata"
	before=$(sql 'SELECT count(*) FROM gatehouse.oauth_clients')
	for kind in sdk1 sdk2; do
		CLIENT_METADATA_URL=$id client_flow "$kind"
		says ".client == \"$id\""
	done
	[ "$(sql 'SELECT count(*) FROM gatehouse.oauth_clients')" = "$before" ]
	gatehouse pin drop --database "$owner_url" --url "$id"
}

@test "the TypeScript SDK 2.x connects with nothing but the gateway's address, and goes on after its token is over" {
	client_flow sdk2
	# OA-12: what the application calls itself is escaped on the page.
	says '.page | contains("Gatehouse &lt;tests&gt;") and (contains("<tests>") | not)'
}

@test "OA-10: metadata is the same whatever headers a client sends" {
	for path in oauth-protected-resource oauth-protected-resource/ oauth-protected-resource/mcp oauth-authorization-server; do
		at_gateway "/.well-known/$path"
		[ "$status" = 200 ]
		plain=$body
		at_gateway -H 'X-Forwarded-Host: evil.example' -H 'X-Forwarded-Proto: ftp' -H 'Forwarded: host=evil.example' \
			-H 'X-Original-URL: /evil' "/.well-known/$path"
		[ "$body" = "$plain" ]
	done
	says ".issuer == \"$gateway_url\" and .authorization_endpoint == \"$gateway_url/authorize\"
		and .code_challenge_methods_supported == [\"S256\"] and .authorization_response_iss_parameter_supported"
	at_gateway /.well-known/openid-configuration
	[ "$status" = 404 ]
}

@test "MC-5: a 401 leads to the metadata, and names all scopes a token may have" {
	at_gateway -d '{}' -H 'Content-Type: application/json' /
	[ "$status" = 401 ]
	[ "$(header WWW-Authenticate)" = "Bearer resource_metadata=\"$gateway_url/.well-known/oauth-protected-resource\", scope=\"search fetch\"" ]
}

@test "OA-2: a client or a redirect URI that is not known is a page, and nothing goes there" {
	register
	for wrong in client_id=ghi_nobody client_id= client_id=https:// redirect_uri= redirect_uri=https://evil.example/ \
		"redirect_uri=$callback/" "redirect_uri=$callback?x=1" "redirect_uri=http://127.0.0.1:41041/Callback"; do
		authorize "$wrong"
		on_a_page
		# whatever else is wrong
		authorize "$wrong" response_type=token code_challenge=
		on_a_page
	done
}

@test "OA-1: of a loopback redirect URI the port is free, and nothing else" {
	register
	authorize redirect_uri=http://127.0.0.1:7/callback
	[ -n "$question" ]
	authorize redirect_uri=http://127.0.0.1/callback
	[ -n "$question" ]
	for wrong in http://localhost:41041/callback 'http://[::1]:41041/callback' https://127.0.0.1:41041/callback \
		http://127.0.0.1:41041/callback/../x http://127.0.0.1:41041@evil.example/callback http://127.0.0.1.evil.example/callback \
		http://127.0.0.1:99999999/callback http://127.0.0.1:/callback 'http://127.0.0.1:41041/callback#x'; do
		authorize "redirect_uri=$wrong"
		on_a_page
	done
}

@test "OA-3: only response_type=code, sent by the query, is answered" {
	register
	for wrong in token id_token 'code token' 'code id_token' none ''; do
		authorize "response_type=$wrong"
		sent_back unsupported_response_type
	done
	for wrong in response_mode=form_post response_mode=fragment request=x request_uri=https://evil.example/; do
		authorize "$wrong"
		sent_back invalid_request
	done
	authorize scope=admin
	sent_back invalid_scope
	authorize resource=https://evil.example/
	sent_back invalid_target
	token grant_type=client_credentials "client_id=$client"
	oauth_error 400 unauthorized_client
	for grant in password implicit urn:ietf:params:oauth:grant-type:device_code; do
		token "grant_type=$grant" "client_id=$client" username=a password=b
		oauth_error 400 unsupported_grant_type
	done
}

@test "OA-4: a challenge by S256 is required, and its verifier" {
	register
	for wrong in code_challenge= code_challenge_method= code_challenge_method=plain code_challenge=short \
		"code_challenge=$challenge=" "code_challenge=${challenge}x"; do
		authorize "$wrong"
		sent_back invalid_request
	done
	grant
	for wrong in "${verifier}x" "$challenge" short "${verifier/a/b}"; do
		token grant_type=authorization_code "client_id=$client" "code=$code" "redirect_uri=$callback" "code_verifier=$wrong"
		oauth_error 400 invalid_grant
	done
	token grant_type=authorization_code "client_id=$client" "code=$code" "redirect_uri=$callback"
	oauth_error 400 invalid_request
	redeem
	[ "$status" = 200 ]
	says '.token_type == "Bearer" and .expires_in > 0 and .expires_in <= 900 and .scope == "search fetch"'
	grep -qi '^Cache-Control: no-store' "$headers"
	opens "$access"
}

@test "OA-5: a code is good once; 20 at once give one answer, and then its tokens are dead" {
	connected
	first=$access
	opens "$first"
	redeem
	oauth_error 400 invalid_grant
	not opens "$first"
	refreshes "$refresh"
	oauth_error 400 invalid_grant
	grant
	for i in {1..20}; do
		curl -sS -o "$BATS_TEST_TMPDIR/code$i" -d "grant_type=authorization_code&client_id=$client&code=$code&code_verifier=$verifier" \
			--connect-to "$gateway_host:127.0.0.1:${gateway_host##*:}" "$gateway_url/token" &
	done
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/code* | grep -o access_token | wc -l)" = 1 ]
	access=$(cat "$BATS_TEST_TMPDIR"/code* | jq -r '.access_token // empty')
	echo "$access" >>"$stand/secrets"
	not opens "$access"
}

@test "OA-5: a code of another client, gateway or minute is none" {
	connected
	grant
	mine=$client
	register
	redeem
	oauth_error 400 invalid_grant
	client=$mine
	token grant_type=authorization_code "client_id=$client" "code=$code" "code_verifier=$verifier" redirect_uri=http://127.0.0.1:1/callback
	oauth_error 400 invalid_grant
	on pete
	redeem
	oauth_error 401 invalid_client
	on olga
	sql "UPDATE gatehouse.authorizations SET code_expires_at = now() WHERE client_id = '$client'"
	redeem
	oauth_error 400 invalid_grant
}

@test "OA-6: refresh tokens rotate; an old one is taken for a while, and then ends the grant" {
	connected
	old=$refresh first=$access
	refreshes "$old"
	[ "$status" = 200 ]
	[ "$refresh" != "$old" ]
	opens "$access"
	opens "$first"
	# two honest refreshes at once, or a lost answer
	refreshes "$old"
	[ "$status" = 200 ]
	newest=$refresh
	sql "UPDATE gatehouse.refresh_tokens SET used_at = used_at - interval '31 seconds' WHERE used_at IS NOT NULL"
	refreshes "$newest"
	[ "$status" = 200 ]
	latest=$access
	refreshes "$old"
	oauth_error 400 invalid_grant
	not opens "$latest"
	refreshes "$newest"
	oauth_error 400 invalid_grant
}

@test "OA-6: the end of a grant survives rotation" {
	connected
	refreshes "$refresh"
	sql "UPDATE gatehouse.grants SET expires_at = now() WHERE client_id = '$client'"
	refreshes "$refresh"
	oauth_error 400 invalid_grant
}

@test "OA-8: a token of one gateway is none at another, nor is a client" {
	connected
	on pete
	not opens "$access"
	[ "$status" = 401 ]
	refreshes "$refresh"
	oauth_error 401 invalid_client
	on olga
	opens "$access"
	for right in "$gateway_url" "$gateway_url/" "${gateway_url^^}/" "$gateway_url/mcp"; do
		refreshes "$refresh" "resource=$right"
		[ "$status" = 200 ]
	done
	refreshes "$refresh" resource=http://localhost:1/
	oauth_error 400 invalid_target
}

@test "OA-9: a token does what was granted, and a step up names all that is needed" {
	register
	browser olga
	authorize
	looks
	signs_in
	looks
	answers approve scope-search=on days=1
	redeem
	says '.scope == "search"'
	tool "$access" search '{"query": "otter"}'
	[ "$status" = 200 ]
	says '.result.structuredContent.results[0].title == "Otter notes"'
	id=$(jq -r '.result.structuredContent.results[0].id' <<<"$body")
	tool "$access" fetch "{\"id\": \"$id\"}"
	[ "$status" = 403 ]
	[[ $(header WWW-Authenticate) == *'scope="search fetch", error="insufficient_scope"'* ]]
	refreshes "$refresh" scope=fetch
	oauth_error 400 invalid_scope
	refreshes "$refresh" 'scope=search offline_access'
	[ "$status" = 200 ]
}

@test "OA-11: what carries credentials is 303 and kept nowhere" {
	register
	grant
	[ "$status" = 303 ]
	grep -qi '^Cache-Control: no-store' "$headers"
	authorize
	[ "$status" = 303 ]
	grep -qi '^Cache-Control: no-store' "$headers"
}

@test "OA-13: only the browser that was asked answers, once, and what it was shown last" {
	register
	authorize
	browser mine
	looks
	[ "$place" = "/oauth/consent/$question/signin" ]
	signs_in
	looks
	[ "$status" = 200 ]
	# In another browser, signed in as the same person: nothing to see, nothing to answer.
	browser other
	page GET "/oauth/consent/$question"
	[ "$status" = 404 ]
	page POST "/oauth/consent/$question/signin" "email=$user_email" "password=$user_password"
	page GET "/oauth/consent/$question"
	[ "$status" = 404 ]
	answers approve
	[ "$status" = 404 ]
	browser mine
	# A page shown before is not the last one; and a made-up answer is none.
	old=$consent
	looks
	latest=$consent consent=$old
	answers approve
	[ "$status" = 404 ]
	consent=made-up
	answers approve
	[ "$status" = 404 ]
	consent=$latest
	answers approve
	[ -n "$code" ]
	answers approve
	[ "$status" = 404 ]
	looks
	[ "$status" = 404 ]
}

@test "OA-13: of ten answers at once one counts" {
	register
	authorize
	browser olga
	looks
	signs_in
	looks
	for i in {1..10}; do
		curl -sS -o /dev/null -D "$BATS_TEST_TMPDIR/answer$i" -b "$jar" -H "Origin: $app_url" --data-urlencode "consent=$consent" \
			-d 'answer=approve&scope-search=on&days=1' "$app_url/oauth/consent/$question" &
	done
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/answer* | grep -c '^HTTP/1.1 303')" = 1 ]
	[ "$(cat "$BATS_TEST_TMPDIR"/answer* | grep -c '^HTTP/1.1 404')" = 9 ]
}

@test "OA-13, AC-11: an answer from another site is refused" {
	register
	authorize
	browser olga
	looks
	signs_in
	looks
	fetch_answer -b "$jar" -H 'Origin: https://evil.example' -d "consent=$consent&answer=approve&scope-search=on&days=1" "$app_url/oauth/consent/$question"
	[ "$status" = 403 ]
	answers approve
	[ -n "$code" ]
}

@test "OA-14: consent is asked every time" {
	connected
	authorize
	[ -n "$question" ]
	looks
	[ "$status" = 200 ]
	[ -n "$consent" ]
}

@test "who says no is taken at their word, and who is not let in cannot say yes" {
	register
	authorize
	browser olga
	looks
	signs_in
	looks
	answers deny
	sent_back access_denied
	as pete
	browser pete
	authorize
	looks
	signs_in
	looks
	grep -q 'You may not use this server' <<<"$body"
	# Nothing that cannot be had is offered.
	not grep -q 'value="approve"' <<<"$body"
	grep -q 'value="other"' <<<"$body"
	answers approve
	[ "$status" = 400 ]
	[ -z "$code" ]
}

@test "who allows nothing is told so, and can still answer" {
	register
	browser olga
	authorize
	looks
	signs_in
	looks
	answers approve days=30
	on_a_page
	grep -q 'Nothing was ticked' <<<"$body"
	answers deny
	sent_back access_denied
}

@test "signing in as somebody else asks again, in the same browser" {
	register
	authorize
	browser shared
	looks
	as pete
	signs_in
	looks
	page POST "/oauth/consent/$question" "consent=$consent" answer=other
	[ "$place" = "/oauth/consent/$question/signin" ]
	looks
	[ "$place" = "/oauth/consent/$question/signin" ]
	as olga
	signs_in
	looks
	answers approve
	redeem
	opens "$access"
}

@test "OA-12: the page says who asks for what, and warns where the answer stays on the device" {
	register '.client_name = "<script>alert(1)</script>\u202eEvil" | .redirect_uris = ["http://localhost:5/cb", "https://app.example.com/cb"]'
	authorize redirect_uri=https://app.example.com/cb
	browser olga
	looks
	signs_in
	looks
	for text in '&lt;script&gt;alert(1)&lt;/script&gt;Evil' app.example.com "$gateway_host" 'Search in all its sources' 'Read what a search found' "$user_email"; do
		grep -qF "$text" <<<"$body"
	done
	not grep -q 'program on the device' <<<"$body"
	not grep -qi '<script' <<<"$body"
	[[ $(header Content-Security-Policy) == "default-src 'none'; style-src 'sha256-"*"form-action 'self' https://app.example.com; base-uri 'none'; frame-ancestors 'none'" ]]
	[ "$(header Content-Security-Policy | wc -l)" = 1 ]
	authorize redirect_uri=http://localhost:5/cb
	looks
	grep -q 'program on the device' <<<"$body"
}

@test "I5: however many questions nobody answers, a person can still be asked" {
	register
	browser olga
	authorize
	first=$question
	looks
	signs_in
	looks
	sql "INSERT INTO gatehouse.authorizations (id, user_id, server_id, client_id, client_name, issuer, redirect_uri, scopes, challenge, expires_at)
		SELECT gen_random_uuid(), '$user_id', '$server', 'ghi_flood', 'Flood', '', '', '{search}', '', now() + interval '9 minutes' FROM generate_series(1, 1500)"
	authorize
	[ -n "$question" ]
	looks
	[ -n "$consent" ]
	# Who was about to answer still can.
	question=$first
	looks
	answers approve
	[ -n "$code" ]
	sql "DELETE FROM gatehouse.authorizations WHERE client_id = 'ghi_flood'"
}

@test "OA-16: a client that registers itself is held to the same rules" {
	for wrong in '.redirect_uris = []' 'del(.redirect_uris)' '.redirect_uris = "https://a.example/"' '.redirect_uris = [7]' \
		'.redirect_uris = ["http://a.example/"]' '.redirect_uris = ["javascript:alert(1)"]' '.redirect_uris = ["https://u@a.example/"]' \
		'.redirect_uris = ["https://a.example/#x"]' '.redirect_uris = ["https://a.example/..;/x", "data:x"]' '.redirect_uris = ["https:///x"]' \
		'.redirect_uris = ["HTTPS://a.example/"]' '.redirect_uris = ["https://a.example/\u0000"]' '.redirect_uris = [range(21) | "https://a.example/\(.)"]' \
		'.redirect_uris = ["com.unknown.app:/cb"]' '.redirect_uris = ["https://a.example/../x"]' '.redirect_uris = ["https://a..example/"]'; do
		register "$wrong"
		[ "$status" = 400 ]
		says '.error | test("^invalid_(redirect_uri|request|client_metadata)$")'
	done
	for wrong in '.token_endpoint_auth_method = "tls_client_auth"' '.token_endpoint_auth_method = 7' '.grant_types = ["password"]' \
		'.response_types = ["token"]' '.client_name = 7'; do
		register "$wrong"
		oauth_error 400 invalid_client_metadata
	done
	register '.redirect_uris = ["http://localhost:8787/callback", "https://www.cursor.com/agents/mcp/oauth/callback", "cursor://anysphere.cursor-mcp/oauth/callback"]'
	[ "$status" = 201 ]
	says '(.client_id | startswith("ghi_")) and (.redirect_uris | length == 3) and .token_endpoint_auth_method == "none" and (has("client_secret") | not)'
	# As after far too many.
	sql "SELECT max(gatehouse.throttle_fail('register 127.0.0.1 ', 0, 86400)) FROM generate_series(1, 20)" >/dev/null
	mine=$client
	register
	oauth_error 429 temporarily_unavailable
	grep -qi '^Retry-After: [1-9]' "$headers"
	client=$mine
	# One that was granted nothing is forgotten.
	authorize redirect_uri=http://localhost:8787/callback
	[ -n "$question" ]
	sql "UPDATE gatehouse.oauth_clients SET expires_at = now() WHERE id = '$client'"
	authorize redirect_uri=http://localhost:8787/callback
	on_a_page
}

@test "a client with a secret has to know it, in one way only" {
	register 'del(.token_endpoint_auth_method)'
	secret=$(jq -r .client_secret <<<"$body")
	echo "$secret" >>"$stand/secrets"
	says '.token_endpoint_auth_method == "client_secret_basic" and .client_secret_expires_at == 0'
	grant
	redeem
	oauth_error 401 invalid_client
	redeem client_secret=ghs_wrong
	oauth_error 401 invalid_client
	at_gateway -u "$client:wrong" -d "grant_type=authorization_code&code=$code&code_verifier=$verifier" /token
	oauth_error 401 invalid_client
	grep -qi '^WWW-Authenticate: Basic' "$headers"
	at_gateway -u "$client:$secret" -d "grant_type=authorization_code&code=$code&code_verifier=$verifier&client_secret=$secret" /token
	oauth_error 400 invalid_request
	at_gateway -u "$client:$secret" -d "grant_type=authorization_code&code=$code&code_verifier=$verifier" /token
	[ "$status" = 200 ]
	refresh=$(jq -r .refresh_token <<<"$body")
	jq -r '.access_token, .refresh_token' <<<"$body" >>"$stand/secrets"
	refreshes "$refresh" "client_secret=$secret"
	[ "$status" = 200 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.oauth_clients WHERE secret_digest = '$secret'")" = 0 ]
}

@test "OA-18: a token that is given back is over, whoever gives what is told the same" {
	connected
	first=$access
	at_gateway -d "client_id=$client&token=$first" /revoke
	[ "$status" = 200 ]
	not opens "$first"
	refreshes "$refresh"
	opens "$access"
	mine=$client held=$refresh
	register
	at_gateway -d "client_id=$client&token=$held" /revoke
	[ "$status" = 200 ]
	client=$mine
	opens "$access"
	at_gateway -d "client_id=$client&token=$held" /revoke
	[ "$status" = 200 ]
	not opens "$access"
	refreshes "$held"
	oauth_error 400 invalid_grant
	at_gateway -d "client_id=$client&token=nonsense" /revoke
	[ "$status" = 200 ]
}

@test "RP-10: a parameter that comes twice is refused, in a query and in a form" {
	register
	at_gateway "/authorize?$(query)&state=two"
	on_a_page
	at_gateway "/authorize?$(query)&st%61te=two"
	on_a_page
	at_gateway -d "grant_type=refresh_token&client_id=$client&refresh_token=a&refresh_token=b" /token
	oauth_error 400 invalid_request
	at_gateway -d 'grant_type=%zz' /token
	oauth_error 400 invalid_request
	at_gateway -d '{}' -H 'Content-Type: application/json' /token
	oauth_error 415 invalid_request
	at_gateway -d 'grant_type=' /token
	oauth_error 400 invalid_request
}

@test "TI-7: with a deleted server its clients and tokens are gone" {
	gateway quinn
	connected
	opens "$access"
	api DELETE "/api/v1/mcp-servers/$server"
	[ "$status" = 200 ]
	not opens "$access"
	[ "$status" = 421 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.grants WHERE server_id = '$server' AND ended_at IS NULL")" = 0 ]
}

@test "OA-7: every answer to a client says which gateway gave it, errors too" {
	iss="iss=$(jq -rn --arg v "$gateway_url" '$v | @uri')"
	connected
	[[ $place == "$callback?code=$code&state=st&$iss" ]]
	authorize response_type=token
	sent_back unsupported_response_type
	fetch_answer -H 'X-Forwarded-Host: evil.example' -H 'Forwarded: host=evil.example' "$gateway_url/authorize?$(query scope=none)"
	[[ $(header Location) == *"&$iss" ]]
	fetch_answer -H 'Host: evil.example' "$gateway_url/authorize?$(query)"
	[ "$status" = 421 ]
}

@test "OA-19: codes, tokens and secrets stand in the database as digests only" {
	register 'del(.token_endpoint_auth_method)'
	secret=$(jq -r .client_secret <<<"$body")
	grant
	redeem "client_secret=$secret"
	[ "$status" = 200 ]
	dump=$("$postgres_bin/pg_dump" -n gatehouse --data-only)
	for held in "$secret" "$code" "$access" "$refresh" "$verifier" "$consent"; do
		[ -n "$held" ]
		not grep -qF -e "$held" <<<"$dump"
	done
}

@test "OA-6: ten honest refreshes at once are all answered, and each answer is good" {
	connected
	for i in {1..10}; do
		curl -sS -o "$BATS_TEST_TMPDIR/refreshed$i" -d "grant_type=refresh_token&client_id=$client&refresh_token=$refresh" \
			--connect-to "$gateway_host:127.0.0.1:${gateway_host##*:}" "$gateway_url/token" &
	done
	wait
	jq -r '.access_token, .refresh_token' "$BATS_TEST_TMPDIR"/refreshed* >>"$stand/secrets"
	[ "$(jq -rs 'map(.refresh_token) | unique | length' "$BATS_TEST_TMPDIR"/refreshed*)" = 10 ]
	for i in {1..10}; do
		opens "$(jq -r .access_token "$BATS_TEST_TMPDIR/refreshed$i")"
		refreshes "$(jq -r .refresh_token "$BATS_TEST_TMPDIR/refreshed$i")"
		[ "$status" = 200 ]
	done
}

@test "OA-8: a domain that was given to another server honours nothing of the one before" {
	gateway yves
	connected
	old=$gateway_host mine=$access held=$refresh
	grant
	pending=$code
	authorize
	waiting=$question
	api DELETE "/api/v1/mcp-servers/$server"
	for _ in 1 2 3 4 5; do
		api POST /api/v1/mcp-servers "{\"name\": \"next\", \"source_ids\": [\"$source\"]}"
		[ "$(jq -r .endpoint <<<"$body")" != "$old" ] || break
	done
	[ "$(jq -r .endpoint <<<"$body")" = "$old" ]
	not opens "$mine"
	[ "$status" = 401 ]
	code=$pending
	redeem
	oauth_error 401 invalid_client
	refreshes "$held"
	oauth_error 401 invalid_client
	authorize
	on_a_page
	page GET "/oauth/consent/$waiting"
	[ "$status" = 404 ]
	# Not even a client that happens to have the same id.
	sql "UPDATE gatehouse.oauth_clients SET server_id = '$(jq -r .id <<<"$(api GET /api/v1/mcp-servers; jq -c '.[-1]' <<<"$body")")' WHERE id = '$client'"
	redeem
	oauth_error 400 invalid_grant
	refreshes "$held"
	oauth_error 400 invalid_grant
}
