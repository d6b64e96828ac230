# nginx before the workers: hosts, parameters, framing, limits.

load helper
load raw

app_raw=8500
dump_app=8580
dump_gateway=8581

setup_file()
{
	gateway first
	gateway second
	# Two gateways that differ by name alone, on one port.
	on first
	sql "UPDATE gatehouse.mcp_servers SET endpoint = 'one.gateway.test:8501' WHERE id = '$server';
		UPDATE gatehouse.gateway_domains SET server_id = NULL WHERE server_id = '$server';
		INSERT INTO gatehouse.gateway_domains (name, server_id) VALUES ('one.gateway.test:8501', '$server')
			ON CONFLICT (name) DO UPDATE SET server_id = EXCLUDED.server_id"
	on second
	sql "UPDATE gatehouse.mcp_servers SET endpoint = 'two.gateway.test:8501' WHERE id = '$server';
		UPDATE gatehouse.gateway_domains SET server_id = NULL WHERE server_id = '$server';
		INSERT INTO gatehouse.gateway_domains (name, server_id) VALUES ('two.gateway.test:8501', '$server')
			ON CONFLICT (name) DO UPDATE SET server_id = EXCLUDED.server_id"
}

# call_text TARGET HOST: a tools/list with the token in use, as bytes.
call_text()
{
	mcp_request tools/list
	printf 'POST %s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\nContent-Type: application/json\\r\\n' "$1" "$2"
	printf 'Authorization: Bearer %s\\r\\nMCP-Protocol-Version: %s\\r\\nMcp-Method: tools/list\\r\\n' "$gateway_token" "$revision"
	printf 'Content-Length: %s\\r\\n\\r\\n%s' "${#mcp_body}" "$mcp_body"
}

# first_line PORT REQUEST LINE: what an answer begins with.
first_line()
{
	raw "$1" "$2 HTTP/1.1\r\nHost: localhost:$1\r\nConnection: close\r\n\r\n"
	[ "$(head -n 1 <<<"$answer")" = "$3" ] && return
	echo "not $3: $answer"
	return 1
}

# requests_seen: how many requests the workers have logged.
requests_seen()
{
	log_lines 'select(.event == "request")' | wc -l
}

@test "TV-1: a host that is not ours is told so, on the app host and on gateways" {
	before=$(requests_seen)
	for port in 8500 8510 8501; do
		for host in evil.example localhost.evil.example xlocalhost 10.0.0.1; do
			raw "$port" "GET /api/v1/checks HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n"
			one_answer 421
			json_refusal
			guarded
		done
		raw "$port" "GET / HTTP/1.0\r\n\r\n"
		one_answer 421
		raw "$port" "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
		one_answer 400
		json_refusal
		raw "$port" "GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n"
		one_answer 400
	done
	[ "$(requests_seen)" = "$before" ]
}

@test "TV-2: with an absolute target it is the target that names the gateway, not the Host header" {
	on first
	raw 8501 "$(call_text http://one.gateway.test:8501/ two.gateway.test:8501)"
	one_answer 200
	raw 8501 "$(call_text http://two.gateway.test:8501/ one.gateway.test:8501)"
	one_answer 401
	on second
	raw 8501 "$(call_text http://two.gateway.test:8501/ one.gateway.test:8501)"
	one_answer 200
	raw 8501 "$(call_text http://evil.example/ two.gateway.test:8501)"
	one_answer 421
}

@test "TV-2: no header but Host chooses the gateway" {
	on first
	for header in X-Forwarded-Host X-Host X-Original-Host Forwarded; do
		raw 8501 "$(call_text / one.gateway.test | sed "s/^POST [^\\\\]*\\\\r\\\\n/&$header: two.gateway.test\\\\r\\\\n/")"
		one_answer 200
	done
}

@test "TV-3: letter case, port and one dot at the end make no difference to the host" {
	on first
	for host in ONE.Gateway.Test one.gateway.test:8501 one.gateway.test. one.gateway.test:1; do
		raw 8501 "$(call_text / "$host")"
		one_answer 200
	done
}

@test "TV-4: a header that a proxy might set reaches no worker" {
	for port in $dump_app $dump_gateway; do
		for name in Host Proxy Forwarded Via Client-IP True-Client-IP CF-Connecting-IP X-Real-IP X-Client-IP X-Host \
			X-Forwarded X-Forwarded-For X-Forwarded-Host X-Forwarded-Port X-Forwarded-Proto X-Forwarded-Server \
			X-Forwarded-Prefix X-Original-URL X-Original-Host X-Rewrite-URL X-HTTP-Method X-HTTP-Method-Override \
			X-Method-Override X-Request-Id; do
			value=canary-$name
			[ "$name" != Host ] || value=localhost
			raw "$port" "GET / HTTP/1.1\r\n$([ "$name" = Host ] || echo 'Host: localhost\r\n')$name: $value\r\nConnection: close\r\n\r\n"
			one_answer 200
			parameter=HTTP_$(tr 'a-z-' 'A-Z_' <<<"$name")
			says ".params | all(startswith(\"$parameter=\") | not) or any(. == \"$parameter=\")"
			not grep -q 'canary-' <<<"$body"
		done
	done
}

@test "TV-4: what a worker is told about the request comes from nginx" {
	raw $dump_app "GET /a/../b%41?q=1 HTTP/1.1\r\nHost: LOCALHOST:99\r\nX-Mine: 1\r\nConnection: close\r\n\r\n"
	one_answer 200
	for wanted in REQUEST_METHOD=GET REQUEST_SCHEME=http GATEHOUSE_HOST=localhost SERVER_PORT=$dump_app DOCUMENT_URI=/bA \
		QUERY_STRING=q=1 REMOTE_ADDR=127.0.0.1 HTTP_X_MINE=1; do
		says "[.params[] | select(. == \"$wanted\")] | length == 1"
	done
	says '[.params[] | select(test("^REQUEST_ID=[0-9a-f]{32}$"))] | length == 1'
	says '[.params[] | select(test("^REQUEST_MSEC=[0-9]{10}[.][0-9]{3}$"))] | length == 1'
}

@test "WL-1: no header is visible in a worker's environment" {
	raw $dump_app "GET / HTTP/1.1\r\nHost: localhost\r\nProxy: http://evil.example\r\nX-Mine: 1\r\nConnection: close\r\n\r\n"
	says '.environment | all(startswith("HTTP_") | not)'
	for program in api mcp; do
		not grep -Eq 'FCGI_(Accept|stdio|fopen|printf)' <(nm -D "$programs/gatehouse-$program.fcgi")
		nm -D "$programs/gatehouse-$program.fcgi" | grep -q FCGX_Accept_r
	done
}

@test "TV-5: the workers' sockets are Unix sockets that only nginx and the workers may use" {
	for name in api mcp; do
		[ "$(stat -c %a "$run/$name.sock")" = 660 ]
		[ "$(stat -c %U "$run/$name.sock")" = "$worker_user" ]
	done
	[ "$EUID" = 0 ] || return 0
	run as_user nobody perl -MIO::Socket::UNIX -e 'exit(IO::Socket::UNIX->new(Peer => shift) ? 0 : 1)' "$run/api.sock"
	[ "$status" != 0 ]
}

@test "TV-7: every answer of nginx's own has the security headers and is JSON" {
	long=$(head -c 20000 /dev/zero | tr '\0' x)
	while read -r wanted port request; do
		raw "$port" "$request"
		one_answer "$wanted"
		json_refusal
		guarded
		[ "$(raw_header Cache-Control)" = no-store ]
	done <<-END
		400 8500 GET / HTTP/1.1\r\nConnection: close\r\n\r\n
		400 8500 G\x01T / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n
		404 8500 GET /.error/400 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n
		405 8500 BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n
		413 8500 POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n
		414 8500 GET /$long HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n
		421 8500 GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n
		431 8500 GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: $long\r\nConnection: close\r\n\r\n
		505 8500 GET / HTTP/3.0\r\nHost: localhost\r\nConnection: close\r\n\r\n
		400 8510 GET / HTTP/1.1\r\nConnection: close\r\n\r\n
		405 8510 BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n
		413 8510 POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n
		414 8510 GET /$long HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n
		421 8510 GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n
		431 8510 GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: $long\r\nConnection: close\r\n\r\n
	END
}

@test "the gateway's own refusals have the form of JSON-RPC, the app host's that of the API" {
	raw 8500 "BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	says 'keys == ["detail"]'
	raw 8510 "BREW / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	says 'keys == ["error", "jsonrpc"]'
}

@test "TV-8: a gateway's worker sees no cookie" {
	raw $dump_gateway "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: access_token=canary\r\nConnection: close\r\n\r\n"
	says '.params | all(. != "HTTP_COOKIE=access_token=canary")'
	raw $dump_app "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: access_token=canary\r\nConnection: close\r\n\r\n"
	says '[.params[] | select(. == "HTTP_COOKIE=access_token=canary")] | length == 1'
}

@test "TV-9: methods outside the list are 405 with Allow, and reach no worker" {
	before=$(requests_seen)
	for method in TRACE BREW PROPFIND; do
		for port in 8500 8510; do
			raw "$port" "$method / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
			one_answer 405
			json_refusal
			[ -n "$(raw_header Allow)" ]
		done
	done
	raw 8500 "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	one_answer 400
	for method in PUT PATCH; do
		raw 8510 "$method / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
		one_answer 405
	done
	[ "$(requests_seen)" = "$before" ]
}

@test "TV-10: what could be read in two ways is refused, in exactly one answer" {
	start='POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
	while read -r request; do
		raw $dump_app "$start$request"
		one_answer 400
	done <<-'END'
		Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n
		Content-Length: 5\r\nContent-Length: 6\r\n\r\n
		Content-Length: 5\r\nContent-Length: 5\r\n\r\n
		Content-Length: +5\r\n\r\n
		Content-Length: -5\r\n\r\n
		Content-Length: 0x5\r\n\r\n
		Content-Length: 5 5\r\n\r\n
		Host: localhost\r\n\r\n
	END
	raw $dump_app "${start}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"
	one_answer 501
	# Names that are no tokens are dropped, not passed on in another spelling.
	for header in 'Mcp_Method: x' 'Mcp-Method : x' 'Mcp Method: x'; do
		raw $dump_app "GET / HTTP/1.1\r\nHost: localhost\r\n$header\r\nConnection: close\r\n\r\n"
		[ "$status" = 400 ] || says '.params | all(startswith("HTTP_MCP") | not)'
	done
}

@test "RP-11: a chunked body arrives whole, with its length" {
	raw $dump_app "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n"
	one_answer 200
	says '.body == 8 and (.params | any(. == "CONTENT_LENGTH=8"))'
}

@test "TV-11: a header that came twice reaches the worker twice" {
	for name in Origin Content-Type Accept Mcp-Method; do
		raw $dump_app "GET / HTTP/1.1\r\nHost: localhost\r\n$name: one\r\n$name: two\r\nConnection: close\r\n\r\n"
		parameter=$(tr 'a-z-' 'A-Z_' <<<"$name")
		# nginx itself refuses to choose, or leaves it to the worker.
		[ "$status" = 400 ] || says "[.params[] | select(test(\"^(HTTP_)?$parameter=\"))] | length >= 2 or any(contains(\"one, two\"))"
	done
}

@test "TV-11: the API refuses a repeated Origin, Content-Type or Accept" {
	as first
	for header in 'Origin: http://localhost:3000' 'Content-Type: application/json' 'Accept: application/json'; do
		api POST /api/v1/sources '{"type": "documents", "source_metadata": {}}' -H "$header" -H "$header"
		[ "$status" = 400 ]
	done
}

@test "TV-14: the access log has the path without its query" {
	api GET '/api/v1/checks?code=canary-in-a-query'
	wait_until grep -q '"path":"/api/v1/checks"' "$stand/log/access.log"
	not grep -q canary-in-a-query "$stand"/log/*.log
	tail -n 1 "$stand/log/access.log" | jq -e '.status == 200 and .method == "GET"'
}

@test "TV-15: a request whose worker dies is not run again" {
	for method in GET POST PUT DELETE PATCH; do
		rm -f "$stand/temp/dump"
		raw $dump_app "$method /die HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
		one_answer 502
		json_refusal
		guarded
		[ "$(raw_header Retry-After)" = 2 ]
		[ "$(cat "$stand/temp/dump")" = "$method" ]
	done
}

@test "TV-16: orders to nginx in an answer are not followed, nor passed on" {
	raw $dump_app "GET /accel HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	one_answer 200
	says '.served'
	not grep -qi '^X-Accel' <<<"$answer"
	raw_header Content-Type | grep -qix application/json
}

@test "an event stream is passed on event by event" {
	rm -f "$stand/temp/dump.go"
	curl -sSN --max-time 30 http://localhost:$dump_gateway/stream >"$BATS_TEST_TMPDIR/events" 3>&- &
	wait_until grep -q 'data: 1' "$BATS_TEST_TMPDIR/events"
	not grep -q 'data: 2' "$BATS_TEST_TMPDIR/events"
	touch "$stand/temp/dump.go"
	wait $!
	grep -q 'data: 2' "$BATS_TEST_TMPDIR/events"
}
