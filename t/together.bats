# All vendors' sources together, beside stand-ins for each.

load helper
load api
load hold

outlook=$(vendor_source outlook)
box=$(vendor_source box)
snowflake=$(vendor_source snowflake)

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
	sign_up owner
	# A source waits as long as a setting can say.
	patient='.source_metadata.search_seconds = "60"'
	vendor_gateway all "$(vendor_source outlook "$patient")" "$(vendor_source box "$patient")" \
		"$(vendor_source snowflake "$patient | .source_metadata.snowflake_analyst_seconds = \"60\"")" \
		'{"type": "documents", "source_metadata": {"name": "Notes", "search_seconds": "60"}}'
	answers 201 POST "/api/v1/sources/${sources[3]}/documents" '{"title": "Lease notes", "text": "What to ask about the lease of the office."}'
	answers 201 POST "/api/v1/sources/${sources[3]}/documents" '{"title": "More notes", "text": "The lease, and the office."}'
}

setup()
{
	vendors_of_stand
	vendors_reset
	sql 'DELETE FROM gatehouse.source_states'
	as owner
}

teardown()
{
	release
}

teardown_file()
{
	vendors_of_stand
	vendors_stop
	restart_workers mcp-vendors
}

# ---- sources that are tried before they are stored ----

# try STATUS SOURCE: stores it if its vendor answers.
try()
{
	answers "$1" POST '/api/v1/sources?test=true' "$2" "${app_of_vendors[@]}"
}

# What the account has, and what is known of vendors' answers to anybody.
stored()
{
	sql "SELECT (SELECT count(*) FROM gatehouse.sources WHERE user_id = '$user_id'), (SELECT count(*) FROM gatehouse.source_secrets),
		(SELECT count(*) FROM gatehouse.source_states)"
}

@test "with ?test=true a source whose vendor answers is stored, and works as it did then" {
	local kind id

	for kind in outlook box snowflake; do
		try 201 "${!kind}"
		says ".type == \"$kind\""
		id=$(field .id)
		vendor_control "${kind/outlook/graph}" DELETE journal >/dev/null
		answers 200 POST "/api/v1/sources/$id/test" '' "${app_of_vendors[@]}"
		says '.ok == true and .state == "complete"'
		[ "$(vendor_journal "${kind/outlook/graph}" length)" -gt 0 ]
	done
}

@test "with ?test=true a credential that the vendor refuses is told, and nothing is stored" {
	local kind change help before

	before=$(stored)
	while IFS='|' read -r kind change help; do
		try 400 "$(jq -c ".source_metadata += $change" <<<"${!kind}")"
		[[ $(field .detail) == *"$help"* ]] || { echo "$kind $change: $body"; false; }
		says 'keys == ["detail"] and (tostring | test("guess|AADSTS") | not)'
		[ "$(vendor_journal "${kind/outlook/graph}" length)" -gt 0 ]
		[ "$(stored)" = "$before" ]
	done <<-'END'
		outlook|{"graph_client_secret": "guess"}|put the value of a secret
		outlook|{"graph_user_id": "nobody@harbour.example"}|no such mailbox
		box|{"box_client_secret": "guess"}|check box_client_secret
		snowflake|{"snowflake_pat": "guess"}|does not know the programmatic access token
		snowflake|{"snowflake_cortex_search_service": "HELP.PUBLIC.NOBODY"}|no such search service
	END
}

@test "with ?test=true a vendor that is in trouble is told, and nothing is stored" {
	local kind before

	before=$(stored)
	for kind in outlook box snowflake; do
		vendor_fault "${kind/outlook/graph}" '{"match": ".*", "times": 0, "kind": "status", "status": 503}'
		try 400 "${!kind}"
		says '.detail | test("has trouble of its own just now: try again later")'
	done
	[ "$(stored)" = "$before" ]
	# Who does not ask for it is not kept waiting for the vendor.
	answers 201 POST /api/v1/sources "$box" "${app_of_vendors[@]}"
}

# ---- vendors that say nothing ----

# hanging VENDOR…: whatever is asked of them.
hanging()
{
	local vendor

	for vendor; do
		vendor_fault "$vendor" '{"match": ".*", "times": 0, "kind": "hang"}'
	done
}

# tool NAME ARGUMENTS: of the gateway with all of them; by a worker, not by nginx for it.
tool()
{
	mcp all tools/call "{\"name\":\"$1\",\"arguments\":$2}"
	[ "$status" = 200 ]
	by_worker
}

# states JSON: how the sources ended, in the order they stand in the server.
states()
{
	says "[.result.structuredContent.sources[].state] == $1"
}

@test "RL-2: all that may wait for long, and waits, is answered with what there is, by the deadline of the request" {
	worker_with GATEHOUSE_DEADLINE_MS=3000 GATEHOUSE_SOURCE_MS=60000 GATEHOUSE_RERANK_MS=5000 OPENAI_API_KEY=sk-stand-harbour-0001
	on all
	hanging graph box snowflake openai
	tool search '{"query": "lease"}'
	states '["timed_out", "timed_out", "timed_out", "complete"]'
	says '[.result.structuredContent.results[].title] | sort == ["Lease notes", "More notes"]'
	[ "$(vendor_journal openai length)" -gt 0 ]
	# Twenty of them, one after the other, in one request.
	mcp_raw all -H 'MCP-Protocol-Version: 2025-03-26' --data-raw "$(jq -nc '[range(20) | {jsonrpc: "2.0", id: ., method: "tools/call",
		params: {name: "search", arguments: {query: "lease"}}}]')"
	[ "$status" = 200 ]
	says 'length == 20 and (.[0].result.content[0].text | test("Lease notes"))'
	by_worker
	# The database, too.
	hold documents
	tool search '{"query": "lease"}'
	says '.result.structuredContent.sources | length == 4 and all(.state != "complete")'
	release
}

@test "RL-2: a step late in a source's work that hangs leaves what was found before" {
	worker_with GATEHOUSE_SOURCE_MS=60000
	on all
	vendor_fault snowflake '{"match": "POST /api/v2/cortex", "times": 0, "kind": "hang"}'
	vendor_fault graph '{"match": "GET .*/messages", "times": 0, "kind": "trickle", "ms": 300}'
	tool search '{"query": "lease of the office"}'
	states '["timed_out", "complete", "partial", "complete"]'
	says '[.result.structuredContent.results[].metadata.kind] | unique == ["box", "documents", "snowflake"]'
}

@test "RL-2: what is opened, listed or tried at a vendor that hangs is told by the deadline" {
	local id

	worker_with GATEHOUSE_DEADLINE_MS=3000
	on all
	hanging graph box snowflake
	for id in "outlook::${sources[0]}::AAkALgAAAAAAHYQDEapmEc2byACqAC" "box::${sources[1]}::1700304852231" "box::${sources[1]}::folder-0" \
		"snowflake::${sources[2]}::id:kb-050" "snowflake::${sources[2]}::table:SALES/MART/REVENUE"; do
		tool fetch "{\"id\": \"$id\"}"
		says '.result.isError and (.result.content[0].text | test("in time"))'
	done
	tool box_list_folder '{}'
	says '.result.isError and (.result.content[0].text | test("in time"))'
	as all
	for id in "${sources[@]:0:3}"; do
		answers 200 POST "/api/v1/sources/$id/test" '' "${app_of_vendors[@]}"
		says '.ok == false and .state == "timed_out"'
		by_worker
	done
}

@test "RL-2: with ?test=true a vendor that hangs is told by the deadline, and nothing is stored" {
	local before

	before=$(stored)
	worker_stop api-vendors
	test_worker_start api-vendors 1 "${vendors_environment[@]}" GATEHOUSE_DEADLINE_MS=3000
	hanging box
	try 400 "$box"
	says '.detail | test("in time")'
	by_worker
	[ "$(stored)" = "$before" ]
	restart_workers api-vendors
}

# ---- what sources may do there ----

@test "MC-15: the start-up report lists the rights each kind of source needs, and its page of the manual has them" {
	local kind rights

	log_lines 'select(.event == "vendor-needs" and .program == "mcp") | [.kind, .rights] | @tsv' | jq -r . | sort -u >"$BATS_TEST_TMPDIR/needs"
	[ "$(cut -f 1 "$BATS_TEST_TMPDIR/needs" | tr '\n' ' ')" = 'box outlook snowflake ' ]
	while IFS=$'\t' read -r kind rights; do
		grep -qF "$rights" "$top/doc/$kind.md"
	done <"$BATS_TEST_TMPDIR/needs"
	not grep -iE 'write|insert|update|delete|create|ownership|manage' "$BATS_TEST_TMPDIR/needs"
}

# warned: the warnings of rights that were given beyond these, since $before.
warned()
{
	log_lines 'select(.event == "vendor-grants") | [.level, .kind, .source, .rights]' | tail -n "+$((before + 1))"
}

@test "MC-15: a vendor that grants more is warned of in the log, and to who tries the source" {
	local before

	worker_with
	before=$(warned | wc -l)
	answers 201 POST /api/v1/sources "$outlook"
	answers 200 POST "/api/v1/sources/$(field .id)/test" '' "${app_of_vendors[@]}"
	says '.ok and .detail == "The source answers."'
	answers 201 POST /api/v1/sources "$snowflake"
	answers 200 POST "/api/v1/sources/$(field .id)/test" '' "${app_of_vendors[@]}"
	says '.ok and .detail == "The source answers."'
	[ -z "$(warned)" ]
	# A token of Graph's tells what it is good for, of whatever else is in it.
	answers 201 POST /api/v1/sources "$(vendor_source outlook '.source_metadata += {graph_client_id: "0c5a9f6e-1111-4a4a-8b8b-aaaaaaaaaa05", graph_client_secret: "may-write"}')"
	id=$(field .id)
	answers 200 POST "/api/v1/sources/$id/test" '' "${app_of_vendors[@]}"
	says '.ok and .state == "complete" and .detail == "Microsoft Graph lets this source do more than it needs: Mail.ReadWrite, Mail.Send. Enough is: Mail.Read."'
	wait_until test -n "$(warned)"
	[ "$(warned | sort -u)" = "[\"warning\",\"outlook\",\"$id\",\"Mail.ReadWrite, Mail.Send\"]" ]
	# It is said of a token that is kept, too.
	answers 200 POST "/api/v1/sources/$id/test" '' "${app_of_vendors[@]}"
	says '.detail | test("Mail.Send")'
	[ "$(vendor_journal graph '[.[] | select(.host == "login" and (.body | test("may-write")))] | length')" = 1 ]
	answers 201 POST /api/v1/sources "$(vendor_source snowflake '.source_metadata.snowflake_role = "SYSADMIN"')"
	id=$(field .id)
	answers 200 POST "/api/v1/sources/$id/test" '' "${app_of_vendors[@]}"
	says '.ok and (.detail | test("all that the role SYSADMIN may. Enough is: the rights to use, read and query"))'
	wait_until test "$(warned | sort -u | tail -n 1)" = "[\"warning\",\"snowflake\",\"$id\",\"all that the role SYSADMIN may\"]"
}

@test "MC-15: a token that is no JWT, or another, is warned of by nobody, and works" {
	local token before

	before=$(warned | wc -l)
	while read -r token; do
		vendor_fault graph "$(jq -nc --arg token "$token" '{match: "POST .*/token", kind: "status", status: 200, body: {access_token: $token, expires_in: 3599}}')"
		vendor_fault graph '{"match": "GET .*/inbox", "kind": "status", "status": 200, "body": {"id": "x"}}'
		answers 201 POST /api/v1/sources "$outlook"
		answers 200 POST "/api/v1/sources/$(field .id)/test" '' "${app_of_vendors[@]}"
		says '.ok and .detail == "The source answers."'
		vendor_control graph DELETE fault >/dev/null
	done < <(printf '%s\n' x . .. a.b a.b.c a.e30.c "a.$(printf '{"roles":7}' | base64 -w 0 | tr '+/' '-_' | tr -d =).c" "a.$(printf '{"roles":[7,null,"",{"a":1},"Mail.Read"]}' | base64 -w 0 | tr '+/' '-_' | tr -d =).c" \
		"a.$(printf '[[[' | base64 -w 0 | tr '+/' '-_' | tr -d =).c" a...c)
	[ -z "$(warned)" ]
}

# ---- what is left of secrets ----

# in_memory PID FILE: how often one of the lines of FILE stands in its memory.
in_memory()
{
	perl -e '
		use strict; my ($pid, $file) = @ARGV; my $found = 0;
		open(my $lines, "<", $file) or die; chomp(my @wanted = <$lines>);
		open(my $maps, "<", "/proc/$pid/maps") or die; open(my $memory, "<:raw", "/proc/$pid/mem") or die;
		while (<$maps>) {
			next unless /^([0-9a-f]+)-([0-9a-f]+) r/ and not /\[v/;
			my ($from, $to) = (hex($1), hex($2)); my $bytes;
			sysseek($memory, $from, 0); sysread($memory, $bytes, $to - $from) or next;
			for my $one (@wanted) { my $at = -1; $found++ while ($at = index($bytes, $one, $at + 1)) >= 0; }
		}
		print "$found\n";' "$1" "$2"
}

# secrets_used: those of the sources, as they are and as a form has them, the
# lines of a private key, and all tokens that were sent.
secrets_used()
{
	printf '%s\n' "${vendors_secrets[@]:0:3}"
	printf '%s\n' "${vendors_secrets[@]:0:3}" | jq -rR @uri
	grep -v -- ----- "$vendors_folder/snowflake-harbour.key"
	for vendor in graph box snowflake; do
		vendor_journal "$vendor" '.[].headers.authorization // empty' | jq -r 'ltrimstr("Bearer ")'
	done | sort -u
}

some_in_memory()
{
	(($(in_memory "$worker" "$BATS_TEST_TMPDIR/secrets") > 0))
}

@test "SE-6: once its answers are given nothing is left in a worker's memory of what it told vendors to get in" {
	local worker search

	((EUID == 0)) || skip "another process's memory needs root's rights"
	not grep -q 'define GATEHOUSE_SANITIZED' "$build/config.h" || skip "sanitizers keep what was freed"
	vendor_gateway paired "$(vendor_source snowflake 'del(.source_metadata.snowflake_pat)' | jq -c --arg key "$(tr '\n' ' ' <"$vendors_folder/snowflake-harbour.key")" \
		'.source_metadata += {snowflake_private_key: $key, snowflake_user: "gatehouse"}')"
	worker_with
	worker=$(worker_pids mcp-vendors)
	worker=${worker% }
	# Who looks while a call is under way sees what it carries.
	vendor_fault graph '{"match": "POST .*/token", "kind": "hang"}'
	secrets_used >"$BATS_TEST_TMPDIR/secrets"
	(tool search '{"query": "lease"}') 3>&- &
	search=$!
	wait_until some_in_memory
	wait "$search"
	sql 'DELETE FROM gatehouse.source_states'
	tool search '{"query": "lease of the office"}'
	states '["complete", "complete", "complete", "complete"]'
	on all
	tool fetch "{\"id\": \"box::${sources[1]}::1700304852231\"}"
	says '.result.isError != true'
	as all
	answers 200 POST "/api/v1/sources/${sources[0]}/test" '' "${app_of_vendors[@]}"
	mcp paired tools/call '{"name": "search", "arguments": {"query": "lease of the office"}}'
	states '["complete"]'
	secrets_used >"$BATS_TEST_TMPDIR/secrets"
	(($(wc -l <"$BATS_TEST_TMPDIR/secrets") > 30))
	[ "$(in_memory "$worker" "$BATS_TEST_TMPDIR/secrets")" = 0 ]
}
