# A statement loses its connection while it runs, or after it was committed:
# what it is for happens once, and what is told is so.

load helper
load api
load hold

setup_file()
{
	gateway lost
	api POST "/api/v1/sources/$source/documents" '{"title": "Otter", "text": "The otter floats."}'
}

setup()
{
	as lost
	on lost
}

teardown()
{
	release
	commits_answer
}

# ---- a commit whose answer never comes ----

# A commit waits for a standby that does not exist: it is done, and nobody is
# told. The flag is set by another process some time after it is asked for, so
# commits of our own look for it.
commits_are_silent()
{
	sql "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
	sql "SELECT pg_reload_conf()" >/dev/null
	touch "$BATS_TEST_TMPDIR/looking"
	while [ -e "$BATS_TEST_TMPDIR/looking" ]; do
		sql "SELECT pg_logical_emit_message(true, 'tests', '')"
	done >/dev/null 2>&1 3>&- &
	looker=$!
	wait_until silent
}

silent()
{
	[ -n "$(sql "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")" ]
}

commits_answer()
{
	[ -n "${looker:-}" ] || return 0
	rm -f "$BATS_TEST_TMPDIR/looking"
	sql "ALTER SYSTEM RESET synchronous_standby_names"
	sql "SELECT pg_reload_conf()" >/dev/null
	wait "$looker"
	looker=
}

# unanswered FUNCTION API-ARGUMENT…: a request whose COMMIT is not answered.
unanswered()
{
	local calls=$1

	shift
	commits_are_silent
	behind lost api "$@"
	cut_while SyncRep "$calls"
	commits_answer
	finished lost
}

# audited EVENT: how often it is in the audit log of the account in use.
audited()
{
	sql "SELECT count(*) FROM gatehouse.audit_log WHERE user_id = '$user_id' AND event = '$1'"
}

@test "DB-4: whatever is made is made once, and shown, though the answer to COMMIT was lost" {
	while IFS='|' read -r function table path json; do
		before=$(sql "SELECT count(*) FROM gatehouse.$table WHERE user_id = '$user_id'")
		unanswered "$function" POST "$path" "$json"
		echo "$function: $status $body"
		[ "$status" = 201 ]
		[ "$(sql "SELECT count(*) FROM gatehouse.$table WHERE user_id = '$user_id'")" = $((before + 1)) ]
		[ -n "$(sql "SELECT 1 FROM gatehouse.$table WHERE id = '$(field .id)'")" ]
	done <<-END
		source_create|sources|/api/v1/sources|{"type": "documents", "source_metadata": {}}
		document_create|documents|/api/v1/sources/$source/documents|{"title": "Eel", "text": "The eel hides."}
		server_create|mcp_servers|/api/v1/mcp-servers|{"name": "s", "source_ids": []}
		token_create|access_tokens|/api/v1/mcp-servers/$server/tokens|{"name": "t"}
	END
	# The token that was shown is the one that is kept.
	gateway_token=$(field .token)
	printf '%s\n' "$source" "$server" "$gateway_host" "$gateway_token" >"$gateways/lost"
	mcp lost tools/list
	[ "$status" = 200 ]
}

@test "DB-4: a deletion whose COMMIT was not answered is told as done, and done once" {
	make_source
	answers 201 POST "/api/v1/sources/$source/documents" '{"title": "Eel", "text": "The eel hides."}'
	document=$(field .id)
	make_server
	answers 201 POST "/api/v1/mcp-servers/$server/tokens" '{"name": "t"}'
	token=$(field .id)
	while IFS='|' read -r function event path; do
		before=$(audited "$event")
		unanswered "$function" DELETE "$path"
		echo "$function: $status $body"
		[ "$status" = 200 ]
		says '.message | test("deleted successfully")'
		[ "$event" = - ] || [ "$(audited "$event")" = $((before + 1)) ]
		# By a request of its own, it is not there.
		answers 404 DELETE "$path"
	done <<-END
		document_delete|-|/api/v1/sources/$source/documents/$document
		token_end|token_end|/api/v1/mcp-servers/$server/tokens/$token
		servers_end|server_delete|/api/v1/mcp-servers/$server
		sources_end|source_delete|/api/v1/sources/$source
	END
}

@test "DB-4: a change of the account whose COMMIT was not answered has happened, and is told" {
	sign_up changing
	unanswered user_change PUT /api/v1/me "{\"password\": \"another battery staple\", \"current_password\": \"$user_password\"}"
	[ "$status" = 200 ]
	signed_out 200 POST /api/v1/signin "{\"email\": \"$user_email\", \"password\": \"another battery staple\"}"
	unanswered user_delete DELETE /api/v1/me '{"current_password": "another battery staple"}'
	[ "$status" = 200 ]
	[ "$(audited user_delete)" = 1 ]
	answers 401 GET /api/v1/me
}

# ---- a statement that is cut while it runs ----

# The table that each waits for, and that no gate reads before it; what it
# changes; and the request.
cut_while_running()
{
	cat <<-END
		sources|source_create|sources|201|POST|/api/v1/sources|{"type": "documents", "source_metadata": {}}
		access_tokens|token_create|access_tokens|201|POST|/api/v1/mcp-servers/$server/tokens|{"name": "t"}
		audit_log|user_change|users|200|PUT|/api/v1/me|{"email": "cut-$RANDOM$RANDOM@example.com", "current_password": "$user_password"}
		audit_log|server_change|mcp_servers|200|PUT|/api/v1/mcp-servers/$server|{"name": "cut-$RANDOM"}
		audit_log|sources_end|sources|200|DELETE|/api/v1/sources/$source|
	END
}

# All rows of the account's in a table, as one word.
rows_of()
{
	sql "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM gatehouse.$1 t WHERE '$user_id' IN (to_jsonb(t) ->> 'user_id', to_jsonb(t) ->> 'id')"
}

count_of()
{
	sql "SELECT count(*) FROM gatehouse.$1 t WHERE '$user_id' IN (to_jsonb(t) ->> 'user_id', to_jsonb(t) ->> 'id')"
}

@test "DB-4: a statement whose connection ends while it runs is run once more, and done once" {
	make_source
	while IFS='|' read -r held function table wanted method path json; do
		before=$(count_of "$table")
		hold "$held"
		behind cut api "$method" "$path" "$json"
		cut_while Lock "$function"
		wait_until stuck Lock "$function"
		release
		finished cut
		echo "$function: $status $body"
		[ "$status" = "$wanted" ]
		[ "$(count_of "$table")" = $((before + (wanted == 201))) ]
	done < <(cut_while_running)
}

@test "DB-4: one that loses its connection again is 503, with nothing half done, and the client may repeat it" {
	make_source
	while IFS='|' read -r held function table wanted method path json; do
		before=$(rows_of "$table")
		hold "$held"
		behind cut api "$method" "$path" "$json"
		cut_while Lock "$function"
		cut_while Lock "$function"
		finished cut
		release
		echo "$function: $status $body"
		[ "$status" = 503 ]
		says '.detail == "The gateway cannot reach its database: try again soon."'
		[ "$(header Retry-After)" -ge 1 ]
		[ "$(rows_of "$table")" = "$before" ]
		answers "$wanted" "$method" "$path" "$json"
		[ "$(rows_of "$table")" != "$before" ]
	done < <(cut_while_running)
}
