#!/bin/bash
# Renews the tokens of many grants at once, and looks whether one was lost: each
# answer has to be 200, each new access token has to open the gateway, each new
# refresh token has to be good again. Run by hand. Brings up a whole stack as the
# tests do (t/stack.bash).
#
#   BUILD=folder bench/refresh.sh
# How (with defaults): GRANTS=1000 AT_ONCE=300 (as many as curl will)
set -euo pipefail

top=$(dirname "$(dirname "$(readlink -f "$0")")")
program=bench
source "$top/stand/all.bash"
source "$top/t/stack.bash"
: "${BUILD:?name a build}" "${GRANTS:=1000}" "${AT_ONCE:=300}"

finish()
{
	[ -z "${work:-}" ] || rm -rf "$work"
	test_stack_stop
}

# granted: as many grants, each with a refresh token; the tokens stand in a file.
granted()
{
	local i token

	for ((i = 0; i < GRANTS; i++)); do
		token=ghr_$(head -c 32 /dev/urandom | basenc --base64url | tr -d '=')
		echo "$token $(printf %s "$token" | b2sum -l 256 | cut -d' ' -f1)"
	done >"$work/tokens"
	sql "INSERT INTO gatehouse.oauth_clients (id, user_id, server_id, origin, name, redirect_uris, auth_method, grant_types)
		VALUES ('ghi_bench', '$user_id', '$server', 'registered', 'bench', '{https://a.example/}', 'none', '{refresh_token}');
		CREATE TABLE public.tokens (token text, digest text)" >/dev/null
	sql "COPY public.tokens FROM STDIN (DELIMITER ' ')" <"$work/tokens"
	sql "WITH made AS (
			INSERT INTO gatehouse.grants (id, user_id, server_id, subject_id, client_id, client_name, scopes, expires_at)
			SELECT gen_random_uuid(), '$user_id', '$server', '$user_id', 'ghi_bench', digest, '{search,fetch}', now() + interval '1 day'
			  FROM public.tokens RETURNING id, client_name)
		INSERT INTO gatehouse.refresh_tokens (digest, user_id, grant_id) SELECT client_name, '$user_id', id FROM made" >/dev/null
}

# renewed TOKENS ANSWERS: renews each of a file's tokens, all at once, and says how it went.
renewed()
{
	local began token

	while read -r token _; do
		printf 'url = "%s/token"\ndata = "grant_type=refresh_token&client_id=ghi_bench&refresh_token=%s"\noutput = "%s/%s"\nnext\n' \
			"http://$gateway_host" "$token" "$2" "$token"
	done <"$1" | sed '$d' >"$work/requests"
	mkdir -p "$2"
	began=$(date +%s%N)
	curl -sS --no-progress-meter -Z --parallel-max "$AT_ONCE" -K "$work/requests"
	echo "$(jq -rs '[.[] | select(.access_token)] | length' "$2"/*) of $GRANTS renewed in $((($(date +%s%N) - began) / 1000000)) ms, $AT_ONCE at once"
}

# open TOKENS-FILE: how many of the access tokens open the gateway.
opened()
{
	local token

	while read -r token; do
		printf 'url = "http://%s/"\nheader = "Authorization: Bearer %s"\nheader = "Content-Type: application/json"\nheader = "MCP-Protocol-Version: 2025-11-25"\n' \
			"$gateway_host" "$token"
		printf 'data = "{\\"jsonrpc\\":\\"2.0\\",\\"id\\":1,\\"method\\":\\"tools/list\\"}"\noutput = /dev/null\nwrite-out = "%%{http_code}\\n"\nnext\n'
	done <"$1" | sed '$d' >"$work/requests"
	curl -sS -K "$work/requests" | grep -c 200
}

main()
{
	trap finish EXIT
	trap 'exit 130' INT TERM
	work=$(mktemp -d) BATS_FILE_TMPDIR=$work/bats BATS_TEST_DIRNAME=$top/t
	mkdir -p "$BATS_FILE_TMPDIR"
	test_stack_start >&2
	STAND=$stand
	source "$top/t/helper.bash"
	gateway bench
	granted
	echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $GRANTS grants"
	renewed "$work/tokens" "$work/first"
	jq -r .access_token "$work"/first/* >"$work/access"
	jq -r .refresh_token "$work"/first/* >"$work/again"
	echo "$(opened "$work/access") of the new access tokens open the gateway"
	renewed "$work/again" "$work/second"
}

main
