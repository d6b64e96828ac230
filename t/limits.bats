# nginx's limits as production has them, and its TLS: an nginx of the suite's
# own before the same workers.

load helper
load raw

second=$stand/second

# start_second NAME=VALUE…: these before the values that are in force;
# $main_conf, when set, is its nginx.conf.
start_second()
{
	rm -rf "$second"
	install -d -m 0755 "$second" "$second/log" "$second/nginx" "$second/nginx/more"
	folder_for "$worker_user" 0700 "$second/temp"
	"$top/nginx/generate" "$second/nginx" "PID=$second/nginx.pid" "LOG=$second/log" "TEMP=$second/temp" "USER=$(nginx_user)" "$@"
	[ -z "${main_conf:-}" ] || printf '%s\n' "$main_conf" >"$second/nginx/nginx.conf"
	daemon second /usr/sbin/nginx -p "$second" -c "$second/nginx/nginx.conf" -e "$second/log/nginx.log" -g 'daemon off;'
	wait_until listening 8570
}

teardown()
{
	[ -z "${asking:-}" ] || kill "${asking[@]}" 2>/dev/null || true
	[ -z "${slow:-}" ] || kill "$slow" 2>/dev/null || true
	end second TERM 5
	[ -z "${fewer:-}" ] || restart_workers api
	[ -z "${slower:-}" ] || restart_workers mcp
	[ -z "${capped:-}" ] || (web_configure && web_reload)
}

# statuses COUNT CURL-ARGUMENT…: the same request so many times on one
# connection; prints each status.
statuses()
{
	local count=$1

	shift
	curl -sS -o /dev/null -w '%{http_code}\n' "${@:1:$#-1}" "${*: -1}?[1-$count]"
}

limited()
{
	start_second APP_LISTEN='listen 127.0.0.1:8570;' APP_DEFAULT_LISTEN='listen 127.0.0.1:8570 default_server;' \
		GATEWAY_LISTEN='listen 127.0.0.1:8571;' GATEWAY_DEFAULT_LISTEN='listen 127.0.0.1:8571 default_server;' \
		SIGN_RATE=1r/m SIGN_BURST=5 TOKEN_RATE=1r/m TOKEN_BURST=5 CLIENT_TIMEOUT=1s "@$stand/nginx/values"
}

@test "TV-12: a burst of sign-ins from one address is told to wait, others are not" {
	limited
	sign=(-X POST -H 'Content-Type: application/json' -d '{}')
	[ "$(statuses 20 "${sign[@]}" http://127.0.0.1:8570/api/v1/signin | sort | uniq -c | awk '{print $1, $2}' | paste -sd,)" = '6 400,14 429' ]
	fetch_answer "${sign[@]}" http://127.0.0.1:8570/api/v1/signup
	[ "$status" = 429 ]
	says '.detail | test("wait")'
	grep -qi '^Retry-After: [1-9]' "$headers"
	[ "$(statuses 1 --interface 127.0.0.2 "${sign[@]}" http://127.0.0.1:8570/api/v1/signin)" = 400 ]
	[ "$(statuses 1 http://127.0.0.1:8570/api/v1/checks)" = 200 ]
}

@test "TV-12: a burst with one token is told to wait, another token is not" {
	limited
	call=(-X POST -H 'Content-Type: application/json' -d '{}')
	statuses 20 "${call[@]}" -H 'Authorization: Bearer ght_one' http://localhost:8571/ >"$BATS_TEST_TMPDIR/statuses"
	[ "$(grep -c 429 "$BATS_TEST_TMPDIR/statuses")" = 14 ]
	fetch_answer "${call[@]}" -H 'Authorization: Bearer ght_one' http://localhost:8571/
	[ "$status" = 429 ]
	says '.jsonrpc == "2.0" and .error.code == -32603 and (has("id") | not)'
	grep -qi '^Retry-After: [1-9]' "$headers"
	[ "$(statuses 1 "${call[@]}" -H 'Authorization: Bearer ght_two' http://localhost:8571/)" != 429 ]
}

@test "TV-13: a client that sends its head or body too slowly is cut off, and nobody else waits" {
	limited
	for text in 'GET / HTTP/1.1\r\nHost: local' \
		'POST /api/v1/signin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{'; do
		began=$SECONDS
		raw 8570 "$text" &
		slow=$!
		[ "$(statuses 1 http://127.0.0.1:8570/api/v1/checks)" = 200 ]
		wait "$slow"
		# raw itself would wait for ten seconds.
		((SECONDS - began < 9))
	done
}

listing='{"jsonrpc":"2.0","id":1,"method":"tools/list"}'

# begin_call: a call of the gateway in use whose body is still to come; nginx
# has counted it once it says so. Sets $call, a descriptor.
begin_call()
{
	local line

	exec {call}<>"/dev/tcp/127.0.0.1/${gateway_host##*:}"
	printf '%s\r\n' 'POST / HTTP/1.1' "Host: $gateway_host" "Authorization: Bearer $gateway_token" 'Content-Type: application/json' \
		'Accept: application/json' 'MCP-Protocol-Version: 2025-06-18' 'Expect: 100-continue' 'Connection: close' \
		"Content-Length: ${#listing}" '' >&"$call"
	read -r -t 20 line <&"$call"
	[[ $line == 'HTTP/1.1 100 '* ]]
}

# end_call DESCRIPTOR: sends the body, and sets $answer.
end_call()
{
	local call=$1

	printf '%s' "$listing" >&"$call"
	answer=$(timeout 20 cat <&"$call" | tr -d '\r')
	exec {call}>&-
}

@test "MC-16: more calls at once than a token may have are told to wait, another token is not" {
	gateway first
	gateway second
	capped=yes
	(token_connections=3 && web_configure && web_reload)
	on first
	calls=()
	for _ in 1 2; do
		begin_call
		calls+=("$call")
	done
	mcp first tools/list
	[ "$status" = 200 ]
	begin_call
	calls+=("$call")
	for _ in 1 2; do
		mcp first tools/list
		[ "$status" = 429 ]
		says '.jsonrpc == "2.0" and .error.code == -32603 and (.error.message | test("wait")) and (has("id") | not)'
		grep -qi '^Retry-After: [1-9]' "$headers"
		grep -qi '^Content-Type: application/json' "$headers"
	done
	mcp second tools/list
	[ "$status" = 200 ]
	# Those that were let in are answered, and then there is room again.
	for call in "${calls[@]}"; do
		end_call "$call"
		grep -q '"name": *"search"' <<<"$answer"
	done
	wait_until answers_list first
}

answers_list()
{
	mcp "$1" tools/list
	[ "$status" = 200 ]
}

# told_to_wait ID: the last call of a tool was one too many.
told_to_wait()
{
	[ "$status" = 429 ]
	says ".error.code == -32603 and .error.message == \"Too many calls of $2 with this token: wait and try again.\" and .id == $1"
	grep -qi '^Retry-After: [1-9]' "$headers"
	by_worker
}

# used_up TOOL: what the token called of it lasts until tomorrow, so that no
# minute that ends meanwhile gives it back; that it called counted.
used_up()
{
	[ "$(sql "UPDATE gatehouse.tool_rates SET until = until + interval '1 day'
		WHERE tool = '$1' AND until > now() - interval '10 minutes' AND holder_id IN (SELECT id FROM gatehouse.access_tokens WHERE server_id = '$server')
		RETURNING 'done'")" = done ]
}

@test "MC-16: each tool has a rate of its own for each token, whichever worker is asked" {
	slower=yes
	worker_stop mcp
	# One call of fetch takes a minute, one of search two.
	test_worker_start mcp 2 GATEHOUSE_TOOL_RATE=1
	gateway rated
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter", "text": "The otter floats."}'
	search='{"name": "search", "arguments": {"query": "otter"}}'
	mcp rated tools/call "$search"
	[ "$status" = 200 ]
	used_up search
	fetch=$(jq -c '{name: "fetch", arguments: {id: .result.structuredContent.results[0].id}}' <<<"$body")
	# Both processes, in both forms of a request.
	for ((i = 0; i < 6; i++)); do
		mcp rated tools/call "$search"
		told_to_wait 1 search
		mcp_raw rated -H 'MCP-Protocol-Version: 2025-06-18' -d "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":$search}"
		told_to_wait 7 search
	done
	mcp rated tools/call "$fetch"
	[ "$status" = 200 ]
	used_up fetch
	mcp rated tools/call "$fetch"
	told_to_wait 1 fetch
	mcp rated tools/list
	[ "$status" = 200 ]
	# Another token of the same server is another.
	api POST "/api/v1/mcp-servers/$server/tokens" '{"name": "second"}'
	sed -i "4s/.*/$(jq -r .token <<<"$body")/" "$gateways/rated"
	mcp rated tools/call "$fetch"
	[ "$status" = 200 ]
	# Items of a batch count one by one.
	item="{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":$search}"
	mcp_raw rated -H 'MCP-Protocol-Version: 2025-03-26' -d "[$item,$item,$item]"
	[ "$status" = 200 ]
	says '[.[] | has("result")] == [true, false, false]'
}

@test "MC-16: those who would listen for ever hold no worker: with four for each thread, tools answer" {
	gateway listener
	threads=$(($(setting GATEHOUSE_MCP_THREADS) * $(setting GATEHOUSE_MCP_PROCESSES)))
	meta='"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}'
	listen="{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{},\"_meta\":{$meta}}}"
	slow_readers "${gateway_host##*:}" $((threads * 4)) "POST / HTTP/1.1\r\nHost: $gateway_host\r\nAuthorization: Bearer $gateway_token\r\n\
Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\n\
Mcp-Method: subscriptions/listen\r\nContent-Length: ${#listen}\r\n\r\n$listen"
	wait_until grep -q answered "$slow_said"
	for _ in 1 2 3; do
		mcp listener tools/call '{"name": "search", "arguments": {"query": "otter"}}' --max-time 10
		[ "$status" = 200 ]
		says '.result.isError != true'
	done
	not grep -q cut "$slow_said"
}

# large_answer: an account whose document is larger than what sockets and
# nginx's memory keep; sets $ask, the request for it.
large_answer()
{
	gateway reader
	as reader
	mkdir "$BATS_TEST_TMPDIR/large"
	yes '"quoted"' | head -c 3000000 >"$BATS_TEST_TMPDIR/large/large.txt"
	gatehouse ingest --quiet --user "$user_email" --source "$source" "$BATS_TEST_TMPDIR/large"
	api GET "/api/v1/sources/$source/documents"
	large=/api/v1/sources/$source/documents/$(jq -r '.[0].id' <<<"$body")
	ask="GET $large HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer $(cat "$people/reader/session")\r\n\r\n"
}

# small_buffers TIMEOUT: a second nginx, whose sockets keep little.
small_buffers()
{
	start_second APP_LISTEN='listen 127.0.0.1:8570 sndbuf=16k;' APP_DEFAULT_LISTEN='listen 127.0.0.1:8570 default_server;' \
		GATEWAY_LISTEN='listen 127.0.0.1:8571;' GATEWAY_DEFAULT_LISTEN='listen 127.0.0.1:8571 default_server;' \
		CLIENT_TIMEOUT="$1" API_KEEPALIVE= API_KEEP_CONN=off "@$stand/nginx/values"
}

answers_at_once()
{
	[ "$(statuses 1 --max-time 10 http://127.0.0.1:8570/api/v1/checks)" = 200 ]
}

@test "TV-13: a client that reads nothing of its answer is cut off, and nobody else waits" {
	large_answer
	small_buffers 1s
	slow_readers 8570 3 "$ask"
	wait_until grep -q answered "$slow_said"
	answers_at_once
	wait_until grep -q cut "$slow_said"
	# All of it was not sent, to none of them.
	size=$(curl -sS -o /dev/null -w '%{size_download}' -H "Authorization: Bearer $(cat "$people/reader/session")" "http://127.0.0.1:8570$large")
	((size > 3000000))
	jq -s -e --arg path "$large" --argjson size "$size" \
		'map(select(.path == $path) | .sent) | length == 4 and (map(select(. < $size)) | length == 3)' "$second/log/access.log"
}

@test "TV-13: clients that read nothing hold no worker, however many they are" {
	large_answer
	fewer=yes
	worker_stop api
	test_worker_start api 1 GATEHOUSE_API_THREADS=2
	small_buffers 60s
	slow_readers 8570 6 "$ask"
	wait_until grep -q answered "$slow_said"
	for _ in 1 2 3; do
		answers_at_once
	done
	not grep -q cut "$slow_said"
}

# Each of the clients that ask all the time has got some answers since.
all_answered()
{
	local i

	for i in 1 2 3 4; do
		(($(wc -l <"$BATS_TEST_TMPDIR/asking$i") >= had[i] + 2)) || return
	done
}

@test "RL-3: who waits for a connection to a worker gets one, though others keep theirs busy" {
	fewer=yes
	sign_up patient
	sign=$(jq -cn --arg email "$user_email" --arg password "$user_password" '$ARGS.named')
	worker_stop api
	test_worker_start api 1 GATEHOUSE_API_THREADS=2
	start_second APP_LISTEN='listen 127.0.0.1:8570;' APP_DEFAULT_LISTEN='listen 127.0.0.1:8570 default_server;' GATEWAY_LISTEN='listen 127.0.0.1:8571;' \
		GATEWAY_DEFAULT_LISTEN='listen 127.0.0.1:8571 default_server;' NGINX_WORKERS=1 API_KEEPALIVE='keepalive 2;' API_KEEP_CONN=on "@$stand/nginx/values"
	asking=() had=()
	for i in 1 2 3 4; do
		stdbuf -oL curl -sS -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' -d "$sign" \
			'http://127.0.0.1:8570/api/v1/signin?[1-1000]' >"$BATS_TEST_TMPDIR/asking$i" 3>&- &
		asking+=("$!")
	done
	# Not only at first, before they were in each other's way.
	for _ in 1 2 3; do
		wait_until all_answered
		for i in 1 2 3 4; do
			had[i]=$(wc -l <"$BATS_TEST_TMPDIR/asking$i")
		done
	done
}

# tls: nginx as values.example sets it up, on loopback and with a certificate of
# our own.
tls()
{
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/pem" \
		-addext 'subjectAltName=DNS:gatehouse.example.com,DNS:a.gateway.example.com' 2>/dev/null
	sed -E "s|listen \[::\]:[0-9]+[^;]*;||g; s|listen 443|listen 127.0.0.1:8570|g; s|listen 80 |listen 127.0.0.1:8572 |g; s|^RUN=.*|RUN=$run|
		s|/etc/ssl/gatehouse/[a-z]*\.pem|$BATS_TEST_TMPDIR/pem|; s|/etc/ssl/gatehouse/[a-z]*\.key|$BATS_TEST_TMPDIR/key|" \
		"$top/nginx/values.example" >"$BATS_TEST_TMPDIR/values"
	start_second "@$BATS_TEST_TMPDIR/values"
	secure=(--cacert "$BATS_TEST_TMPDIR/pem" --resolve '*:8570:127.0.0.1')
}

@test "TV-6: the example for production serves both sides by TLS, with HSTS for a year" {
	tls
	fetch_answer "${secure[@]}" https://gatehouse.example.com:8570/api/v1/checks
	[ "$status" = 200 ]
	grep -qi '^Strict-Transport-Security: max-age=31536000; includeSubDomains' "$headers"
	fetch_answer "${secure[@]}" -X POST -d '{}' -H 'Content-Type: application/json' https://a.gateway.example.com:8570/
	[ "$status" = 421 ]
	says '.detail or .error'
	grep -qi '^Strict-Transport-Security: ' "$headers"
	run curl -sS "${secure[@]}" --tls-max 1.1 https://gatehouse.example.com:8570/
	[ "$status" != 0 ]
}

@test "TV-6: plain HTTP is refused and not redirected" {
	tls
	for path in / /mcp /api/v1/signin; do
		fetch_answer -X POST -H 'Host: a.gateway.example.com' -d '{}' "http://127.0.0.1:8572$path"
		[ "$status" = 421 ]
		not grep -qi '^Location' "$headers"
	done
	raw 8570 'GET / HTTP/1.1\r\nHost: gatehouse.example.com\r\nConnection: close\r\n\r\n'
	[ "$status" = 400 ]
}

@test "TV-1: by TLS an unknown name is refused by handshake" {
	tls
	run curl -sS "${secure[@]}" -k https://evil.example:8570/
	[ "$status" = 35 ]
	run curl -sS -k https://127.0.0.1:8570/
	[ "$status" = 35 ]
	# A name that was let in does not open the door to another.
	fetch_answer "${secure[@]}" -H 'Host: evil.example' https://gatehouse.example.com:8570/
	[ "$status" = 421 ]
}

# debian_conf: what Debian's nginx.conf says, and in its http block our files as
# doc/install.md has them.
debian_conf()
{
	cat <<-END
		$(nginx_user)
		worker_processes auto;
		pid $second/nginx.pid;
		error_log $second/log/nginx.log;
		events {
			worker_connections 768;
		}
		http {
			sendfile on;
			tcp_nopush on;
			types_hash_max_size 2048;
			include /etc/nginx/mime.types;
			default_type application/octet-stream;
			ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
			ssl_prefer_server_ciphers on;
			access_log $second/log/access.log;
			gzip on;
			client_body_temp_path $second/temp/body;
			fastcgi_temp_path $second/temp/fastcgi;
			include $second/nginx/http.conf;
			include $second/nginx/app.conf;
			include $second/nginx/gateway.conf;
		}
	END
}

@test "TV-14: in the nginx.conf that Debian brings, our files are taken, answer in JSON and log no query" {
	main_conf=$(debian_conf)
	tls
	fetch_answer "${secure[@]}" 'https://gatehouse.example.com:8570/api/v1/checks?secret=canary'
	[ "$status" = 200 ]
	fetch_answer -H 'Host: a.gateway.example.com' 'http://127.0.0.1:8572/mcp?secret=canary'
	[ "$status" = 421 ]
	grep -qi '^Content-Type: application/json' "$headers"
	says .error.message
	wait_until grep -q '"path":"/mcp"' "$second/log/access.log"
	not grep -r canary "$second/log"
}

@test "templates without a value are told, and nothing is served from them" {
	run "$top/nginx/generate" "$BATS_TEST_TMPDIR/conf" RUN=/x
	[ "$status" = 65 ]
	[[ $output == *'no value for'* ]]
}
