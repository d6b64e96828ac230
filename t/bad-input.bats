# Wrong input to every route: a fixed status, never a 5xx, and nothing changes.

load helper
load api

setup_file()
{
	sign_up victim
	sign_up attacker
	as victim
	make_source
	answers 201 POST "/api/v1/sources/$source/documents" '{"title": "t", "text": "x"}'
	document=$(field .id)
	make_server "\"$source\""
	answers 201 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "n"}'
	token=$(field .id)
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
	answers 201 POST "/api/v1/mcp-servers/$server/shares" '{"email": "guest@example.com"}'
	share=$(field .id)
	answers 201 POST /api/v1/teams '{"name": "t"}'
	team=$(field .id)
	answers 201 POST "/api/v1/teams/$team/invitations" '{"email": "guest@example.com"}'
	invitation=$(field .id)
	member=$user_id
	export source document server token share team invitation member
}

setup()
{
	as victim
	before=$(database_sum)
}

teardown()
{
	# Whatever was sent: the database is as it was.
	[ "$(database_sum)" = "$before" ]
}

teardown_file()
{
	as victim
	end_servers
}

# Every table, row for row, but for what is written because of a refusal:
# audit entries, counted failures, and when a session was last seen.
database_sum()
{
	sql "SELECT string_agg(format('%s %s', t.name, query_to_xml(format(
	            'SELECT count(*), md5(string_agg(r::text, chr(10) ORDER BY r::text)) FROM gatehouse.%I r', t.name),
	            false, true, '')::text), chr(10) ORDER BY t.name)
	       FROM (SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'gatehouse'::regnamespace
	                AND c.relkind = 'r' AND c.relname NOT IN ('audit_log', 'throttles', 'sessions')) t"
}

# The routes that take a body.
body_routes()
{
	cat <<-END
		POST /api/v1/signup
		POST /api/v1/signin
		PUT /api/v1/me
		DELETE /api/v1/me
		POST /api/v1/sources
		PUT /api/v1/sources/$source
		POST /api/v1/sources/$source/documents
		PUT /api/v1/sources/$source/documents/$document
		POST /api/v1/mcp-servers
		PUT /api/v1/mcp-servers/$server
		POST /api/v1/mcp-servers/$server/tokens
		POST /api/v1/mcp-servers/$server/shares
		POST /api/v1/teams
		PUT /api/v1/teams/$team
		PUT /api/v1/teams/$team/members/$member
		POST /api/v1/teams/$team/invitations
	END
}

# The routes that name things; {} is where an id stands.
id_routes()
{
	cat <<-END
		GET /api/v1/sources/{}
		PUT /api/v1/sources/{} {"source_metadata": {}}
		DELETE /api/v1/sources/{}
		POST /api/v1/sources/{}/test
		GET /api/v1/sources/{}/documents
		POST /api/v1/sources/{}/documents {"title": "t", "text": "x"}
		GET /api/v1/sources/{}/documents/$document
		PUT /api/v1/sources/{}/documents/$document {"title": "t", "text": "x"}
		DELETE /api/v1/sources/{}/documents/$document
		GET /api/v1/sources/$source/documents/{}
		PUT /api/v1/sources/$source/documents/{} {"title": "t", "text": "x"}
		DELETE /api/v1/sources/$source/documents/{}
		GET /api/v1/mcp-servers/{}
		PUT /api/v1/mcp-servers/{} {"name": "x"}
		DELETE /api/v1/mcp-servers/{}
		GET /api/v1/mcp-servers/{}/tokens
		POST /api/v1/mcp-servers/{}/tokens {"name": "x"}
		DELETE /api/v1/mcp-servers/{}/tokens/$token
		DELETE /api/v1/mcp-servers/$server/tokens/{}
		GET /api/v1/mcp-servers/{}/shares
		POST /api/v1/mcp-servers/{}/shares {"email": "x@example.com"}
		DELETE /api/v1/mcp-servers/{}/shares/$share
		DELETE /api/v1/mcp-servers/$server/shares/{}
		GET /api/v1/teams/{}
		PUT /api/v1/teams/{} {"name": "x"}
		DELETE /api/v1/teams/{}
		POST /api/v1/teams/{}/leave
		GET /api/v1/teams/{}/members
		PUT /api/v1/teams/{}/members/$member {"role": "member"}
		DELETE /api/v1/teams/{}/members/$member
		PUT /api/v1/teams/$team/members/{} {"role": "member"}
		DELETE /api/v1/teams/$team/members/{}
		GET /api/v1/teams/{}/invitations
		POST /api/v1/teams/{}/invitations {"email": "x@example.com"}
		DELETE /api/v1/teams/{}/invitations/$invitation
		DELETE /api/v1/teams/$team/invitations/{}
	END
}

# with_body STATUS BODY [curl arguments]: sends the same to every route that
# takes a body, or to those in $routes.
with_body()
{
	local wanted=$1 sent=$2 method path

	shift 2
	while read -r method path <&3; do
		answers "$wanted" "$method" "$path" "$sent" "$@" || return 1
		says '.detail | type == "string" and length > 0' || return 1
	done 3<<<"${routes:-$(body_routes)}"
}

# with_id STATUS ID: puts an id into every route that names things.
with_id()
{
	local method path json

	while read -r method path json <&3; do
		answers "$1" "$method" "${path/\{\}/$2}" "$json" || return 1
	done 3< <(id_routes)
}

@test "RP-6: what is no JSON is refused by every route" {
	for wrong in '{' '}' '{"a": 1,}' "{'a': 1}" '{"a": 1} x' '{"a" 1}' '{a: 1}' 'undefined' '{"a": 01}' '{"a": .5}' '{"a": +1}' \
		'{"a": "	"}' '{"a": "\x41"}' '{"a": /* c */ 1}' '{"a": "\u12"}' '{"a": tru}' $'\xef\xbb\xbf{}' '{}{}' ' '; do
		with_body 400 "$wrong"
	done
}

@test "what is JSON but no object is refused by every route" {
	for wrong in null true 1 '"x"' '[]' '[{}]'; do
		with_body 400 "$wrong"
	done
}

@test "RP-1: bytes that are not UTF-8 are refused by every route" {
	for wrong in $'{"name": "\xff"}' $'{"name": "\xc0\xaf"}' $'{"name": "\xed\xa0\x80"}' $'{"name": "\xf4\x90\x80\x80"}' $'{"\xc3": 1}'; do
		with_body 400 "$wrong"
	done
}

@test "RP-2: a member given twice is refused by every route, at any depth" {
	for wrong in '{"name": "a", "name": "b"}' '{"name": "a", "n\u0061me": "b"}' '{"x": {"y": [{"a": 1, "a": 1}]}}'; do
		with_body 400 "$wrong"
	done
}

@test "RP-3: U+0000 is refused by every route, in values and names" {
	for wrong in '{"name": "a\u0000b"}' '{"name\u0000": "a"}' '{"x": ["\u0000"]}'; do
		with_body 400 "$wrong"
	done
}

@test "RP-4: half a surrogate pair is refused by every route" {
	for wrong in '{"name": "\ud83c"}' '{"name": "\udf70"}' '{"name": "\udf70\ud83c"}'; do
		with_body 400 "$wrong"
	done
}

@test "RP-5: NaN, Infinity and numbers beyond measure are refused by every route" {
	for wrong in '{"name": NaN}' '{"name": Infinity}' '{"name": -Infinity}' '{"x": 1e400}' '{"x": 9007199254740993}'; do
		with_body 400 "$wrong"
	done
}

@test "RP-7: 33 levels, 1,001 members and 10,001 values are refused by every route" {
	with_body 400 "$(printf '[%.0s' {1..33})$(printf ']%.0s' {1..33})"
	with_body 400 "{$(seq 1001 | sed 's/.*/"m&": 1/' | paste -sd,)}"
	routes=$(body_routes | grep -v '/sign\|/me$') with_body 400 "{\"a\": [$(seq 10001 | paste -sd,)]}"
}

@test "RP-7: a body over the limit is 413 at every route" {
	head -c 1100000 /dev/zero | tr '\0' ' ' >"$BATS_TEST_TMPDIR/large"
	with_body 413 '' -H 'Content-Type: application/json' --data-binary "@$BATS_TEST_TMPDIR/large"
}

@test "RP-9: another media type than application/json is 415 at every route" {
	for type in text/plain application/x-www-form-urlencoded multipart/form-data application/jsonx 'application/ json' ''; do
		with_body 415 '{"name": "x"}' -H "Content-Type: $type"
	done
}

@test "TV-11: a header that comes twice is refused" {
	with_body 400 '{"name": "x"}' -H 'Origin: http://localhost:3000' -H 'Origin: http://evil.example'
	answers 400 GET /api/v1/me '' -H 'Accept: a/b' -H 'Accept: c/d'
}

@test "no body at all is refused by every route that wants one" {
	with_body 400 '' -H 'Content-Type: application/json' -H 'Content-Length: 0'
}

@test "without a session every route but the open ones is 401, whatever else is wrong" {
	as ''
	while read -r method path json <&3; do
		answers 401 "$method" "${path/\{\}/nonsense}" '{"broken'
		told 'Access token required in cookies'
	done 3< <(id_routes; body_routes | grep -v '/sign')
	for path in /api/v1/me /api/v1/sources /api/v1/mcp-servers /api/v1/teams /api/v1/shared-servers /api/v1/invitations/x; do
		answers 401 GET "$path"
	done
}

@test "RP-13: an id that is none is 400 at every route that names a thing" {
	for bad in x 0 "$nobody"0 "${nobody%?}" %20 "'" %22 %25 "%7B$nobody" %F0%9F%8D%B0 "$(printf 'a%.0s' {1..300})"; do
		with_id 400 "$bad"
	done
}

@test "a path with an encoded slash, NUL or byte that is no UTF-8 is never a 5xx" {
	for bad in '..%2f..%2fetc' '%00' '%FF' '%2e%2e' 'a%2fb' '%c0%af'; do
		while read -r method path json <&3; do
			api "$method" "${path/\{\}/$bad}" "$json"
			[[ $status == 40[04] ]] || { echo "$method $path with $bad: $status"; return 1; }
		done 3< <(id_routes; printf '%s\n' 'GET /api/v1/invitations/{}' 'POST /api/v1/invitations/{}/accept')
	done
}

@test "TI-5: an id of nothing is 404 at every route that names a thing" {
	with_id 404 "$nobody"
}

@test "TI-1: what belongs to somebody else is 404 at every route, as what never was" {
	as attacker
	for id in "$source" "$server" "$document" "$token" "$share" "$team" "$invitation" "$member"; do
		with_id 404 "$id"
	done
	while read -r method path json <&3; do
		case $path in
		*"$source"* | *"$server"* | *"$team"*)
			answers 404 "$method" "$path" '{"name": "x", "title": "t", "text": "x", "source_metadata": {}, "email": "x@example.com", "role": "member"}'
			;;
		esac
	done 3< <(body_routes)
}

@test "accounts: fields that are missing, empty, of another type or too long" {
	while IFS='|' read -r wanted method path sent <&3; do
		answers "$wanted" "$method" "/api/v1/$path" "$sent"
	done 3<<-END
		400|POST|signup|{}
		400|POST|signup|{"email": "a@example.com"}
		400|POST|signup|{"password": "long enough for this"}
		400|POST|signup|{"email": null, "password": "long enough for this"}
		400|POST|signup|{"email": ["a@example.com"], "password": "long enough for this"}
		400|POST|signup|{"email": "", "password": "long enough for this"}
		400|POST|signup|{"email": "no address", "password": "long enough for this"}
		400|POST|signup|{"email": "a@b", "password": "long enough for this"}
		400|POST|signup|{"email": "a@host.local", "password": "long enough for this"}
		400|POST|signup|{"email": "a@b@example.com", "password": "long enough for this"}
		400|POST|signup|{"email": "ä@example.com", "password": "long enough for this"}
		400|POST|signup|{"email": "a b@example.com", "password": "long enough for this"}
		400|POST|signup|{"email": "a@exa\\nmple.com", "password": "long enough for this"}
		400|POST|signup|{"email": "$(printf 'a%.0s' {1..65})@example.com", "password": "long enough for this"}
		400|POST|signup|{"email": "a@$(printf 'a%.0s' {1..300}).com", "password": "long enough for this"}
		400|POST|signup|{"email": "a@example.com", "password": 12345678}
		400|POST|signup|{"email": "a@example.com", "password": "short"}
		400|POST|signup|{"email": "a@example.com", "password": "$(printf 'aB3-%.0s' {1..300})"}
		400|POST|signin|{}
		400|POST|signin|{"email": "a@example.com"}
		400|POST|signin|{"email": "a@example.com", "password": null}
		400|POST|signin|{"email": 1, "password": "x"}
		401|POST|signin|{"email": "victim@example.com", "password": ""}
		400|PUT|me|{}
		400|PUT|me|{"email": "b@example.com"}
		400|PUT|me|{"password": "long enough for this"}
		400|PUT|me|{"email": "no address", "current_password": "x"}
		400|PUT|me|{"password": "short", "current_password": "x"}
		400|PUT|me|{"email": 1, "current_password": "x"}
		400|PUT|me|{"password": {}, "current_password": "x"}
		400|PUT|me|{"email": "b@example.com", "current_password": 1}
		403|PUT|me|{"email": "b@example.com", "current_password": "x"}
		400|DELETE|me|{}
		400|DELETE|me|{"current_password": null}
		400|DELETE|me|{"current_password": ["x"]}
		403|DELETE|me|{"current_password": "x"}
	END
}

@test "things: fields that are missing, empty, of another type or too long" {
	while IFS='|' read -r method path sent <&3; do
		answers 400 "$method" "/api/v1/$path" "$sent"
	done 3<<-END
		POST|sources|{}
		POST|sources|{"type": "documents"}
		POST|sources|{"source_metadata": {}}
		POST|sources|{"type": "nonsense", "source_metadata": {}}
		POST|sources|{"type": "DOCUMENTS", "source_metadata": {}}
		POST|sources|{"type": "documents", "source_metadata": {"name": 1}}
		POST|sources|{"type": "documents", "source_metadata": {"language": "klingon"}}
		POST|sources|{"type": "documents", "source_metadata": {"name": "$(printf 'x%.0s' {1..5000})"}}
		POST|sources|{"type": "box", "source_metadata": {}}
		POST|sources|{"type": "box", "source_metadata": {"box_client_id": "a", "box_client_secret": "b", "box_subject_type": "c", "box_subject_id": 1}}
		PUT|sources/$source|{}
		PUT|sources/$source|{"type": "nonsense"}
		PUT|sources/$source|{"type": 1}
		PUT|sources/$source|{"type": "box"}
		PUT|sources/$source|{"source_metadata": []}
		PUT|sources/$source|{"source_metadata": {"name": ["x"]}}
		POST|sources/$source/documents|{}
		POST|sources/$source/documents|{"title": "t"}
		POST|sources/$source/documents|{"text": "x"}
		POST|sources/$source/documents|{"title": "", "text": "x"}
		POST|sources/$source/documents|{"title": 1, "text": "x"}
		POST|sources/$source/documents|{"title": "t", "text": ["x"]}
		POST|sources/$source/documents|{"title": "t", "text": "x", "url": "javascript:alert(1)"}
		POST|sources/$source/documents|{"title": "t", "text": "x", "url": 1}
		POST|sources/$source/documents|{"title": "t", "text": "x", "metadata": "m"}
		POST|sources/$source/documents|{"title": "$(printf 'x%.0s' {1..20000})", "text": "x"}
		PUT|sources/$source/documents/$document|{}
		PUT|sources/$source/documents/$document|{"title": "t"}
		PUT|sources/$source/documents/$document|{"title": null, "text": "x"}
		POST|mcp-servers|{}
		POST|mcp-servers|{"name": 1}
		POST|mcp-servers|{"name": "$(printf 'x%.0s' {1..256})"}
		POST|mcp-servers|{"name": "n", "source_ids": "x"}
		POST|mcp-servers|{"name": "n", "source_ids": {}}
		POST|mcp-servers|{"name": "n", "source_ids": [1]}
		POST|mcp-servers|{"name": "n", "source_ids": ["x"]}
		POST|mcp-servers|{"name": "n", "source_ids": ["$nobody"]}
		POST|mcp-servers|{"name": "n", "source_ids": ["$server"]}
		POST|mcp-servers|{"name": "n", "source_ids": [$(seq 1001 | sed "s/.*/\"$nobody\"/" | paste -sd,)]}
		PUT|mcp-servers/$server|{}
		PUT|mcp-servers/$server|{"name": 1}
		PUT|mcp-servers/$server|{"source_ids": ["x"]}
		PUT|mcp-servers/$server|{"source_ids": ["$nobody"]}
		POST|mcp-servers/$server/tokens|{}
		POST|mcp-servers/$server/tokens|{"name": ""}
		POST|mcp-servers/$server/tokens|{"name": "n", "expires_in_days": 0}
		POST|mcp-servers/$server/tokens|{"name": "n", "expires_in_days": 366}
		POST|mcp-servers/$server/tokens|{"name": "n", "expires_in_days": "1"}
		POST|mcp-servers/$server/tokens|{"name": "n", "expires_in_days": 1.5}
	END
}

@test "the pages of every list are read strictly" {
	for list in sources mcp-servers "sources/$source/documents" "mcp-servers/$server/tokens" "mcp-servers/$server/shares" \
		shared-servers teams "teams/$team/members" "teams/$team/invitations"; do
		for wrong in limit=0 limit=1001 limit=-1 limit=x limit= limit=99999999999999999999 offset=-1 offset=x offset=99999999999999999999 \
			'limit=1&limit=1' 'offset=1&offset=2' limit=%zz limit=%00 'limit=+1' limit=1%20; do
			answers 400 GET "/api/v1/$list?$wrong"
		done
		answers 200 GET "/api/v1/$list?other=%zz&limit=1&offset=0"
	done
}

@test "RP-8: members nobody asked for change nothing" {
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"name": "s", "user_id": "x", "id": "x", "deleted_at": null, "endpoint": "x"}'
	says ".id == \"$server\" and .name == \"s\""
	before=$(database_sum) # when it was changed is another now
}

@test "LA-6: no failure shows SQL, paths, versions or names from inside" {
	for path in '/api/v1/sources/x' "/api/v1/sources/$nobody" '/api/v1/sources?limit=x' "/api/v1/mcp-servers/'--"; do
		api GET "$path"
		lacks 'select|insert|pg_|libpq|postgres|SQLSTATE|\.c\b|/home|/usr|gatehouse\.'
	done
}
