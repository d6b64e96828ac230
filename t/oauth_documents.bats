# Clients whose id is the address of their metadata, and those that prove who
# they are by a token they signed.

load helper
load mcp
load oauth
load signed
source "$BATS_TEST_DIRNAME/vendors.bash"

client=https://app.web.example/client.json

setup_file()
{
	vendor_gateway dora '{"type": "documents", "source_metadata": {"name": "Notes"}}'
	vendor_gateway emil '{"type": "documents", "source_metadata": {"name": "Other notes"}}'
	publisher_start
	worker_with
}

teardown_file()
{
	vendor_stop web
	restart_workers mcp-vendors
}

setup()
{
	vendors_folder=$stand/vendors
	vendors_addresses
	vendor_control web POST reset >/dev/null
	sql "DELETE FROM gatehouse.published; SELECT gatehouse.throttle_clear('publish 127.0.0.1 ')" >/dev/null
	as dora
	on dora
	assertion=(client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer)
}

# described [FILTER] [HEADERS]: what stands at the client's address.
described()
{
	publish "$client" "$(jq -nc --arg id "$client" --arg uri "$callback" "{client_id: \$id, client_name: \"Assistant\", redirect_uris: [\$uri]} | ${1:-.}")" "${2:-}"
}

# fetched [PATH]: how often that was asked for.
fetched()
{
	vendor_journal web "[.[] | select(.path == \"${1:-/client.json}\")] | length"
}

# stale: the copies are over, and nobody tried to fetch them just now.
stale()
{
	sql "UPDATE gatehouse.published SET fresh_until = now() - interval '1 second', tried_at = now() - interval '2 minutes'"
}

@test "OA-15: an application connects with the address of its metadata for an id, and is asked for once" {
	described
	at_gateway /.well-known/oauth-authorization-server
	says '.client_id_metadata_document_supported and (.token_endpoint_auth_methods_supported | index("none")) != null'
	grant
	redeem
	[ "$status" = 200 ]
	opens "$access"
	refreshes "$refresh"
	[ "$status" = 200 ]
	opens "$access"
	[ "$(fetched)" = 1 ]
	vendor_journal web '.[0].headers' >"$BATS_TEST_TMPDIR/sent"
	jq -e 'has("authorization") or has("cookie") | not' "$BATS_TEST_TMPDIR/sent"
	# At another gateway it is the same client, with grants of its own.
	as emil
	on emil
	grant
	redeem
	[ "$status" = 200 ]
	[ "$(fetched)" = 1 ]
	refreshes "$refresh" >/dev/null
	on dora
	not opens "$access"
}

@test "OA-15: the person sees by which host an application is identified" {
	described
	browser dora
	authorize
	looks
	signs_in
	looks
	grep -q 'Identified by</dt><dd>app.web.example' <<<"$body"
	grep -q 'program on the device' <<<"$body"
}

@test "OA-15: metadata that do not describe a client that could be let in are refused, and nothing is sent anywhere" {
	local faults
	mapfile -t faults <<-'END'
		.client_id = "https://app.web.example/other.json"
		.client_id = "https://app.web.example/client.json/"
		.client_id = "https://APP.web.example/client.json"
		del(.client_id)
		.client_id = 7
		.client_secret = "x"
		.client_secret_expires_at = 0
		.token_endpoint_auth_method = "client_secret_basic"
		.token_endpoint_auth_method = "client_secret_post"
		.token_endpoint_auth_method = "client_secret_jwt"
		.token_endpoint_auth_method = "private_key_jwt"
		.token_endpoint_auth_method = "private_key_jwt" | .jwks = {keys: []}
		.token_endpoint_auth_method = "private_key_jwt" | .jwks_uri = "http://app.web.example/keys"
		.token_endpoint_auth_method = 7
		del(.client_name)
		.client_name = ""
		.client_name = ["x"]
		del(.redirect_uris)
		.redirect_uris = []
		.redirect_uris = "http://127.0.0.1:41041/callback"
		.redirect_uris = ["http://app.web.example/cb"]
		.redirect_uris = ["javascript:alert(1)"]
		[.]
		"text"
		.padding = ("x" * 6000)
	END
	[ "${#faults[@]}" = 25 ]
	for fault in "${faults[@]}"; do
		sql 'DELETE FROM gatehouse.published'
		described "$fault"
		authorize
		on_a_page || {
			echo "$fault"
			return 1
		}
		grep -q 'https://app.web.example/client.json' <<<"$body"
	done
	# One that it does not name is refused like any other client's.
	sql 'DELETE FROM gatehouse.published'
	described '.redirect_uris += ["https://app.web.example/cb"]'
	authorize redirect_uri=https://app.web.example/elsewhere
	on_a_page
	authorize redirect_uri=https://app.web.example/cb
	[ -n "$question" ]
}

@test "OA-15: what is unknown in metadata is passed over" {
	described '.grant_types = ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"]
		| .logo_uri = "https://app.web.example/logo.png" | .x = {y: 1} | .redirect_uris += ["weird://x/cb"]'
	grant
	redeem
	[ "$status" = 200 ]
	[ "$(vendor_journal web '[.[].path] | unique')" = '["/client.json"]' ]
}

@test "OA-15: an address that is none is not asked for" {
	before=$(vendor_journal web length)
	for id in http://app.web.example/client.json https://app.web.example https://app.web.example/a/../client.json \
		https://app.web.example/./client.json https://app.web.example/%2e%2e/client.json https://app.web.example/.%2E/x 'https://app.web.example/client.json#x' \
		https://user@app.web.example/client.json https://user:x@app.web.example/client.json https://app.web.example:8443/client.json \
		https://app.web.example:443/client.json 'https://app.web.example\@x/client.json' https://APP.web.example/client.json \
		'https://app.web.example/a b' https://127.0.0.1/client.json https://2130706433/client.json https://0x7f.1/x 'https://[::1]/x' \
		https://localhost/client.json https:///client.json "https://app.web.example/$(head -c 2000 /dev/zero | tr '\0' x)" https://é.web.example/x; do
		authorize "client_id=$id"
		on_a_page || {
			echo "$id"
			return 1
		}
	done
	[ "$(vendor_journal web length)" = "$before" ]
}

@test "OA-15: a gateway asks no address on its own machine or network" {
	# The program as it is installed, not the tests' own.
	gateway gerd
	for id in https://client.localhost/client.json https://a.b.localhost/x; do
		authorize "client_id=$id"
		on_a_page
		grep -q 'may not be asked' <<<"$body"
	done
}

@test "OA-15: errors are not kept, and are told as what they are" {
	local kinds
	mapfile -t kinds <<-'END'
		400 {"kind": "status", "status": 404}
		400 {"kind": "status", "status": 500}
		400 {"kind": "status", "status": 204}
		400 {"kind": "redirect", "location": "https://app.web.example/other.json"}
		400 {"kind": "type", "type": "text/html", "body": "<p>"}
		400 {"kind": "type", "type": "text/json", "body": "{}"}
		400 {"kind": "broken"}
		400 {"kind": "endless"}
		400 {"kind": "huge"}
		400 {"kind": "bomb"}
		503 {"kind": "reset"}
		503 {"kind": "close"}
		503 {"kind": "hang"}
		503 {"kind": "certificate", "which": "unknown"}
		503 {"kind": "certificate", "which": "expired"}
		503 {"kind": "certificate", "which": "name"}
	END
	[ "${#kinds[@]}" = 16 ]
	described
	for row in "${kinds[@]}"; do
		vendor_fault web "$(jq -c '.match = "GET /client"' <<<"${row#* }")"
		authorize
		[ "$status" = "${row%% *}" ] && [ -z "$place" ] || {
			echo "$row: $status $body"
			return 1
		}
		vendor_control web DELETE fault >/dev/null
		authorize
		[ -n "$question" ]
		sql "DELETE FROM gatehouse.published; SELECT gatehouse.throttle_clear('publish 127.0.0.1 ')" >/dev/null
	done
}

@test "OA-15: a copy is fresh for as long as its publisher says, within bounds" {
	local rows
	mapfile -t rows <<-'END'
		3600 {}
		300 {"cache-control": "max-age=0"}
		300 {"cache-control": "no-store"}
		300 {"cache-control": "public, no-cache"}
		1800 {"cache-control": "public, max-age=1800"}
		86400 {"cache-control": "max-age=99999999"}
		3600 {"cache-control": "max-age=soon"}
	END
	for row in "${rows[@]}"; do
		sql 'DELETE FROM gatehouse.published'
		described . "${row#* }"
		authorize
		[ -n "$question" ]
		[ "$(sql "SELECT round(extract(epoch FROM fresh_until - fetched_at)) FROM gatehouse.published")" = "${row%% *}" ]
	done
}

@test "OA-15: a stale copy is fetched anew; while that fails, the last good one serves, for a week" {
	described
	authorize
	stale
	described '.client_name = "Renamed"'
	authorize
	[ "$(fetched)" = 2 ]
	[ "$(sql "SELECT client_name FROM gatehouse.authorizations WHERE id = '$question'")" = Renamed ]
	stale
	vendor_fault web '{"match": "GET /client", "kind": "status", "status": 500, "times": 0}'
	authorize
	[ -n "$question" ]
	[ "$(fetched)" = 3 ]
	# Not again at once.
	authorize
	[ -n "$question" ]
	[ "$(fetched)" = 3 ]
	sql "UPDATE gatehouse.published SET fresh_until = now() - interval '8 days'"
	authorize
	on_a_page
}

@test "OA-15: redirect URIs that are taken back are taken back" {
	described '.redirect_uris += ["https://app.web.example/cb"]'
	authorize redirect_uri=https://app.web.example/cb
	[ -n "$question" ]
	stale
	described
	authorize redirect_uri=https://app.web.example/cb
	on_a_page
}

@test "OA-15: nobody has a gateway fetch without end" {
	described
	authorize
	[ -n "$question" ]
	sql "SELECT max(gatehouse.throttle_fail('publish 127.0.0.1 ', 60, 60)) FROM generate_series(1, 75)" >/dev/null
	authorize client_id=https://app.web.example/missing
	[ "$status" = 429 ]
	grep -qi '^Retry-After: [1-9]' "$headers"
	# What there is a copy of goes on.
	authorize
	[ -n "$question" ]
}

pins()
{
	run gatehouse pin "$1" --database "$owner_url" "${@:2}"
}

@test "OA-15: an operator can pin a copy, and then nobody is asked" {
	local file=$BATS_TEST_TMPDIR/copy.json

	jq -nc --arg id "$client" --arg uri "$callback" '{client_id: $id, client_name: "Pinned", redirect_uris: [$uri]}' >"$file"
	pins add --url "$client" "$file"
	[ "$status" = 0 ]
	pins list
	[[ $output == *"$client" ]]
	authorize
	[ "$(sql "SELECT client_name FROM gatehouse.authorizations WHERE id = '$question'")" = Pinned ]
	described '.client_name = "Published"'
	stale
	authorize
	[ "$(sql "SELECT client_name FROM gatehouse.authorizations WHERE id = '$question'")" = Pinned ]
	[ "$(fetched)" = 0 ]
	pins drop --url "$client"
	[ "$status" = 0 ]
	authorize
	[ "$(sql "SELECT client_name FROM gatehouse.authorizations WHERE id = '$question'")" = Published ]
	pins drop --url "$client"
	[ "$status" = 1 ] && [[ $output == *'Nothing is pinned'* ]]
	pins add --url http://app.web.example/x "$file"
	[ "$status" = 2 ] && [[ $output == *'https address'* ]]
	echo '[]' >"$file"
	pins add --url "$client" "$file"
	[ "$status" = 1 ] && [[ $output == *'no JSON object'* ]]
	pins add --url "$client" "$file.missing"
	[ "$status" = 1 ] && [[ $output == *'cannot be read'* ]]
	run gatehouse pin add --database "$(database_url gatehouse_api)" --url "$client" "$file"
	[ "$status" = 1 ]
}

# proves CLAIMS [HEADER] [KEY]: an assertion of the client in use; a filter
# changes the good claims.
proves()
{
	assertion[1]=client_assertion=$(signed "${3:-one}" "{iss: \"$client\", sub: \"$client\", aud: \"$gateway_url\", jti: \"$RANDOM$RANDOM$RANDOM\", iat: \$now, exp: (\$now + 300)} | ${1:-.}" "${2:-.}")
}

@test "private_key_jwt: an application proves itself by a token it signed, wherever its keys stand" {
	key_of one >/dev/null
	key_of two ec >/dev/null
	# In its metadata.
	described ".token_endpoint_auth_method = \"private_key_jwt\" | .jwks = $(key_set one)"
	grant
	proves
	redeem "${assertion[@]}"
	[ "$status" = 200 ]
	opens "$access"
	proves '.aud = [.aud + "/token", "x"]'
	refreshes "$refresh" "${assertion[@]}"
	[ "$status" = 200 ]
	# At an address, where they change.
	sql 'DELETE FROM gatehouse.published'
	publish https://keys.web.example/keys "$(key_set one)"
	described '.token_endpoint_auth_method = "private_key_jwt" | .jwks_uri = "https://keys.web.example/keys"'
	grant
	proves
	redeem "${assertion[@]}"
	[ "$status" = 200 ]
	publish https://keys.web.example/keys "$(key_set two)"
	stale
	proves . '.typ = "client-authentication+jwt"' two
	refreshes "$refresh" "${assertion[@]}"
	[ "$status" = 200 ]
	# With a key that the copy lacks it is fetched again, once a minute.
	publish https://keys.web.example/keys "$(key_set one two)"
	sql "UPDATE gatehouse.published SET tried_at = now() - interval '2 minutes'"
	proves
	refreshes "$refresh" "${assertion[@]}"
	[ "$status" = 200 ]
	before=$(fetched /keys)
	proves . . three
	refreshes "$refresh" "${assertion[@]}"
	oauth_error 401 invalid_client
	[ "$(fetched /keys)" = "$before" ]
}

@test "private_key_jwt: whoever proves nothing, or something else, gets nothing" {
	local faults
	key_of one >/dev/null
	mapfile -t faults <<-'END'
		.iss = "https://app.web.example/other.json"
		.sub = "https://app.web.example/other.json"
		del(.sub)
		.aud = "https://elsewhere.example"
		.aud = "https://app.web.example/token"
		del(.aud)
		del(.exp)
		.exp = $now - 61
		.exp = $now + 4000
		.nbf = $now + 100
		.iat = $now + 100
		.exp = "soon"
	END
	described ".token_endpoint_auth_method = \"private_key_jwt\" | .jwks = $(key_set one)"
	grant
	redeem
	oauth_error 401 invalid_client
	redeem client_secret=x
	oauth_error 401 invalid_client
	for fault in "${faults[@]}"; do
		proves "$fault"
		redeem "${assertion[@]}"
		oauth_error 401 invalid_client || {
			echo "$fault"
			return 1
		}
	done
	for header in '.alg = "none"' '.alg = "HS256"' '.kid = "two"' '.jku = "https://app.web.example/keys"' '.crit = ["exp"]' '.alg = "ES256"'; do
		proves . "$header"
		redeem "${assertion[@]}"
		oauth_error 401 invalid_client || {
			echo "$header"
			return 1
		}
	done
	proves . '.kid = "one"' two
	redeem "${assertion[@]}"
	oauth_error 401 invalid_client
	proves
	redeem "${assertion[1]}"
	oauth_error 400 invalid_request
	redeem client_assertion_type=other "${assertion[1]}"
	oauth_error 400 invalid_request
	redeem "${assertion[@]}" client_secret=x
	oauth_error 400 invalid_request
	redeem "${assertion[@]}" client_id=https://app.web.example/other.json
	[ "$status" = 400 ]
	# Once, even of ten at the same time; and none of it used the code up.
	for _ in {1..10}; do
		curl -sS -o /dev/null -w '%{http_code}\n' "${gateway_curl[@]}" --data-urlencode "client_id=$client" --data-urlencode "${assertion[0]}" \
			--data-urlencode "${assertion[1]}" -d grant_type=refresh_token -d refresh_token=ghr_none "$gateway_url/token" >>"$BATS_TEST_TMPDIR/statuses" &
	done
	wait
	[ "$(grep -c 400 "$BATS_TEST_TMPDIR/statuses")" = 1 ]
	[ "$(grep -c 401 "$BATS_TEST_TMPDIR/statuses")" = 9 ]
	proves
	redeem "${assertion[@]}"
	[ "$status" = 200 ]
	redeem "${assertion[@]}"
	oauth_error 401 invalid_client
	# A public client has nothing to prove, and says nothing.
	sql 'DELETE FROM gatehouse.published'
	described
	proves
	refreshes "$refresh" "${assertion[@]}"
	oauth_error 401 invalid_client
}

@test "private_key_jwt: a client registers with it, or its owner enters it" {
	key_of one >/dev/null
	forgive
	register ".token_endpoint_auth_method = \"private_key_jwt\" | .jwks = $(key_set one)"
	[ "$status" = 201 ]
	says "(has(\"client_secret\") | not) and .jwks == $(key_set one)"
	grant
	proves
	redeem "${assertion[@]}"
	[ "$status" = 200 ]
	for wrong in . '.jwks = {keys: []}' '.jwks = 7' ".jwks = $(key_set one) | .jwks_uri = \"https://keys.web.example/keys\"" '.jwks_uri = "http://x.example/"' \
		".jwks = $(key_set one) | .jwks.keys[0].d = \"AQAB\""; do
		register ".token_endpoint_auth_method = \"private_key_jwt\" | $wrong"
		oauth_error 400 invalid_client_metadata || {
			echo "$wrong"
			return 1
		}
	done
	api POST "/api/v1/mcp-servers/$server/clients" "{\"name\": \"Machine\", \"token_endpoint_auth_method\": \"private_key_jwt\", \"grant_types\": [\"client_credentials\"], \"jwks\": $(key_set one)}"
	[ "$status" = 201 ]
	says '(has("client_secret") | not) and .jwks.keys[0].kty == "RSA"'
	client=$(jq -r .client_id <<<"$body")
	proves
	token grant_type=client_credentials "${assertion[@]}"
	[ "$status" = 200 ]
	opens "$access"
	api POST "/api/v1/mcp-servers/$server/clients" '{"name": "Machine", "token_endpoint_auth_method": "private_key_jwt", "grant_types": ["client_credentials"]}'
	[ "$status" = 400 ]
	says '.detail | test("jwks")'
}
