# What the quickstart shows: an account, documents, an MCP server, and then a
# search and a fetch as an MCP client makes them.

# remember NAME VALUE, remembered NAME: small facts between runs, ours alone.
remember()
{
	(umask 077 && printf '%s\n' "$2" >"$stand/kept/$1")
}

remembered()
{
	cat "$stand/kept/$1" 2>/dev/null
}

sign_in_body()
{
	jq -cn --arg email "$email" --arg password "$password" '{$email, $password}'
}

# The account of the first run, or a new one; sets $email, $password, $cookie.
have_account()
{
	install -d -m 0700 "$stand/kept"
	cookie=
	if email=$(remembered email) && password=$(remembered password); then
		rest POST /api/v1/signin "$(sign_in_body)"
		if [ "$status" = 200 ]; then
			cookie=$(jq -r .access_token <<<"$body")
			return
		fi
	fi
	email=me-$(head -c 3 /dev/urandom | od -An -tx1 | tr -d ' \n')@example.com
	password=$(head -c 15 /dev/urandom | base64 | tr '+/' '-_')
	expect 200 POST /api/v1/signup "$(sign_in_body)"
	remember email "$email"
	remember password "$password"
	expect 200 POST /api/v1/signin "$(sign_in_body)"
	cookie=$(jq -r .access_token <<<"$body")
}

# Indexes a folder into a documents source of its name, once; again when the
# folder was asked for. A machine's folder has many files that are no text.
have_documents()
{
	local folder=$1 asked=$2

	if [ -z "$asked" ] && [ "$(remembered indexed)" = "$folder $email" ]; then
		say "Documents: $folder is indexed already."
	else
		say "Documents: indexing $folder"
		apart gatehouse ingest --user "$email" --create "$folder" --skipped "$stand/log/skipped" "$folder"
		wait "$apart" || {
			room 100 "$stand"
			die "the documents could not be indexed: gatehouse ingest failed"
		}
		remember indexed "$folder $email"
	fi
	expect 200 GET '/api/v1/sources?limit=100'
	sources=$(jq -c '[.[] | select(.type == "documents") | .id]' <<<"$body")
	source=$(jq -r --arg name "$folder" '[.[] | select(.source_metadata.name == $name)][0].id' <<<"$body")
}

# An MCP server with all the account's documents; sets $server, $gateway_url.
have_server()
{
	local body_text

	expect 200 GET '/api/v1/mcp-servers?limit=100'
	server=$(jq -r '[.[] | select(.name == "quickstart")][0].id // empty' <<<"$body")
	body_text=$(jq -cn --argjson ids "$sources" '{name: "quickstart", source_ids: $ids}')
	if [ -z "$server" ]; then
		expect 201 POST /api/v1/mcp-servers "$body_text"
		server=$(jq -r .id <<<"$body")
	elif [ "$(jq -c --arg id "$server" '.[] | select(.id == $id) | .source_ids | sort' <<<"$body")" != \
		"$(jq -c sort <<<"$sources")" ]; then
		expect 200 PUT "/api/v1/mcp-servers/$server" "$body_text"
	else
		body=$(jq -c --arg id "$server" '.[] | select(.id == $id)' <<<"$body")
	fi
	gateway_url=$(jq -r '.endpoint | sub("^https?://"; "")' <<<"$body")
	gateway_url=http://${gateway_url%/}
}

# A token that the gateway takes: the one of the last run, or a new one.
have_token()
{
	local answer

	if token=$(remembered token); then
		mcp_request tools/list
		answer=$(curl -sS -o /dev/null -w '%{http_code}' "$gateway_url" -H "Authorization: Bearer $token" \
			-H 'Content-Type: application/json' "${mcp_header[@]}" --data-binary "$mcp_body")
		[ "$answer" != 200 ] || return 0
	fi
	expect 201 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "quickstart", "expires_in_days": 90}'
	token=$(jq -r .token <<<"$body")
	remember token "$token"
}

# What to look for: something nearly every /usr/share/doc has, else the words
# of a title.
question()
{
	if [ "$1" = /usr/share/doc ]; then
		echo "how to report a bug"
	else
		expect 200 GET "/api/v1/sources/$source/documents?limit=1"
		jq -r '.[0].title // "documents"' <<<"$body" | tr -cs '[:alnum:]\n' ' ' | cut -d' ' -f1-4
	fi
}

show_tools()
{
	call tools/list
	say; say "→ tools/list"
	jq -r '.result.tools[] | "  \(.name)  \(.description // "" | split("\n")[0] | if length > 100 then .[:99] + "…" else . end)"' <<<"$body"
}

show_search()
{
	local query=$1

	call tools/call "$(jq -cn --arg query "$query" '{name: "search", arguments: {query: $query}}')"
	say; say "→ search \"$query\""
	jq -r '.result.structuredContent.results[:5][] | "  \(.title[:76])\n    \(.url)"' <<<"$body"
	found=$(jq -r '.result.structuredContent.results[0].id // empty' <<<"$body")
}

show_fetch()
{
	[ -n "$found" ] || {
		say "  (nothing was found, so there is nothing to fetch)"
		return 0
	}
	call tools/call "$(jq -cn --arg id "$found" '{name: "fetch", arguments: {id: $id}}')"
	say; say "→ fetch \"$found\""
	jq -r '.result.structuredContent | "  \(.title)  (\(.text | length) characters)", (.text | split("\n") |
		map(select(test("\\S"))) | .[:6][] | "  | \(.[:90])")' <<<"$body"
}

show_access()
{
	cat <<-END

		Gatehouse runs.
		  App (REST API)  $app_url/api/v1/checks
		  MCP server      $gateway_url
		  Account         $email   password: $password
		  Token           $token
		  Settings        $stand/.env
		  Logs            $stand/log/
		  Command line    GATEHOUSE_ENV_FILE=$stand/.env $stand/usr/bin/gatehouse help

		Connect a client
		  Claude Code     claude mcp add --transport http gatehouse $gateway_url --header "Authorization: Bearer $token"
		  VS Code         .vscode/mcp.json: {"servers": {"gatehouse": {"type": "http", "url": "$gateway_url", "headers": {"Authorization": "Bearer $token"}}}}
		  Inspector       npx @modelcontextprotocol/inspector@2.12.0 --cli --server-url $gateway_url --transport http --header "Authorization: Bearer $token" --method tools/list
		  ChatGPT         Settings, Connectors, Create: it takes the server's address, which has to be public https,
		                  and signs in by OAuth; neither is so for $gateway_url on your own machine (doc/install.md)

		./quickstart stop ends it, ./quickstart stop --delete forgets everything, ./quickstart check runs the tests.
	END
}

# The whole tour. folder: what to index; asked: whether it was given.
tour()
{
	local folder=$1 asked=$2

	app_url=http://localhost:$app_port
	have_account
	say "Account: $email"
	have_documents "$folder" "$asked"
	have_server
	say "MCP server: $gateway_url"
	have_token
	show_tools
	show_search "$(question "$folder")"
	show_fetch
	show_access
}
