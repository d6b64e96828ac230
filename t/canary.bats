# Last: what all the suites before have left in logs, answers and the database.
# Every secret that was used is looked for in each.

load helper

setup_file()
{
	# One of each kind, where this suite runs alone.
	gateway canary
	as canary
	api POST /api/v1/sources '{"type": "outlook", "source_metadata": {"tenant_id": "11111111-2222-3333-4444-555555555555",
		"graph_client_id": "22222222-2222-3333-4444-555555555555", "graph_client_secret": "a-Canary~of.a_secret-0",
		"graph_user_id": "ann@example.com"}}'
	mcp canary tools/call '{"name": "search", "arguments": {"query": "canary-in-a-search"}}'
	"$postgres_bin/pg_dump" >"$BATS_FILE_TMPDIR/dump"
	{
		cat "$stand/secrets" "$stand/keys/jwt"
		echo
		# The private key, as it may be written.
		od -An -v -tx1 "$stand/keys/seal.private" | tr -d ' \n'
		echo
		base64 -w 0 "$stand/keys/seal.private" | cut -c1-40
		echo "$user_password"
		echo a-Canary~of.a_secret
	} | grep . >"$BATS_FILE_TMPDIR/secrets"
}

# nowhere_in FILE…: none of the secrets stands there.
nowhere_in()
{
	local found

	found=$(grep -aFl -f "$BATS_FILE_TMPDIR/secrets" "$@") || return 0
	echo "a secret stands in: $found"
	grep -aFoh -f "$BATS_FILE_TMPDIR/secrets" "$@" | sort | uniq -c | cut -c1-60 | head
	return 1
}

@test "there are secrets to look for, and records to look into" {
	[ "$(wc -l <"$BATS_FILE_TMPDIR/secrets")" -ge 6 ]
	[ -s "$stand/log/api.log" ] && [ -s "$stand/log/mcp.log" ] && [ -s "$stand/log/access.log" ]
	grep -q mcp_servers "$BATS_FILE_TMPDIR/dump"
}

@test "LA-3: no log holds a secret" {
	nowhere_in "$stand"/log/*.log
}

@test "LA-3: no log holds what people searched for" {
	not grep -aq canary-in-a-search "$stand"/log/*.log
}

@test "SE-8: a dump of the database holds no secret" {
	nowhere_in "$BATS_FILE_TMPDIR/dump"
}

@test "SE-5: no answer holds a vendor's secret, a password hash or a key of ours" {
	not grep -aFl a-Canary~of.a_secret "$answers_kept"/*
	not grep -aEl '\$2[aby]\$[0-9]{2}\$|\$argon2' "$answers_kept"/*
	not grep -aF "$(cat "$stand/keys/jwt")" "$answers_kept"/*
}

@test "section 16: no answer in the whole run was a 500" {
	not grep -aE '^HTTP/[0-9.]+ 500' "$answers_kept"/*
	[ -z "$(log_lines 'select(.status == 500)')" ]
}

@test "MC-14: in the whole run no worker connected to anybody but the vendors' stand-ins" {
	vendors_of_stand
	[ -z "$(comm -23 <(vendors_connected) <(vendors_to_connect))" ]
}

@test "LA-1: every line that a worker logged in the whole run is an event with exactly its members" {
	for name in api mcp mcp-test api-vendors mcp-vendors; do
		# multiwatch, their supervisor, writes there too.
		grep -vE '^(Child\[|Spawning child)' "$stand/log/$name.log" >"$BATS_TEST_TMPDIR/lines"
		not grep -v '^{' "$BATS_TEST_TMPDIR/lines"
		jq -c -f "$top/t/log-lines.jq" "$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/misfits"
		head "$BATS_TEST_TMPDIR/misfits"
		[ ! -s "$BATS_TEST_TMPDIR/misfits" ]
	done
}
