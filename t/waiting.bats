# Searches that wait for slow vendors, and everybody else.

load helper
load hold

setup_file()
{
	vendors_start
	vendor_gateway slow "$(vendor_source box)" \
		'{"type": "documents", "source_metadata": {"name": "Notes"}}'
	vendor_gateway other "$(vendor_source box)"
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
	vendors_reset box
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
