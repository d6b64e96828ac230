# Providers that sign people in, played by t/vendors/web.mjs: what suites about
# them share, beside helper.bash, oauth.bash, signed.bash and vendors.bash.

realm=https://id.web.example/realm
tenant=6f1d3c52-8f0e-4f5b-9a51-0d5c6f8e1a01
entra=https://login.microsoftonline.com/$tenant/v2.0

# app_with VARIABLE=VALUE…: the app's program, with providers set up.
app_with()
{
	worker_stop api-vendors
	test_worker_start api-vendors 1 "${vendors_environment[@]}" "GATEHOUSE_TEST_LOGIN_URL=$web_url" \
		"GATEHOUSE_OIDC_ISSUER=$realm" GATEHOUSE_OIDC_CLIENT_ID=gatehouse-at-id 'GATEHOUSE_OIDC_CLIENT_SECRET=id+secret/with=odd&%' \
		GATEHOUSE_OIDC_TITLE=Harbour "AZURE_TENANT_ID=$tenant" AZURE_CLIENT_ID=gatehouse-at-azure AZURE_CLIENT_SECRET=azure-secret "$@"
}

# published ISSUER [FILTER]: what it says of itself, and its keys.
published()
{
	publish "$1/.well-known/openid-configuration" "$(jq -nc --arg i "$1" "{issuer: \$i, authorization_endpoint: (\$i + \"/authorize?p=1\"),
		token_endpoint: (\$i + \"/token\"), jwks_uri: (\$i + \"/keys\")} | ${2:-.}")"
	publish "$1/keys" "$(key_set one two)"
}

# The provider in use.
at_id()
{
	provider=oidc issuer=$realm client_id=gatehouse-at-id secret='id+secret/with=odd&%' way=post
}

at_azure()
{
	provider=azure issuer=$entra client_id=gatehouse-at-azure secret=azure-secret way=basic
}

# asks PATH [CURL-ARGUMENT…]: as a browser does; sets $place.
asks()
{
	fetch_answer -b "$jar" -c "$jar" "${app_of_vendors[@]}" -H 'Accept: text/html,*/*' "${@:2}" "$app_url$1"
	place=$(header Location)
}

# program PATH: as a program asks, with the browser's cookies.
program()
{
	fetch_answer -b "$jar" -c "$jar" "${app_of_vendors[@]}" "${@:2}" "$app_url$1"
}

# part NAME: of the query of $url.
part()
{
	jq -rn --arg url "$url" --arg name "$1" '$url | split("?")[1] | split("&")[] | split("=") | select(.[0] == $name) | .[1]
		| gsub("[+]"; " ") | @uri "\(.)" | gsub("%25"; "%")' | sed 's/%\(..\)/\\x\1/g' | xargs -0 printf '%b' | tr -d '\n'
}

# begins [PATH]: at the provider in use; sets $url, $state and $nonce.
begins()
{
	asks "/api/v1/auth/$provider/login${1:+?return=$1}"
	[ "$status" = 303 ]
	url=$place
	state=$(part state)
	nonce=$(part nonce)
}

# gives CLAIMS [HEADER] [KEY]: a code for the sign-in that goes on, worth an ID
# token of sven's, changed by a filter; sets $code.
gives()
{
	local token

	code=code-$RANDOM$RANDOM$RANDOM
	token=$(signed "${3:-one}" "{iss: \"$issuer\", sub: \"sven-at-$provider\", aud: \"$client_id\", nonce: \"$nonce\", iat: \$now, exp: (\$now + 600),
		email: \"sven@harbour.example\", email_verified: true, name: \"Sven Svensson\"} | ${1:-.}" "${2:-.}")
	jq -nc --arg code "$code" --arg url "$issuer/token" --arg way "$way" --arg id "$client_id" --arg secret "$secret" --arg challenge "$(part code_challenge)" \
		--arg redirect "$app_url/api/v1/auth/$provider/callback" --arg token "$token" \
		'{code: $code, url: $url, way: $way, client_id: $id, client_secret: $secret, challenge: $challenge, redirect_uri: $redirect, id_token: $token}' \
		>"$BATS_TEST_TMPDIR/code"
	curl -sS --fail-with-body -o /dev/null -X POST "$web_control/_stand/code" --data-binary "@$BATS_TEST_TMPDIR/code"
}
