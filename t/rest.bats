# What holds for the whole REST API.

load helper
load api

setup_file()
{
	sign_up rest
}

setup()
{
	as rest
}

@test "an address that does not exist names method and path, and nothing else" {
	answers 404 POST '/api/v1/nothing?secret=canary' '{"secret": "canary"}' -H 'X-Secret: canary'
	says '. == {message: "Endpoint not found", method: "POST", url: "/api/v1/nothing"}'
}

@test "LA-6: the fallback returns no cookie, header, query or body" {
	answers 404 PATCH '/api/v1/me?canary' '{"canary": 1}' -H 'Authorization: Bearer canary' -H 'X-Canary: canary'
	lacks canary
}

@test "another method on an address that exists is 404, as is a trailing slash" {
	answers 404 PATCH /api/v1/me
	answers 404 POST /api/v1/checks '{}'
	answers 404 GET /api/v1/me/
	answers 404 GET /api/v1
}

@test "HEAD works wherever GET does, with the same headers and no body" {
	for path in /api/v1/me /api/v1/sources /api/v1/mcp-servers /api/v1/checks; do
		answers 200 GET "$path"
		type=$(header Content-Type)
		answers 200 HEAD "$path" '' --head
		[ "$(header Content-Type)" = "$type" ]
		[ -z "$body" ] || [[ $body == HTTP/* ]]
	done
}

@test "a preflight under /api/v1/ is 200 with an empty object, for any path" {
	answers 200 OPTIONS /api/v1/whatever/there/is '' -H 'Origin: http://localhost:3000'
	says '. == {}'
	[ "$(header Access-Control-Allow-Origin)" = http://localhost:3000 ]
	[ "$(header Access-Control-Allow-Methods)" = 'GET, POST, PUT, DELETE, OPTIONS' ]
	[ "$(header Access-Control-Allow-Headers)" = 'Content-Type, Authorization, Cookie' ]
	[ "$(header Access-Control-Allow-Credentials)" = true ]
	answers 404 OPTIONS /elsewhere
}

@test "AC-12: only listed origins get CORS headers, and Vary names Origin always" {
	for origin in http://localhost:3000 http://localhost:5173 http://127.0.0.1:8080; do
		answers 200 GET /api/v1/checks '' -H "Origin: $origin"
		[ "$(header Access-Control-Allow-Origin)" = "$origin" ]
	done
	for origin in null http://localhost:3001 http://localhost:3000.evil.example https://localhost:3000 \
		http://evil.example http://localhost:30000 HTTP://LOCALHOST:3000 'http://localhost:3000,http://evil.example'; do
		answers 200 GET /api/v1/checks '' -H "Origin: $origin"
		[ -z "$(header Access-Control-Allow-Origin)" ]
		header Vary | grep -qw Origin
	done
}

@test "errors carry CORS headers too" {
	answers 404 GET /api/v1/nothing '' -H 'Origin: http://localhost:3000'
	[ "$(header Access-Control-Allow-Origin)" = http://localhost:3000 ]
	answers 400 GET /api/v1/sources/x '' -H 'Origin: http://localhost:3000'
	[ "$(header Access-Control-Allow-Origin)" = http://localhost:3000 ]
}

@test "TV-7: no answer may be kept by a cache, and each names its request" {
	for path in /api/v1/me /api/v1/sources /api/v1/checks /api/v1/nothing /api/v1/sources/x; do
		api GET "$path"
		[ "$(header Cache-Control)" = no-store ]
		header X-Request-Id | grep -Eqx '[0-9a-f]{32}'
	done
}

@test "TV-7: every answer has the security headers" {
	for path in /api/v1/me /api/v1/checks /api/v1/nothing /api/v1/sources/x; do
		api GET "$path"
		[ "$(header X-Content-Type-Options)" = nosniff ]
		[ "$(header Referrer-Policy)" = no-referrer ]
		header Content-Security-Policy | grep -q "frame-ancestors 'none'"
	done
}

@test "checks tells version, uptime, database, workers and handlers" {
	answers 200 GET /api/v1/checks
	says '.status == "healthy" and .service == "gatehouse" and .database == "ok"'
	says '.version | test("^[0-9]+\\.[0-9]+\\.[0-9]+")'
	says '.uptime_seconds >= 0 and (.uptime_seconds * 100 - (.uptime_seconds * 100 | round) | fabs) < 0.001'
	says '.workers.threads >= 1 and .workers.busy >= 1'
	says '.dynamic_handlers | keys == ["box", "documents", "outlook", "snowflake"]'
	says '.dynamic_handlers | all(. == 0)'
	says '[.open_circuits, .half_open_circuits] | all(type == "number")'
}

@test "RP-12: an encoded or doubled path meets the same rules as the plain one" {
	answers 200 GET /api/v1/%6d%65
	answers 200 GET //api//v1/me
	answers 200 GET /nothing/../api/v1/me '' --path-as-is
	signed_out 401 GET /api/v1/%6d%65
	signed_out 401 GET //api/v1/me
	signed_out 401 GET /nothing/%2e%2e/api/v1/me '' --path-as-is
}
