# What the OAuth suites share, beside helper.bash: a client, the person it sends
# to the consent page, and the tokens that come of it, one request at a time.

callback=http://127.0.0.1:41041/callback
verifier=0123456789012345678901234567890123456789abc
challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | basenc --base64url | tr -d '=')

# at_gateway CURL-ARGUMENT… PATH: asks the gateway in use, the path last.
at_gateway()
{
	local path=${*: -1}

	fetch_answer "${gateway_curl[@]}" "${@:1:$#-1}" "$gateway_url$path"
}

# forgive: of registrations from here, none were.
forgive()
{
	sql "SELECT gatehouse.throttle_clear('register 127.0.0.1 ')" >/dev/null
}

# register [FILTER]: a public client of the gateway in use, its metadata changed
# by a jq filter; sets $client.
# shellcheck disable=SC2120 # the suites pass one
register()
{
	at_gateway -H 'Content-Type: application/json' --data-raw "$(jq -c "${1:-.}" <<-END
		{"client_name": "Tests", "redirect_uris": ["$callback"], "token_endpoint_auth_method": "none"}
	END
	)" /register
	client=$(jq -r '.client_id // empty' <<<"$body")
}

# query NAME=VALUE…: what the client asks, with these in place of the usual; an
# empty value leaves one out.
query()
{
	jq -rn --arg client "$client" --arg callback "$callback" --arg challenge "$challenge" '
		{response_type: "code", client_id: $client, redirect_uri: $callback, code_challenge: $challenge,
		 code_challenge_method: "S256", state: "st"} +
		($ARGS.positional | map(index("=") as $at | {(.[:$at]): .[$at + 1:]}) | add // {}) |
		to_entries | map(select(.value != "") | "\(.key)=\(.value | @uri)") | join("&")' --args -- "$@"
}

# authorize [NAME=VALUE…]: the client's question; sets $place, where it leads, and
# $question when that is the consent page.
authorize()
{
	at_gateway "/authorize?$(query "$@")"
	place=$(tr -d '\r' <"$headers" | sed -n 's/^Location: //Ip')
	question=
	[[ $place != "$app_url"/oauth/consent/* ]] || question=${place##*/}
}

# browser NAME: the cookies in use.
browser()
{
	jar=$BATS_TEST_TMPDIR/browser-$1
	touch "$jar"
}

# page METHOD PATH [FIELD=VALUE…]: as a browser asks the app host.
page()
{
	local method=$1 path=$2 field fields=()

	shift 2
	for field; do
		fields+=(--data-urlencode "$field")
	done
	[ "$method" = GET ] || fields+=(-H "Origin: $app_url" --data-raw '')
	fetch_answer -X "$method" -b "$jar" -c "$jar" "${fields[@]}" "$app_url$path"
	place=$(tr -d '\r' <"$headers" | sed -n 's/^Location: //Ip')
}

# signs_in: the account in use, in the browser in use.
signs_in()
{
	page POST "/oauth/consent/$question/signin" "email=$user_email" "password=$user_password"
	[ "$status" = 303 ] && [ "$place" = "/oauth/consent/$question" ]
}

# looks: at the page that asks; sets $consent.
looks()
{
	page GET "/oauth/consent/$question"
	consent=$(sed -n 's/.*name="consent" value="\([^"]*\)".*/\1/p' <<<"$body")
	[ -z "$consent" ] || echo "$consent" >>"$stand/secrets"
}

# answers BUTTON [FIELD…]: all that is asked, unless fields are named.
answers()
{
	local button=$1

	shift
	[ $# -gt 0 ] || set -- scope-search=on scope-fetch=on scope-outlook=on scope-snowflake=on scope-box=on days=30
	page POST "/oauth/consent/$question" "consent=$consent" "answer=$button" "$@"
	code=$(sed -n 's/.*[?&]code=\([^&]*\).*/\1/p' <<<"$place")
	[ -z "$code" ] || echo "$code" >>"$stand/secrets"
}

# grant [NAME=VALUE…]: from the question to a code, as the account in use.
grant()
{
	browser "$current_user"
	authorize "$@"
	[ -n "$question" ] || {
		echo "no question: $status $place $body"
		return 1
	}
	looks
	[ "$status" = 200 ] || {
		signs_in
		looks
	}
	answers approve
	[ -n "$code" ] || {
		echo "no code: $status $place $body"
		return 1
	}
}

# token FIELD=VALUE…: asks for tokens; sets $access and $refresh if it gets some.
token()
{
	local field fields=()

	for field; do
		fields+=(--data-urlencode "$field")
	done
	at_gateway "${fields[@]}" /token
	[ "$status" = 200 ] || return 0
	access=$(jq -r .access_token <<<"$body")
	refresh=$(jq -r ".refresh_token // empty" <<<"$body")
	printf '%s\n' "$access" ${refresh:+"$refresh"} >>"$stand/secrets"
}

# shellcheck disable=SC2120 # the suites pass some
redeem()
{
	token grant_type=authorization_code "client_id=$client" "code=$code" "code_verifier=$verifier" "redirect_uri=$callback" "$@"
}

refreshes()
{
	token grant_type=refresh_token "client_id=$client" "refresh_token=$1" "${@:2}"
}

# connected [NAME=VALUE…]: a client with tokens.
connected()
{
	# shellcheck disable=SC2119 # what is granted is asked of the person
	register
	grant "$@"
	# shellcheck disable=SC2119
	redeem
	[ "$status" = 200 ]
}

# opens TOKEN: whether it opens the gateway in use.
opens()
{
	calls "$1" '"method":"tools/list"'
	[ "$status" = 200 ]
}

# calls TOKEN MEMBERS: a message of 2025-11-25.
calls()
{
	at_gateway -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -H 'MCP-Protocol-Version: 2025-11-25' \
		--data-raw "{\"jsonrpc\":\"2.0\",\"id\":1,$2}" /
}

tool()
{
	calls "$1" "\"method\":\"tools/call\",\"params\":{\"name\":\"$2\",\"arguments\":$3}"
}

# oauth_error STATUS CODE
oauth_error()
{
	[ "$status" = "$1" ] && says ".error == \"$2\" and (.error_description | length > 0)"
}

# sent_back CODE: an error went to the client's redirect URI.
sent_back()
{
	[ "$status" = 303 ] && [[ $place == "$callback?"* ]] && [[ $place == *"error=$1&"* ]] && [[ $place == *"&state=st"* ]] &&
		[[ $place == *"&iss=$(jq -rn --arg v "$gateway_url" '$v | @uri')" ]] && return
	echo "not sent back with $1: $status $place"
	return 1
}

# on_a_page: what is wrong is told here, and nothing is sent anywhere.
on_a_page()
{
	[ "$status" = 400 ] && [ -z "$place" ] && grep -qi '^Content-Type: text/html' "$headers" && ! grep -qi '^Location' "$headers" && return
	echo "no page: $status $place $body"
	return 1
}
