# Signing in by OpenID Connect: at any provider, and at Microsoft Entra ID.

load helper
load mcp
load oauth
load signed
load provider
source "$BATS_TEST_DIRNAME/vendors.bash"

setup_file()
{
	sign_up nora
	publisher_start
	app_with
	printf '%s\n' 'id+secret/with=odd&%' azure-secret >>"$stand/secrets"
	key_of one >/dev/null
	key_of two ec >/dev/null
}

teardown_file()
{
	vendor_stop web
	restart_workers api-vendors
}

setup()
{
	vendors_folder=$stand/vendors
	vendors_addresses
	vendor_control web POST reset >/dev/null
	sql "DELETE FROM gatehouse.published; DELETE FROM gatehouse.throttles" >/dev/null
	published "$realm" '.token_endpoint_auth_methods_supported = ["client_secret_post", "client_secret_basic"]'
	published "$entra"
	as nora
	browser one
	at_id
}

# returns [QUERY]: the browser, with the code. What is refused is 400 for a
# browser, which would ask for a password of its own at 401.
returns()
{
	asks "/api/v1/auth/$provider/callback?code=$code&state=$state${1:-}"
}

# comes [CLAIMS] [PATH]: the whole way; ends where it was begun for.
comes()
{
	begins "${2:-/oauth/consent/00000000-0000-4000-8000-000000000000}"
	gives "${1:-.}"
	returns
}

# who: whose session the browser has.
who()
{
	program /api/v1/me
	[ "$status" = 200 ] && jq -r .email <<<"$body"
}

# no_session: the browser has none.
no_session()
{
	program /api/v1/me
	[ "$status" = 401 ]
}

# gone EMAIL…: the accounts with these addresses.
gone()
{
	local email

	for email; do
		sql "UPDATE gatehouse.users SET deleted_at = now() WHERE email_key = '$email' AND deleted_at IS NULL"
	done
}

@test "somebody new signs in by a provider and has an account, then the same again, and at the end is where it began" {
	gone sven@harbour.example
	comes . /oauth/consent/00000000-0000-4000-8000-000000000000
	[ "$status" = 303 ]
	[ "$place" = /oauth/consent/00000000-0000-4000-8000-000000000000 ]
	grep -qi '^Set-Cookie: access_token=.*HttpOnly' "$headers"
	[ "$(who)" = sven@harbour.example ]
	first=$(sql "SELECT id FROM gatehouse.users WHERE email_key = 'sven@harbour.example' AND deleted_at IS NULL")
	browser two
	comes '.email = "renamed@harbour.example"'
	[ "$(who)" = sven@harbour.example ]
	[ "$(sql "SELECT count(*) FROM gatehouse.identities WHERE user_id = '$first'")" = 1 ]
	[ "$(sql "SELECT string_agg(event || ' ' || outcome, ', ' ORDER BY id) FROM gatehouse.audit_log WHERE user_id = '$first'")" = 'signup ok, signin ok, signin ok' ]
}

@test "what is asked of the provider has state, nonce, a proof key by S256 and our address, and no secret" {
	program /api/v1/auth/oidc/login
	[ "$status" = 200 ]
	url=$(jq -r .authorization_url <<<"$body")
	[[ $url == "$realm/authorize?p=1&"* ]]
	[ "$(part response_type) $(part client_id) $(part scope) $(part code_challenge_method)" = 'code gatehouse-at-id openid email profile S256' ]
	[ "$(part redirect_uri)" = "$app_url/api/v1/auth/oidc/callback" ]
	[ "$(part code_challenge | wc -c)" = 43 ]
	[ "$(part state | wc -c)" -ge 43 ] && [ "$(part nonce | wc -c)" -ge 43 ]
	[[ $url != *secret* ]]
	grep -qi '^Set-Cookie: gatehouse_browser=.*; HttpOnly; Path=/; SameSite=Lax' "$headers"
	first="$(part state) $(part nonce) $(part code_challenge)"
	program /api/v1/auth/oidc/login
	url=$(jq -r .authorization_url <<<"$body")
	[ "$(part state)" != "${first%% *}" ]
	# None of it is in the database as it is.
	not grep -qF -e "${first%% *}" -e "$(part state)" <<<"$(sql 'SELECT s::text FROM gatehouse.sign_ins s')"
}

@test "Microsoft Entra ID is one of them, at the addresses of the original, and a program is answered as by sign-in" {
	gone sven@harbour.example
	at_azure
	program /api/v1/auth/azure/login
	url=$(jq -r .authorization_url <<<"$body")
	[[ $url == "$entra/authorize?"* ]]
	state=$(part state) nonce=$(part nonce)
	gives 'del(.email_verified) | .xms_edov = true | .tid = "x"' . two
	program "/api/v1/auth/azure/callback?code=$code&state=$state"
	[ "$status" = 200 ]
	says '.token_type == "bearer" and .user.email == "sven@harbour.example" and .user.full_name == "Sven Svensson" and .user.auth_provider == "azure"'
	jq -r .access_token <<<"$body" >>"$stand/secrets"
	fetch_answer -H "Authorization: Bearer $(jq -r .access_token <<<"$body")" "$app_url/api/v1/me"
	[ "$status" = 200 ]
}

@test "an account that is there is linked when its owner gives the password, and not before" {
	comes ".email = \"$user_email\" | .sub = \"nora-at-id\""
	[ "$status" = 303 ] && [[ $place == /oauth/link/* ]]
	link=$place
	no_session
	[ "$(sql "SELECT count(*) FROM gatehouse.identities WHERE user_id = '$user_id'")" = 0 ]
	asks "$link"
	grep -qF "$user_email" <<<"$body"
	grep -q 'Harbour' <<<"$body"
	asks "$link" -H "Origin: $app_url" --data-urlencode 'password=wrong password wrong'
	[ "$status" = 401 ]
	grep -q 'role="alert"' <<<"$body"
	no_session
	# From another site, and in another browser.
	asks "$link" -H 'Origin: https://evil.example' --data-urlencode "password=$user_password"
	[ "$status" = 403 ]
	browser two
	asks "$link" -H "Origin: $app_url" --data-urlencode "password=$user_password"
	[ "$status" = 404 ]
	no_session
	browser one
	asks "$link" -H "Origin: $app_url" --data-urlencode "password=$user_password"
	[ "$status" = 303 ]
	[ "$place" = /oauth/consent/00000000-0000-4000-8000-000000000000 ]
	[ "$(who)" = "$user_email" ]
	browser two
	comes ".email = \"$user_email\" | .sub = \"nora-at-id\""
	[ "$(who)" = "$user_email" ]
	# A program is told where to go.
	program /api/v1/auth/azure/login
	at_azure
	url=$(jq -r .authorization_url <<<"$body") state=$(part state) nonce=$(part nonce)
	gives ".email = \"$user_email\" | .sub = \"nora-at-azure\""
	program "/api/v1/auth/azure/callback?code=$code&state=$state"
	[ "$status" = 409 ]
	says ".detail | test(\"$app_url/oauth/link/\")"
}

@test "an address that the provider does not vouch for leads nowhere" {
	for filter in 'del(.email_verified)' '.email_verified = false' '.email_verified = "true"' '.xms_edov = false | del(.email_verified)' 'del(.email)'; do
		comes ".email = \"$user_email\" | .sub = \"unvouched\" | $filter"
		[ "$status" = 403 ] && [ -z "$place" ] || {
			echo "$filter: $status $place"
			return 1
		}
		no_session
	done
	app_with GATEHOUSE_OIDC_EMAILS_VERIFIED=yes
	comes '.email = "trusted@harbour.example" | .sub = "unvouched" | del(.email_verified)'
	[ "$(who)" = trusted@harbour.example ]
	app_with
}

@test "an ID token is taken only as it has to be" {
	local faults
	mapfile -t faults <<-'END'
		.iss = "https://evil.web.example"
		.iss = "https://id.web.example/realm/"
		del(.iss)
		.aud = "another"
		.aud = ["another"]
		.aud = [.aud, "another"]
		.aud = [.aud, "another"] | .azp = "another"
		.azp = "another"
		del(.aud)
		.nonce = "another"
		del(.nonce)
		.exp = $now - 61
		.exp = "soon"
		del(.exp)
		.exp = $now + 100000
		.nbf = $now + 100
		.iat = $now + 100
		.sub = ""
		.sub = 7
		del(.sub)
		.sub = ("x" * 256)
	END
	[ "${#faults[@]}" = 21 ]
	for fault in "${faults[@]}"; do
		comes "$fault"
		[ "$status" = 400 ] && [ -z "$place" ] || {
			echo "$fault: $status $place"
			return 1
		}
		no_session
	done
	for header in '.alg = "none"' '.alg = "HS256"' '.alg = "ES256"' '.kid = "two"' '.kid = "three"' '.jku = "https://evil.web.example/keys"' '.crit = ["exp"]'; do
		begins
		gives . "$header"
		returns
		[ "$status" = 400 ] || {
			echo "$header: $status"
			return 1
		}
	done
	begins
	gives . '.kid = "one"' three
	returns
	[ "$status" = 400 ]
	not grep -q 'more than anybody' <<<"$body"
	begins
	gives '.nonce = "another"'
	program "/api/v1/auth/oidc/callback?code=$code&state=$state"
	[ "$status" = 401 ]
	says '.detail | test("did not sign you in")'
	[ "$(sql "SELECT count(*) FROM gatehouse.audit_log WHERE event = 'signin' AND outcome = 'refused' AND detail ->> 'provider' = 'oidc' AND at > now() - interval '5 minutes'")" -ge 1 ]
}

@test "state counts once, in the browser and at the provider it was given for" {
	begins
	gives
	browser two
	returns
	[ "$status" = 400 ]
	no_session
	browser one
	provider=azure returns
	[ "$status" = 400 ]
	returns
	[ "$status" = 303 ] || [ "$status" = 200 ]
	returns
	[ "$status" = 400 ]
	for query in '' "?code=$code" "?state=$state" "?code=&state=$state" "?code=x&state=made-up" "?code=x&state=$state&state=$state"; do
		asks "/api/v1/auth/oidc/callback$query"
		[ "$status" = 400 ] && grep -qi '^Content-Type: text/html' "$headers" || {
			echo "$query: $status"
			return 1
		}
	done
	begins
	sql "UPDATE gatehouse.sign_ins SET expires_at = now() - interval '1 second'"
	gives
	returns
	[ "$status" = 400 ]
	# Mixed up (RFC 9207), or the provider says no.
	begins
	gives
	returns '&iss=https%3A%2F%2Fevil.example'
	[ "$status" = 400 ]
	begins
	asks "/api/v1/auth/oidc/callback?error=access_denied&error_description=%3Cb%3Eno&state=$state"
	[ "$status" = 400 ]
	not grep -q '<b>no' <<<"$body"
	# Another's code under this state, and this one's with another verifier.
	begins
	gives
	first=$code first_state=$state
	begins
	asks "/api/v1/auth/oidc/callback?code=$first&state=$state"
	[ "$status" = 400 ]
}

@test "where one goes after it is a path of ours or an origin that may call us" {
	for to in https://evil.example/ //evil.example/ /%5Cevil.example %5C%5Cevil.example javascript:alert%281%29 data:x http://localhost.evil.example/ https%3A%2F%2Fevil.example \
		http://localhost:3000@evil.example/ '/a%0d%0aX:y' /%20x http:localhost:3000 x; do
		asks "/api/v1/auth/oidc/login?return=$to"
		[ "$status" = 400 ] && [ -z "$place" ] || {
			echo "$to: $status"
			return 1
		}
	done
	gone sven@harbour.example
	comes . http%3A%2F%2Flocalhost%3A3000%2Fhome%3Fx%3D1
	[ "$place" = 'http://localhost:3000/home?x=1' ]
}

@test "a provider that is not set up, or says something else of itself, signs nobody in" {
	program /api/v1/auth/google/login
	[ "$status" = 404 ]
	says '.detail | test("not set up")'
	fetch_answer "$app_url/api/v1/auth/azure/login"
	[ "$status" = 404 ]
	for wrong in '.issuer = "https://evil.web.example"' 'del(.authorization_endpoint)' '.token_endpoint = "http://id.web.example/token"' '.jwks_uri = 7' 'del(.issuer)' '[.]'; do
		sql 'DELETE FROM gatehouse.published'
		published "$realm" "$wrong"
		program /api/v1/auth/oidc/login
		[ "$status" = 502 ] || {
			echo "$wrong: $status $body"
			return 1
		}
	done
	sql 'DELETE FROM gatehouse.published'
	vendor_fault web '{"match": "GET /realm/.well-known", "kind": "reset"}'
	program /api/v1/auth/oidc/login
	[ "$status" = 503 ]
	vendor_control web DELETE fault >/dev/null
	sql 'DELETE FROM gatehouse.published'
	published "$realm"
	way=basic
	begins
	gives
	vendor_fault web '{"match": "POST /realm/token", "kind": "status", "status": 500}'
	returns
	[ "$status" = 503 ]
	vendor_control web DELETE fault >/dev/null
	begins
	gives
	vendor_fault web '{"match": "POST /realm/token", "kind": "status", "status": 400}'
	returns
	[ "$status" = 400 ]
}

@test "the sign-in page names the providers, and the person comes back to it" {
	asks /oauth/consent/00000000-0000-4000-8000-000000000000/signin
	grep -qF 'href="/api/v1/auth/oidc/login?return=%2Foauth%2Fconsent%2F00000000-0000-4000-8000-000000000000">Sign in with Harbour' <<<"$body"
	grep -qF '>Sign in with Microsoft' <<<"$body"
	fetch_answer "$app_url/oauth/consent/00000000-0000-4000-8000-000000000000/signin"
	not grep -q 'Sign in with' <<<"$body"
}

@test "an account without a password: its owner sees the identity, sets a password, and can then end it" {
	gone sven@harbour.example
	comes
	program /api/v1/identities
	says 'length == 1 and .[0].provider == "oidc" and .[0].email == "sven@harbour.example" and .[0].full_name == "Sven Svensson"'
	identity=$(jq -r '.[0].id' <<<"$body")
	program "/api/v1/identities/$identity" -X DELETE -H "Origin: $app_url"
	[ "$status" = 409 ]
	# The password of nobody.
	fetch_answer -H 'Content-Type: application/json' --data-raw '{"email": "sven@harbour.example", "password": "correct horse battery staple"}' "$app_url/api/v1/signin"
	[ "$status" = 401 ]
	# Who came long ago has to come again.
	sql "UPDATE gatehouse.sessions SET created_at = now() - interval '6 minutes' WHERE user_id = (SELECT id FROM gatehouse.users WHERE email_key = 'sven@harbour.example' AND deleted_at IS NULL)"
	program /api/v1/me -X PUT -H "Origin: $app_url" -H 'Content-Type: application/json' --data-raw '{"password": "correct horse battery staple", "current_password": ""}'
	[ "$status" = 403 ]
	says '.detail | test("sign in by your provider once more")'
	comes
	program /api/v1/me -X PUT -H "Origin: $app_url" -H 'Content-Type: application/json' --data-raw '{"password": "correct horse battery staple", "current_password": ""}'
	[ "$status" = 200 ]
	program "/api/v1/identities/$identity" -X DELETE -H "Origin: $app_url"
	[ "$status" = 200 ]
	program "/api/v1/identities/$identity" -X DELETE -H "Origin: $app_url"
	[ "$status" = 404 ]
	# Now an address that leads to an account with a password.
	browser two
	comes
	[[ $place == /oauth/link/* ]]
}

@test "ten sign-ins of somebody new at once make one account" {
	gone crowd@harbour.example
	for i in {1..10}; do
		browser "crowd$i"
		begins
		gives '.email = "crowd@harbour.example" | .sub = "crowd"'
		echo "$jar $code $state" >>"$BATS_TEST_TMPDIR/crowd"
	done
	while read -r jar code state; do
		curl -sS -o /dev/null -w '%{http_code}\n' -b "$jar" "${app_of_vendors[@]}" "$app_url/api/v1/auth/oidc/callback?code=$code&state=$state" >>"$BATS_TEST_TMPDIR/statuses" &
	done <"$BATS_TEST_TMPDIR/crowd"
	wait
	not grep -q '^5' "$BATS_TEST_TMPDIR/statuses"
	grep -q '^303' "$BATS_TEST_TMPDIR/statuses" || grep -q '^200' "$BATS_TEST_TMPDIR/statuses"
	[ "$(sql "SELECT count(*) FROM gatehouse.users WHERE email_key = 'crowd@harbour.example' AND deleted_at IS NULL")" = 1 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.identities WHERE subject = 'crowd'")" = 1 ]
}

@test "whoever is deleted comes again as somebody new" {
	gone sven@harbour.example
	comes
	first=$(sql "SELECT id FROM gatehouse.users WHERE email_key = 'sven@harbour.example' AND deleted_at IS NULL")
	program /api/v1/me -X DELETE -H "Origin: $app_url" -H 'Content-Type: application/json' --data-raw '{"current_password": ""}'
	[ "$status" = 200 ]
	comes
	[ "$(who)" = sven@harbour.example ]
	[ "$(sql "SELECT id FROM gatehouse.users WHERE email_key = 'sven@harbour.example' AND deleted_at IS NULL")" != "$first" ]
}
