# Searches that wait for slow vendors, and everybody else.

load helper
load hold

setup_file()
{
	vendors_start
	vendor_gateway slow "$(vendor_source box)" \
		'{"type": "documents", "source_metadata": {"name": "Notes"}}'
	vendor_gateway other "$(vendor_source box)"
	vendor_gateway three "$(vendor_source outlook)" "$(vendor_source box)" "$(vendor_source snowflake '.source_metadata.snowflake_catalogue = "no"')"
	worker_stop mcp-vendors
	test_worker_start mcp-vendors 1 "${vendors_environment[@]}" GATEHOUSE_MCP_THREADS=4
}

teardown_file()
{
	vendors_of_stand
	vendors_stop
	restart_workers mcp-vendors
}

setup()
{
	vendors_of_stand
	vendors_reset
}

search()
{
	mcp "$1" tools/call '{"name": "search", "arguments": {"query": "lease"}}'
}

# states FILTER: of the sources of the last search.
states()
{
	says ".result.structuredContent.sources | map({(.type): .state}) | add | $1"
}

asked()
{
	[ "$(vendor_journal box '[.[] | select(.path == "/2.0/search")] | length')" = "$1" ]
}

@test "MC-16, RL-3: searches that wait for vendors leave threads to those who ask none" {
	vendor_fault box '{"match": "GET /2.0/search", "times": 0, "kind": "hang"}'
	for one in 1 2 3 4; do
		behind "$one" search slow
	done
	wait_until asked 4
	mcp other tools/list
	[ "$status" = 200 ]
	says '.result.tools | length > 1'
	search slow
	[ "$status" = 200 ]
	states '.box == "throttled" and .documents == "complete"'
	says '.result.structuredContent.sources[] | select(.type == "box").help | test("try again in some seconds")'
	search other
	states '.box == "throttled"'
	asked 4
	for one in 1 2 3 4; do
		[ ! -e "$BATS_FILE_TMPDIR/$one.done" ]
	done
	for one in 1 2 3 4; do
		wait_until test -s "$BATS_FILE_TMPDIR/$one.done"
	done
	vendors_reset box
	search other
	states '.box == "complete"'
}

# leave_search: whose client goes away after a second, long before its vendors
# answer.
leave_search()
{
	mcp three tools/call '{"name": "search", "arguments": {"query": "lease"}}' --max-time 1 2>/dev/null
}

vendors='graph box snowflake'

# hanging: the searches at each of them, after all that comes before.
hanging()
{
	vendor_fault graph '{"match": "GET .*/messages", "times": 0, "kind": "hang"}'
	vendor_fault box '{"match": "GET /2.0/search", "times": 0, "kind": "hang"}'
	vendor_fault snowflake '{"match": "POST /api/v2/", "times": 0, "kind": "hang"}'
}

# journals FILTER: is true of what each of them was asked.
journals()
{
	local vendor

	for vendor in $vendors; do
		[ "$(vendor_journal "$vendor" "$1")" = true ] || return
	done
}

@test "MC-17: a client that goes away ends its calls to all vendors within a second, whoever else waits for them" {
	mcp three tools/call '{"name": "search", "arguments": {"query": "lease"}}'
	says '.result.structuredContent.sources | all(.state == "complete")'
	for vendor in $vendors; do
		vendor_control "$vendor" DELETE journal >/dev/null
	done
	hanging
	behind stays search three
	wait_until journals 'any(.ended == null)'
	# As many as there are threads left for it.
	for _ in 1 2 3; do
		leave_search &
		left[$!]=yes
	done 3>&-
	wait "${!left[@]}" || true
	wait_until journals '[.[] | select(.gone)] | length >= 3'
	# One second until the client left, and one since; not so the call of the one that stays.
	journals '[.[] | select(.gone) | .ended - .at] | max < 2000'
	journals 'any(.ended == null)'
	journals '[.[] | select(.gone or .ended == null).connection] | group_by(.) | any(length > 1)'
	finished stays
	states 'all(. == "timed_out")'
}

@test "MC-17: a client that goes away frees its thread" {
	hanging
	for _ in 1 2 3 4; do
		leave_search &
		left[$!]=yes
	done 3>&-
	wait "${!left[@]}" || true
	wait_until journals '[.[] | select(.gone)] | length >= 4'
	for vendor in $vendors; do
		vendor_control "$vendor" DELETE fault >/dev/null
	done
	mcp three tools/call '{"name": "search", "arguments": {"query": "lease"}}'
	says '.result.structuredContent.sources | all(.state == "complete")'
}
