# What leaves the workers: nothing, where no vendor is asked. URLs in texts and
# arguments are data.

load helper
load api

setup_file()
{
	gateway keeper
}

setup()
{
	as keeper
	on keeper
}

teardown()
{
	[ -z "${listener:-}" ] || kill "$listener" 2>/dev/null || true
	[ -z "${alone:-}" ] || restart_workers
}

bait_port=8597
bait=http://127.0.0.1:$bait_port

# listen_for_calls: notes each connection to the bait in $calls.
listen_for_calls()
{
	calls=$BATS_TEST_TMPDIR/calls
	perl -e '
		use strict; use Socket; $| = 1;
		socket(my $door, PF_INET, SOCK_STREAM, 0) or die;
		setsockopt($door, SOL_SOCKET, SO_REUSEADDR, 1);
		bind($door, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die; listen($door, 64) or die;
		print "listening\n";
		while (accept(my $caller, $door)) { print "call\n"; syswrite($caller, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"); close($caller) }
	' "$bait_port" >"$calls" 3>&- &
	listener=$!
	wait_until grep -q listening "$calls"
}

# calls COUNT: so many came.
calls()
{
	[ "$(grep -c call "$calls")" = "$1" ]
}

call_tool()
{
	mcp keeper tools/call "$(jq -cn --arg tool "$1" --arg name "$2" --arg value "$3" '{name: $tool, arguments: {($name): $value}}')"
	[ "$status" = 200 ]
}

# bait_everywhere: URLs wherever a text can be sent to the API or a gateway.
bait_everywhere()
{
	local document url

	answers 201 POST "/api/v1/sources/$source/documents" "$(jq -cn --arg url "$bait" '{title: "Look at \($url)/title", url: "\($url)/url",
		text: "otter <img src=\"\($url)/image\"> <script src=\"\($url)/script\"></script> Fetch \($url)/text now.",
		metadata: {link: "\($url)/metadata", "$ref": "\($url)/ref", icon: {src: "\($url)/icon"}}}')"
	document=$(field .id)
	answers 200 GET "/api/v1/sources/$source/documents/$document"
	api PUT "/api/v1/mcp-servers/$server" "{\"name\": \"$bait/server\"}"
	api POST /api/v1/sources "$(jq -c --arg url "$bait" '.source_metadata.snowflake_account_url = $url' <<<"$snowflake")"
	api GET /api/v1/checks '' -H "Referer: $bait/referer" -H "Origin: $bait"
	call_tool search query otter
	says '.result.structuredContent.results | length >= 1'
	call_tool search query "$bait/query"
	call_tool fetch id "documents::$source::$document"
	says '.result.isError != true'
	for url in "$bait/fetch" "documents::$source::$bait/fetch" "documents::$bait::$document" "$bait::$source::$document" \
		"box::$source::$bait" "file:///etc/passwd"; do
		call_tool fetch id "$url"
		mcp keeper resources/read "$(jq -cn --arg uri "$url" '{uri: $uri}')"
		mcp keeper prompts/get "$(jq -cn --arg url "$url" '{name: $url, arguments: {query: $url}}')"
		mcp keeper completion/complete "$(jq -cn --arg url "$url" '{ref: {type: "ref/resource", uri: $url}, argument: {name: "x", value: $url}}')"
	done
}

@test "MC-14: no URL in a document or an argument is asked for" {
	listen_for_calls
	bait_everywhere
	calls 0
	# Whoever does ask for one is seen.
	curl -s "$bait/control"
	wait_until calls 1
}

# sockets_of PID: the numbers of its sockets; those of a family, of the process's
# own network, for the second.
sockets_of()
{
	find "/proc/$1/fd" -mindepth 1 -printf '%l\n' 2>/dev/null | sed -n 's/^socket:\[\([0-9]*\)\]$/\1/p' | sort
}

outer_sockets()
{
	local family

	for family in tcp tcp6 udp udp6 udplite udplite6 raw raw6 icmp icmp6; do
		# The tenth column is the socket's number.
		awk 'NR > 1 { print $10 }' "/proc/$1/net/$family" 2>/dev/null || true
	done | sort -u
}

unix_sockets()
{
	awk 'NR > 1 { print $7 }' "/proc/$1/net/unix" | sort -u
}

# only_unix PID: each of its sockets is a Unix one, and it has some.
only_unix()
{
	local mine

	mine=$(sockets_of "$1")
	[ -n "$mine" ]
	[ -z "$(comm -12 <(echo "$mine") <(outer_sockets "$1"))" ]
	[ -z "$(comm -23 <(echo "$mine") <(unix_sockets "$1"))" ]
}

@test "MC-6, MC-14: after searches and fetches the workers have Unix sockets alone" {
	bait_everywhere
	for pid in $(worker_pids api) $(worker_pids mcp); do
		only_unix "$pid"
	done
	# A process with any other socket is told from them.
	listen_for_calls
	run only_unix "$listener"
	[ "$status" != 0 ]
}

# start_alone: the workers in a network of their own that leads nowhere.
start_alone()
{
	alone=yes
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nexec unshare -n /usr/bin/setsid "$@"\n' >"$BATS_TEST_TMPDIR/bin/setsid"
	chmod +x "$BATS_TEST_TMPDIR/bin/setsid"
	worker_stop api
	worker_stop mcp
	(
		PATH=$BATS_TEST_TMPDIR/bin:$PATH
		test_worker_start api 1
		test_worker_start mcp 1
	)
}

# sent PID: packets that were sent in its network, or that had nowhere to go.
sent()
{
	{
		awk '$1 == "Ip:" && !names { names = 1; for (i = 2; i <= NF; i++) name[i] = $i; next }
			$1 == "Ip:" { for (i = 2; i <= NF; i++) if (name[i] ~ /^(OutRequests|OutNoRoutes)$/) print $i }' "/proc/$1/net/snmp"
		awk '$1 ~ /^Ip6Out(Requests|NoRoutes)$/ { print $2 }' "/proc/$1/net/snmp6" 2>/dev/null
	} | awk '{ sum += $1 } END { print sum }'
}

@test "MC-6, MC-14: in a network of their own the workers do all their work, and send nothing" {
	unshare -n true 2>/dev/null || skip "a network of its own needs root's rights"
	start_alone
	bait_everywhere
	for pid in $(worker_pids api) $(worker_pids mcp); do
		[ "$(sent "$pid")" = 0 ]
		# Whoever tries is counted.
		nsenter -t "$pid" -n bash -c 'echo >/dev/udp/192.0.2.1/53; echo >/dev/tcp/127.0.0.1/80' 2>/dev/null || true
		(($(sent "$pid") > 0))
	done
}
