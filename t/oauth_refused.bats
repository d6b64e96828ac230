# What the authorization server refuses, and how: a table of what is sent and
# what comes back. Each group of rows is one test; none of them may cost the
# honest client anything, so each ends with what still has to work.

load helper
load mcp
load oauth

# GROUP | WHAT IS SENT | WHAT COMES BACK
#
# redirect   a redirect URI: always a page
# authorize  parameters: "page", or the error that is sent back
# code       fields of a request for tokens: status and error; at=pete asks pete's gateway
# refresh    the same
# proof      the same, by a client with a secret; basic=USER:PASSWORD
# register   a jq filter over the client's metadata: the error, status 400
# revoke     fields: status and error, or only a status
# consent    fields of the answer: a status, and no code
# method     METHOD PATH: status and form at the gateway
# page       METHOD PATH [TYPE]: status at the app host, as a page
table()
{
	sed 's/^[[:blank:]]*//; /^$/d' <<-'END'
		redirect | http://127.0.0.1:41041/callback/
		redirect | http://127.0.0.1:41041/callback?
		redirect | http://127.0.0.1:41041/callback?x=1
		redirect | http://127.0.0.1:41041/callback#
		redirect | http://127.0.0.1:41041/callback#x
		redirect | http://127.0.0.1:41041/Callback
		redirect | http://127.0.0.1:41041/%63allback
		redirect | http://127.0.0.1:41041//callback
		redirect | http://127.0.0.1:41041/./callback
		redirect | http://127.0.0.1:41041/x/../callback
		redirect | http://127.0.0.1:41041/callback/..
		redirect | http://127.0.0.1:41041/callback;x
		redirect | http://127.0.0.1:41041/callback%00
		redirect | http://127.0.0.1:41041/callback%0d%0aX:y
		redirect | http://127.0.0.1:41041/callback\
		redirect | http://127.0.0.1:41041
		redirect | http://127.0.0.1:41041/
		redirect | http://127.0.0.1:0/callback
		redirect | http://127.0.0.1:080/callback
		redirect | http://127.0.0.1:65536/callback
		redirect | http://127.0.0.1:/callback
		redirect | http://127.0.0.1:+80/callback
		redirect | http://127.0.0.2:41041/callback
		redirect | http://127.1:41041/callback
		redirect | http://2130706433:41041/callback
		redirect | http://0.0.0.0:41041/callback
		redirect | http://[::1]:41041/callback
		redirect | http://[::ffff:127.0.0.1]:41041/callback
		redirect | http://localhost:41041/callback
		redirect | http://127.0.0.1.evil.example:41041/callback
		redirect | http://127.0.0.1:41041@evil.example/callback
		redirect | http://user@127.0.0.1:41041/callback
		redirect | http://127.0.0.1:41041.evil.example/callback
		redirect | https://127.0.0.1:41041/callback
		redirect | HTTP://127.0.0.1:41041/callback
		redirect | //127.0.0.1:41041/callback
		redirect | /callback
		redirect | https://app.example.com/cb
		redirect | https://app.example.com/cb?x=2
		redirect | https://app.example.com/cb?x=1&y=2
		redirect | https://app.example.com/cb?x=1#
		redirect | https://app.example.com:443/cb?x=1
		redirect | https://app.example.com:8443/cb?x=1
		redirect | https://APP.example.com/cb?x=1
		redirect | https://app.example.com./cb?x=1
		redirect | https://app.example.com.evil.example/cb?x=1
		redirect | https://evil.example/app.example.com/cb?x=1
		redirect | https://evilapp.example.com/cb?x=1
		redirect | https://app.example.com@evil.example/cb?x=1
		redirect | https://app.example.com@@evil.example/cb?x=1
		redirect | https://evil.example\@app.example.com/cb?x=1
		redirect | https://app.example.com/..;/cb?x=1
		redirect | http://app.example.com/cb?x=1
		redirect | https://app.example.com/cb?x=1&code=mine
		redirect | cursor://anysphere/cb/
		redirect | cursor://anysphere/cb?x
		redirect | cursor://anysphere:1/cb
		redirect | cursor://evil/cb
		redirect | cursor://user@anysphere/cb
		redirect | Cursor://anysphere/cb
		redirect | cursor:/anysphere/cb
		redirect | vscode://anysphere/cb
		redirect | javascript:alert(1)
		redirect | data:text/html,x

		authorize | client_id= | page
		authorize | client_id=ghi_nobody | page
		authorize | client_id=' OR 1=1 | page
		authorize | redirect_uri= | page
		authorize | redirect_uri= response_type=token | page
		authorize | client_id=ghi_nobody response_type=token | page
		authorize | at=pete | page
		authorize | response_type= | unsupported_response_type
		authorize | response_type=token | unsupported_response_type
		authorize | response_type=id_token | unsupported_response_type
		authorize | response_type=none | unsupported_response_type
		authorize | response_type=code%20token | unsupported_response_type
		authorize | response_type=CODE | unsupported_response_type
		authorize | response_mode=fragment | invalid_request
		authorize | response_mode=form_post | invalid_request
		authorize | response_mode=web_message | invalid_request
		authorize | request=x | invalid_request
		authorize | request_uri=https://evil.example/ | invalid_request
		authorize | code_challenge= | invalid_request
		authorize | code_challenge_method= | invalid_request
		authorize | code_challenge= code_challenge_method= | invalid_request
		authorize | code_challenge_method=plain | invalid_request
		authorize | code_challenge_method=s256 | invalid_request
		authorize | code_challenge=0123456789012345678901234567890123456789ab | invalid_request
		authorize | code_challenge=0123456789012345678901234567890123456789abcd | invalid_request
		authorize | code_challenge=0123456789012345678901234567890123456789ab= | invalid_request
		authorize | code_challenge=0123456789012345678901234567890123456789a.c | invalid_request
		authorize | resource=https://evil.example/ | invalid_target
		authorize | resource=http://localhost:8511 | invalid_target
		authorize | resource=http://localhost:8510.evil.example/ | invalid_target
		authorize | resource=http://localhost:8510/other | invalid_target
		authorize | resource=http://localhost:8510/mcp?x | invalid_target
		authorize | resource=http://localhost | invalid_target
		authorize | resource=x | invalid_target
		authorize | scope=admin | invalid_scope
		authorize | scope=SEARCH | invalid_scope
		authorize | scope=* | invalid_scope
		authorize | scope=openid | invalid_scope

		code | code= | 400 invalid_request
		code | code=ghc_nobody | 400 invalid_grant
		code | code=ACCESS | 400 invalid_grant
		code | code=REFRESH | 400 invalid_grant
		code | code_verifier= | 400 invalid_request
		code | code_verifier=CHALLENGE | 400 invalid_grant
		code | code_verifier=short | 400 invalid_grant
		code | code_verifier=0123456789012345678901234567890123456789abcd | 400 invalid_grant
		code | code_verifier=0123456789012345678901234567890123456789abd | 400 invalid_grant
		code | redirect_uri=http://127.0.0.1:1/callback | 400 invalid_grant
		code | redirect_uri=https://app.example.com/cb?x=1 | 400 invalid_grant
		code | redirect_uri=https://evil.example/ | 400 invalid_grant
		code | client_id=OTHER | 400 invalid_grant
		code | client_id=ghi_nobody | 401 invalid_client
		code | client_id= | 401 invalid_client
		code | client_secret=ghs_made-up | 401 invalid_client
		code | resource=https://evil.example/ | 400 invalid_target
		code | resource=http://localhost:8511 | 400 invalid_target
		code | at=pete | 401 invalid_client
		code | at=pete client_id=PETES | 400 invalid_grant
		code | grant_type= | 400 invalid_request
		code | grant_type=password | 400 unsupported_grant_type
		code | grant_type=implicit | 400 unsupported_grant_type
		code | grant_type=client_credentials | 400 unauthorized_client
		code | grant_type=AUTHORIZATION_CODE | 400 unsupported_grant_type
		code | grant_type=urn:ietf:params:oauth:grant-type:device_code | 400 unsupported_grant_type

		refresh | refresh_token= | 400 invalid_request
		refresh | refresh_token=ghr_nobody | 400 invalid_grant
		refresh | refresh_token=ACCESS | 400 invalid_grant
		refresh | client_id=OTHER | 400 invalid_grant
		refresh | client_id=ghi_nobody | 401 invalid_client
		refresh | client_id= | 401 invalid_client
		refresh | client_secret=ghs_made-up | 401 invalid_client
		refresh | scope=box | 400 invalid_scope
		refresh | scope=search%20admin | 400 invalid_scope
		refresh | resource=https://evil.example/ | 400 invalid_target
		refresh | resource=http://localhost:8511 | 400 invalid_target
		refresh | at=pete | 401 invalid_client
		refresh | at=pete client_id=PETES | 400 invalid_grant

		proof | client_id=CLIENT | 401 invalid_client
		proof | client_id=CLIENT client_secret=ghs_wrong | 401 invalid_client
		proof | client_id=CLIENT client_secret= | 401 invalid_client
		proof | client_id=OTHER client_secret=SECRET | 401 invalid_client
		proof | basic=CLIENT:ghs_wrong | 401 invalid_client
		proof | basic=CLIENT: | 401 invalid_client
		proof | basic=OTHER:SECRET | 401 invalid_client
		proof | basic=ghi_nobody:SECRET | 401 invalid_client
		proof | basic=:SECRET | 401 invalid_client
		proof | basic=CLIENT:SECRET client_secret=SECRET | 400 invalid_request
		proof | basic=CLIENT:SECRET client_id=OTHER | 400 invalid_request
		proof | basic=CLIENT:%zz | 400 invalid_request
		proof | at=pete basic=CLIENT:SECRET | 401 invalid_client

		register | del(.redirect_uris) | invalid_redirect_uri
		register | .redirect_uris = [] | invalid_redirect_uri
		register | .redirect_uris = {} | invalid_redirect_uri
		register | .redirect_uris = [null] | invalid_redirect_uri
		register | .redirect_uris = [""] | invalid_redirect_uri
		register | .redirect_uris = ["http://a.example/"] | invalid_redirect_uri
		register | .redirect_uris = ["https://a.example/cb", "http://a.example/"] | invalid_redirect_uri
		register | .redirect_uris = ["https://a.example/cb?iss=https://b.example"] | invalid_redirect_uri
		register | .redirect_uris = ["https://a.example/cb?%63ode=x"] | invalid_redirect_uri
		register | .redirect_uris = ["cursor://user@x/cb"] | invalid_redirect_uri
		register | .redirect_uris = ["com.example.app:/cb"] | invalid_redirect_uri
		register | .redirect_uris = ["https://a.example/" + "x" * 2000] | invalid_redirect_uri
		register | .client_name = {} | invalid_client_metadata
		register | .token_endpoint_auth_method = "private_key_jwt" | invalid_client_metadata
		register | .grant_types = ["client_credentials"] | invalid_client_metadata
		register | .grant_types = "authorization_code" | invalid_client_metadata
		register | .response_types = ["token"] | invalid_client_metadata
		register | [.] | invalid_client_metadata
		register | "x" | invalid_client_metadata

		revoke | | 401 invalid_client
		revoke | client_id=CLIENT | 400 invalid_request
		revoke | client_id=CLIENT token= | 400 invalid_request
		revoke | client_id=ghi_nobody token=REFRESH | 401 invalid_client
		revoke | client_id=OTHER token=REFRESH | 200
		revoke | client_id=CLIENT token=ghr_nobody | 200
		revoke | client_id=CLIENT token=PERSONAL | 200
		revoke | at=pete client_id=PETES token=REFRESH | 200
		revoke | at=pete client_id=CLIENT token=REFRESH | 401 invalid_client

		consent | consent= | 400
		consent | consent=made-up | 404
		consent | answer= | 400
		consent | answer=yes | 400
		consent | days=0 | 400
		consent | days=-1 | 400
		consent | days=01 | 400
		consent | days=100000 | 400
		consent | days=x | 400
		consent | scope-search= scope-fetch= | 400
		consent | scope-search= scope-fetch= scope-box=on | 400

		method | GET /token | 404 json
		method | DELETE /token | 404 json
		method | PUT /token | 405 json
		method | GET /register | 404 json
		method | PATCH /register | 405 json
		method | GET /revoke | 404 json
		method | POST /authorize | 404 page
		method | DELETE /authorize | 404 page
		method | PUT /authorize | 405 page
		method | GET /authorize/ | 404 page
		method | GET /token/x | 404 json
		method | GET /register/ghi_x | 404 json
		method | POST /.well-known/oauth-authorization-server | 404 json
		method | GET /.well-known/oauth-authorization-server/x | 404 json
		method | GET /.well-known/oauth-protected-resource/x | 404 json
		method | GET /.well-known/openid-configuration | 404 json
		method | GET /oauth/consent/00000000-0000-4000-8000-000000000000 | 404 page

		page | GET /oauth/ | 404
		page | GET /oauth/consent/ | 404
		page | GET /oauth/consent/x | 400
		page | GET /oauth/consent/00000000-0000-4000-8000-000000000000 | 404
		page | DELETE /oauth/consent/00000000-0000-4000-8000-000000000000 | 404
		page | POST /oauth/consent/00000000-0000-4000-8000-000000000000 application/x-www-form-urlencoded | 400
		page | POST /oauth/consent/00000000-0000-4000-8000-000000000000/signin application/json | 415
		page | POST /oauth/consent/00000000-0000-4000-8000-000000000000/signin text/plain | 415
		page | POST /oauth/consent/00000000-0000-4000-8000-000000000000/signin multipart/form-data | 415
		page | POST /oauth/consent/00000000-0000-4000-8000-000000000000/signin application/x-www-form-urlencoded | 400
		page | GET /oauth/consent/00000000-0000-4000-8000-000000000000/signup | 404
		page | PUT /invitations/ghv_x | 404
		page | POST /invitations/ghv_x application/x-www-form-urlencoded | 400
		page | POST /invitations/ghv_x/signin text/plain | 415
	END
}

setup_file()
{
	gateway olga
	gateway pete
}

setup()
{
	as olga
	on olga
	forgive
}

# each GROUP COMMAND: runs it with what is sent and what comes back, for each
# row; tells all that are not so.
each()
{
	local group what back failed=0 rows=0

	while IFS='|' read -r group what back; do
		[ "${group% }" = "$1" ] || continue
		rows=$((rows + 1))
		what=${what# }
		"$2" "${what% }" "${back# }" || {
			echo "not so: $group|$what|$back"
			echo "answer: $status ${place:-} ${body:0:300}"
			failed=$((failed + 1))
		}
	done < <(table)
	[ "$rows" -gt 0 ] && [ "$failed" = 0 ]
}

# client_of NAME [FILTER]: a client of NAME's gateway; on olga again.
client_of()
{
	local mine=$client

	on "$1"
	register "${2:-.}"
	made=$client client=$mine
	on olga
}

# people_and_things: what the words in rows stand for.
people_and_things()
{
	connected
	was_access=$access was_refresh=$refresh
	client_of olga
	other=$made
	client_of pete
	petes=$made
}

# spelled TEXT: a row's words in place.
spelled()
{
	local text=$1

	text=${text//CLIENT/$client}
	text=${text//OTHER/$other}
	text=${text//PETES/$petes}
	text=${text//ACCESS/$was_access}
	text=${text//REFRESH/$was_refresh}
	text=${text//PERSONAL/$gateway_token}
	text=${text//CHALLENGE/$challenge}
	text=${text//SECRET/${secret:-}}
	echo "${text//%20/ }"
}

# fields WHAT [FIELD=VALUE…]: the usual ones with a row's in place; an empty
# value leaves one out, at=NAME asks another gateway. Sets $fields and $basic.
fields()
{
	local -A sent=()
	local pair what=$1

	shift
	basic=()
	for pair; do
		sent[${pair%%=*}]=${pair#*=}
	done
	on olga
	for pair in $what; do
		pair=$(spelled "$pair")
		case $pair in
		at=*) on "${pair#at=}" ;;
		basic=*) basic=(-u "${pair#basic=}") ;;
		*) sent[${pair%%=*}]=${pair#*=} ;;
		esac
	done
	fields=()
	for pair in "${!sent[@]}"; do
		[ -z "${sent[$pair]}" ] || fields+=(--data-urlencode "$pair=${sent[$pair]}")
	done
	[ ${#fields[@]} -gt 0 ] || fields=(--data-raw '')
}

# as_told BACK: status and OAuth's error, in JSON, kept nowhere.
as_told()
{
	[ "$status" = "${1%% *}" ] && grep -qi '^Cache-Control: no-store' "$headers" && grep -qi '^Content-Type: application/json' "$headers" || return
	[[ $1 != *' '* ]] || oauth_error "${1%% *}" "${1##* }"
}

is_page()
{
	grep -qi '^Content-Type: text/html' "$headers" && grep -q '<h1>' <<<"$body" && not grep -qi '^Location' "$headers"
}

@test "the table has at least 120 rows, and none twice" {
	[ "$(table | wc -l)" -ge 120 ]
	[ -z "$(table | sort | uniq -d)" ]
}

redirect_row()
{
	authorize "redirect_uri=$1"
	on_a_page >/dev/null
}

@test "OA-1, OA-2: what is nearly a redirect URI is none" {
	register ".redirect_uris += [\"https://app.example.com/cb?x=1\", \"cursor://anysphere/cb\"]"
	[ "$status" = 201 ]
	each redirect redirect_row
	for right in https://app.example.com/cb?x=1 cursor://anysphere/cb http://127.0.0.1:1/callback; do
		authorize "redirect_uri=$right"
		[ -n "$question" ]
	done
}

authorize_row()
{
	local asked=()

	read -ra asked <<<"$1"
	[ "$1" != at=pete ] || on pete
	if [[ $1 == client_id=*' OR '* ]]; then
		authorize "$1"
	else
		authorize "${asked[@]//%20/ }"
	fi
	on olga
	if [ "$2" = page ]; then
		on_a_page >/dev/null
	else
		sent_back "$2" >/dev/null && [ "$(grep -o '[?&]iss=' <<<"$place" | wc -l)" = 1 ] && [[ $place != *code=* ]]
	fi
}

@test "OA-2, OA-3, OA-4, OA-7, OA-8: what cannot be asked is refused, at the right place" {
	register
	each authorize authorize_row
	authorize
	[ -n "$question" ]
}

@test "a parameter without a value is one that was not sent" {
	register
	for name in scope state resource response_mode request request_uri nonce; do
		at_gateway "/authorize?$(query "$name=")&$name="
		[ "$status" = 303 ]
		[[ $(header Location) == "$app_url"/oauth/consent/* ]]
	done
	grant scope=offline_access
	redeem scope= resource= client_secret=
	[ "$status" = 200 ]
	says '.scope == "search fetch"'
	refreshes "$refresh" scope= resource=
	[ "$status" = 200 ]
}

code_row()
{
	fields "$1" grant_type=authorization_code "client_id=$client" "code=$code" "code_verifier=$verifier" "redirect_uri=$callback"
	at_gateway "${fields[@]}" /token
	on olga
	as_told "$2"
}

@test "OA-4, OA-5, OA-8: what does not belong to a code does not redeem it" {
	people_and_things
	grant
	each code code_row
	redeem
	[ "$status" = 200 ]
	opens "$access"
	opens "$was_access"
}

refresh_row()
{
	fields "$1" grant_type=refresh_token "client_id=$client" "refresh_token=$was_refresh"
	at_gateway "${fields[@]}" /token
	on olga
	as_told "$2"
}

@test "OA-6, OA-8: what does not belong to a refresh token does not renew it" {
	people_and_things
	each refresh refresh_row
	# Nothing of it used it up.
	[ "$(sql "SELECT count(*) FROM gatehouse.refresh_tokens r JOIN gatehouse.grants g ON g.id = r.grant_id WHERE g.client_id = '$client' AND r.used_at IS NULL")" = 1 ]
	refreshes "$was_refresh"
	[ "$status" = 200 ]
	opens "$access"
}

proof_row()
{
	fields "$1" grant_type=authorization_code "code=$code" "code_verifier=$verifier"
	at_gateway "${basic[@]}" "${fields[@]}" /token
	on olga
	as_told "$2" || return
	[[ $1 != *basic=* ]] || [[ $2 != 401* ]] || grep -qi '^WWW-Authenticate: Basic' "$headers"
}

@test "OA-19: who does not prove to be a client is none" {
	people_and_things
	register 'del(.token_endpoint_auth_method)'
	secret=$(jq -r .client_secret <<<"$body")
	echo "$secret" >>"$stand/secrets"
	grant
	each proof proof_row
	redeem "client_secret=$secret"
	[ "$status" = 200 ]
}

register_row()
{
	forgive
	register "$1"
	as_told "400 $2" && says '.client_id == null'
}

@test "OA-16: what does not describe a client registers none" {
	before=$(sql 'SELECT count(*) FROM gatehouse.oauth_clients')
	each register register_row
	[ "$(sql 'SELECT count(*) FROM gatehouse.oauth_clients')" = "$before" ]
}

revoke_row()
{
	fields "$1"
	at_gateway "${fields[@]}" /revoke
	on olga
	as_told "$2"
}

@test "OA-18: nobody gives back what is another's" {
	people_and_things
	each revoke revoke_row
	opens "$was_access"
	opens "$gateway_token"
	refreshes "$was_refresh"
	[ "$status" = 200 ]
}

consent_row()
{
	local -A sent=([consent]=$consent [answer]=approve [days]=30 [scope-search]=on [scope-fetch]=on)
	local pair list=()

	for pair in $1; do
		sent[${pair%%=*}]=${pair#*=}
	done
	for pair in "${!sent[@]}"; do
		[ -z "${sent[$pair]}" ] || list+=("$pair=${sent[$pair]}")
	done
	page POST "/oauth/consent/$question" "${list[@]}"
	[ "$status" = "$2" ] && [ -z "$place" ] && is_page
}

@test "OA-13: an answer that was not offered is none" {
	register
	browser olga
	authorize
	looks
	signs_in
	looks
	each consent consent_row
	answers approve
	[ -n "$code" ]
}

method_row()
{
	at_gateway -X "${1% *}" "${1#* }"
	[ "$status" = "${2% *}" ] && grep -qi '^Cache-Control: no-store' "$headers" || return
	if [ "${2#* }" = page ]; then
		is_page
	else
		grep -qi '^Content-Type: application/json' "$headers" && jq -e . <<<"$body" >/dev/null
	fi
}

@test "section 16: at each address of the authorization server a refusal has the form of who asks there" {
	each method method_row
}

page_row()
{
	local method path type

	read -r method path type <<<"$1"
	fetch_answer -X "$method" ${type:+-H "Content-Type: $type" --data-raw email=x} "$app_url$path"
	[ "$status" = "$2" ] && is_page && grep -qi '^Cache-Control: no-store' "$headers" && not grep -qi '^Access-Control' "$headers"
}

@test "AC-12: at the app host a refusal is a page, for no other site to read" {
	each page page_row
}

@test "RP-7: what is too large is told in the form of who asks" {
	head -c 40000 /dev/zero | tr '\0' a >"$BATS_TEST_TMPDIR/large"
	for path in /token /revoke /register; do
		at_gateway --data-binary "@$BATS_TEST_TMPDIR/large" "$path"
		as_told '413 invalid_request'
	done
	for path in /signin /signup ''; do
		fetch_answer --data-binary "@$BATS_TEST_TMPDIR/large" -H "Cookie: access_token=$(cat "$people/olga/session")" -H "Origin: $app_url" \
			"$app_url/oauth/consent/00000000-0000-4000-8000-000000000000$path"
		[ "$status" = 413 ]
		is_page
	done
	register
	authorize "state=$(head -c 4096 /dev/zero | tr '\0' s)"
	[ -n "$question" ]
	authorize "state=$(head -c 4097 /dev/zero | tr '\0' s)"
	[[ $place == "$callback?error=invalid_request&"* ]]
}

# Each kind of token, and each door: only the diagonal passes.
@test "JW-4, I2: a token of one kind is none of another, at any door" {
	people_and_things
	grant
	client_of olga 'del(.token_endpoint_auth_method)'
	secret=$(jq -r .client_secret <<<"$body")
	echo "$secret" >>"$stand/secrets"
	session=$(cat "$people/olga/session")
	for kind in personal access refresh code client secret session; do
		case $kind in
		personal) held=$gateway_token ;;
		access) held=$was_access ;;
		refresh) held=$was_refresh ;;
		code) held=$code ;;
		client) held=$client ;;
		secret) held=$secret ;;
		session) held=$session ;;
		esac
		calls "$held" '"method":"tools/list"'
		if [[ $kind == personal || $kind == access ]]; then [ "$status" = 200 ]; else [ "$status" = 401 ]; fi
		fetch_answer -H "Authorization: Bearer $held" "$app_url/api/v1/me"
		if [ "$kind" = session ]; then [ "$status" = 200 ]; else [ "$status" = 401 ]; fi
		fetch_answer -H "Cookie: access_token=$held" "$app_url/api/v1/me"
		if [ "$kind" = session ]; then [ "$status" = 200 ]; else [ "$status" = 401 ]; fi
		[ "$kind" = refresh ] || {
			refreshes "$held"
			as_told '400 invalid_grant'
		}
		[ "$kind" = code ] || {
			token grant_type=authorization_code "client_id=$client" "code=$held" "code_verifier=$verifier"
			as_told '400 invalid_grant'
		}
		[ "$kind" = secret ] || {
			at_gateway -u "$made:$held" -d "grant_type=refresh_token&refresh_token=x" /token
			as_told '401 invalid_client'
		}
	done
	# LA-3: nor does one at the wrong door end up in a log, however long it is.
	not grep -qF "$session" "$stand"/log/*.log
	# In a query it is none at all (MC-5).
	at_gateway -H 'Content-Type: application/json' --data-raw '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' "/?access_token=$was_access"
	[ "$status" = 401 ]
}
