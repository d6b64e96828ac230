# All vendors' sources together, beside stand-ins for each.

load helper
load api

outlook=$(jq -nc '{type: "outlook", source_metadata: {name: "Mail", tenant_id: "6f1d3c52-8f0e-4f5b-9a51-0d5c6f8e1a01",
	graph_client_id: "0c5a9f6e-1111-4a4a-8b8b-aaaaaaaaaa01", graph_client_secret: "harbour~secret+with/odd=signs&%", graph_user_id: "ann@harbour.example"}}')
box=$(jq -nc '{type: "box", source_metadata: {name: "Files", box_client_id: "boxclientharbour0000000000000001",
	box_client_secret: "box-harbour-secret+/=&", box_subject_type: "user", box_subject_id: "11446498"}}')
snowflake=$(jq -nc '{type: "snowflake", source_metadata: {name: "Rows", snowflake_account_url: "harbour-main", snowflake_pat: "pat-harbour-0001",
	snowflake_semantic_model_file: "@SALES.MART.MODELS/revenue.yaml", snowflake_cortex_search_service: "HELP.PUBLIC.DOCS"}}')
secrets=('harbour~secret+with/odd=signs&%' 'box-harbour-secret+/=&' pat-harbour-0001)

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
	printf '%s\n' "${secrets[@]}" >>"$stand/secrets"
	sign_up owner
}

setup()
{
	vendors_of_stand
	vendors_reset
	as owner
}

teardown_file()
{
	vendors_of_stand
	vendors_stop
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
