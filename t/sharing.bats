# Whom an owner lets in: access, shares, invitations, teams.

load helper
load api

setup_file()
{
	for who in owner friend other; do
		sign_up "$who"
	done
}

setup()
{
	as owner
	make_source
	make_server "\"$source\""
	share_it "$server"
	shares=/api/v1/mcp-servers/$server/shares
}

teardown()
{
	for who in owner friend other; do
		as "$who"
		end_servers
		end_teams
	done
}

share_it()
{
	answers 200 PUT "/api/v1/mcp-servers/$1" '{"access": "shared"}'
}

end_teams()
{
	local id

	api GET /api/v1/teams
	for id in $(jq -r '.[] | select(.role == "owner").id' <<<"$body"); do
		api DELETE "/api/v1/teams/$id"
	done
}

email_of()
{
	cat "$people/$1/email"
}

id_of()
{
	cat "$people/$1/id"
}

# secret: the one of the link in the last answer; the log must not have it.
secret()
{
	field .invitation_url | sed "s|^$app_url/invitations/||" | tee -a "$stand/secrets"
}

# shared_with NAME [MORE]: the account in use shares $server with a person, who
# accepts; leaves $share.
shared_with()
{
	local from=$current_user secret

	answers 201 POST "/api/v1/mcp-servers/$server/shares" "{\"email\": \"$(email_of "$1")\"${2:+, $2}}"
	share=$(field .id)
	secret=$(secret)
	as "$1"
	answers 200 POST "/api/v1/invitations/$secret/accept"
	as "$from"
}

# a_team NAME [PERSON=ROLE…]: a team of the account in use; leaves $team.
a_team()
{
	local from=$current_user secret pair

	answers 201 POST /api/v1/teams "{\"name\": \"$1\"}"
	team=$(field .id)
	shift
	for pair; do
		as "$from"
		answers 201 POST "/api/v1/teams/$team/invitations" "{\"email\": \"$(email_of "${pair%=*}")\", \"role\": \"${pair#*=}\"}"
		secret=$(secret)
		as "${pair%=*}"
		answers 200 POST "/api/v1/invitations/$secret/accept"
	done
	as "$from"
}

# may_use PERSON SERVER: what access_of() says, as "scopes|until", or nothing.
may_use()
{
	sql "SELECT coalesce(array_to_string(scopes, ','), 'all'), coalesce(until::date::text, 'always')
	       FROM gatehouse.access_of('$2', '$(id_of "$1")')"
}

# audited PERSON EVENT OUTCOME: how often, of this account.
audited()
{
	sql "SELECT count(*) FROM gatehouse.audit_log WHERE user_id = '$(id_of "$1")' AND event = '$2' AND outcome = '$3'"
}

# ---- access ----

@test "a server is private unless its owner says otherwise" {
	make_server
	says '.access == "private"'
	answers 201 POST /api/v1/mcp-servers '{"name": "s", "access": "shared"}'
	says '.access == "shared"'
	id=$(field .id)
	answers 200 PUT "/api/v1/mcp-servers/$id" '{"name": "t"}'
	says '.access == "shared"'
	answers 200 PUT "/api/v1/mcp-servers/$id" '{"access": "private"}'
	answers 200 GET "/api/v1/mcp-servers/$id"
	says '.access == "private" and .name == "t"'
	answers 400 PUT "/api/v1/mcp-servers/$id" '{"access": "everybody"}'
	told 'access must be one of: private, shared, public'
}

@test "a server is public only where the operator allows it" {
	answers 400 PUT "/api/v1/mcp-servers/$server" '{"access": "public"}'
	told "access may not be public: this gateway's operator has not allowed it (GATEHOUSE_PUBLIC_SERVERS)."
	answers 400 POST /api/v1/mcp-servers '{"name": "s", "access": "public"}'

	worker_stop api
	test_worker_start api 1 GATEHOUSE_PUBLIC_SERVERS=on
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"access": "public"}'
	says '.access == "public"'
	as friend
	answers 200 GET /api/v1/shared-servers
	says '. == []'
	[ "$(sql "SELECT count(*) FROM gatehouse.access_of('$server', '$user_id', true)")" = 1 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.access_of('$server', '$user_id')")" = 0 ]
	restart_workers api
}

# ---- shares ----

@test "an invitation lets nobody in before it is accepted, by whom it names, once" {
	answers 201 POST "$shares" "{\"email\": \"$(email_of friend)\", \"scopes\": [\"search\"], \"expires_at\": \"2099-12-31T12:00:00+01:00\"}"
	says 'keys == ["accepted_at", "created_at", "email", "expires_at", "id", "invitation_url", "scopes", "state", "team_id", "team_name"]'
	says '.state == "invited" and .scopes == ["search"] and .expires_at == "2099-12-31T11:00:00.000000+00:00"'
	says ".invitation_url | test(\"^$app_url/invitations/ghv_[A-Za-z0-9_-]{43}\$\")"
	secret=$(secret)
	[ -z "$(may_use friend "$server")" ]
	answers 200 GET "$shares"
	says 'length == 1 and (.[0] | has("invitation_url") | not)'
	lacks "$secret"
	lacks "${secret#ghv_}" "$(sql 'SELECT i::text FROM gatehouse.invitations i')"

	as friend
	answers 200 GET "/api/v1/invitations/$secret"
	says ".invited_by == \"$(email_of owner)\" and .team == null and .server.id == \"$server\" and .server.scopes == [\"search\"]"
	says '.server.source_types == ["documents"] and .server.credentials == "owner"'
	[ -z "$(may_use friend "$server")" ]
	answers 200 POST "/api/v1/invitations/$secret/accept"
	says '. == {message: "Invitation accepted"}'
	[ "$(may_use friend "$server")" = 'search|2099-12-31' ]
	answers 404 POST "/api/v1/invitations/$secret/accept"
	told 'Invitation not found'
	answers 404 GET "/api/v1/invitations/$secret"

	as owner
	answers 200 GET "$shares"
	says '.[0].state == "accepted" and .[0].accepted_at != null'
	[ "$(audited owner share_create ok)" -ge 1 ]
	[ "$(audited friend invitation_accept ok)" -ge 1 ]
	[ "$(audited owner invitation_accept ok)" -ge 1 ]
	[ "$(audited friend invitation_accept refused)" -ge 1 ]
}

@test "the invited see what they may use, whose it is, and whose credentials are used" {
	shared_with friend '"scopes": ["fetch", "search"]'
	as friend
	answers 200 GET /api/v1/shared-servers
	says 'length == 1 and (.[0] | keys == ["credentials", "endpoint", "expires_at", "id", "name", "owner_email", "scopes", "source_types"])'
	says ".[0].owner_email == \"$(email_of owner)\" and .[0].id == \"$server\" and .[0].scopes == [\"fetch\", \"search\"]"
	says '.[0].credentials == "owner" and .[0].source_types == ["documents"] and .[0].expires_at == null'
	answers 200 GET /api/v1/mcp-servers
	says '. == []'
	answers 404 GET "/api/v1/mcp-servers/$server"
	answers 404 GET "/api/v1/sources/$source"
	answers 404 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "n"}'
	as other
	answers 200 GET /api/v1/shared-servers
	says '. == []'
}

@test "TI-5: a wrong secret, another's, a used one and one that is over are the same 404" {
	answers 201 POST "$shares" "{\"email\": \"$(email_of friend)\"}"
	open=$(secret)
	answers 201 POST "$shares" "{\"email\": \"$(email_of other)\"}"
	used=$(secret)
	as other
	answers 200 POST "/api/v1/invitations/$used/accept"
	as owner
	make_server
	share_it "$server"
	answers 201 POST "/api/v1/mcp-servers/$server/shares" "{\"email\": \"$(email_of other)\"}"
	late=$(secret)
	sql "UPDATE gatehouse.invitations SET expires_at = now() WHERE share_id = '$(field .id)'"
	answers 201 POST /api/v1/mcp-servers '{"name": "s", "access": "shared"}'
	hidden_server=$(field .id)
	answers 201 POST "/api/v1/mcp-servers/$hidden_server/shares" "{\"email\": \"$(email_of other)\"}"
	hidden=$(secret)
	answers 200 PUT "/api/v1/mcp-servers/$hidden_server" '{"access": "private"}'

	as other
	for deed in 'GET ' 'POST /accept' 'POST /decline'; do
		read -r method rest <<<"$deed"
		wanted=
		for secret in "ghv_$(printf 'x%.0s' {1..43})" "$open" "$used" "$late" "$hidden" x "$nobody" ghv_ "${open#ghv_}" "${open}x"; do
			answers 404 "$method" "/api/v1/invitations/$secret$rest"
			got=$(cat "$headers" "$(scratch)/answer" | sed '/^Date:/Id; /^X-Request-Id:/Id')
			[ -n "$wanted" ] || wanted=$got
			diff <(echo "$wanted") <(echo "$got")
		done
	done
	as friend
	answers 200 POST "/api/v1/invitations/$open/accept"
}

@test "an address is the one it is canonically, however it is written" {
	email=$(email_of friend)
	answers 201 POST "$shares" "{\"email\": \" ${email^^} \"}"
	secret=$(secret)
	as friend
	answers 200 POST "/api/v1/invitations/$secret/accept"
	as owner
	answers 409 POST "$shares" "{\"email\": \"$email\"}"
	told 'This server is shared with them already: delete that share first.'
	answers 400 POST "$shares" "{\"email\": \"${user_email^^}\"}"
}

@test "a new invitation takes the place of one that nobody accepted" {
	answers 201 POST "$shares" "{\"email\": \"$(email_of friend)\"}"
	first=$(secret)
	answers 201 POST "$shares" "{\"email\": \"$(email_of friend)\", \"scopes\": [\"search\"]}"
	second=$(secret)
	answers 200 GET "$shares"
	says 'length == 1 and .[0].scopes == ["search"]'
	as friend
	answers 404 GET "/api/v1/invitations/$first"
	answers 200 POST "/api/v1/invitations/$second/accept"
}

@test "who declines an invitation is not let in, and the share is gone" {
	answers 201 POST "$shares" "{\"email\": \"$(email_of friend)\"}"
	secret=$(secret)
	as friend
	answers 200 POST "/api/v1/invitations/$secret/decline"
	says '. == {message: "Invitation declined"}'
	answers 404 POST "/api/v1/invitations/$secret/accept"
	as owner
	answers 200 GET "$shares"
	says '. == []'
}

@test "an invitation ends after seven days, a share when it was to" {
	answers 201 POST "$shares" "{\"email\": \"$(email_of friend)\"}"
	secret=$(secret)
	as friend
	answers 200 GET "/api/v1/invitations/$secret"
	says '(.open_until | .[:19] + "Z" | fromdate) - now - 7 * 86400 | fabs < 60'
	as owner
	sql "UPDATE gatehouse.invitations SET expires_at = now() WHERE share_id IN (SELECT id FROM gatehouse.server_shares WHERE server_id = '$server')"
	answers 200 GET "$shares"
	says '.[0].state == "expired"'

	shared_with other '"expires_at": "2099-01-01"'
	[ "$(may_use other "$server")" = 'all|2099-01-01' ]
	sql "UPDATE gatehouse.server_shares SET until = now() WHERE id = '$share'"
	[ -z "$(may_use other "$server")" ]
	answers 200 GET "$shares"
	says '.[1].state == "expired"'
	as other
	answers 200 GET /api/v1/shared-servers
	says '. == []'
}

@test "TI-7: who is no longer let in is out with the next request, however it came about" {
	shared_with friend
	[ -n "$(may_use friend "$server")" ]
	answers 200 DELETE "$shares/$share"
	says '. == {message: "Share deleted successfully"}'
	[ -z "$(may_use friend "$server")" ]
	answers 404 DELETE "$shares/$share"
	told 'Share not found'

	shared_with friend
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"access": "private"}'
	[ -z "$(may_use friend "$server")" ]
	share_it "$server"
	[ -n "$(may_use friend "$server")" ]
	answers 200 DELETE "/api/v1/mcp-servers/$server"
	[ -z "$(may_use friend "$server")" ]
	[ "$(sql "SELECT count(*) FROM gatehouse.server_shares WHERE server_id = '$server'")" = 0 ]
	as friend
	answers 200 GET /api/v1/shared-servers
	says '. == []'
}

@test "a private server is not shared before its owner says that it is" {
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"access": "private"}'
	answers 409 POST "$shares" "{\"email\": \"$(email_of friend)\"}"
	told 'This server is private: set its access to shared first.'
}

@test "TI-10: a server has so many shares, an account so many teams, a team so many members" {
	worker_stop api
	test_worker_start api 1 GATEHOUSE_SHARES_PER_SERVER=2 GATEHOUSE_TEAMS_PER_USER=1 GATEHOUSE_MEMBERS_PER_TEAM=2
	answers 201 POST "$shares" '{"email": "one@example.com"}'
	answers 201 POST "$shares" '{"email": "two@example.com"}'
	answers 429 POST "$shares" '{"email": "three@example.com"}'
	told 'This server has as many shares as it may have: delete one first.'
	answers 201 POST "$shares" '{"email": "two@example.com"}'
	a_team 'the one' friend=member
	answers 429 POST /api/v1/teams '{"name": "another"}'
	answers 429 POST "/api/v1/teams/$team/invitations" "{\"email\": \"$(email_of other)\"}"
	told 'This team has as many members and invitations as it may have: remove one first.'
	restart_workers api
}

# ---- teams ----

@test "a team is its members', and who makes it is its owner" {
	answers 201 POST /api/v1/teams '{"name": "Kitchen"}'
	says 'keys == ["created_at", "id", "name", "role", "updated_at"] and .name == "Kitchen" and .role == "owner"'
	team=$(field .id)
	answers 200 GET "/api/v1/teams/$team"
	answers 200 PUT "/api/v1/teams/$team" '{"name": "Bakery"}'
	says '.name == "Bakery"'
	answers 200 GET /api/v1/teams
	says "length == 1 and .[0].id == \"$team\" and .[0].name == \"Bakery\""
	answers 200 GET "/api/v1/teams/$team/members"
	says "length == 1 and .[0].user_id == \"$user_id\" and .[0].email == \"$user_email\" and .[0].role == \"owner\""
	as friend
	answers 200 GET /api/v1/teams
	says '. == []'
	answers 404 GET "/api/v1/teams/$team"
	told 'Team not found'
	as owner
	answers 200 DELETE "/api/v1/teams/$team"
	says '. == {message: "Team deleted successfully"}'
	answers 404 GET "/api/v1/teams/$team"
}

@test "an invitation to a team says who invites and as what, and makes a member" {
	answers 201 POST /api/v1/teams '{"name": "Kitchen"}'
	team=$(field .id)
	answers 201 POST "/api/v1/teams/$team/invitations" "{\"email\": \"$(email_of friend)\", \"role\": \"admin\"}"
	says '.role == "admin" and .state == "invited"'
	secret=$(secret)
	answers 200 GET "/api/v1/teams/$team/invitations"
	says 'length == 1 and (.[0] | has("invitation_url") | not)'
	as friend
	answers 200 GET "/api/v1/invitations/$secret"
	says ".server == null and .team == {id: \"$team\", name: \"Kitchen\", role: \"admin\"} and .invited_by == \"$(email_of owner)\""
	answers 200 POST "/api/v1/invitations/$secret/accept"
	answers 200 GET "/api/v1/teams/$team"
	says '.role == "admin"'
	answers 200 GET "/api/v1/teams/$team/invitations"
	says '. == []'
	answers 409 POST "/api/v1/teams/$team/invitations" "{\"email\": \"$(email_of owner)\"}"
	as owner
	answers 201 POST "/api/v1/teams/$team/invitations" "{\"email\": \"$(email_of other)\"}"
	says '.role == "member"'
	withdrawn=$(secret)
	answers 200 DELETE "/api/v1/teams/$team/invitations/$(field .id)"
	as other
	answers 404 POST "/api/v1/invitations/$withdrawn/accept"
}

# What each role may do: METHOD PATH|JSON|owner admin member nobody. {team},
# {owner} and {other} stand for ids; nothing of it changes anything.
role_table()
{
	cat <<-'END'
		GET /api/v1/teams/{team}||200 200 200 404
		PUT /api/v1/teams/{team}|{"name": "Kitchen"}|200 403 403 404
		GET /api/v1/teams/{team}/members||200 200 200 404
		GET /api/v1/teams/{team}/invitations||200 200 403 404
		POST /api/v1/teams/{team}/invitations|{"email": "who@example.com", "role": "member"}|201 201 403 404
		POST /api/v1/teams/{team}/invitations|{"email": "who@example.com", "role": "admin"}|201 201 403 404
		POST /api/v1/teams/{team}/invitations|{"email": "who@example.com", "role": "owner"}|201 403 403 404
		DELETE /api/v1/teams/{team}/invitations/{nobody}||404 404 403 404
		PUT /api/v1/teams/{team}/members/{other}|{"role": "member"}|200 200 403 404
		PUT /api/v1/teams/{team}/members/{nobody}|{"role": "member"}|404 404 403 404
		PUT /api/v1/teams/{team}/members/{owner}|{"role": "owner"}|200 200 403 404
		PUT /api/v1/teams/{team}/members/{owner}|{"role": "member"}|409 403 403 404
		PUT /api/v1/teams/{team}/members/{owner}|{"role": "admin"}|409 403 403 404
		DELETE /api/v1/teams/{team}/members/{owner}||409 403 403 404
		DELETE /api/v1/teams/{team}/members/{nobody}||404 404 403 404
	END
}

@test "owners may everything, admins have members and invitations, members see, others find nothing" {
	for who in admin member stranger; do
		[ -e "$people/$who" ] || sign_up "$who"
	done
	as owner
	a_team Kitchen admin=admin member=member other=member
	while IFS='|' read -r route json wanted; do
		route=$(sed "s/{team}/$team/; s/{owner}/$(id_of owner)/; s/{other}/$(id_of other)/; s/{nobody}/$nobody/" <<<"$route")
		read -ra each <<<"$wanted"
		for who in owner admin member stranger; do
			as "$who"
			answers "${each[0]}" ${route% *} "${route#* }" "$json"
			each=("${each[@]:1}")
		done
	done < <(role_table)
	as admin
	answers 403 DELETE "/api/v1/teams/$team"
	told 'Your role in this team does not allow this.'
	as stranger
	answers 404 DELETE "/api/v1/teams/$team"
	answers 404 POST "/api/v1/teams/$team/leave"
	as member
	answers 403 DELETE "/api/v1/teams/$team"
	answers 200 DELETE "/api/v1/teams/$team/members/$user_id"
	answers 404 GET "/api/v1/teams/$team"
	as admin
	answers 200 DELETE "/api/v1/teams/$team/members/$(id_of other)"
	answers 200 POST "/api/v1/teams/$team/leave"
}

@test "the last owner of a team can neither leave it nor be less, and is told what to do" {
	a_team Kitchen friend=admin
	for try in "POST /api/v1/teams/$team/leave" "DELETE /api/v1/teams/$team/members/$user_id" \
		"PUT /api/v1/teams/$team/members/$user_id {\"role\": \"member\"}"; do
		read -r method path json <<<"$try"
		answers 409 "$method" "$path" "$json"
		told 'A team needs an owner: make another member owner first, or delete the team.'
	done
	answers 200 PUT "/api/v1/teams/$team/members/$(id_of friend)" '{"role": "owner"}'
	says '.role == "owner"'
	answers 200 POST "/api/v1/teams/$team/leave"
	says '. == {message: "You have left the team"}'
	answers 404 GET "/api/v1/teams/$team"
	as friend
	answers 200 GET "/api/v1/teams/$team/members"
	says 'length == 1'
}

@test "what is shared with a team is for whoever is in it, as long as they are" {
	a_team Kitchen friend=member
	answers 201 POST "$shares" "{\"team_id\": \"$team\", \"scopes\": [\"search\"]}"
	says '.state == "accepted" and .team_name == "Kitchen" and .email == null and (has("invitation_url") | not)'
	share=$(field .id)
	answers 409 POST "$shares" "{\"team_id\": \"$team\"}"
	[ "$(may_use friend "$server")" = 'search|always' ]
	[ -z "$(may_use other "$server")" ]
	as friend
	answers 200 GET /api/v1/shared-servers
	says "length == 1 and .[0].id == \"$server\""
	answers 404 DELETE "$shares/$share"
	answers 200 POST "/api/v1/teams/$team/leave"
	[ -z "$(may_use friend "$server")" ]
}

@test "a server is shared with a team only while its owner is in it" {
	as friend
	a_team Kitchen owner=member other=member
	as owner
	answers 201 POST "$shares" "{\"team_id\": \"$team\"}"
	[ -n "$(may_use other "$server")" ]
	answers 200 POST "/api/v1/teams/$team/leave"
	[ -z "$(may_use other "$server")" ]
	answers 200 GET "$shares"
	says '. == []'
	answers 404 POST "$shares" "{\"team_id\": \"$team\"}"
	told 'Team not found'
	answers 404 POST "$shares" "{\"team_id\": \"$nobody\"}"
	told 'Team not found'
}

@test "TI-7: the links of who is no admin any more lead nowhere" {
	a_team Kitchen friend=admin
	for way in demoted removed; do
		as friend
		answers 201 POST "/api/v1/teams/$team/invitations" "{\"email\": \"$(email_of other)\"}"
		secret=$(secret)
		as other
		answers 200 GET "/api/v1/invitations/$secret"
		as owner
		if [ $way = demoted ]; then
			answers 200 PUT "/api/v1/teams/$team/members/$(id_of friend)" '{"role": "member"}'
			answers 200 PUT "/api/v1/teams/$team/members/$(id_of friend)" '{"role": "admin"}'
		else
			answers 200 DELETE "/api/v1/teams/$team/members/$(id_of friend)"
		fi
		as other
		answers 404 POST "/api/v1/invitations/$secret/accept"
	done
}

@test "TI-7: with an account go its shares, its memberships, and the teams it alone owns" {
	sign_up leaver
	as leaver
	a_team Alone friend=admin
	alone=$team
	as owner
	a_team Kitchen leaver=owner friend=member
	shared_with leaver
	as leaver
	make_server
	share_it "$server"
	theirs=$server
	shared_with friend
	answers 201 POST "/api/v1/mcp-servers/$server/shares" "{\"team_id\": \"$alone\"}"
	leaver_id=$user_id
	answers 200 DELETE /api/v1/me "{\"current_password\": \"$user_password\"}"
	as friend
	answers 404 GET "/api/v1/teams/$alone"
	answers 200 GET "/api/v1/teams/$team/members"
	says 'length == 2 and ([.[].role] | sort) == ["member", "owner"]'
	[ -z "$(may_use friend "$theirs")" ]
	as owner
	answers 200 GET "$shares"
	says '. == []'
	[ "$(sql "SELECT (SELECT count(*) FROM gatehouse.server_shares WHERE '$leaver_id' IN (user_id, subject_id))
		+ (SELECT count(*) FROM gatehouse.team_members WHERE user_id = '$leaver_id')
		+ (SELECT count(*) FROM gatehouse.invitations WHERE user_id = '$leaver_id')
		+ (SELECT count(*) FROM gatehouse.teams WHERE id = '$alone')")" = 0 ]
}

@test "what is shared, invited and changed in a team is in the audit log" {
	a_team Kitchen friend=member
	answers 200 PUT "/api/v1/teams/$team" '{"name": "K"}'
	answers 200 PUT "/api/v1/teams/$team/members/$(id_of friend)" '{"role": "admin"}'
	answers 201 POST "/api/v1/teams/$team/invitations" '{"email": "x@example.com"}'
	answers 200 DELETE "/api/v1/teams/$team/invitations/$(field .id)"
	answers 200 DELETE "/api/v1/teams/$team/members/$(id_of friend)"
	answers 200 DELETE "/api/v1/teams/$team"
	[ "$(sql "SELECT string_agg(event, ' ' ORDER BY id) FROM gatehouse.audit_log WHERE detail ->> 'team' = '$team'")" = \
		'team_create member_invite invitation_accept invitation_accept team_change member_change member_invite invitation_end member_end team_delete' ]
	shared_with other
	answers 200 DELETE "$shares/$share"
	[ "$(sql "SELECT string_agg(event, ' ' ORDER BY id) FROM gatehouse.audit_log WHERE detail ->> 'share' = '$share'")" = \
		'share_create invitation_accept invitation_accept share_end' ]
}

@test "shares and teams: fields that are missing, of another type, or make no sense" {
	a_team Kitchen
	while IFS='|' read -r method path sent <&3; do
		answers 400 "$method" "/api/v1/$path" "$sent"
		says '.detail | type == "string" and length > 0'
	done 3<<-END
		POST|mcp-servers|{"name": "n", "access": ""}
		POST|mcp-servers|{"name": "n", "access": 1}
		POST|mcp-servers|{"name": "n", "access": "PRIVATE"}
		PUT|mcp-servers/$server|{"access": ["shared"]}
		PUT|mcp-servers/$server|{"access": null}
		POST|mcp-servers/$server/shares|{}
		POST|mcp-servers/$server/shares|{"email": null}
		POST|mcp-servers/$server/shares|{"email": ""}
		POST|mcp-servers/$server/shares|{"email": 1}
		POST|mcp-servers/$server/shares|{"email": ["a@example.com"]}
		POST|mcp-servers/$server/shares|{"email": "no address"}
		POST|mcp-servers/$server/shares|{"email": "a@host.local"}
		POST|mcp-servers/$server/shares|{"email": "$(printf 'a%.0s' {1..65})@example.com"}
		POST|mcp-servers/$server/shares|{"team_id": 1}
		POST|mcp-servers/$server/shares|{"team_id": ""}
		POST|mcp-servers/$server/shares|{"team_id": "x"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "team_id": "$team"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": "search"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": {}}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": []}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": [1]}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": [null]}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": ["Search"]}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": ["search", "documents"]}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": ["search", "offline_access"]}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "scopes": [$(seq 101 | sed 's/.*/"search"/' | paste -sd,)]}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": 1}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": ""}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": "tomorrow"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": "infinity"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": "2099-02-30"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": "2099-01-01T25:00:00Z"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": "2001-01-01T00:00:00Z"}
		POST|mcp-servers/$server/shares|{"email": "a@example.com", "expires_at": "0000-01-01"}
		POST|teams|{}
		POST|teams|{"name": ""}
		POST|teams|{"name": null}
		POST|teams|{"name": ["n"]}
		POST|teams|{"name": "$(printf 'x%.0s' {1..256})"}
		PUT|teams/$team|{}
		PUT|teams/$team|{"name": ""}
		PUT|teams/$team|{"name": 1}
		PUT|teams/$team/members/$user_id|{}
		PUT|teams/$team/members/$user_id|{"role": null}
		PUT|teams/$team/members/$user_id|{"role": "Owner"}
		PUT|teams/$team/members/$user_id|{"role": "boss"}
		PUT|teams/$team/members/$user_id|{"role": 1}
		POST|teams/$team/invitations|{}
		POST|teams/$team/invitations|{"role": "member"}
		POST|teams/$team/invitations|{"email": "no address", "role": "member"}
		POST|teams/$team/invitations|{"email": "a@example.com", "role": "boss"}
		POST|teams/$team/invitations|{"email": "a@example.com", "role": ["member"]}
		POST|teams/$team/invitations|{"email": 1}
	END
	answers 200 GET "$shares"
	says '. == []'
	answers 200 GET "/api/v1/teams/$team/invitations"
	says '. == []'
}

@test "LA-3: the secret of an invitation is in no log" {
	answers 201 POST "$shares" "{\"email\": \"$(email_of friend)\"}"
	secret=$(secret)
	as friend
	answers 200 GET "/api/v1/invitations/$secret?x=1"
	answers 200 POST "/api/v1/invitations/$secret/accept"
	api GET "/invitations/$secret"
	wait_until grep -q '"path":"/api/v1/invitations/\.\.\."' "$stand/log/access.log"
	[ -z "$(grep -rlF "$secret" "$stand/log" || true)" ]
	[ "$(log_lines 'select(.route == "/api/v1/invitations/{}/accept")' | wc -l)" -ge 1 ]
}
