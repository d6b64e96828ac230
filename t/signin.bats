# Signing in: what guessing costs, and what is kept of it. Each test comes from
# a loopback address of its own, since failures are counted by address.

load helper
load api

password='correct horse battery staple'

setup_file()
{
	export fresh=w$RANDOM$RANDOM
}

setup()
{
	as ''
	address=127.0.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 2))
}

# up NAME: an account.
up()
{
	answers 200 POST /api/v1/signup "{\"email\": \"$1-$fresh@example.com\", \"password\": \"$password\"}"
}

# try NAME PASSWORD ADDRESS: one try to sign in; sets $status.
try()
{
	api POST /api/v1/signin "{\"email\": \"$1-$fresh@example.com\", \"password\": \"$2\"}" --interface "$3"
}

# guess NAME: wrong passwords until it is refused to look at one; sets $guesses.
guess()
{
	for ((guesses = 0; guesses < 16; guesses++)); do
		try "$1" "wrong $guesses" "$address"
		[ "$status" = 401 ] || return 0
	done
}

@test "AC-7: guessing passwords costs a wait, which Retry-After tells" {
	up guessed
	guess guessed
	[ "$status" = 429 ]
	[ "$guesses" -ge 6 ]
	[ "$(header Retry-After)" -ge 1 ]
}

@test "AC-7: the wait grows with each failure" {
	up grows
	guess grows
	[ "$(sql "SELECT max(extract(epoch FROM until - updated_at)) < 900.1 FROM gatehouse.throttles WHERE key LIKE 'signin $address %'")" = t ]
	before=$(sql "SELECT extract(epoch FROM until - updated_at)::integer FROM gatehouse.throttles WHERE key LIKE 'signin $address %_'")
	sql "UPDATE gatehouse.throttles SET until = now() WHERE key LIKE 'signin $address %'" >/dev/null
	try grows 'wrong again' "$address"
	[ "$status" = 401 ]
	after=$(sql "SELECT extract(epoch FROM until - updated_at)::integer FROM gatehouse.throttles WHERE key LIKE 'signin $address %_'")
	[ "$after" -eq $((2 * before)) ]
}

@test "AC-7: nobody is locked out by a stranger's guesses" {
	up owner
	guess owner
	[ "$status" = 429 ]
	try owner "$password" 127.0.0.1
	[ "$status" = 200 ]
}

@test "AC-7: a flood of wrong passwords keeps nobody else out, and none is a 5xx" {
	up flooded
	for i in {1..100}; do
		curl -s -o /dev/null -w '%{http_code}\n' --interface "$address" -H 'Content-Type: application/json' \
			-d "{\"email\": \"flooded-$fresh@example.com\", \"password\": \"wrong\"}" "$app/api/v1/signin" &
	done >"$BATS_TEST_TMPDIR/codes"
	for i in {1..50}; do
		try flooded "$password" 127.0.0.1
		[ "$status" = 200 ] && break
		[ "$status" = 429 ]
		sleep 0.2
	done
	[ "$status" = 200 ]
	wait
	[ "$(sort -u "$BATS_TEST_TMPDIR/codes" | tr '\n' ' ')" = '401 429 ' ]
}

@test "AC-7: the right password forgives" {
	up forgiven
	for i in 1 2 3; do
		try forgiven "wrong $i" "$address"
		[ "$status" = 401 ]
	done
	try forgiven "$password" "$address"
	[ "$status" = 200 ]
	[ "$(sql "SELECT count(*) FROM gatehouse.throttles WHERE key LIKE 'signin $address %_'")" = 0 ]
}

@test "AC-6: an address nobody has is waited for like any other" {
	guess nobody
	[ "$status" = 429 ]
}

@test "no e-mail address is kept among the waits" {
	up hidden
	try hidden wrong "$address"
	[ "$(sql "SELECT count(*) FROM gatehouse.throttles WHERE key LIKE '%@%' OR key LIKE '%hidden%'")" = 0 ]
}

@test "AC-14: signing up again and again costs a wait" {
	sql "INSERT INTO gatehouse.throttles (key, failures, until) VALUES ('signup $address ', 200, now())" >/dev/null
	answers 200 POST /api/v1/signup "{\"email\": \"many-$fresh@example.com\", \"password\": \"$password\"}" --interface "$address"
	sql "UPDATE gatehouse.throttles SET until = now() + interval '1 minute' WHERE key = 'signup $address '" >/dev/null
	answers 429 POST /api/v1/signup "{\"email\": \"more-$fresh@example.com\", \"password\": \"$password\"}" --interface "$address"
	[ "$(header Retry-After)" -ge 1 ]
}

@test "AC-3: a weaker hash of an imported account is renewed at sign-in" {
	up imported
	sql "UPDATE gatehouse.users SET hashed_password = '\$2b\$10\$N9qo8uLOickgx2ZMRZoMye7hLCKuEIm4BcKHuoCJsBy/5Q0NErxWS'
	      WHERE email_key = 'imported-$fresh@example.com'" >/dev/null
	try imported 'correct horse' "$address"
	[ "$status" = 200 ]
	[ "$(sql "SELECT left(hashed_password, 7) FROM gatehouse.users WHERE email_key = 'imported-$fresh@example.com'")" = '$2b$12$' ]
	try imported 'correct horse' "$address"
	[ "$status" = 200 ]
}

@test "AC-4: a hash of a system that cut passwords is renewed with the whole password" {
	long=$(printf 'x%.0s' {1..80})
	up cut
	sql "UPDATE gatehouse.users SET hash_renew = true, hashed_password = '\$2b\$12\$N9qo8uLOickgx2ZMRZoMyeHwZf6TiCLhf89ZyJUF69joEzGe9b1m6'
	      WHERE email_key = 'cut-$fresh@example.com'" >/dev/null
	try cut "$long" "$address"
	[ "$status" = 200 ]
	[ "$(sql "SELECT hash_renew FROM gatehouse.users WHERE email_key = 'cut-$fresh@example.com'")" = f ]
	try cut "$long" "$address"
	[ "$status" = 200 ]
	try cut "${long:0:72}" "$address"
	[ "$status" = 401 ]
}

@test "AC-4: a corrupt stored hash lets nobody in and is no error" {
	up corrupt
	for hash in '*0' '' 'plain' '$2b$12$short'; do
		sql "UPDATE gatehouse.users SET hashed_password = '$hash' WHERE email_key = 'corrupt-$fresh@example.com'" >/dev/null
		try corrupt "$password" "$address"
		[ "$status" = 401 ]
	done
}

@test "AC-10: a session that was not used, or is too old, is over" {
	up idle
	for column in last_seen_at expires_at; do
		try idle "$password" "$address"
		[ "$status" = 200 ]
		token=$(field .access_token)
		answers 200 GET /api/v1/me '' -H "Authorization: Bearer $token"
		sql "UPDATE gatehouse.sessions SET $column = now() - interval '13 hours'
		      WHERE user_id = (SELECT id FROM gatehouse.users WHERE email_key = 'idle-$fresh@example.com') AND ended_at IS NULL" >/dev/null
		answers 401 GET /api/v1/me '' -H "Authorization: Bearer $token"
	done
}

@test "LA-2: signing up, in and out and a wrong password are in the audit log" {
	up audited
	try audited wrong "$address"
	try audited "$password" "$address"
	token=$(field .access_token)
	answers 200 POST /api/v1/signout '' -H "Authorization: Bearer $token"
	[ "$(sql "SELECT string_agg(event || ' ' || outcome, ', ' ORDER BY at) FROM gatehouse.audit_log
	           WHERE user_id = (SELECT id FROM gatehouse.users WHERE email_key = 'audited-$fresh@example.com')")" = \
		'signup ok, signin refused, signin ok, signout ok' ]
}
