# Re-ranking by embeddings: the near comes first, and whatever the service does,
# no result is lost.

load helper
load api

key=sk-stand-harbour-0001

setup_file()
{
	gateway alice
	vendor_gateway sailor '{"type": "documents", "source_metadata": {"name": "One"}}' '{"type": "documents", "source_metadata": {"name": "Two"}}'
	document Lease 'Lease: rope anchor storm net fish boat bread tea lamp oil chart pump sail.'
	document Letter 'The tenancy, a contract, and the rental: lease.'
	source=${sources[1]} document Boat 'The boat was on lease and sank; a story of wind, water, salt, birds and luck.'
	echo "$key" >>"$stand/secrets"
	vendors_start
}

teardown_file()
{
	vendors_stop
	restart_workers mcp-vendors
}

setup()
{
	vendors_folder=$stand/vendors
	vendors_addresses
	vendors_reset openai
	as sailor
	on sailor
}

document()
{
	answers 201 POST "/api/v1/sources/$source/documents" "$(jq -cn --arg title "$1" --arg text "$2" '$ARGS.named')"
}

search()
{
	mcp sailor tools/call "$(jq -cn --arg query "$1" '{name: "search", arguments: {query: $query}}')"
}

finds()
{
	search lease
	says "[.result.structuredContent.results[].title] == $1"
	says '.result.structuredContent.sources | map(.state == "complete") == [true, true]'
}

fused='["Lease", "Boat", "Letter"]'
near='["Letter", "Lease", "Boat"]'

@test "without a key nothing leaves for anyone, and the fused order is the answer" {
	worker_with
	finds "$fused"
	[ "$(vendor_journal openai length)" = 0 ]
}

@test "with a key, one call brings what is nearest to the top" {
	worker_with OPENAI_API_KEY=$key GATEHOUSE_RERANK_MS=5000
	finds "$near"
	[ "$(vendor_journal openai length)" = 1 ]
	vendor_journal openai '.[0]' >"$BATS_TEST_TMPDIR/asked"
	jq -e '.method == "POST" and .path == "/v1/embeddings" and .status == 200' "$BATS_TEST_TMPDIR/asked"
	jq -e --arg key "Bearer $key" '.headers.authorization == $key and (.headers | has("cookie") | not)' "$BATS_TEST_TMPDIR/asked"
	jq -e '.body | fromjson | .model == "text-embedding-3-small" and .input[0] == "lease" and (.input | length) == 4
		and (keys | sort) == ["dimensions", "encoding_format", "input", "model"]' "$BATS_TEST_TMPDIR/asked"
}

@test "one result, or none, is not sent anywhere" {
	search sank
	says '.result.structuredContent.results | length == 1'
	search zebra
	[ "$(vendor_journal openai length)" = 0 ]
}

@test "another model, and a service that sends plain numbers, will do" {
	worker_with OPENAI_API_KEY=$key GATEHOUSE_RERANK_MS=5000 GATEHOUSE_RERANK_MODEL=text-embedding-3-large
	finds "$near"
	vendor_fault openai "$(jq -cn '{match: "POST /v1/embeddings", kind: "type", type: "application/json",
		body: ({data: [{index: 0, embedding: [1, 0]}, {index: 1, embedding: [0, 1]}, {index: 2, embedding: [1, 1]},
		{index: 3, embedding: [1, 0.1]}]} | tojson)}')"
	finds '["Letter", "Boat", "Lease"]'
}

# Whatever comes back, the answer is the fused one, whole.
@test "RL-4: a service that fails, lies, or sends without end costs no result" {
	worker_with OPENAI_API_KEY=$key GATEHOUSE_RERANK_MS=1000
	while read -r fault; do
		vendors_reset openai
		finds "$near" # so that it is not left alone
		vendor_control openai DELETE journal >/dev/null
		vendor_fault openai "$(jq -c '.match = "POST /v1/embeddings" | .times = 0' <<<"$fault")"
		finds "$fused" || {
			echo "with $fault"
			return 1
		}
		[[ $fault == *certificate* || $(vendor_journal openai length) -ge 1 ]]
	done <<-'END'
		{"kind": "status", "status": 401}
		{"kind": "status", "status": 500}
		{"kind": "status", "status": 503}
		{"kind": "redirect", "status": 302, "location": "https://10.0.0.1/"}
		{"kind": "hang"}
		{"kind": "stall"}
		{"kind": "trickle", "ms": 100}
		{"kind": "broken"}
		{"kind": "close"}
		{"kind": "reset"}
		{"kind": "endless"}
		{"kind": "huge"}
		{"kind": "bomb"}
		{"kind": "type", "type": "text/html", "body": "<p>no</p>"}
		{"kind": "type", "type": "application/json", "body": "{\"data\": []}"}
		{"kind": "type", "type": "application/json", "body": "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 0, \"embedding\": [1]}, {\"index\": 2, \"embedding\": [1]}, {\"index\": 3, \"embedding\": [1]}]}"}
		{"kind": "type", "type": "application/json", "body": "{\"data\": [{\"index\": 0, \"embedding\": [1]}, {\"index\": 1, \"embedding\": [1, 2]}, {\"index\": 2, \"embedding\": [1]}, {\"index\": 3, \"embedding\": [1]}]}"}
		{"kind": "certificate", "which": "name"}
	END
	wait_until test -n "$(log_lines 'select(.event == "rerank-failed")' | tail -1)"
}

@test "a service that fails five times in a row, or says when to come again, is left alone for a while" {
	local fault='{"match": "POST /v1/embeddings", "kind": "status", "times": 0, "status": 500}'

	worker_with OPENAI_API_KEY=$key GATEHOUSE_RERANK_MS=5000
	vendor_fault openai "$fault"
	for _ in 1 2 3 4 5 6 7; do
		finds "$fused"
	done
	[ "$(vendor_journal openai length)" = 5 ]
	vendors_reset openai
	worker_with OPENAI_API_KEY=$key GATEHOUSE_RERANK_MS=5000
	vendor_fault openai "$(jq -c '. + {status: 429, headers: {"Retry-After": "100"}}' <<<"$fault")"
	finds "$fused"
	vendor_control openai DELETE fault >/dev/null
	finds "$fused"
	[ "$(vendor_journal openai length)" = 1 ]
}

@test "a wrong key costs no result, and the log has no key" {
	worker_with OPENAI_API_KEY=sk-wrong-0002 GATEHOUSE_RERANK_MS=5000
	finds "$fused"
	not grep -aq 'sk-wrong-0002\|sk-stand-harbour-0001' "$stand"/log/*.log
}

@test "OH-2: embeddings are asked for at no address but https on a usual port" {
	for url in http://api.openai.com/v1 https://api.openai.com:8443/v1 https://user@api.openai.com/v1 'https://api.openai.com/v1?x=1' \
		https:///v1 https://API.openai.com/v1 'https://api.openai.com\@x/v1' ftp://x; do
		run env GATEHOUSE_RERANK_URL="$url" GATEHOUSE_ENV_FILE="$stand/.env" "$stand/usr/bin/gatehouse" config
		[ "$status" != 0 ]
		[[ $output == *GATEHOUSE_RERANK_URL* ]]
	done
	run env GATEHOUSE_RERANK_URL=https://embeddings.example.org/v1/ GATEHOUSE_ENV_FILE="$stand/.env" "$stand/usr/bin/gatehouse" config
	[ "$status" = 0 ]
	[[ $output == *https://embeddings.example.org/v1* ]]
}

@test "a source that says nothing is named when its time is over, and the others are answered" {
	vendor_gateway mixed '{"type": "documents", "source_metadata": {}}' '{"type": "outlook", "source_metadata": {"tenant_id": "t",
		"graph_client_id": "c", "graph_client_secret": "s", "graph_user_id": "u@example.com"}}'
	document Lease 'A lease.'
	vendor_fault graph '{"match": ".*", "kind": "hang", "times": 0}'
	worker_with GATEHOUSE_SOURCE_MS=500
	mcp mixed tools/call '{"name": "search", "arguments": {"query": "lease"}}'
	says '[.result.structuredContent.results[].title] == ["Lease"]'
	says '[.result.structuredContent.sources[].state] == ["complete", "timed_out"]'
	says '.result.structuredContent.sources[1].help | length > 0'
	says '.result.content[0].text | fromjson | .sources[1].state == "timed_out"'
	vendors_reset
}
