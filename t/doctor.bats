# gatehouse doctor: what is wrong, and what to do about it.

load helper
source "$BATS_TEST_DIRNAME/vendors.bash"

setup_file()
{
	make -C "$build" t/vendors/gatehouse-vendors >/dev/null
	vendors_start
	vendor_gateway dana "$(vendor_source outlook)" "$(vendor_source box)" "$(vendor_source snowflake)"
	vendor_gateway erik "$(vendor_source outlook '.source_metadata.graph_client_secret = "a wrong secret"')"
}

teardown_file()
{
	vendors_stop
}

setup()
{
	vendors_folder=$stand/vendors
	vendors_addresses
	vendors_reset
	sql 'DELETE FROM gatehouse.source_states' >/dev/null
}

# doctor [ARGUMENT…]: as an operator calls it, at the stand-ins. VARIABLE=VALUE
# first changes settings.
doctor()
{
	local settings=()

	while [[ ${1:-} == [A-Z]*=* ]]; do
		settings+=("$1")
		shift
	done
	run env "${vendors_environment[@]}" GATEHOUSE_ENV_FILE="$stand/.env" "${settings[@]}" "$build/t/vendors/gatehouse-vendors" doctor --database "${database:-$owner_url}" "$@"
}

# told VERDICT TEXT: of a finding.
told()
{
	grep -qE "^$1 .*$2" <<<"$output" && return
	echo "not told: $1 $2 in: $output"
	return 1
}

@test "where all is well it says so of each thing, and ends with 0" {
	as dana
	doctor --user "$user_email"
	[ "$status" = 0 ]
	told fine 'settings api: ' && told fine 'settings mcp: ' && told fine 'keys public' && told fine 'keys private' && told fine 'database: Postgres 1' && told fine clock
	told fine 'pool: [0-9]+ of [0-9]+'
	[ "$(grep -c '^fine .*source ' <<<"$output")" = 4 ]
	not grep -qE '^(wrong|doubtful)' <<<"$output"
	for secret in "${vendors_secrets[@]}"; do
		not grep -qF -- "$secret" <<<"$output"
	done
	doctor --user "$user_email" --json
	[ "$status" = 0 ]
	jq -es 'all(.[]; .verdict == "fine" and (.said | length > 0) and .fix == "") and any(.[]; .check == "source" and (.about | test("outlook")))' <<<"$output" >/dev/null
}

@test "a source that does not work is named, with what its owner has to do" {
	as erik
	doctor
	[ "$status" = 1 ]
	told wrong "source ${sources[0]:-[0-9a-f-]*} .*of $user_email: unauthorized: .*secret"
	[ "$(grep -c '^fine .*source ' <<<"$output")" -ge 4 ]
	on erik
	doctor --source "${sources[0]}"
	[ "$status" = 1 ]
	[ "$(grep -cE '^[a-z]+ +source ' <<<"$output")" = 1 ]
	# Offline nothing is asked, and the settings are right.
	before=$(vendor_journal graph length)
	doctor --offline --user "$user_email"
	[ "$status" = 0 ]
	told fine "source .*credentials open"
	[ "$(vendor_journal graph length)" = "$before" ]
}

@test "a vendor that is broken, throttled or missing something is told apart" {
	on dana
	local rows
	mapfile -t rows <<-'END'
		graph|0|{"match": "GET /v1.0", "kind": "status", "status": 403, "times": 0}|unauthorized: .*Mail.Read
		box|1|{"match": ".*", "kind": "status", "status": 500, "times": 0}|failed
		snowflake|2|{"match": ".*", "kind": "status", "status": 401, "times": 0}|unauthorized
		graph|0|{"match": ".*", "kind": "certificate", "which": "unknown"}|failed
	END
	for row in "${rows[@]}"; do
		IFS='|' read -r vendor i fault wanted <<<"$row"
		vendors_reset
		sql 'DELETE FROM gatehouse.source_states' >/dev/null
		vendor_fault "$vendor" "$fault"
		doctor --source "${sources[$i]}"
		[ "$status" = 1 ]
		told wrong "source .*: $wanted"
	done
}

@test "settings that were stored and are none any more, and a type that nobody knows" {
	on dana
	sql "UPDATE gatehouse.sources SET source_metadata = source_metadata - 'tenant_id' WHERE id = '${sources[0]}'; UPDATE gatehouse.sources SET type = 'gopher' WHERE id = '${sources[1]}'"
	doctor --offline
	[ "$status" = 1 ]
	told wrong "source ${sources[0]} .*tenant_id"
	told wrong "source ${sources[1]} .*does not know its type"
	sql "UPDATE gatehouse.sources SET source_metadata = source_metadata || '{\"tenant_id\": \"6f1d3c52-8f0e-4f5b-9a51-0d5c6f8e1a01\"}' WHERE id = '${sources[0]}'; UPDATE gatehouse.sources SET type = 'box' WHERE id = '${sources[1]}'"
}

@test "another key, a key that others can read, and none" {
	on dana
	gatehouse keys create --public "$BATS_TEST_TMPDIR/public" --private "$BATS_TEST_TMPDIR/private" >/dev/null
	doctor "GATEHOUSE_SEAL_PRIVATE_KEY_FILE=$BATS_TEST_TMPDIR/private"
	[ "$status" = 1 ]
	told wrong "source ${sources[0]} .*do not open with the private key"
	chmod 0644 "$BATS_TEST_TMPDIR/private"
	doctor "GATEHOUSE_SEAL_PRIVATE_KEY_FILE=$BATS_TEST_TMPDIR/private"
	[ "$status" = 1 ]
	told wrong 'keys private'
	told doubtful "source ${sources[0]} .*was not tried"
	doctor GATEHOUSE_SEAL_PRIVATE_KEY_FILE=
	told wrong 'settings mcp: .*GATEHOUSE_SEAL_PRIVATE_KEY_FILE'
	told doubtful 'keys private'
}

@test "settings, a database and a pool that are wrong each have their line" {
	doctor JWT_SECRET=short
	[ "$status" = 1 ]
	told wrong 'settings api: .*JWT_SECRET'
	doctor MCP_GATEWAY_URL_POOLS=localhost:1 --offline
	told fine 'pool: 1 of 1'
	on dana
	doctor "MCP_GATEWAY_URL_POOLS=$gateway_host" --offline
	told doubtful 'pool: 0 of 1'
	grep -q 'add domains to MCP_GATEWAY_URL_POOLS' <<<"$output"
	database="postgresql://postgres@localhost:1/none" doctor
	[ "$status" = 1 ]
	told wrong 'database: it does not answer'
	not grep -q 'source' <<<"$output"
	database=$(database_url gatehouse_mcp) doctor
	[ "$status" = 1 ]
	told wrong 'database: .*superuser'
	database=$(database_url postgres | sed 's|/gatehouse?|/postgres?|') doctor
	told wrong 'database: it has no schema'
	run gatehouse doctor
	[ "$status" = 2 ]
	doctor --source nonsense
	[ "$status" = 2 ]
	doctor --source 00000000-0000-4000-8000-000000000000
	[ "$status" = 1 ]
	told wrong 'there is no such source'
}
