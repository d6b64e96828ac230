# What the tests of the REST API share, beside helper.bash.

# answers STATUS METHOD PATH [JSON] [curl arguments]: asks, and insists on the
# status.
answers()
{
	local wanted=$1

	shift
	api "$@"
	[ "$status" = "$wanted" ] && return
	echo "$1 $2 ${3:-} answered $status, not $wanted: $body"
	return 1
}

# told TEXT: the failure's text is exactly this.
told()
{
	local said

	said=$(jq -r .detail <<<"$body")
	[ "$said" = "$1" ] && return
	echo "told: $said"
	echo "not:  $1"
	return 1
}

# header NAME: the values of a header of the last answer, one a line.
header()
{
	tr -d '\r' <"$headers" | sed -n "s/^$1: //Ip"
}

# field FILTER: a value of the last answer.
field()
{
	jq -r "$1" <<<"$body"
}

# Makes things for the account in use; prints nothing, sets $source, $server.
make_source()
{
	local plain='{"type": "documents", "source_metadata": {}}'

	answers 201 POST /api/v1/sources "${1:-$plain}"
	source=$(field .id)
}

make_server()
{
	answers 201 POST /api/v1/mcp-servers "{\"name\": \"s\", \"source_ids\": [${1:-}]}"
	server=$(field .id)
}

# Frees the gateway domains that servers of this test took.
end_servers()
{
	local id

	api GET /api/v1/mcp-servers
	for id in $(jq -r '.[].id' <<<"$body"); do
		api DELETE "/api/v1/mcp-servers/$id"
	done
}

nobody=00000000-0000-4000-8000-000000000000

outlook='{"type": "outlook", "source_metadata": {"tenant_id": "11111111-2222-3333-4444-555555555555",
	"graph_client_id": "22222222-2222-3333-4444-555555555555", "graph_client_secret": "a-Canary~of.a_secret-1",
	"graph_user_id": "ann@example.com"}}'
box='{"type": "box", "source_metadata": {"box_client_id": "abcdefghijklmnopqrstuvwxyz012345",
	"box_client_secret": "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", "box_subject_type": "user", "box_subject_id": "123456"}}'
snowflake='{"type": "snowflake", "source_metadata": {"snowflake_account_url": "https://org-account.snowflakecomputing.com",
	"snowflake_pat": "a-Canary~of.a_secret-2", "snowflake_semantic_model_file": "@db.schema.stage/model.yaml",
	"snowflake_cortex_search_service": "db.schema.service"}}'

# signed_out STATUS METHOD PATH …: the same without the account's cookie.
signed_out()
{
	local user=${current_user:-}

	as ''
	answers "$@"
	local result=$?
	as "$user"
	return $result
}

# lacks PATTERN [TEXT]: the last answer's body, or the text, has no such thing.
# (A bare "! grep" never fails a test.)
lacks()
{
	! grep -Eiq -- "$1" <<<"${2-$body}" || { echo "has $1: ${2-$body}"; return 1; }
}
