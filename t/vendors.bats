# The vendor stand-ins themselves, before others rely on them.

load helper
source "$BATS_TEST_DIRNAME/vendors.bash"

setup_file()
{
	"$top/t/clients/install" "$clients"
	vendors_start
}

setup()
{
	vendors_folder=$stand/vendors
	vendors_addresses
}

teardown_file()
{
	vendors_folder=$stand/vendors
	vendors_stop
}

@test "the stand-ins answer, refuse and fail as the vendors do" {
	VENDORS=$vendors_folder run timeout 120 "$node" "$top/t/vendors/test.mjs"
	echo "$output"
	[ "$status" -eq 0 ]
}

# What the test before has asked of them goes through Prism.
conforms()
{
	run vendor_conforms "$1"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "Graph's stand-in takes and gives what Microsoft describes" {
	conforms graph
}

@test "Snowflake's stand-in takes and gives what Snowflake describes" {
	conforms snowflake
}

@test "Box's stand-in takes and gives what Box describes" {
	conforms box
}

@test "a request that only the description refuses is found" {
	local token

	token=$(vendor_control graph POST token '{"who": {"tenant": "harbour", "client": "check", "role": "Mail.Read", "user": null}}' | jq -r .token)
	curl -sSf --cacert "$vendors_ca" -H "Authorization: Bearer $token" "$graph_url/v1.0/users/ann@harbour.example/mailFolders?\$select=id,id" >/dev/null
	run vendor_conforms graph
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *'mailFolders?$select=id,id → 200: request.query.$select: '* ]]
}
