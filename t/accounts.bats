# Accounts: sign-up, sign-in, sign-out and /api/v1/me.

load helper
load api

password='correct horse battery staple'

setup_file()
{
	export fresh=u$RANDOM$RANDOM
}

# up NAME [PASSWORD]: an account without a session.
up()
{
	answers 200 POST /api/v1/signup "{\"email\": \"$1-$fresh@example.com\", \"password\": \"${2:-$password}\"}"
}

# in NAME [PASSWORD]: a session; sets $token, the bearer form of it.
in_()
{
	answers 200 POST /api/v1/signin "{\"email\": \"$1-$fresh@example.com\", \"password\": \"${2:-$password}\"}"
	token=$(field .access_token)
}

# with STATUS METHOD PATH [JSON]: asks with the bearer token of in_.
with()
{
	local wanted=$1 method=$2 path=$3 json=${4:-}

	answers "$wanted" "$method" "$path" "$json" -H "Authorization: Bearer $token"
}

setup()
{
	as ''
}

@test "sign-up answers 200 with the account, no cookie and no token" {
	up ann
	says 'keys == ["created_at", "email", "id", "updated_at"]'
	says ".email == \"ann-$fresh@example.com\""
	says '.created_at | test("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00$")'
	[ -z "$(header Set-Cookie)" ]
}

@test "an address that is taken is refused, in any spelling" {
	up taken
	for spelling in "taken-$fresh@example.com" "TAKEN-$fresh@example.com" "taken-$fresh@EXAMPLE.com"; do
		answers 400 POST /api/v1/signup "{\"email\": \"$spelling\", \"password\": \"$password\"}"
		told 'Email already registered'
	done
}

@test "sign-in gives the token, the account and the cookie" {
	up cookie
	in_ cookie
	says 'keys == ["access_token", "token_type", "user"]'
	says '.token_type == "bearer" and (.user | keys == ["email", "full_name", "id"]) and .user.full_name == ""'
	header Set-Cookie | grep -q "^access_token=$token;"
}

@test "AC-8: the cookie is HttpOnly, SameSite=Lax, for the whole host and without a domain" {
	up attributes
	in_ attributes
	cookie=$(header Set-Cookie)
	[[ $cookie == *HttpOnly* && ${cookie,,} == *samesite=lax* && $cookie == *Path=/* && $cookie == *Max-Age=86400* ]]
	[[ ${cookie,,} != *domain* ]]
	with 200 POST /api/v1/signout
	cookie=$(header Set-Cookie)
	[[ $cookie == access_token=* && $cookie == *HttpOnly* && ${cookie,,} == *samesite=lax* && $cookie == *Path=/* && $cookie == *Max-Age=0* ]]
}

@test "AC-6: an unknown address and a wrong password are told the same" {
	up known
	answers 401 POST /api/v1/signin "{\"email\": \"known-$fresh@example.com\", \"password\": \"wrong password\"}"
	told 'Invalid email or password'
	one=$body
	answers 401 POST /api/v1/signin "{\"email\": \"unknown-$fresh@example.com\", \"password\": \"wrong password\"}"
	[ "$body" = "$one" ]
}

@test "me is answered to the cookie and to the bearer token" {
	up me
	in_ me
	with 200 GET /api/v1/me
	says "keys == [\"created_at\", \"email\", \"id\", \"updated_at\"] and .email == \"me-$fresh@example.com\""
	answers 200 GET /api/v1/me '' -H "Cookie: access_token=$token"
	answers 200 GET /api/v1/me '' -H "Cookie: other=1; access_token=$token; more=2"
}

@test "without a session the contract's words are told" {
	answers 401 GET /api/v1/me
	told 'Access token required in cookies'
	answers 401 GET /api/v1/me '' -H 'Cookie: access_token=nonsense'
	told 'Invalid or expired token'
	answers 401 GET /api/v1/me '' -H 'Authorization: Bearer nonsense'
	told 'Invalid or expired token'
}

@test "AC-13: a cookie that comes twice is refused, in one header or two" {
	up twice
	in_ twice
	answers 401 GET /api/v1/me '' -H "Cookie: access_token=$token; access_token=$token"
	answers 401 GET /api/v1/me '' -H "Cookie: access_token=$token" -H 'Cookie: access_token=other'
	answers 401 GET /api/v1/me '' -H 'Cookie: access_token=other' -H "Cookie: access_token=$token"
}

@test "AC-9: sign-out ends the session, not only the cookie" {
	up out
	in_ out
	with 200 POST /api/v1/signout
	says '.message == "Successfully signed out"'
	with 401 GET /api/v1/me
	told 'Invalid or expired token'
}

@test "sign-out succeeds without a session" {
	answers 200 POST /api/v1/signout
	answers 200 POST /api/v1/signout '' -H 'Cookie: access_token=nonsense'
}

@test "AC-11: sign-in and writes from a foreign page are refused" {
	up csrf
	in_ csrf
	for origin in http://evil.example null http://localhost:3001; do
		answers 403 POST /api/v1/signin "{\"email\": \"csrf-$fresh@example.com\", \"password\": \"$password\"}" -H "Origin: $origin"
		answers 403 POST /api/v1/signup "{\"email\": \"no-$fresh@example.com\", \"password\": \"$password\"}" -H "Origin: $origin"
		answers 403 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}' \
			-H "Cookie: access_token=$token" -H "Origin: $origin"
	done
	answers 403 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}' \
		-H "Cookie: access_token=$token" -H 'Sec-Fetch-Site: cross-site'
	answers 201 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}' \
		-H "Cookie: access_token=$token" -H 'Origin: http://localhost:3000'
	answers 201 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}' \
		-H "Cookie: access_token=$token" -H 'Sec-Fetch-Site: same-origin'
}

@test "AC-5: a password is 8 characters at least, not a common one, and never repeated" {
	for bad in short7c qwertyuiop 12345678; do
		answers 400 POST /api/v1/signup "{\"email\": \"weak-$fresh@example.com\", \"password\": \"$bad\"}"
		lacks "$bad"
	done
}

@test "AC-4: a password of 72 bytes is taken and one of 73 is refused" {
	long=$(printf 'xY3!%.0s' {1..18})
	up exact "$long"
	in_ exact "$long"
	answers 400 POST /api/v1/signup "{\"email\": \"more-$fresh@example.com\", \"password\": \"${long}z\"}"
}

@test "AC-14: e-mail and password change only with the current password" {
	up change
	in_ change
	with 400 PUT /api/v1/me '{"password": "another good passphrase"}'
	with 403 PUT /api/v1/me '{"password": "another good passphrase", "current_password": "wrong"}'
	with 403 PUT /api/v1/me "{\"email\": \"other-$fresh@example.com\", \"current_password\": \"wrong\"}"
	with 200 PUT /api/v1/me "{\"email\": \"Other-$fresh@Example.com\", \"current_password\": \"$password\"}"
	says ".email == \"Other-$fresh@example.com\""
	with 200 GET /api/v1/me
	says ".email == \"Other-$fresh@example.com\""
	in_ other
}

@test "AC-9: a new password ends every other session, and this one goes on" {
	up rotate
	in_ rotate
	old=$token
	in_ rotate
	with 200 PUT /api/v1/me "{\"password\": \"another good passphrase\", \"current_password\": \"$password\"}"
	with 200 GET /api/v1/me
	token=$old
	with 401 GET /api/v1/me
	answers 401 POST /api/v1/signin "{\"email\": \"rotate-$fresh@example.com\", \"password\": \"$password\"}"
	in_ rotate 'another good passphrase'
}

@test "an e-mail address of somebody else cannot be taken by a change" {
	up first
	up second
	in_ second
	with 400 PUT /api/v1/me "{\"email\": \"FIRST-$fresh@example.com\", \"current_password\": \"$password\"}"
	told 'Email already registered'
}

@test "a change of nothing is refused" {
	up same
	in_ same
	with 400 PUT /api/v1/me '{}'
	told 'No valid fields to update'
	with 400 PUT /api/v1/me "{\"current_password\": \"$password\", \"id\": \"$nobody\", \"is_admin\": true}"
	told 'No valid fields to update'
}

@test "TI-7: deleting an account ends it, its session, its sources and servers at once" {
	up gone
	in_ gone
	with 201 POST /api/v1/mcp-servers '{"name": "mine"}'
	endpoint=$(field .endpoint)
	with 403 DELETE /api/v1/me '{"current_password": "wrong"}'
	with 200 DELETE /api/v1/me "{\"current_password\": \"$password\"}"
	says '.message == "Account deleted successfully"'
	with 401 GET /api/v1/me
	answers 401 POST /api/v1/signin "{\"email\": \"gone-$fresh@example.com\", \"password\": \"$password\"}"
	told 'Invalid email or password'
	up gone
}

# races: what signing Race up is answered with; who got no turn at a password's
# hash, as on a busy machine, tries again.
races()
{
	local tries code=429

	for ((tries = 0; tries < 20 && code == 429; tries++)); do
		code=$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' \
			-d "{\"email\": \"Race-$fresh@example.com\", \"password\": \"$password\"}" "$app/api/v1/signup")
	done
	echo "$code"
}

@test "AC-2: one address signed up many times at once gives one account" {
	for i in 1 2 3 4 5 6; do
		races &
	done >"$BATS_TEST_TMPDIR/codes"
	wait
	[ "$(sort "$BATS_TEST_TMPDIR/codes" | uniq -c | tr -s ' ' | tr '\n' ';')" = ' 1 200; 5 400;' ]
}

@test "LA-2: what a person does is in the audit log, in order, with the request's id and no secret" {
	up audit
	id=$(field .id)
	in_ audit
	with 201 POST /api/v1/sources "$box"
	source=$(field .id)
	with 200 PUT "/api/v1/sources/$source" '{"source_metadata": '"$(jq .source_metadata <<<"$box")"'}'
	with 201 POST /api/v1/mcp-servers "{\"name\": \"n\", \"source_ids\": [\"$source\"]}"
	server=$(field .id)
	with 201 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "n"}'
	secret=$(field .token)
	with 200 DELETE "/api/v1/mcp-servers/$server/tokens/$(field .id)"
	with 200 PUT "/api/v1/mcp-servers/$server" '{"name": "m"}'
	with 200 DELETE "/api/v1/mcp-servers/$server"
	with 200 DELETE "/api/v1/sources/$source"
	with 403 PUT /api/v1/me '{"password": "another good passphrase", "current_password": "wrong"}'
	with 200 PUT /api/v1/me "{\"password\": \"another good passphrase\", \"current_password\": \"$password\"}"
	with 200 POST /api/v1/signout
	request=$(header X-Request-Id)
	events=$(sql "SELECT string_agg(event || ' ' || outcome, ', ' ORDER BY id) FROM gatehouse.audit_log WHERE user_id = '$id'")
	echo "$events"
	[ "$events" = 'signup ok, signin ok, source_create ok, source_change ok, server_create ok, token_create ok, token_end ok, '\
'server_change ok, server_delete ok, source_delete ok, password_check refused, password_change ok, signout ok' ]
	[ "$(sql "SELECT request_id FROM gatehouse.audit_log WHERE user_id = '$id' AND event = 'signout'")" = "$request" ]
	rows=$(sql "SELECT a::text FROM gatehouse.audit_log a WHERE user_id = '$id'")
	lacks "${secret#ght_}" "$rows"
	lacks "$password|another good|ABCDEFGHIJKLMNOPQRSTUVWXYZ012345" "$rows"
}
