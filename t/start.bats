# Starting the programs: a wrong setting ends them with one clear line.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	secret=$(head -c 48 /dev/urandom | base64 -w 0)
	head -c 4096 /dev/zero >notkey
	chmod 0400 notkey
}

# start_with NAME=value…: starts the api program with these settings alone;
# it reads no .env, and has no socket to serve.
start_with()
{
	run env -i GATEHOUSE_ENV_FILE= DATABASE_URL=postgresql://nobody@127.0.0.1:1/none JWT_SECRET="$secret" \
		MCP_GATEWAY_URL_POOLS=a.example.com GATEHOUSE_SEAL_PUBLIC_KEY_FILE="$public_key" "$@" "$programs/gatehouse-api.fcgi" --check
}

# refused TEXT: it ended with EX_CONFIG and one line that holds the text.
refused()
{
	echo "$status: $output"
	[ "$status" = 78 ]
	[ "${#lines[@]}" = 1 ]
	[[ $output == *"$1"* ]]
	[[ $output != *"$secret"* ]]
}

@test "the settings of a working set-up are found right, whether the database answers or not" {
	start_with GATEHOUSE_LOG_LEVEL=info
	[ "$status" = 0 ]
	[[ $output == *"does not answer"* ]]
	[[ ${lines[1]} == *"127.0.0.1"*"Connection refused"* ]]
}

@test "JW-1: a missing, short or placeholder JWT_SECRET stops the program" {
	for wrong in '' short changeme-changeme-changeme-changeme your-secret-key-here-your-secret-key; do
		start_with JWT_SECRET="$wrong"
		refused JWT_SECRET
	done
}

@test "a pool entry that is no host stops the program, and is named" {
	for wrong in 'a.example.com,b c' 'a.example.com/path' 'http://' 'user@a.example.com' 'a.example.com:0' 'a.example.com,a.example.com'; do
		start_with MCP_GATEWAY_URL_POOLS="$wrong"
		refused MCP_GATEWAY_URL_POOLS
	done
}

@test "an unknown GATEHOUSE_ name stops the program" {
	start_with GATEHOUSE_API_TREADS=3
	refused GATEHOUSE_API_TREADS
}

@test "a number beyond its bounds stops the program" {
	for wrong in 0 513 x -1 1.5; do
		start_with GATEHOUSE_API_THREADS="$wrong"
		refused GATEHOUSE_API_THREADS
	done
}

@test "SE-1: a key file that is missing or no key stops the program" {
	start_with GATEHOUSE_SEAL_PUBLIC_KEY_FILE=/nowhere
	refused /nowhere
	start_with GATEHOUSE_SEAL_PUBLIC_KEY_FILE="$PWD/notkey"
	refused notkey
}

@test "TI-2: a database role that sees past row-level security is found by --check" {
	start_with GATEHOUSE_API_DATABASE_URL="$owner_url"
	refused "use the program's own role"
}

@test "DB-2: a database on another host that need not prove who it is is told at the start, and no refusal" {
	local unproved='; the database at 192.0.2.1 need not prove who it is: set sslmode=verify-full'

	for form in 'postgresql://nobody@192.0.2.1:1/none' 'postgresql+asyncpg://nobody@192.0.2.1:1/none?ssl=require' \
		'postgresql://nobody@localhost:1,192.0.2.1:1/none?sslmode=verify-ca'; do
		start_with DATABASE_URL="$form"
		[ "$status" = 0 ]
		[[ ${lines[0]} == *"$unproved" ]]
	done
	start_with DATABASE_URL='postgresql+asyncpg://nobody@192.0.2.1:1/none?ssl=verify-full'
	[ "$status" = 0 ]
	[[ $output != *'prove'* ]]
}

@test "DB-6: more connections than the database has are told at the start" {
	start_with GATEHOUSE_API_DATABASE_URL="$(database_url gatehouse_api)"
	[ "$status" = 0 ]
	[[ $output == *"and so is the database role" ]]
	# Of 60, three are kept for superusers; the mcp program has two processes.
	start_with GATEHOUSE_API_DATABASE_URL="$(database_url gatehouse_api)" GATEHOUSE_API_PROCESSES=17 GATEHOUSE_DATABASE_CONNECTIONS=3
	[[ $output == *"and so is the database role" ]]
	start_with GATEHOUSE_API_DATABASE_URL="$(database_url gatehouse_api)" GATEHOUSE_API_PROCESSES=18 GATEHOUSE_DATABASE_CONNECTIONS=3
	[ "$status" = 0 ]
	[[ $output == *"the worker processes of this host may open 60 database connections, and there are 57" ]]
}

@test "the version is told without any setting" {
	run env -i "$programs/gatehouse-api.fcgi" --version
	[ "$status" = 0 ]
	[[ $output == "gatehouse-api "[0-9]* ]]
}

@test "an unknown argument is told how to call the program" {
	run env -i "$programs/gatehouse-api.fcgi" --nonsense
	[ "$status" = 64 ]
	[[ $output == usage:* ]]
}
