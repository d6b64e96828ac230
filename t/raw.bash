# Requests as bytes, for what curl is too polite to send.

# raw PORT TEXT: sends the text as it is (printf escapes) and sets $answer to
# all that comes back until nginx closes.
raw()
{
	# In one piece: nginx may close while the rest is still to come, and then
	# its answer is lost.
	printf '%b' "$2" >"$BATS_TEST_TMPDIR/sent"
	answer=$(
		exec 7<>"/dev/tcp/127.0.0.1/$1"
		cat "$BATS_TEST_TMPDIR/sent" >&7
		timeout 10 cat <&7 | tr -d '\r\0'
	) || true
	status=$(sed -n '1s|^HTTP/1.[01] \([0-9]*\).*|\1|p' <<<"$answer")
	body=$(sed '1,/^$/d' <<<"$answer")
}

# raw_header NAME: the values of a header of the answer, one a line.
raw_header()
{
	sed -n "1,/^\$/s/^$1: //Ip" <<<"$answer"
}

# one_answer STATUS: exactly one response came, with this status.
one_answer()
{
	[ "$status" = "$1" ] && [ "$(grep -c '^HTTP/1' <<<"$answer")" = 1 ] && return
	echo "not one answer with $1: $answer"
	return 1
}

# json_refusal: the body is a refusal in the form of its side.
json_refusal()
{
	[ "$(raw_header Content-Type)" = application/json ] || {
		echo "no JSON: $answer"
		return 1
	}
	says '(.detail | type == "string") or (.jsonrpc == "2.0" and has("id") == false and (.error.message | type == "string"))'
}

# guarded: the headers that every answer has.
guarded()
{
	[ "$(raw_header X-Content-Type-Options)" = nosniff ] &&
		[ "$(raw_header Referrer-Policy)" = no-referrer ] &&
		raw_header Content-Security-Policy | grep -q "default-src 'none'; frame-ancestors 'none'" && return
	echo "headers are missing: $answer"
	return 1
}
