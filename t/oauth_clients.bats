# Clients that somebody enters, and machines that act for themselves.

load helper
load mcp
load oauth

setup_file()
{
	gateway vera
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter notes", "text": "The otter floats on its back."}'
	gateway walt
}

setup()
{
	as vera
	on vera
}

# enters MEMBERS: a client of the server in use; sets $client, $client_row, $secret.
enters()
{
	api POST "/api/v1/mcp-servers/$server/clients" "{\"name\": \"Entered\", $1}"
	client=$(jq -r '.client_id // empty' <<<"$body")
	client_row=$(jq -r '.id // empty' <<<"$body")
	secret=$(jq -r '.client_secret // empty' <<<"$body")
	[ -z "$secret" ] || echo "$secret" >>"$stand/secrets"
}

machine()
{
	at_gateway -u "$client:$secret" -d 'grant_type=client_credentials' "$@" /token
	access=$(jq -r '.access_token // empty' <<<"$body")
	[ -z "$access" ] || echo "$access" >>"$stand/secrets"
}

@test "a client that the owner enters connects with its secret, by any scheme it was entered with" {
	enters '"redirect_uris": ["com.example.app:/cb", "http://127.0.0.1:41041/callback"]'
	[ "$status" = 201 ]
	says '(.client_id | startswith("ghi_")) and (.client_secret | startswith("ghs_")) and .origin == "registered" and .expires_at == null
		and .grant_types == ["authorization_code", "refresh_token"] and .token_endpoint_auth_method == "client_secret_basic"'
	authorize redirect_uri=com.example.app:/cb
	[ -n "$question" ]
	grant
	redeem
	oauth_error 401 invalid_client
	redeem "client_secret=$secret"
	[ "$status" = 200 ]
	opens "$access"
	api GET "/api/v1/mcp-servers/$server/clients"
	says "any(.[]; .client_id == \"$client\") and all(.[]; has(\"client_secret\") | not)"
	# With the client goes what was granted to it.
	api DELETE "/api/v1/mcp-servers/$server/clients/$client_row"
	[ "$status" = 200 ]
	not opens "$access"
	refreshes "$refresh" "client_secret=$secret"
	oauth_error 401 invalid_client
	authorize
	on_a_page
	api DELETE "/api/v1/mcp-servers/$server/clients/$client_row"
	[ "$status" = 404 ]
}

@test "a machine acts for itself: no person, no refresh token, the scopes it was given" {
	enters '"grant_types": ["client_credentials"], "scopes": ["search"]'
	[ "$status" = 201 ]
	machine
	[ "$status" = 200 ]
	says '.scope == "search" and (has("refresh_token") | not) and .expires_in <= 900'
	tool "$access" search '{"query": "otter"}'
	says '.result.structuredContent.results[0].title == "Otter notes"'
	tool "$access" fetch '{"id": "documents::x::y"}'
	[ "$status" = 403 ]
	machine -d scope=fetch
	oauth_error 400 invalid_scope
	authorize
	on_a_page
	# All its tokens hang on one grant, which its owner sees and ends.
	machine
	second=$access
	api GET "/api/v1/mcp-servers/$server/grants"
	says "[.[] | select(.client_id == \"$client\")] | length == 1 and .[0].user == null"
	id=$(jq -r ".[] | select(.client_id == \"$client\").id" <<<"$body")
	api DELETE "/api/v1/grants/$id"
	[ "$status" = 200 ]
	not opens "$second"
	machine
	opens "$access"
}

@test "OA-3: who registered itself is no machine, and a machine has to prove who it is" {
	forgive
	register 'del(.token_endpoint_auth_method) | .grant_types = ["authorization_code", "client_credentials"]'
	secret=$(jq -r .client_secret <<<"$body")
	echo "$secret" >>"$stand/secrets"
	machine
	oauth_error 400 unauthorized_client
	enters '"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"'
	token grant_type=client_credentials "client_id=$client"
	oauth_error 400 unauthorized_client
	enters '"grant_types": ["client_credentials"]'
	token grant_type=client_credentials "client_id=$client"
	oauth_error 401 invalid_client
	token grant_type=client_credentials "client_id=$client" client_secret=ghs_wrong
	oauth_error 401 invalid_client
	mine=$client held=$secret
	on walt
	client=$mine secret=$held
	machine
	oauth_error 401 invalid_client
}

@test "ten tokens for a machine at once hang on one grant" {
	enters '"grant_types": ["client_credentials"]'
	for i in {1..10}; do
		curl -sS -o "$BATS_TEST_TMPDIR/token$i" -u "$client:$secret" -d grant_type=client_credentials \
			--connect-to "$gateway_host:127.0.0.1:${gateway_host##*:}" "$gateway_url/token" &
	done
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/token* | jq -rs 'map(.access_token) | unique | length')" = 10 ]
	cat "$BATS_TEST_TMPDIR"/token* | jq -r .access_token >>"$stand/secrets"
	[ "$(sql "SELECT count(*) FROM gatehouse.grants WHERE client_id = '$client'")" = 1 ]
}

@test "what a client cannot be is refused with what to do" {
	for wrong in '"x": 1' '"redirect_uris": []' '"redirect_uris": [7]' '"redirect_uris": "https://a.example/"' '"redirect_uris": ["javascript:x"]' \
		'"redirect_uris": ["http://a.example/"]' '"redirect_uris": ["https://a.example/"], "scopes": []' \
		'"redirect_uris": ["https://a.example/"], "scopes": ["admin"]' '"grant_types": ["password"]' '"grant_types": ["client_credentials"], "token_endpoint_auth_method": "tls"' \
		'"grant_types": ["client_credentials"], "name": ""'; do
		enters "$wrong"
		[ "$status" = 400 ]
		says '.detail | length > 10'
	done
}
