# Whom an owner lets in connects with an application of their own, for as long as
# they are let in.

load helper
load mcp
load oauth

setup_file()
{
	gateway rita
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter notes", "text": "The otter floats on its back."}'
	api PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
	sign_up sven
	sign_up tina
}

setup()
{
	as rita
	on rita
	forgive
}

# invites NAME [MEMBERS]: a share of rita's server; sets $link and $share.
invites()
{
	as rita
	api POST "/api/v1/mcp-servers/$server/shares" "$(jq -c --arg email "$(cat "$people/$1/email")" '. + {email: $email}' <<<"{${2:-}}")"
	[ "$status" = 201 ]
	share=$(jq -r .id <<<"$body")
	link=$(jq -r .invitation_url <<<"$body")
	link=${link#"$app_url"}
	echo "${link##*/}" >>"$stand/secrets"
}

# accepts NAME: by the page that the link leads to.
accepts()
{
	as "$1"
	browser "$1"
	page GET "$link"
	if [ "$status" = 303 ]; then
		page POST "$link/signin" "email=$user_email" "password=$user_password"
		[ "$place" = "$link" ]
	fi
	page POST "$link" answer=accept
	[ "$status" = 200 ]
	grep -q 'You are in' <<<"$body"
}

# lets_in NAME [MEMBERS]
lets_in()
{
	invites "$@"
	accepts "$1"
}

# out TOKEN: it opens nothing any more, and cannot be renewed.
out()
{
	not opens "$1"
	[ "$status" = 401 ]
	refreshes "$refresh"
	oauth_error 400 invalid_grant
}

unshared()
{
	as rita
	api DELETE "/api/v1/mcp-servers/$server/shares/$share"
	[ "$status" = 200 ]
}

@test "an invitation's page says who invites to what, and whose credentials are used" {
	invites sven '"scopes": ["search"], "expires_at": "2099-01-31"'
	as sven
	browser newcomer
	page GET "$link"
	[ "$place" = "$link/signin" ]
	page GET "$place"
	[ "$status" = 200 ]
	grep -q 'type="password"' <<<"$body"
	# Somebody else who is signed in learns nothing, and can become who is meant.
	as tina
	page POST "$link/signin" "email=$user_email" "password=$user_password"
	page GET "$link"
	[ "$status" = 404 ]
	not grep -q 'rita' <<<"$body"
	page POST "$link" answer=accept
	[ "$status" = 404 ]
	page POST "$link" answer=other
	[ "$place" = "$link/signin" ]
	as sven
	page POST "$link/signin" "email=$user_email" "password=$user_password"
	page GET "$link"
	[ "$status" = 200 ]
	for text in "$(cat "$people/rita/email")" "$gateway_host" documents '<dd>search</dd>' 2099-01-31 'credentials of who invites you' "$user_email"; do
		grep -qF -- "$text" <<<"$body"
	done
	fetch_answer -b "$jar" -H 'Origin: https://evil.example' -d answer=accept "$app_url$link"
	[ "$status" = 403 ]
	page POST "$link" answer=maybe
	[ "$status" = 400 ]
	page POST "$link" answer=decline
	[ "$status" = 200 ]
	page GET "$link"
	[ "$status" = 404 ]
}

@test "who is let in connects, is told whose server it is, and is named in the owner's audit log" {
	lets_in sven
	register
	authorize
	browser sven
	looks
	grep -q 'Shared by' <<<"$body"
	grep -qF "$(cat "$people/rita/email")" <<<"$body"
	answers approve
	redeem
	[ "$status" = 200 ]
	tool "$access" search '{"query": "otter"}'
	says '.result.structuredContent.results[0].title == "Otter notes"'
	as rita
	api GET "/api/v1/audit?event=tool-call&server=$server&limit=1"
	says ".[0].detail.by == \"$(cat "$people/sven/id")\""
	api GET "/api/v1/mcp-servers/$server/grants"
	says ".[-1].user == \"$(cat "$people/sven/email")\""
	as sven
	api GET /api/v1/grants
	says 'length >= 1'
	unshared
	out "$access"
}

@test "a share of some scopes gives these and no more" {
	lets_in sven '"scopes": ["search"]'
	register
	grant
	redeem
	says '.scope == "search"'
	tool "$access" fetch '{"id": "documents::x::y"}'
	[ "$status" = 403 ]
	unshared
}

@test "a grant lasts no longer than the share" {
	lets_in sven "\"expires_at\": \"$(date -u -d '+2 hours' +%Y-%m-%dT%H:%M:%SZ)\""
	connected
	[ "$(sql "SELECT expires_at < now() + interval '3 hours' FROM gatehouse.grants WHERE client_id = '$client'")" = t ]
	# It ends by time: with the next token at the latest.
	sql "UPDATE gatehouse.server_shares SET until = now() - interval '1 second' WHERE id = '$share'" >/dev/null
	out "$access"
	unshared
}

@test "TI-7: whoever is put out is out with the next request: by the share, the access, the team, the account" {
	lets_in sven
	connected
	opens "$access"
	as rita
	api PUT "/api/v1/mcp-servers/$server" '{"access": "private"}'
	out "$access"
	as rita
	api PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
	as sven
	connected
	unshared
	out "$access"

	as rita
	api POST /api/v1/teams '{"name": "Otters"}'
	team=$(jq -r .id <<<"$body")
	api POST "/api/v1/teams/$team/invitations" "{\"email\": \"$(cat "$people/tina/email")\"}"
	link=$(jq -r '.invitation_url' <<<"$body")
	link=${link#"$app_url"}
	echo "${link##*/}" >>"$stand/secrets"
	api POST "/api/v1/mcp-servers/$server/shares" "{\"team_id\": \"$team\"}"
	accepts tina
	connected
	opens "$access"
	as rita
	api DELETE "/api/v1/teams/$team/members/$(cat "$people/tina/id")"
	[ "$status" = 200 ]
	out "$access"

	sign_up uwe
	lets_in uwe
	connected
	opens "$access"
	api DELETE /api/v1/me "{\"current_password\": \"$user_password\"}"
	[ "$status" = 200 ]
	out "$access"
}

@test "what an owner's own applications may do stays, whoever else is put out" {
	connected
	mine=$access
	lets_in sven
	unshared
	opens "$mine"
	as rita
	api PUT "/api/v1/mcp-servers/$server" '{"access": "private"}'
	opens "$mine"
	api PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
}

@test "RP-14: whatever stands where an invitation's secret would, the answer leads back to it" {
	for odd in %0D%0AX%3A%20y %0A %20 %22%3E%3Cb%3E %C3%A9 %3F %25 %7F; do
		browser "${odd//%/-}"
		page GET "/invitations/$odd"
		[ "$status" = 303 ]
		[ "$place" = "/invitations/$odd/signin" ]
		page GET "$place"
		[ "$status" = 200 ]
		grep -qF "action=\"/invitations/$odd/signin\"" <<<"$body"
		page POST "/invitations/$odd/signin" "email=$user_email" "password=$user_password"
		[ "$status" = 303 ]
		[ "$place" = "/invitations/$odd" ]
		page GET "$place"
		[ "$status" = 404 ]
	done
}

@test "OA-5: a code is good for what its person may do when it comes, not when they said yes" {
	lets_in sven
	register
	grant
	[ -n "$code" ]
	# Less of it since then.
	sql "UPDATE gatehouse.server_shares SET scopes = '{search}' WHERE id = '$share'"
	redeem
	oauth_error 400 invalid_grant
	grant
	redeem
	says '.scope == "search"'
	unshared
}

# waits_for_lock: a session of the gateways' program does.
waits_for_lock()
{
	[ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE usename = 'gatehouse_mcp' AND wait_event_type = 'Lock'")" -ge 1 ]
}

@test "TI-7: who is put out while their code is being redeemed is out" {
	lets_in sven
	register
	grant
	# The share is gone, and nobody else knows yet.
	mkfifo "$BATS_TEST_TMPDIR/go"
	{
		echo "BEGIN; DELETE FROM gatehouse.server_shares WHERE id = '$share'; SELECT 'gone';"
		cat "$BATS_TEST_TMPDIR/go"
	} | "$postgres_bin/psql" -X -q -t >"$BATS_TEST_TMPDIR/gone" &
	wait_until grep -q gone "$BATS_TEST_TMPDIR/gone"
	{
		redeem
		echo "$status $body" >"$BATS_TEST_TMPDIR/redeemed"
	} &
	waits=no
	! wait_until waits_for_lock || waits=yes
	echo 'COMMIT;' >"$BATS_TEST_TMPDIR/go"
	wait
	[ "$waits" = yes ]
	grep -q '^400 .*invalid_grant' "$BATS_TEST_TMPDIR/redeemed"
	[ "$(sql "SELECT count(*) FROM gatehouse.grants WHERE client_id = '$client' AND ended_at IS NULL")" = 0 ]
}
