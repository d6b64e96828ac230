# The description in doc/openapi.yaml against what the program answers.

load helper
load api
load oauth
load signed
load provider
source "$BATS_TEST_DIRNAME/vendors.bash"

setup_file()
{
	sign_up openapi
	sign_up openapi-gone
	sign_up openapi-guest
	publisher_start
	app_with
}

teardown_file()
{
	vendor_stop web
	restart_workers api-vendors
}

# keep METHOD PATH [JSON] [curl arguments]: asks, and keeps the exchange.
keep()
{
	local type

	api "$@"
	type=$(header Content-Type | tail -n 1)
	jq -c -n --arg method "$1" --arg path "$2" --argjson status "$status" --arg type "$type" --argjson body "${body:-null}" \
		'$ARGS.named' >>"$kept"
}

# every METHOD PATH [JSON]: the answers any operation can come to: without a
# session, and for one with a body, of a wrong type, too large, and broken.
every()
{
	as ''
	keep "$@"
	as openapi
	case $1 in
	POST | PUT | DELETE) keep "$1" "$2" "${3:-}" -H 'Origin: http://evil.example' ;;
	esac
	[ -n "${3:-}" ] || return 0
	keep "$1" "$2" "$3" -H 'Content-Type: text/plain'
	keep "$1" "$2" '' -H 'Content-Type: application/json' --data-binary "@$BATS_TEST_TMPDIR/large"
	keep "$1" "$2" '{"broken'
}

accounts()
{
	local right="{\"email\": \"openapi-$RANDOM$RANDOM@example.com\", \"password\": \"correct horse battery\"}"

	every POST /api/v1/signup "$right"
	every POST /api/v1/signin "$right"
	keep POST /api/v1/signin '{"email": "openapi-unknown@example.com", "password": "wrong"}'
	keep POST /api/v1/signin '{}'
	every PUT /api/v1/me '{"email": "x@example.com", "current_password": "wrong"}'
	every DELETE /api/v1/me '{"current_password": "wrong"}'
	every GET /api/v1/me
	keep GET /api/v1/me
	keep PUT /api/v1/me '{"email": "x@example.com", "current_password": "wrong"}'

	as openapi-gone
	keep PUT /api/v1/me "{\"email\": \"openapi-$RANDOM$RANDOM@example.com\", \"current_password\": \"$user_password\"}"
	keep DELETE /api/v1/me "{\"current_password\": \"$user_password\"}"
	as openapi
	keep POST /api/v1/signout '' -H 'Origin: http://evil.example'
	as ''
	keep POST /api/v1/signout
	as openapi
}

# thing PATH BODY CHANGE: one resource's life: made, listed, read, changed, and
# the failures on the way; leaves $made.
thing()
{
	every POST "$1" "$2"
	keep POST "$1" '{}'
	keep POST "$1" "$2"
	made=$(jq -r .id <<<"$body")
	every GET "$1"
	keep GET "$1"
	keep GET "$1?limit=0"
	for id in "$made" "$nobody" nonsense; do
		[ -z "${3:-}" ] || every GET "$1/$id"
		[ -z "${3:-}" ] || keep GET "$1/$id"
		[ -z "${3:-}" ] || every PUT "$1/$id" "$3"
		[ -z "${3:-}" ] || keep PUT "$1/$id" "$3"
	done
}

ended()
{
	for id in nonsense "$nobody" "$2"; do
		every DELETE "$1/$id"
		keep DELETE "$1/$id"
	done
}

# granted: what is listed and ended of grants, sessions, and what was recorded.
granted()
{
	local grant session client identity connection

	grant=$(sql "INSERT INTO gatehouse.grants (id, user_id, server_id, subject_id, client_id, client_name, scopes, expires_at)
		SELECT gen_random_uuid(), user_id, id, user_id, 'ghi_x', 'x', '{search}', now() + interval '1 day'
		  FROM gatehouse.mcp_servers WHERE id = '$server' RETURNING id")
	for id in "$server" "$nobody" nonsense; do
		every GET "/api/v1/mcp-servers/$id/grants"
		keep GET "/api/v1/mcp-servers/$id/grants"
	done
	every POST "/api/v1/mcp-servers/$server/clients" '{"name": "n", "redirect_uris": ["https://a.example/cb"]}'
	keep POST "/api/v1/mcp-servers/$server/clients" '{"name": "n", "redirect_uris": ["https://a.example/cb"]}'
	client=$(jq -r .id <<<"$body")
	every GET "/api/v1/mcp-servers/$server/clients"
	keep GET "/api/v1/mcp-servers/$server/clients"
	below '/api/v1/mcp-servers/{}/clients' '{"name": "n", "grant_types": ["client_credentials"]}'
	ended "/api/v1/mcp-servers/$server/clients" "$client"
	every POST "/api/v1/mcp-servers/$server/issuers" '{"issuer": "https://i.example", "jwks_uri": "https://i.example/keys"}'
	for _ in 1 2; do
		keep POST "/api/v1/mcp-servers/$server/issuers" '{"issuer": "https://i.example", "jwks_uri": "https://i.example/keys"}'
	done
	keep POST "/api/v1/mcp-servers/$server/issuers" '{}'
	every GET "/api/v1/mcp-servers/$server/issuers"
	keep GET "/api/v1/mcp-servers/$server/issuers"
	keep GET "/api/v1/mcp-servers/$server/issuers?limit=0"
	client=$(jq -r '.[0].id' <<<"$(api GET "/api/v1/mcp-servers/$server/issuers"; echo "$body")")
	below '/api/v1/mcp-servers/{}/issuers' '{"issuer": "https://i.example", "jwks_uri": "https://i.example/keys"}'
	ended "/api/v1/mcp-servers/$server/issuers" "$client"
	connection=$(sql "INSERT INTO gatehouse.connections (id, user_id, owner_id, source_id, sealed, account, scopes)
		SELECT gen_random_uuid(), s.user_id, s.user_id, s.id, 'x', 'ann', '' FROM gatehouse.sources s JOIN gatehouse.mcp_servers m USING (user_id)
		 WHERE m.id = '$server' AND s.deleted_at IS NULL LIMIT 1 RETURNING id")
	for path in grants sessions identities connections audit; do
		every GET "/api/v1/$path"
		keep GET "/api/v1/$path"
		keep GET "/api/v1/$path?limit=0"
	done
	keep GET '/api/v1/audit?event=server_create&since=2026-01-01&limit=1'
	ended /api/v1/grants "$grant"
	ended /api/v1/connections "$connection"
	session=$(sql "INSERT INTO gatehouse.sessions (id, user_id, expires_at)
		SELECT gen_random_uuid(), user_id, now() + interval '1 day' FROM gatehouse.mcp_servers WHERE id = '$server' RETURNING id")
	ended /api/v1/sessions "$session"
	identity=$(sql "INSERT INTO gatehouse.identities (id, user_id, provider, issuer, subject, email)
		SELECT gen_random_uuid(), user_id, 'oidc', 'https://id.example', id::text, 'x@example.com' FROM gatehouse.mcp_servers WHERE id = '$server' RETURNING id")
	keep GET /api/v1/identities
	ended /api/v1/identities "$identity"
	every DELETE /api/v1/sessions
	keep DELETE /api/v1/sessions
}

# by_provider: signing in there, and what comes of it.
by_provider()
{
	local at=/api/v1/auth/oidc with=() address=openapi-$RANDOM@harbour.example

	vendors_folder=$stand/vendors
	vendors_addresses
	browser openapi
	with=('' "${app_of_vendors[@]}" -b "$jar" -c "$jar")
	published "$realm" '.token_endpoint_auth_methods_supported = ["client_secret_post"]'
	at_id
	as ''
	for path in login callback; do
		keep GET "/api/v1/auth/none/$path"
		keep GET "$at/$path?return=https://evil.example/" "${with[@]}"
	done
	keep GET "$at/login?return=/x" "${with[@]}" -H 'Accept: text/html'
	for claims in '.sub = "new"' '.sub = "new"' '.nonce = "x"' 'del(.email) | .sub = "none"' ".email = \"$(cat "$people/openapi/email")\" | .sub = \"other\""; do
		keep GET "$at/login" "${with[@]}"
		url=$(jq -r .authorization_url <<<"$body") state=$(part state) nonce=$(part nonce)
		gives ".email = \"$address\" | $claims"
		keep GET "$at/callback?code=$code&state=$state" "${with[@]}"
	done
	keep GET "$at/login?return=/x" "${with[@]}"
	url=$(jq -r .authorization_url <<<"$body") state=$(part state) nonce=$(part nonce)
	gives '.sub = "new"'
	keep GET "$at/callback?code=$code&state=$state" "${with[@]}"
	keep GET /api/v1/identities "${with[@]}"
	keep DELETE "/api/v1/identities/$(jq -r '.[0].id' <<<"$body")" "${with[@]}" -H "Origin: $app_url"
	keep GET "$at/login" "${with[@]}"
	url=$(jq -r .authorization_url <<<"$body") state=$(part state) nonce=$(part nonce)
	gives '.sub = "new"'
	sql 'DELETE FROM gatehouse.published' >/dev/null
	published "$realm" '.issuer = "https://other.web.example"'
	keep GET "$at/callback?code=$code&state=$state" "${with[@]}"
	keep GET "$at/login" "${with[@]}"
	sql 'DELETE FROM gatehouse.published' >/dev/null
	as openapi
}

# below PATH BODY: what a list below a thing answers when that is not there.
below()
{
	for id in "$nobody" nonsense; do
		keep GET "${1/\{\}/$id}"
		keep POST "${1/\{\}/$id}" "$2"
	done
}

# link: the secret in the link of the last answer.
link()
{
	jq -r '.invitation_url | sub(".*/"; "")' <<<"$body"
}

sharing()
{
	local shares=/api/v1/mcp-servers/$server/shares guest secret

	guest="{\"email\": \"$(cat "$people/openapi-guest/email")\", \"scopes\": [\"search\"], \"expires_at\": \"2099-01-01T00:00:00Z\"}"
	keep POST "$shares" "$guest"
	keep PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
	thing "$shares" "$guest"
	keep POST "$shares" "$guest"
	made=$(jq -r .id <<<"$body")
	secret=$(link)
	keep POST "$shares" "{\"team_id\": \"$team\"}"
	keep GET "$shares"
	below '/api/v1/mcp-servers/{}/shares' "$guest"
	every GET /api/v1/shared-servers
	keep GET '/api/v1/shared-servers?limit=0'
	every GET "/api/v1/invitations/$secret"
	keep GET "/api/v1/invitations/$secret"
	for deed in accept decline; do
		every POST "/api/v1/invitations/$secret/$deed"
		keep POST "/api/v1/invitations/$secret/$deed"
	done
	as openapi-guest
	keep GET "/api/v1/invitations/$secret"
	keep POST "/api/v1/invitations/$secret/accept"
	keep GET /api/v1/shared-servers
	as openapi
	keep GET "$shares"
	keep POST "$shares" '{"email": "somebody@example.com"}'
	ended "$shares" "$made"
}

teams()
{
	local person each guest secret

	guest="{\"email\": \"$(cat "$people/openapi-guest/email")\", \"role\": \"member\"}"
	person=$(cat "$people/openapi/id")
	thing /api/v1/teams '{"name": "n"}' '{"name": "m"}'
	team=$made
	thing "/api/v1/teams/$team/invitations" "$guest"
	keep DELETE "/api/v1/teams/$team/invitations/$made"
	for deed in decline accept; do
		keep POST "/api/v1/teams/$team/invitations" "$guest"
		secret=$(link)
		as openapi-guest
		keep GET "/api/v1/invitations/$secret"
		keep POST "/api/v1/invitations/$secret/$deed"
		as openapi
	done
	keep POST "/api/v1/teams/$team/invitations" "$guest"
	below '/api/v1/teams/{}/invitations' "$guest"
	ended "/api/v1/teams/$team/invitations" "$nobody"
	for each in "$team" "$nobody" nonsense; do
		every GET "/api/v1/teams/$each/members"
		keep GET "/api/v1/teams/$each/members"
	done
	for each in "$person" "$nobody" nonsense; do
		every PUT "/api/v1/teams/$team/members/$each" '{"role": "owner"}'
		keep PUT "/api/v1/teams/$team/members/$each" '{"role": "owner"}'
	done
	keep PUT "/api/v1/teams/$team/members/$person" '{"role": "member"}'
	ended "/api/v1/teams/$team/members" "$person"
	every POST "/api/v1/teams/$team/leave"
	keep POST "/api/v1/teams/$team/leave"
	for each in "$nobody" nonsense; do
		keep POST "/api/v1/teams/$each/leave"
	done
	as openapi-guest
	keep GET "/api/v1/teams/$team/invitations"
	keep POST "/api/v1/teams/$team/leave"
	as openapi
	keep POST "/api/v1/teams/$team/invitations" "$guest"
	secret=$(link)
	as openapi-guest
	keep POST "/api/v1/invitations/$secret/accept"
	as openapi
	keep DELETE "/api/v1/teams/$team/members/$(cat "$people/openapi-guest/id")"
}

@test "every answer has the form that doc/openapi.yaml gives, for each route and status" {
	kept=$BATS_TEST_TMPDIR/answers.ndjson
	head -c 1200000 /dev/zero | tr '\0' ' ' >"$BATS_TEST_TMPDIR/large"
	document='{"title": "t", "text": "some text", "url": "https://example.com/", "metadata": {"a": 1}}'

	accounts
	for kind in "$outlook" "$box" "$snowflake"; do
		keep POST /api/v1/sources "$kind"
		keep DELETE "/api/v1/sources/$(jq -r .id <<<"$body")"
	done
	thing /api/v1/sources '{"type": "documents", "source_metadata": {"name": "n"}}' '{"source_metadata": {"name": "m"}}'
	source=$made
	every GET /api/v1/source-types
	keep GET /api/v1/source-types
	keep POST '/api/v1/sources?test=maybe' '{"type": "documents", "source_metadata": {}}'
	for id in "$source" "$nobody" nonsense; do
		every POST "/api/v1/sources/$id/test"
		keep POST "/api/v1/sources/$id/test"
	done
	thing "/api/v1/sources/$source/documents" "$document" "$document"
	below '/api/v1/sources/{}/documents' "$document"
	ended "/api/v1/sources/$source/documents" "$made"
	thing /api/v1/mcp-servers "{\"name\": \"n\", \"source_ids\": [\"$source\"]}" '{"name": "m"}'
	server=$made
	thing "/api/v1/mcp-servers/$server/tokens" '{"name": "n"}'
	below '/api/v1/mcp-servers/{}/tokens' '{"name": "n"}'
	ended "/api/v1/mcp-servers/$server/tokens" "$made"
	granted
	teams
	sharing
	ended /api/v1/teams "$team"
	ended /api/v1/mcp-servers "$server"
	ended /api/v1/sources "$source"
	by_provider
	keep GET /api/v1/checks
	keep GET /api/v1/nothing
	keep PATCH /api/v1/me '{}'

	run "$node" "$clients/openapi.mjs" "$top/doc/openapi.yaml" "$kept"
	echo "$output"
	[ "$status" = 0 ]
}
