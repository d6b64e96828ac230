# The conformance suite's scenarios for an authorization server, with curl as the
# person in front of the browser.

load helper
load mcp
load oauth

teardown()
{
	[ -z "${suite:-}" ] || kill "$suite" 2>/dev/null || true
}

waits_for_callback()
{
	grep -q '^Callback server started' "$BATS_TEST_TMPDIR/log"
}

@test "both authorization scenarios of the conformance suite pass" {
	gateway xenia
	forgive
	register '.redirect_uris = ["http://127.0.0.1:8910/callback"]'
	client timeout 120 node "$client_folder/node_modules/@modelcontextprotocol/conformance/dist/index.js" authorization \
		--url "$gateway_url" --client-id "$client" --resource "$gateway_url" -p 8910 -o "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	suite=$!
	wait_until waits_for_callback
	url=$(grep '^http.*/authorize?' "$BATS_TEST_TMPDIR/log")
	at_gateway "${url#"$gateway_url"}"
	place=$(header Location)
	question=${place##*/}
	browser xenia
	looks
	signs_in
	looks
	answers approve
	curl -sS -o /dev/null "$place"
	wait "$suite"
	tail -n 12 "$BATS_TEST_TMPDIR/log"; jq -c ".[] | [.id, .status, .errorMessage]" "$BATS_TEST_TMPDIR"/out/*/checks.json
	[ "$(jq -s 'add | [.[] | select(.status == "SUCCESS")] | length' "$BATS_TEST_TMPDIR"/out/*/checks.json)" = 3 ]
	[ "$(jq -s 'add | [.[] | select(.status == "FAILURE")] | length' "$BATS_TEST_TMPDIR"/out/*/checks.json)" = 0 ]
	[ "$(ls -d "$BATS_TEST_TMPDIR"/out/*authorization-* | wc -l)" = 2 ]
}
