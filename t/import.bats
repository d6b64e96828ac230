# Taking over a database of the original, through the real command, API and
# gateways. Its rows and their oddities are in t/fixtures/original.sql.

bats_require_minimum_version 1.5.0

load helper

long_password=$(printf 'x%.0s' {1..40})$(printf 'y%.0s' {1..40})
ann=11111111-0000-4000-8000-000000000001
one=33333333-0000-4000-8000-000000000001
twice=33333333-0000-4000-8000-000000000003

setup_file()
{
	original first -v deletion=1
	take_over first --skip
}

# original NAME [PSQL-ARGUMENT…]: a database of the original
original()
{
	local name=$1

	shift
	database=postgres sql "CREATE DATABASE $name" || return
	"$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 -d "$name" "$@" -f "$top/t/fixtures/original.sql" || return
	database=postgres sql "ALTER DATABASE $name SET datestyle = 'German'; ALTER DATABASE $name SET timezone = 'Asia/Kolkata'"
}

# take_over NAME [ARGUMENT…]: imports it; its lines are kept in files
take_over()
{
	local name=$1 status=0

	shift
	gatehouse import --from "${owner_url/\/gatehouse?//$name?}" --to "$owner_url" "$@" \
		>"$BATS_FILE_TMPDIR/out" 2>"$BATS_FILE_TMPDIR/err" || status=$?
	cp "$BATS_FILE_TMPDIR/out" "$BATS_FILE_TMPDIR/err" "$(scratch)/" 2>/dev/null || true
	return "$status"
}

# the lines of the first import
setup()
{
	[ -e "$BATS_FILE_TMPDIR/first.err" ] || {
		cp "$BATS_FILE_TMPDIR/out" "$BATS_FILE_TMPDIR/first.out"
		cp "$BATS_FILE_TMPDIR/err" "$BATS_FILE_TMPDIR/first.err"
	}
}

# told FILE TEXT…: a line begins with the first and has the second
told()
{
	grep -F -- "$2" "$BATS_FILE_TMPDIR/$1" | grep -qF -- "$3" && return
	echo "no line of $2 with: $3"
	cat "$BATS_FILE_TMPDIR/$1"
	return 1
}

# signs_in NAME EMAIL PASSWORD: and is the account in use
signs_in()
{
	as ''
	api POST /api/v1/signin "$(jq -cn --arg email "$2" --arg password "$3" '$ARGS.named')"
	[ "$status" = 200 ] || {
		echo "sign-in of $2: $status $body"
		return 1
	}
	mkdir -p "$people/$1"
	jq -r .access_token <<<"$body" >"$people/$1/session"
	echo "$2" >"$people/$1/email"
	api GET /api/v1/me '' -H "Cookie: access_token=$(cat "$people/$1/session")"
	jq -r .id <<<"$body" >"$people/$1/id"
	as "$1"
}

@test "an import counts what it took over and what it did not" {
	diff - "$BATS_FILE_TMPDIR/first.out" <<-END
		users    3 taken over, 0 there already, 3 not taken
		sources  2 taken over, 0 there already, 4 not taken
		servers  4 taken over, 0 there already, 2 not taken
	END
}

@test "every row that could not be taken is told in one line that says why" {
	told first.err 'user 11111111-0000-4000-8000-000000000002' 'another account here has this address'
	told first.err 'user 11111111-0000-4000-8000-000000000005' 'no address at all'
	told first.err 'user 11111111-0000-4000-8000-000000000006' 'password hash'
	told first.err 'source 22222222-0000-4000-8000-00000000000b' 'box_client_secret'
	told first.err 'source 22222222-0000-4000-8000-00000000000c' 'its account was not taken over'
	told first.err 'source 22222222-0000-4000-8000-00000000000d' 'no kind of source sharepoint'
	told first.err 'source 22222222-0000-4000-8000-00000000000e' 'must be an object'
	told first.err "server $twice" "its domain is another live server's"
	told first.err 'server 33333333-0000-4000-8000-000000000004' 'no host name'
	[ "$(grep -c '^user ' "$BATS_FILE_TMPDIR/first.err")" = 3 ]
	[ "$(grep -c '^source ' "$BATS_FILE_TMPDIR/first.err")" = 4 ]
}

@test "sources that a server loses are told, and a domain that is not in the pool" {
	told first.err "server $one" 'junk'
	told first.err "server $one" '22222222-0000-4000-8000-0000000000ff'
	told first.err "server $one" '22222222-0000-4000-8000-00000000000f'
	told first.err 'server 33333333-0000-4000-8000-000000000006' 'not in MCP_GATEWAY_URL_POOLS'
}

@test "LA-3: no credential and no password hash is told" {
	not grep -E 'canary-of|\$2b\$10' "$BATS_FILE_TMPDIR/first.err" "$BATS_FILE_TMPDIR/first.out"
}

@test "an imported person signs in with the old password, and finds what was theirs" {
	signs_in ann ann.import@example.com 'correct horse battery staple'
	[ "$user_id" = "$ann" ]
	says '.email == "Ann.Import@example.com" and (.created_at | startswith("2024-01-01T10:00:00.123456"))'
	api GET /api/v1/sources
	says 'length == 1 and .[0].id == "22222222-0000-4000-8000-00000000000a" and .[0].type == "outlook"'
	says '.[0].source_metadata.graph_client_secret.set == true and (.[0].source_metadata | has("left") | not)'
	api GET "/api/v1/mcp-servers/$one"
	says '.name == "One" and .source_ids == ["22222222-0000-4000-8000-00000000000a"]'
	says '(.endpoint | contains("localhost:8510")) and (.created_at | startswith("2024-04-01"))'
	api GET /api/v1/mcp-servers
	says 'map(.name) == ["One", "Elsewhere"]'
}

@test "AC-4: a hash that was imported is made anew at the first sign-in, however long the password" {
	signs_in bob bob.import+tag@example.com 'correct horse battery staple'
	signs_in long long.import@example.com "$long_password"
	[ "$(sql "SELECT string_agg(hash_renew || left(hashed_password, 7), ' ' ORDER BY id) FROM gatehouse.users
		WHERE email_key IN ('bob.import+tag@example.com', 'long.import@example.com')")" = 'false$argon2 false$2b$12$' ]
	signs_in long long.import@example.com "$long_password"
	as ''
	api POST /api/v1/signin "$(jq -cn --arg email long.import@example.com --arg password "${long_password:0:72}" '$ARGS.named')"
	[ "$status" = 401 ]
}

@test "an imported server answers on the domain it had, to tokens made here" {
	signs_in ann ann.import@example.com 'correct horse battery staple'
	api POST "/api/v1/mcp-servers/$one/tokens" '{"name": "tests"}'
	[ "$status" = 201 ]
	printf '%s\n' none "$one" localhost:8510 "$(jq -r .token <<<"$body")" >"$gateways/imported"
	mcp imported tools/list
	[ "$status" = 200 ]
	says '.result.tools | map(.name) | index("search") != null'
}

@test "times come over as they are, however the other database writes its dates" {
	[ "$(sql "SELECT (SELECT created_at = '2024-01-03 10:00:00+00' FROM gatehouse.users WHERE email_key = 'bob.import+tag@example.com'),
		(SELECT updated_at = '2024-04-02 10:00:00+00' FROM gatehouse.mcp_servers WHERE id = '$one')")" = 't|t' ]
}

@test "an endpoint written with a scheme becomes the domain it means" {
	[ "$(sql "SELECT endpoint FROM gatehouse.mcp_servers WHERE name = 'With a scheme'")" = localhost:8511 ]
}

@test "SE-2: imported credentials are sealed, and not to be found in the database" {
	[ "$(sql "SELECT count(*) FROM gatehouse.source_secrets WHERE source_id::text LIKE '22222222-%'")" = 2 ]
	[ -z "$("$postgres_bin/pg_dump" -d gatehouse --data-only -n gatehouse | grep -E 'canary-of-(outlook|box|snowflake)')" ]
}

@test "a server deleted there is deleted here, and its domain is free" {
	[ "$(sql "SELECT deleted_at = '2024-05-01 10:00:00+00' FROM gatehouse.mcp_servers WHERE name = 'Deleted'")" = t ]
	[ "$(sql "SELECT count(*) FROM gatehouse.gateway_domains WHERE name = 'localhost:8512' AND server_id IS NOT NULL")" = 0 ]
}

state()
{
	sql "SELECT md5(string_agg(x, '' ORDER BY x)) FROM (
		SELECT u::text AS x FROM gatehouse.users u UNION ALL SELECT s::text FROM gatehouse.sources s
		UNION ALL SELECT p::text FROM gatehouse.source_secrets p UNION ALL SELECT m::text FROM gatehouse.mcp_servers m
		UNION ALL SELECT r::text FROM gatehouse.server_sources r) x"
}

@test "a second run changes nothing, and says so; without --skip it ends with status 1" {
	before=$(state)
	run take_over first
	[ "$status" = 1 ]
	[ "$(state)" = "$before" ]
	told out users '0 taken over, 3 there already, 3 not taken'
	told out servers '0 taken over, 4 there already, 2 not taken'
	told err '9 rows' 'not taken over'
}

@test "what was deleted here since is not brought back" {
	signs_in ann ann.import@example.com 'correct horse battery staple'
	api DELETE /api/v1/sources/22222222-0000-4000-8000-00000000000a
	[ "$status" = 200 ]
	take_over first --skip
	api GET /api/v1/sources
	says 'length == 0'
}

@test "with --reassign a server without a usable domain gets a free one, which is told" {
	take_over first --reassign --skip
	told out servers '2 taken over'
	told err "server $twice" 'has a new domain'
	[ "$(sql "SELECT count(DISTINCT endpoint) FROM gatehouse.mcp_servers WHERE deleted_at IS NULL
		AND id::text LIKE '33333333-%'")" = 5 ]
}

@test "TI-2: a program's role may not import" {
	run gatehouse import --from "${owner_url/\/gatehouse?//first?}" --to "$(database_url gatehouse_api)"
	[ "$status" = 1 ]
	[[ $output == *'not a program'* ]]
}

@test "a database that is none of the original's is refused" {
	run gatehouse import --from "$owner_url" --to "$owner_url"
	[ "$status" = 1 ]
	[[ $output == *'does not see public.users'* ]]
}

@test "a database that cannot be reached is named by its option, with the reason in a line" {
	local nowhere=postgresql://nobody@127.0.0.1:1/none

	run gatehouse import --from "$nowhere" --to "$owner_url"
	[ "$status" = 1 ]
	[[ ${lines[0]} == *'--from: this database cannot be reached.' ]]
	[[ ${lines[1]} == *'Connection refused'* ]]
	[ "${lines[-1]: -1}" = ')' ]
	run gatehouse import --from "${owner_url/\/gatehouse?//first?}" --to "$nowhere"
	[[ ${lines[0]} == *'--to: this database cannot be reached.' ]]
}

@test "a database from before the original's second migration is taken too" {
	sql "UPDATE gatehouse.users SET email_key = 'gone-' || id || '@example.com', deleted_at = now() WHERE email_key LIKE '%.import%'"
	free_domains
	original older
	database=older sql "UPDATE users SET id = id WHERE false;
		CREATE FUNCTION other(id text) RETURNS text LANGUAGE sql AS \$\$ SELECT overlay(id placing '9' from 1) \$\$;
		ALTER TABLE sources DROP CONSTRAINT sources_user_id_fkey; ALTER TABLE mcp_servers DROP CONSTRAINT mcp_servers_user_id_fkey;
		UPDATE users SET id = other(id::text)::uuid; UPDATE sources SET id = other(id::text)::uuid, user_id = other(user_id::text)::uuid;
		UPDATE mcp_servers SET id = other(id::text)::uuid, user_id = other(user_id::text)::uuid"
	take_over older --skip
	told out users '3 taken over'
	told out servers '4 taken over'
	[ "$(sql "SELECT deleted_at IS NULL FROM gatehouse.mcp_servers WHERE id::text LIKE '9%' AND name = 'Deleted'")" = t ]
}
