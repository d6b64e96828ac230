# What the suites of Outlook share: sources of its stand-in (t/vendors/graph.mjs),
# what they open, and what the stand-in does and has been asked.

tenant=6f1d3c52-8f0e-4f5b-9a51-0d5c6f8e1a01
application=0c5a9f6e-1111-4a4a-8b8b-aaaaaaaaaa
secret='harbour~secret+with/odd=signs&%'

# mailbox NAME=VALUE…: a source of harbour's mail, but for these settings.
mailbox()
{
	jq -cn --arg tenant "$tenant" --arg client "${application}01" --arg secret "$secret" \
		'{type: "outlook", source_metadata: ({name: "Mail", tenant_id: $tenant, graph_client_id: $client,
		graph_client_secret: $secret, graph_user_id: "ann@harbour.example", search_seconds: "4"} +
		($ARGS.positional | map(split("=") | {(.[0]): (.[1:] | join("="))}) | add // {}))}' --args -- "$@"
}

meadow()
{
	mailbox name=Meadow tenant_id=6f1d3c52-8f0e-4f5b-9a51-0d5c6f8e1a02 graph_client_id=0c5a9f6e-2222-4a4a-8b8b-bbbbbbbbbb01 \
		graph_client_secret=meadow-secret graph_user_id=mia@meadow.example
}

setup()
{
	vendors_folder=$stand/vendors
	vendors_addresses
	vendors_reset graph
	sql 'DELETE FROM gatehouse.source_states; DELETE FROM gatehouse.vendor_slots'
	as harbour
	on harbour
}

teardown_file()
{
	vendors_folder=$stand/vendors
	vendors_stop
}

# tool NAME ARGUMENTS [GATEWAY]: what it answers becomes $body; what a failure
# says is .told.
tool()
{
	mcp "${3:-harbour}" tools/call "{\"name\":\"$1\",\"arguments\":$2}"
	body=$(jq -c 'if .result.isError then {told: .result.content[0].text} else .result.structuredContent // . end' <<<"$body")
}

# open ID [GATEWAY]
open()
{
	tool fetch "$(jq -cn --arg id "$1" '$ARGS.named')" "${2:-harbour}"
}

# state STATE [HELP]: how the first source ended; HELP is a regular expression.
state()
{
	says ".sources[0].state == \"$1\"" && says "(.sources[0].help // \"\") | test(\"${2:-}\")"
}

# asked FILTER: a jq filter is true of what Graph has been asked.
asked()
{
	[ "$(vendor_journal graph "$1")" = true ] && return
	echo "not so of what was asked: $1"
	vendor_journal graph '.[] | [.status, .host, .method, .path, .query]'
	return 1
}

fault()
{
	vendor_fault graph "$1"
}

token_fault()
{
	fault "$(jq -c '{match: "POST .*/token", times: 0} + .' <<<"$1")"
}
