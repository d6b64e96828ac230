# Tenants on the same worker, the same thread and the same connection: nothing
# of one reaches another, and what is another's is as if it were not there.

load helper
load api

setup_file()
{
	one_of_each
	for who in ann bob; do
		furnish "$who"
	done
}

teardown_file()
{
	sql "DROP TABLE IF EXISTS public.seen; DROP FUNCTION IF EXISTS public.see() CASCADE; DROP FUNCTION IF EXISTS public.stumble() CASCADE"
	worker_stop api
	worker_stop mcp
	start_test_workers
	web_configure
	web_reload
}

# One process, one thread, one connection: each request follows another's. A
# connection that nginx keeps would hold the thread.
one_of_each()
{
	(
		setting()
		{
			echo 1
		}
		web_configure
	)
	web_reload
	worker_stop api
	worker_stop mcp
	# It has the same role, and a connection of its own.
	worker_stop api-vendors
	test_worker_start api 1 GATEHOUSE_API_THREADS=1 GATEHOUSE_DATABASE_CONNECTIONS=1
	test_worker_start mcp 1 GATEHOUSE_MCP_THREADS=1 GATEHOUSE_DATABASE_CONNECTIONS=1
}

# make_grant, make_session: of the account and the server in use, for an
# application and a sign-in that nobody goes on with.
make_grant()
{
	grant=$(sql "INSERT INTO gatehouse.grants (id, user_id, server_id, subject_id, client_id, client_name, scopes, expires_at)
		VALUES (gen_random_uuid(), '$user_id', '$server', '$user_id', 'ghi_x', '${word:-} application', '{search}', now() + interval '1 day') RETURNING id")
}

make_session()
{
	session=$(sql "INSERT INTO gatehouse.sessions (id, user_id, expires_at)
		VALUES (gen_random_uuid(), '$user_id', now() + interval '1 day') RETURNING id")
}

make_connection()
{
	connection=$(sql "INSERT INTO gatehouse.connections (id, user_id, owner_id, source_id, sealed, account, scopes)
		VALUES (gen_random_uuid(), '$user_id', '$user_id', '$source', 'x', '${word:-} account', '') RETURNING id")
}

make_identity()
{
	identity=$(sql "INSERT INTO gatehouse.identities (id, user_id, provider, issuer, subject, email)
		VALUES (gen_random_uuid(), '$user_id', 'oidc', 'https://id.example', gen_random_uuid()::text, '${word:-}@example.com') RETURNING id")
}

# furnish NAME: an account whose every text holds a word that no other has; its
# ids and words are kept in files.
furnish()
{
	local word=canary$1$RANDOM$RANDOM

	gateway "$1"
	answers 200 PUT "/api/v1/mcp-servers/$server" "{\"name\": \"$word server\"}"
	answers 200 PUT "/api/v1/sources/$source" "{\"source_metadata\": {\"name\": \"$word source\"}}"
	answers 201 POST "/api/v1/mcp-servers/$server/tokens" "{\"name\": \"$word token\"}"
	token=$(field .id)
	answers 201 POST "/api/v1/sources/$source/documents" "{\"title\": \"$word title\", \"text\": \"The otter of $word floats.\"}"
	document=$(field .id)
	answers 200 PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
	answers 201 POST "/api/v1/mcp-servers/$server/shares" "{\"email\": \"$word@example.com\"}"
	share=$(field .id)
	secret=$(field '.invitation_url | sub(".*/"; "")')
	answers 201 POST /api/v1/teams "{\"name\": \"$word team\"}"
	team=$(field .id)
	answers 201 POST "/api/v1/teams/$team/invitations" "{\"email\": \"$word@example.com\"}"
	invitation=$(field .id)
	member=$user_id
	make_grant
	make_session
	make_identity
	make_connection
	answers 201 POST "/api/v1/mcp-servers/$server/clients" "{\"name\": \"$word client\", \"grant_types\": [\"client_credentials\"]}"
	oauth_client=$(field .id)
	field .client_secret >>"$stand/secrets"
	answers 201 POST "/api/v1/mcp-servers/$server/issuers" "{\"issuer\": \"https://$word.example\", \"jwks_uri\": \"https://$word.example/keys\"}"
	issuer=$(field .id)
	declare -p source server document token share secret team invitation member grant session oauth_client identity issuer connection word >"$people/$1/things"
	printf '%s\n' "$word" "$user_email" "$user_id" "$source" "$server" "$document" "$token" "$gateway_host" \
		"$share" "$secret" "$team" "$invitation" >"$people/$1/marks"
}

# things NAME: sets $source, $server, $document, $token, $share, $secret, $team,
# $invitation, $member and $word.
things()
{
	source <(sed 's/^declare --/declare -g --/' "$people/$1/things")
}

# ---- many requests by one curl ----

# block NAME WANTED METHOD URL [JSON] [HEADER…]: a request of a curl
# configuration; what it answers is followed by a line "@NAME WANTED STATUS
# SECONDS".
block()
{
	local name=$1 wanted=$2 method=$3 url=$4 json=${5:-} header

	shift $(($# > 5 ? 5 : $#))
	printf 'next\nsilent\ngloboff\nrequest = %s\nurl = "%s"\n' "$method" "$url"
	printf 'write-out = "\\n@%s %s %%{http_code} %%{time_total}\\n"\n' "$name" "$wanted"
	[ -z "$json" ] || printf 'header = "Content-Type: application/json"\ndata-raw = "%s"\n' "${json//\"/\\\"}"
	for header; do
		printf 'header = "%s"\n' "${header//\"/\\\"}"
	done
}

# rest_block NAME WANTED METHOD PATH [JSON]
rest_block()
{
	block "$1" "$2" "$3" "$app_url$4" "${5:-}" "Cookie: access_token=$(cat "$people/$1/session")"
}

# mcp_block NAME METHOD PARAMS
mcp_block()
{
	local headers=() i

	on "$1"
	mcp_request "$2" "$3"
	for ((i = 1; i < ${#mcp_header[@]}; i += 2)); do
		headers+=("${mcp_header[i]}")
	done
	block "$1" 200 POST "$gateway_url/" "$mcp_body" "Authorization: Bearer $gateway_token" \
		'Accept: application/json, text/event-stream' "${headers[@]}"
}

# repeated TIMES FILE: the file so often, as one.
repeated()
{
	local i

	for ((i = 0; i < $1; i++)); do
		cat "$2"
	done
}

# kept_apart FILE: each answer has the status it should have, and nothing that is
# the other's; prints how many there were.
kept_apart()
{
	awk -v ann="$people/ann/marks" -v bob="$people/bob/marks" '
	BEGIN {
		while ((getline mark < ann) > 0) foreign["bob", mark] = 1
		while ((getline mark < bob) > 0) foreign["ann", mark] = 1
	}
	/^@(ann|bob) / {
		who = substr($1, 2)
		for (pair in foreign) {
			split(pair, part, SUBSEP)
			if (part[1] == who && index(text, part[2])) wrong("has " part[2] ": " text)
		}
		if ($2 != $3) wrong("answered " $3 ", not " $2 ": " text)
		text = ""
		count++
		next
	}
	{ text = text $0 "\n" }
	function wrong(what) { if (wrongs++ < 5) print who " " what > "/dev/stderr" }
	END { print count; exit wrongs > 0 }' "$1"
}

# What each asks of the api program: its own things, the other's, and nonsense.
rest_round()
{
	local names=(ann bob) i

	for i in 0 1; do
		things "${names[i]}"
		rest_block "${names[i]}" 200 GET /api/v1/me
		rest_block "${names[1 - i]}" 200 GET /api/v1/sources
		rest_block "${names[i]}" 200 GET "/api/v1/sources/$source/documents"
		rest_block "${names[1 - i]}" 404 GET "/api/v1/sources/$source/documents/$document"
		rest_block "${names[i]}" 200 GET "/api/v1/sources/$source/documents/$document"
		rest_block "${names[1 - i]}" 404 DELETE "/api/v1/sources/$source"
		rest_block "${names[i]}" 200 PUT "/api/v1/sources/$source" "{\"source_metadata\": {\"name\": \"$word source\"}}"
		rest_block "${names[1 - i]}" 200 GET /api/v1/mcp-servers
		rest_block "${names[i]}" 200 GET "/api/v1/mcp-servers/$server/tokens"
		rest_block "${names[1 - i]}" 404 GET "/api/v1/mcp-servers/$server/tokens"
		rest_block "${names[i]}" 200 GET "/api/v1/mcp-servers/$server/shares"
		rest_block "${names[1 - i]}" 404 GET "/api/v1/invitations/$secret"
		rest_block "${names[i]}" 200 GET "/api/v1/teams/$team/members"
		rest_block "${names[1 - i]}" 404 GET "/api/v1/teams/$team"
		rest_block "${names[1 - i]}" 200 GET /api/v1/teams
		rest_block "${names[i]}" 400 POST /api/v1/sources "{\"type\": \"$word\", \"source_metadata\": {}}"
		rest_block "${names[1 - i]}" 400 POST /api/v1/sources '{"broken'
	done
}

mcp_round()
{
	local names=(ann bob) i

	for i in 0 1; do
		things "${names[i]}"
		mcp_block "${names[i]}" tools/call '{"name": "search", "arguments": {"query": "otter"}}'
		mcp_block "${names[1 - i]}" resources/list '{}'
		mcp_block "${names[i]}" tools/call "{\"name\": \"fetch\", \"arguments\": {\"id\": \"documents::$source::$document\"}}"
		mcp_block "${names[1 - i]}" tools/call "{\"name\": \"fetch\", \"arguments\": {\"id\": \"documents::$source::$document\"}}"
		mcp_block "${names[1 - i]}" server/discover '{}'
		mcp_block "${names[i]}" tools/list '{}'
	done
}

# alternate ROUND REQUESTS: so many requests, round by round.
alternate()
{
	local each

	"$1" >"$BATS_TEST_TMPDIR/round"
	each=$(grep -c '^next$' "$BATS_TEST_TMPDIR/round")
	repeated $(($2 / each)) "$BATS_TEST_TMPDIR/round" | sed 1d >"$BATS_TEST_TMPDIR/requests"
	curl -K "$BATS_TEST_TMPDIR/requests" >"$BATS_TEST_TMPDIR/answered"
	count=$(kept_apart "$BATS_TEST_TMPDIR/answered")
	[ "$count" = $(($2 / each * each)) ]
	# The words are really there to be found.
	for who in ann bob; do
		things "$who"
		grep -q "$word" "$BATS_TEST_TMPDIR/answered"
	done
}

# TENANT_REQUESTS=50000 makes it 100,000 of both, in two minutes.
@test "TI-9: two tenants take turns at one thread of the api program, and no answer holds anything of the other" {
	alternate rest_round "${TENANT_REQUESTS:-6000}"
}

@test "TI-9: two tenants take turns at one thread of the mcp program, and no answer holds anything of the other" {
	alternate mcp_round "${TENANT_REQUESTS:-2000}"
}

# ---- what failed before ----

# From now on a source named "stumble X" fails with SQLSTATE X inside its
# transaction ("cancel" as by a time limit, "end" with its connection), and what
# a statement of nobody's sees of its session is written down.
set_stumbling_blocks()
{
	sql "CREATE TABLE IF NOT EXISTS public.seen (at timestamptz DEFAULT clock_timestamp(), pid integer, tenant text, request text, sets text);
		CREATE OR REPLACE FUNCTION public.stumble() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \$\$
		DECLARE how text := substring(NEW.source_metadata ->> 'name' FROM '^stumble (.*)');
		BEGIN
			IF how = 'cancel' THEN
				PERFORM pg_cancel_backend(pg_backend_pid()), pg_sleep(60);
			ELSIF how = 'end' THEN
				PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(60);
			ELSIF how IS NOT NULL THEN
				RAISE EXCEPTION USING ERRCODE = how;
			END IF;
			RETURN NULL;
		END \$\$;
		CREATE OR REPLACE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \$\$
		BEGIN
			INSERT INTO public.seen (pid, tenant, request, sets)
			SELECT pg_backend_pid(), current_setting('gatehouse.tenant', true), current_setting('gatehouse.request', true),
			       string_agg(name, ' ') FROM pg_settings WHERE source = 'session' AND name <> 'search_path';
			RETURN NULL;
		END \$\$;
		CREATE OR REPLACE TRIGGER stumble AFTER INSERT ON gatehouse.sources FOR EACH ROW EXECUTE FUNCTION public.stumble();
		CREATE OR REPLACE TRIGGER see AFTER INSERT OR UPDATE ON gatehouse.throttles FOR EACH ROW EXECUTE FUNCTION public.see()"
}

connections()
{
	sql "SELECT string_agg(pid::text, ' ' ORDER BY pid) FROM pg_stat_activity WHERE usename = 'gatehouse_api'"
}

@test "TI-4: a statement that is aborted in its transaction leaves nothing to the next tenant on that connection" {
	set_stumbling_blocks
	for how in 55P03 40001 40P01 23505 25006 cancel end; do
		as ann
		things ann
		answers 200 GET /api/v1/me
		before=$(connections)
		rows=$(sql "SELECT count(*) FROM gatehouse.sources WHERE user_id = '$user_id'")
		api POST /api/v1/sources "{\"type\": \"documents\", \"source_metadata\": {\"name\": \"stumble $how\"}}"
		echo "$how: $status $body"
		[ "$status" -ge 409 ]
		[ "$(sql "SELECT count(*) FROM gatehouse.sources WHERE user_id = '$user_id'")" = "$rows" ]

		# Nobody: what the session holds between two tenants.
		sql "TRUNCATE public.seen"
		signed_out 401 POST /api/v1/signin "{\"email\": \"nobody-$how@example.com\", \"password\": \"wrong\"}"
		[ -n "$(sql "SELECT 1 FROM public.seen")" ]
		[ -z "$(sql "SELECT tenant || request || sets FROM public.seen WHERE tenant <> '' OR request <> '' OR sets IS NOT NULL")" ]
		case $how in
		25006 | end) [ "$(sql "SELECT count(*) FROM public.seen WHERE pid = $before")" = 0 ] ;;
		*) [ "$(sql "SELECT count(*) FROM public.seen WHERE pid <> $before")" = 0 ] ;;
		esac

		as bob
		things bob
		answers 200 GET /api/v1/sources
		says "all(.source_metadata.name == \"$word source\") and length == 1"
		answers 201 POST /api/v1/sources '{"type": "documents", "source_metadata": {"name": "bobs"}}'
		[ "$(sql "SELECT user_id FROM gatehouse.sources WHERE id = '$(field .id)'")" = "$user_id" ]
		[ "$(sql "SELECT user_id FROM gatehouse.audit_log WHERE request_id = '$(header X-Request-Id)'")" = "$user_id" ]
		answers 200 DELETE "/api/v1/sources/$(field .id)"
	done
}

@test "TI-4: nothing the schema or the programs run sets anything beyond its transaction" {
	lasting='set_config\s*\([^;]*,\s*false\s*\)|(^|;|\m(begin|then|else|loop)\M)\s*set\s+(?!local\M)|\m(un)?listen\M|pg_advisory_lock\s*\('
	[ "$(sql "SELECT proname FROM pg_proc WHERE pronamespace = 'gatehouse'::regnamespace AND regexp_replace(prosrc, '--[^\n]*', '', 'g') ~* '$lasting'")" = '' ]
	[ "$(sed 's/--.*//' "$top"/sql/statements/*.sql | grep -Pzic "$(sed 's/\\m\|\\M/\\b/g' <<<"$lasting")")" = 0 ]
}

# ---- what is another's, and what is not there ----

# Every route with an id: METHOD PATH|JSON. {s}, {d}, {m}, {t} stand for a
# source, a document, an MCP server and a token; {h}, {e}, {i}, {u}, {x} for a
# share, a team, an invitation to it, a member, and an invitation's secret.
routes_with_ids()
{
	cat <<-'END'
		GET /api/v1/sources/{s}|
		PUT /api/v1/sources/{s}|{"source_metadata": {"name": "mine"}}
		DELETE /api/v1/sources/{s}|
		POST /api/v1/sources/{s}/test|
		GET /api/v1/sources/{s}/documents|
		POST /api/v1/sources/{s}/documents|{"title": "T", "text": "mine"}
		GET /api/v1/sources/{s}/documents/{d}|
		PUT /api/v1/sources/{s}/documents/{d}|{"title": "T", "text": "mine"}
		DELETE /api/v1/sources/{s}/documents/{d}|
		GET /api/v1/mcp-servers/{m}|
		PUT /api/v1/mcp-servers/{m}|{"name": "mine"}
		DELETE /api/v1/mcp-servers/{m}|
		GET /api/v1/mcp-servers/{m}/tokens|
		POST /api/v1/mcp-servers/{m}/tokens|{"name": "mine"}
		DELETE /api/v1/mcp-servers/{m}/tokens/{t}|
		GET /api/v1/mcp-servers/{m}/clients|
		POST /api/v1/mcp-servers/{m}/clients|{"name": "mine", "grant_types": ["client_credentials"]}
		DELETE /api/v1/mcp-servers/{m}/clients/{c}|
		GET /api/v1/mcp-servers/{m}/grants|
		DELETE /api/v1/grants/{g}|
		DELETE /api/v1/sessions/{n}|
		DELETE /api/v1/identities/{y}|
		GET /api/v1/mcp-servers/{m}/issuers|
		POST /api/v1/mcp-servers/{m}/issuers|{"issuer": "https://i.example", "jwks_uri": "https://i.example/keys"}
		DELETE /api/v1/mcp-servers/{m}/issuers/{r}|
		DELETE /api/v1/connections/{z}|
		GET /api/v1/mcp-servers/{m}/shares|
		POST /api/v1/mcp-servers/{m}/shares|{"email": "x@example.com"}
		DELETE /api/v1/mcp-servers/{m}/shares/{h}|
		GET /api/v1/invitations/{x}|
		POST /api/v1/invitations/{x}/accept|
		POST /api/v1/invitations/{x}/decline|
		GET /api/v1/teams/{e}|
		PUT /api/v1/teams/{e}|{"name": "mine"}
		DELETE /api/v1/teams/{e}|
		POST /api/v1/teams/{e}/leave|
		GET /api/v1/teams/{e}/members|
		PUT /api/v1/teams/{e}/members/{u}|{"role": "member"}
		DELETE /api/v1/teams/{e}/members/{u}|
		GET /api/v1/teams/{e}/invitations|
		POST /api/v1/teams/{e}/invitations|{"email": "x@example.com"}
		DELETE /api/v1/teams/{e}/invitations/{i}|
	END
	# And those that take ids in their body.
	cat <<-'END'
		POST /api/v1/mcp-servers|{"name": "mine", "source_ids": ["{s}"]}
		PUT /api/v1/mcp-servers/{own}|{"source_ids": ["{s}"]}
		POST /api/v1/mcp-servers/{own}/shares|{"team_id": "{e}"}
	END
}

# The same from the description: with an id in the path, in one spelling.
routes_described()
{
	awk '/^paths:/ { on = 1 } /^[a-z]/ && !/^paths:/ { on = 0 }
		on && /^  \// { path = $1; sub(/:$/, "", path) }
		on && /^    (get|put|post|patch|delete):/ && path ~ /{/ { sub(/:$/, "", $1); print toupper($1), path }' "$top/doc/openapi.yaml" |
		sed 's/{source_id}/{s}/; s/{document_id}/{d}/; s/{server_id}/{m}/; s/{token_id}/{t}/
			s/{share_id}/{h}/; s/{team_id}/{e}/; s/{invitation_id}/{i}/; s/{user_id}/{u}/; s/{secret}/{x}/; s/{grant_id}/{g}/; s/{session_id}/{n}/; s/{client_id}/{c}/; s/{identity_id}/{y}/; s/{issuer_id}/{r}/; s/{connection_id}/{z}/' | grep -v '{provider}' | sort
}

# with PATTERN SOURCE DOCUMENT SERVER TOKEN SHARE TEAM INVITATION MEMBER SECRET GRANT
# SESSION CLIENT IDENTITY ISSUER CONNECTION: the ids in the places.
with()
{
	sed "s/{s}/$2/; s/{d}/$3/; s/{m}/$4/; s/{t}/$5/; s/{h}/$6/; s/{e}/$7/; s/{i}/$8/; s/{u}/$9/; s/{x}/${10}/
		s/{g}/${11:-}/; s/{n}/${12:-}/; s/{c}/${13:-}/; s/{y}/${14:-}/; s/{r}/${15:-}/; s/{z}/${16:-}/; s/{own}/$own/" <<<"$1"
}

# whole: the answer as bytes, less what differs by request; ids that were sent
# stand there as ID.
whole()
{
	cat "$headers" "$(scratch)/answer" | sed -e '/^Date:/Id; /^X-Request-Id:/Id' -e "s/$1/ID/g"
}

@test "TI-5: at every route, somebody else's things are answered byte by byte as what never was" {
	[ "$(routes_with_ids | sed 's/|.*//' | grep '{[sdmtheiuxgncyrz]}' | sort)" = "$(routes_described)" ]
	[ "$(routes_with_ids | sed 's/|.*//' | grep '{[sdmtheiuxgncyz]}' | sort)" = "$(routes_described)" ]
	things bob
	foreign=($(all_ids))
	as bob
	kept_before=$(bobs_rows)
	as ann
	things ann
	own=$server
	own_ids=($(all_ids))
	gone=$(ended_things)
	absent=($(each_id "$nobody"))
	while IFS='|' read -r route json; do
		as_absent=
		for ids in "${absent[*]}" "${foreign[*]}" "$gone"; do
			read -r method path < <(with "$route" $ids)
			sent=$(with "$json" $ids)
			api "$method" "$path" "$sent"
			[ "$status" = 404 ] || [ "$status" = 400 ]
			got=$(whole "${ids%% *}")
			[ -n "$as_absent" ] || as_absent=$got
			diff <(echo "$as_absent") <(echo "$got")
		done
		# The inner one alone: below what is one's own.
		[[ $route == *'}/'*'}'* ]] || continue
		as_absent=
		for inner in "$nobody" "${foreign[1]}" "${foreign[3]}" "${foreign[4]}" "${foreign[6]}" "${foreign[7]}"; do
			read -r method path < <(with "$route" "${own_ids[0]}" "$inner" "${own_ids[2]}" "$inner" "$inner" \
				"${own_ids[5]}" "$inner" "$inner" "$inner" "$inner" "$inner" "$inner" "$inner" "$inner")
			answers 404 "$method" "$path" "$json"
			got=$(whole "$inner")
			[ -n "$as_absent" ] || as_absent=$got
			diff <(echo "$as_absent") <(echo "$got")
		done
	done < <(routes_with_ids)
	as bob
	[ "$(bobs_rows)" = "$kept_before" ]
}

# holds KIND: a live token of that kind of bob's, who is in use; prints it.
holds()
{
	local made=$1_${RANDOM}${RANDOM}0123456789012345678901234567890 digest

	digest=$(printf %s "$made" | b2sum -l 256 | cut -d ' ' -f 1)
	case $1 in
	ght) sql "INSERT INTO gatehouse.access_tokens (id, user_id, server_id, subject_id, name, digest, expires_at)
		VALUES (gen_random_uuid(), '$user_id', '$server', '$user_id', 'x', '$digest', now() + interval '1 hour')" ;;
	gha) sql "INSERT INTO gatehouse.access_tokens (id, user_id, server_id, subject_id, grant_id, name, digest, expires_at)
		VALUES (gen_random_uuid(), '$user_id', '$server', '$user_id', '$grant', 'x', '$digest', now() + interval '1 hour')" ;;
	ghr) sql "INSERT INTO gatehouse.refresh_tokens (digest, user_id, grant_id) VALUES ('$digest', '$user_id', '$grant')" ;;
	# No secret: anybody may know it.
	ghi)
		echo "ghi_$oauth_client"
		return
		;;
	esac >/dev/null
	echo "$made" | tee -a "$stand/secrets"
}

@test "TI-5, JW-4: no kind of token but a session's opens a route, not even to what its owner has" {
	local tried=0 tokens=()

	as bob
	things bob
	own=$server
	for kind in ght gha ghr ghi ghv; do
		tokens+=("$(holds "$kind")")
	done
	kept=$(bobs_rows)
	for token_of_kind in "${tokens[@]}"; do
		first=
		for ids in "$(all_ids)" "$(each_id "$nobody" | tr '\n' ' ')"; do
			while IFS='|' read -r route json; do
				read -r method path < <(with "$route" $ids)
				as ''
				api "$method" "$path" "$(with "$json" $ids)" -H "Authorization: Bearer $token_of_kind"
				[ "$status" = 401 ]
				[ -n "$first" ] || first=$body
				[ "$body" = "$first" ]
				tried=$((tried + 1))
			done < <(routes_with_ids)
		done
		as bob
	done
	[ "$tried" -gt 400 ]
	[ "$(bobs_rows)" = "$kept" ]
}

# The ids of things(), as with() takes them.
all_ids()
{
	echo "$source" "$document" "$server" "$token" "$share" "$team" "$invitation" "$member" "$secret" "$grant" "$session" "$oauth_client" "$identity" "$issuer" "$connection"
}

each_id()
{
	printf '%s\n' "$1"{,,,,,,,,,,,,,,}
}

# All that the account in use has.
bobs_rows()
{
	for table in sources documents mcp_servers server_sources access_tokens server_shares team_members invitations grants identities server_issuers connections; do
		sql "SELECT t::text FROM gatehouse.$table t WHERE user_id = '$user_id' ORDER BY 1"
	done
	sql "SELECT t::text FROM gatehouse.teams t JOIN gatehouse.team_members m ON m.team_id = t.id WHERE m.user_id = '$user_id' ORDER BY 1"
}

# Prints a source, a document, a server and so on of the account's that were
# deleted.
ended_things()
{
	local source server document token share team invitation member secret grant session oauth_client identity issuer connection

	{
		make_source
		answers 201 POST "/api/v1/sources/$source/documents" '{"title": "T", "text": "x"}'
		document=$(field .id)
		make_server
		answers 201 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "t"}'
		token=$(field .id)
		answers 200 DELETE "/api/v1/mcp-servers/$server/tokens/$token"
		make_grant
		make_session
		make_identity
		answers 200 DELETE "/api/v1/identities/$identity"
		make_connection
		answers 200 DELETE "/api/v1/connections/$connection"
		answers 200 DELETE "/api/v1/grants/$grant"
		answers 200 DELETE "/api/v1/sessions/$session"
		answers 201 POST "/api/v1/mcp-servers/$server/clients" '{"name": "gone", "grant_types": ["client_credentials"]}'
		oauth_client=$(field .id)
		answers 200 DELETE "/api/v1/mcp-servers/$server/clients/$oauth_client"
		answers 201 POST "/api/v1/mcp-servers/$server/issuers" '{"issuer": "https://gone.example", "jwks_uri": "https://gone.example/keys"}'
		issuer=$(field .id)
		answers 200 DELETE "/api/v1/mcp-servers/$server/issuers/$issuer"
		answers 200 PUT "/api/v1/mcp-servers/$server" '{"access": "shared"}'
		answers 201 POST "/api/v1/mcp-servers/$server/shares" '{"email": "gone@example.com"}'
		share=$(field .id)
		secret=$(field '.invitation_url | sub(".*/"; "")')
		answers 200 DELETE "/api/v1/mcp-servers/$server/shares/$share"
		answers 201 POST /api/v1/teams '{"name": "gone"}'
		team=$(field .id)
		answers 201 POST "/api/v1/teams/$team/invitations" '{"email": "gone@example.com"}'
		invitation=$(field .id)
		member=$user_id
		answers 200 DELETE "/api/v1/teams/$team"
		answers 200 DELETE "/api/v1/mcp-servers/$server"
		answers 200 DELETE "/api/v1/sources/$source/documents/$document"
		answers 200 DELETE "/api/v1/sources/$source"
	} >&2
	all_ids
}

# middle FILE: the median of a column of numbers.
middle()
{
	sort -n "$1" | awk '{ n[NR] = $1 } END { print n[int((NR + 1) / 2)] }'
}

@test "TI-5: and takes no longer or shorter: 200 of each, in turn, at every route" {
	things bob
	foreign=$(all_ids)
	as ann
	things ann
	own=$server
	while IFS='|' read -r route json; do
		wanted=404
		[[ $json != *'{s}'* ]] || wanted=400
		: >"$BATS_TEST_TMPDIR/pair"
		for ids in "$foreign" "$(each_id "$nobody")"; do
			read -r method path < <(with "$route" $ids)
			rest_block ann "$wanted" "$method" "$path" "$(with "$json" $ids)" >>"$BATS_TEST_TMPDIR/pair"
		done
		repeated 200 "$BATS_TEST_TMPDIR/pair" | sed 1d >"$BATS_TEST_TMPDIR/requests"
		curl -K "$BATS_TEST_TMPDIR/requests" | grep '^@' >"$BATS_TEST_TMPDIR/times"
		[ "$(awk '$2 == $3' "$BATS_TEST_TMPDIR/times" | wc -l)" = 400 ]
		awk 'NR % 2 { print $4 }' "$BATS_TEST_TMPDIR/times" >"$BATS_TEST_TMPDIR/foreign"
		awk 'NR % 2 == 0 { print $4 }' "$BATS_TEST_TMPDIR/times" >"$BATS_TEST_TMPDIR/absent"
		one=$(middle "$BATS_TEST_TMPDIR/foreign")
		other=$(middle "$BATS_TEST_TMPDIR/absent")
		echo "$route: foreign $one s, absent $other s"
		awk -v a="$one" -v b="$other" 'BEGIN { exit !(a < 2 * b && b < 2 * a) }'
	done < <(routes_with_ids)
}
