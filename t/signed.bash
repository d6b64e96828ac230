# Tokens that others sign, and the keys they publish (t/vendors/jwt.mjs).

jwt()
{
	"$node" "$top/t/vendors/jwt.mjs" "$@"
}

# key_of NAME [rsa|ec]: a private key, made once for the suite; prints its file.
key_of()
{
	local file=$BATS_FILE_TMPDIR/key-$1

	[ -e "$file" ] || jwt key "${2:-rsa}" >"$file"
	echo "$file"
}

# key_set NAME…: their public keys, each under its name.
key_set()
{
	local name

	for name; do
		jwt jwk "$name" <"$(key_of "$name")"
	done | jq -sc '{keys: .}'
}

# signed NAME CLAIMS [HEADER]: a token by that key. Filters of jq, with $now.
signed()
{
	local now algorithm=RS256

	now=$(date +%s)
	! grep -q 'BEGIN PRIVATE KEY' "$(key_of "$1")" || [ "$(wc -c <"$(key_of "$1")")" -gt 500 ] || algorithm=ES256
	jwt sign "$(jq -nc --arg kid "$1" --arg alg "$algorithm" "{alg: \$alg, kid: \$kid} | ${3:-.}")" \
		"$(jq -nc --argjson now "$now" "$2")" <"$(key_of "$1")"
}
