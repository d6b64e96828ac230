# Enterprise-managed authorization: people are let in on the word of an issuer
# that the server's owner chose (ID-JAG), without a page.

load helper
load mcp
load oauth
load signed
source "$BATS_TEST_DIRNAME/vendors.bash"

idp=https://idp.web.example
client=https://app.web.example/client.json

setup_file()
{
	vendor_gateway ivar '{"type": "documents", "source_metadata": {"name": "Notes"}}'
	vendor_gateway jens '{"type": "documents", "source_metadata": {"name": "Notes"}}'
	sign_up karl
	sign_up lena
	publisher_start
	worker_with
	key_of one >/dev/null
	key_of two ec >/dev/null
	as ivar
	on ivar
	api PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
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
	sql "DELETE FROM gatehouse.published; DELETE FROM gatehouse.throttles; DELETE FROM gatehouse.server_issuers" >/dev/null
	publish "$idp/keys" "$(key_set one two)"
	publish "$client" "$(jq -nc --arg id "$client" '{client_id: $id, client_name: "Assistant", redirect_uris: ["https://app.web.example/cb"]}')"
	as ivar
	on ivar
	trusts
}

# trusts: the server in use takes the issuer's word.
trusts()
{
	api POST "/api/v1/mcp-servers/$server/issuers" "{\"issuer\": \"$idp\", \"jwks_uri\": \"$idp/keys\"}"
	[ "$status" = 201 ]
	issuer=$(jq -r .id <<<"$body")
}

# lets_in NAME [MEMBERS]: the server in use is shared with an account, who accepts.
lets_in()
{
	local secret owner=$current_user

	api POST "/api/v1/mcp-servers/$server/shares" "{\"email\": \"$(cat "$people/$1/email")\"${2:+, $2}}"
	[ "$status" = 201 ]
	share=$(jq -r .id <<<"$body")
	secret=$(jq -r '.invitation_url | sub(".*/"; "")' <<<"$body")
	as "$1"
	api POST "/api/v1/invitations/$secret/accept"
	[ "$status" = 200 ]
	as "$owner"
}

unshared()
{
	api DELETE "/api/v1/mcp-servers/$server/shares/$share"
}

# says_of NAME [CLAIMS] [HEADER] [KEY]: the issuer's word for an account; sets $jag.
says_of()
{
	jag=$(signed "${4:-one}" "{iss: \"$idp\", sub: \"$1-at-idp\", aud: \"$gateway_url\", resource: \"$gateway_url\", client_id: \"$client\", iat: \$now,
		exp: (\$now + 300), jti: \"$RANDOM$RANDOM$RANDOM\", scope: \"search fetch\", email: \"$(cat "$people/$1/email")\", email_verified: true} | ${2:-.}" \
		'.typ = "oauth-id-jag+jwt" | '"${3:-.}")
}

# gives_word [FIELD=VALUE…]: asks for a token on it.
gives_word()
{
	token grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer "client_id=$client" "assertion=$jag" "$@"
}

@test "somebody who is let in gets a token on the issuer's word, with no page and no refresh token" {
	at_gateway /.well-known/oauth-authorization-server
	says '(.authorization_grant_profiles_supported | index("urn:ietf:params:oauth:grant-profile:id-jag")) != null'
	lets_in karl
	says_of karl
	gives_word
	[ "$status" = 200 ]
	says '.token_type == "Bearer" and .scope == "search fetch" and .expires_in > 800 and .expires_in <= 900 and (has("refresh_token") | not)'
	opens "$access"
	# The next word comes to the same grant, which lasts an hour from then.
	says_of karl . . two
	gives_word
	[ "$status" = 200 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.grants WHERE server_id = '$server' AND issuer = '$idp' AND ended_at IS NULL AND expires_at BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes'")" = 1 ]
	api GET "/api/v1/mcp-servers/$server/grants"
	says "any(.[]; .user == \"$(cat "$people/karl/email")\")"
	# Its tokens are known by it: they reach nobody's own account at a vendor.
	[ "$(sql "SELECT bool_and(t.vouched) FROM gatehouse.access_tokens t JOIN gatehouse.grants g ON g.id = t.grant_id WHERE g.issuer = '$idp'")" = t ]
	# By the subject from now on, whatever the address.
	says_of karl 'del(.email)'
	gives_word
	[ "$status" = 200 ]
	says_of karl ".email = \"$user_email\""
	gives_word
	[ "$(sql "SELECT subject_id FROM gatehouse.access_tokens WHERE server_id = '$server' ORDER BY created_at DESC LIMIT 1")" = "$(cat "$people/karl/id")" ]
	# Whoever is put out is out.
	unshared
	not opens "$access"
	says_of karl
	gives_word
	oauth_error 400 invalid_grant
}

@test "whom the owner did not let in, or whose address nobody vouches for, gets nothing" {
	says_of lena
	gives_word
	oauth_error 400 invalid_grant
	lets_in lena
	for claims in 'del(.email)' 'del(.email_verified)' '.email_verified = "true"' '.email_verified = false' '.email = "nobody@harbour.example"'; do
		says_of lena "$claims"
		gives_word
		oauth_error 400 invalid_grant || {
			echo "$claims"
			return 1
		}
	done
	says_of lena
	gives_word
	[ "$status" = 200 ]
	unshared
}

@test "scopes are those that are asked, said and allowed" {
	lets_in lena '"scopes": ["search"]'
	says_of lena
	gives_word
	says '.scope == "search"'
	unshared
	lets_in lena
	says_of lena 'del(.scope)'
	gives_word
	says '.scope == "search fetch"'
	says_of lena
	gives_word scope=fetch
	says '.scope == "fetch"'
	says_of lena '.scope = "search"'
	gives_word scope=fetch
	oauth_error 400 invalid_scope
	says_of lena '.scope = "admin"'
	gives_word
	oauth_error 400 invalid_scope
	unshared
}

@test "what is not as it has to be is refused, and used up by nobody" {
	local faults
	mapfile -t faults <<-'END'
		.iss = "https://other.web.example"
		.iss = "https://idp.web.example/"
		del(.iss)
		.aud = "https://elsewhere.example"
		del(.aud)
		.resource = "https://elsewhere.example"
		del(.resource)
		.client_id = "https://app.web.example/other.json"
		del(.client_id)
		.exp = $now - 61
		.exp = $now + 4000
		del(.exp)
		.iat = $now + 100
		del(.iat)
		del(.jti)
		.sub = ""
		.sub = 7
		.sub = ("x" * 256)
		del(.sub)
	END
	[ "${#faults[@]}" = 19 ]
	lets_in karl
	for fault in "${faults[@]}"; do
		says_of karl "$fault"
		gives_word
		oauth_error 400 invalid_grant || {
			echo "$fault"
			return 1
		}
	done
	for header in '.typ = "JWT"' 'del(.typ)' '.typ = "OAUTH-ID-JAG+JWT"' '.alg = "none"' '.kid = "two"' '.jku = "https://idp.web.example/keys"'; do
		says_of karl . "$header"
		gives_word
		oauth_error 400 invalid_grant || {
			echo "$header"
			return 1
		}
	done
	says_of karl . '.kid = "one"' two
	gives_word
	oauth_error 400 invalid_grant
	jag="" gives_word
	oauth_error 400 invalid_request
	jag=x.y.z gives_word
	oauth_error 400 invalid_grant
	gives_word resource=https://elsewhere.example
	oauth_error 400 invalid_target
	# Once, of ten at the same time.
	says_of karl
	for _ in {1..10}; do
		curl -sS -o /dev/null -w '%{http_code}\n' "${gateway_curl[@]}" --data-urlencode "client_id=$client" --data-urlencode "assertion=$jag" \
			-d grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer "$gateway_url/token" >>"$BATS_TEST_TMPDIR/statuses" &
	done
	wait
	[ "$(grep -c 200 "$BATS_TEST_TMPDIR/statuses")" = 1 ]
	[ "$(grep -c 400 "$BATS_TEST_TMPDIR/statuses")" = 9 ]
	# A client that may not, and a gateway whose owner trusts nobody.
	forgive
	register
	mine=$client
	client=https://app.web.example/client.json says_of karl ".client_id = \"$mine\""
	client=$mine gives_word
	oauth_error 400 unauthorized_client
	client=https://app.web.example/client.json
	on jens
	says_of karl
	gives_word
	oauth_error 400 invalid_grant
	on ivar
	unshared
}

@test "keys that cannot be had now are no refusal, and a client that has to prove itself proves itself" {
	lets_in karl
	vendor_fault web '{"match": "GET /keys", "kind": "reset"}'
	says_of karl
	gives_word
	[ "$status" = 503 ]
	vendor_control web DELETE fault >/dev/null
	gives_word
	[ "$status" = 200 ]
	api POST "/api/v1/mcp-servers/$server/clients" '{"name": "Desk", "grant_types": ["urn:ietf:params:oauth:grant-type:jwt-bearer"]}'
	[ "$status" = 201 ]
	client=$(jq -r .client_id <<<"$body") secret=$(jq -r .client_secret <<<"$body")
	echo "$secret" >>"$stand/secrets"
	says_of karl
	gives_word
	oauth_error 401 invalid_client
	gives_word "client_secret=$secret"
	[ "$status" = 200 ]
	opens "$access"
	unshared
}

@test "an issuer is its owner's to add and to end, and with it ends what came of its word" {
	lets_in karl
	says_of karl
	gives_word
	opens "$access"
	api GET "/api/v1/mcp-servers/$server/issuers"
	says "length == 1 and .[0].issuer == \"$idp\" and .[0].jwks_uri == \"$idp/keys\""
	api POST "/api/v1/mcp-servers/$server/issuers" "{\"issuer\": \"$idp\", \"jwks_uri\": \"$idp/other\"}"
	[ "$status" = 409 ]
	for wrong in '{"issuer": "http://idp.example", "jwks_uri": "https://idp.example/keys"}' '{"issuer": "https://idp.example", "jwks_uri": "http://idp.example/keys"}' \
		'{"issuer": "idp", "jwks_uri": "https://idp.example/keys"}' '{"issuer": "https://idp.example"}' '{}'; do
		api POST "/api/v1/mcp-servers/$server/issuers" "$wrong"
		[ "$status" = 400 ]
	done
	api DELETE "/api/v1/mcp-servers/$server/issuers/$issuer"
	[ "$status" = 200 ]
	not opens "$access"
	says_of karl
	gives_word
	oauth_error 400 invalid_grant
	api DELETE "/api/v1/mcp-servers/$server/issuers/$issuer"
	[ "$status" = 404 ]
	api GET "/api/v1/audit?limit=10"
	says 'any(.[]; .event == "issuer_end") and any(.[]; .event == "issuer_add")'
	unshared
}
