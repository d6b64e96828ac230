# All vendors' sources together, beside stand-ins for each.

load helper
load api

outlook=$(vendor_source outlook)
box=$(vendor_source box)
snowflake=$(vendor_source snowflake)

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
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
