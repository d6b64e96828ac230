# The gatehouse command, acting for an account in a real database.

bats_require_minimum_version 1.5.0

load helper
load api

setup_file()
{
	sign_up operator
	sign_up stranger
}

setup()
{
	as operator
	make_server
}

teardown()
{
	as operator
	end_servers
}

@test "a token made on the command line is shown once, alone, and listed without itself" {
	run --separate-stderr gatehouse token create --user "$user_email" --server "$server" --name laptop --days 30
	[ "$status" = 0 ]
	[[ $output =~ ^ght_[A-Za-z0-9_-]{43}$ ]]
	token=$output
	run --separate-stderr gatehouse token list --user "$user_email" --server "$server" --json
	[ "$status" = 0 ]
	[[ $output != *"$token"* ]]
	[ "$(jq -r '.[0].name' <<<"$output")" = laptop ]
	[ "$(jq length <<<"$output")" = 1 ]
}

@test "a token made on the command line opens its gateway until it is ended there" {
	gateway commanded
	on commanded
	token=$(gatehouse token create --user "$user_email" --server "$server" --name probe)
	gateway_token=$token mcp_status 200
	id=$(gatehouse token list --user "$user_email" --server "$server" --json | jq -r '.[] | select(.name == "probe").id')
	gatehouse token end --user "$user_email" --server "$server" --id "$id"
	gateway_token=$token mcp_status 401
}

# mcp_status STATUS: what tools/list answers to the token in use
mcp_status()
{
	local got

	got=$(curl -s -o /dev/null -w '%{http_code}' "$gateway_url" -H "Authorization: Bearer $gateway_token" \
		-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
		-d '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}')
	[ "$got" = "$1" ] && return
	echo "tools/list answered $got, not $1"
	return 1
}

@test "TI-1: the command line shows an account nothing of another's" {
	mine=$server
	as stranger
	run --separate-stderr gatehouse token create --user "$user_email" --server "$mine" --name theft
	[ "$status" = 1 ]
	[ -z "$output" ]
	run --separate-stderr gatehouse server list --user "$user_email" --json
	[ "$output" = '[]' ]
}

@test "an account made on the command line signs in; its password was no argument" {
	address="made-$RANDOM-$$@example.com"
	run --separate-stderr gatehouse user create --email "$address" <<<'correct horse battery staple'
	[ "$status" = 0 ]
	as ''
	answers 200 POST /api/v1/signin "{\"email\": \"$address\", \"password\": \"correct horse battery staple\"}"
	run --separate-stderr gatehouse user create --email "$address" <<<'correct horse battery staple'
	[ "$status" = 1 ]
	[[ $stderr == *"already registered"* ]]
	run --separate-stderr gatehouse user delete --user "$address" --yes
	[ "$status" = 0 ]
	answers 401 POST /api/v1/signin "{\"email\": \"$address\", \"password\": \"correct horse battery staple\"}"
}

@test "an unknown account is named, and nothing happens" {
	run --separate-stderr gatehouse source list --user nobody-at-all@example.com
	[ "$status" = 1 ]
	[[ $stderr == *"There is no account nobody-at-all@example.com."* ]]
}
