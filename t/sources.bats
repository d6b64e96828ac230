# Sources: what an account can search.

load helper
load api

setup_file()
{
	sign_up owner
	sign_up stranger
}

setup()
{
	as owner
}

@test "a source of each type is stored and shown with the contract's members" {
	for kind in outlook box snowflake; do
		answers 201 POST /api/v1/sources "${!kind}"
		says "keys == [\"created_at\", \"id\", \"source_metadata\", \"type\", \"updated_at\"] and .type == \"$kind\""
	done
	answers 201 POST /api/v1/sources '{"type": "documents", "source_metadata": {"name": "Handbook", "language": "english"}}'
	says '.source_metadata == {name: "Handbook", language: "english"}'
}

# manual_settings TYPE: those in the table of its page; those of which it says that they are sealed.
manual_settings()
{
	awk '/^\| setting/ { within = 1; next } within && !/^\|/ { exit } within && /^\| `/' "$top/doc/$1.md" >"$BATS_TEST_TMPDIR/rows"
	jq -nRc --rawfile rows "$BATS_TEST_TMPDIR/rows" '[$rows | split("\n")[] | select(. != "")] |
		[[.[] | split("|")[1] | scan("`([a-z_]+)`")[0]], [.[] | select(test("sealed")) | scan("`([a-z_]+)`")[0] | select(test("secret|pat|key"))]] | map(sort)'
}

@test "the manual's table of each type has the settings that its kind declares, and no other" {
	local type

	answers 200 GET /api/v1/source-types
	for type in $(field '.[].type'); do
		[ "$(manual_settings "$type")" = "$(jq -c --arg type "$type" '.[] | select(.type == $type).settings |
			[[.[].name], [.[] | select(.secret).name]] | map(sort)' <<<"$body")" ] || {
			echo "$type: $(manual_settings "$type")"
			return 1
		}
	done
}

@test "SE-5: a secret is never returned, only that it is set and since when" {
	answers 201 POST /api/v1/sources "$outlook"
	says '.source_metadata.graph_client_secret | .set == true and (.set_at | test("^\\d{4}-"))'
	says '.source_metadata.tenant_id == "11111111-2222-3333-4444-555555555555"'
	id=$(field .id)
	lacks Canary
	answers 200 GET "/api/v1/sources/$id"
	lacks Canary
	answers 200 GET /api/v1/sources
	lacks Canary
	answers 200 PUT "/api/v1/sources/$id" "$outlook"
	lacks Canary
}

@test "a secret given back as it was read stays as it is" {
	answers 201 POST /api/v1/sources "$box"
	id=$(field .id)
	set_at=$(field .source_metadata.box_client_secret.set_at)
	changed=$(jq '{source_metadata: (.source_metadata | .box_subject_id = "654321")}' <<<"$body")
	answers 200 PUT "/api/v1/sources/$id" "$changed"
	says ".source_metadata.box_subject_id == \"654321\" and .source_metadata.box_client_secret.set_at == \"$set_at\""
	answers 200 PUT "/api/v1/sources/$id" "$box"
	says ".source_metadata.box_client_secret.set_at > \"$set_at\""
}

@test "members that are no settings are dropped" {
	answers 201 POST /api/v1/sources \
		'{"type": "documents", "id": "x", "user_id": "y", "source_metadata": {"name": "n", "more": "z", "deep": {"a": 1}}}'
	says '.source_metadata == {name: "n"}'
}

@test "a setting that is missing, empty or no string is refused, and its value not repeated" {
	for wrong in 'del(.source_metadata.graph_user_id)' '.source_metadata.graph_user_id = ""' '.source_metadata.graph_user_id = 1' \
		'.source_metadata.graph_user_id = null' '.source_metadata.graph_client_secret = ""' \
		'.source_metadata.graph_client_secret = {"set": true}' '.source_metadata = null' 'del(.source_metadata)' \
		'.source_metadata = []' '.source_metadata = "x"' '.type = "Outlook"' '.type = ""' '.type = null' 'del(.type)' '.type = 1'; do
		answers 400 POST /api/v1/sources "$(jq "$wrong" <<<"$outlook")"
		lacks Canary
	done
}

@test "a type alone is refused where the stored settings do not fit it" {
	answers 201 POST /api/v1/sources "$box"
	id=$(field .id)
	answers 400 PUT "/api/v1/sources/$id" '{"type": "snowflake"}'
	answers 200 PUT "/api/v1/sources/$id" '{"type": "box"}'
	answers 200 PUT "/api/v1/sources/$id" "$snowflake"
	says '.type == "snowflake" and (.source_metadata | has("box_client_id") or has("box_client_secret") | not)'
	answers 200 GET "/api/v1/sources/$id"
	says '.source_metadata | has("box_client_secret") | not'
}

@test "a change of nothing is refused" {
	make_source
	for nothing in '{}' '{"type": null, "source_metadata": null}' '{"other": 1}'; do
		answers 400 PUT "/api/v1/sources/$source" "$nothing"
		told 'No valid fields to update'
	done
}

@test "metadata alone is checked against the stored type and replaces the whole" {
	make_source '{"type": "documents", "source_metadata": {"name": "n", "language": "english"}}'
	answers 200 PUT "/api/v1/sources/$source" '{"source_metadata": {"name": "m"}}'
	says '.source_metadata == {name: "m"}'
	says '.updated_at > .created_at'
}

@test "an id is read in any spelling, and anything else is refused" {
	make_source
	for spelling in "${source^^}" "${source//-/}" "%7B$source%7D" "urn:uuid:$source"; do
		answers 200 GET "/api/v1/sources/$spelling"
		says ".id == \"$source\""
	done
	for bad in x 1 "${source}0" "${source%?}" "${source%?}g" %20 "'" '%F0%9F%8D%B0'; do
		answers 400 GET "/api/v1/sources/$bad"
		told 'Invalid source ID format'
		answers 400 PUT "/api/v1/sources/$bad" '{"type": "box"}'
		answers 400 DELETE "/api/v1/sources/$bad"
	done
}

@test "a deleted source is gone" {
	make_source
	answers 200 DELETE "/api/v1/sources/$source"
	says '. == {message: "Source deleted successfully"}'
	answers 404 GET "/api/v1/sources/$source"
	told 'Source not found'
	answers 404 PUT "/api/v1/sources/$source" '{"source_metadata": {}}'
	answers 404 DELETE "/api/v1/sources/$source"
	answers 200 GET /api/v1/sources
	says "all(.id != \"$source\")"
}

@test "TI-5: somebody else's source is as absent as one that never was" {
	make_source
	as stranger
	for id in "$source" "$nobody"; do
		answers 404 GET "/api/v1/sources/$id"
		told 'Source not found'
		answers 404 PUT "/api/v1/sources/$id" '{"source_metadata": {"name": "mine now"}}'
		told 'Source not found'
		answers 404 DELETE "/api/v1/sources/$id"
		told 'Source not found'
	done
	answers 200 GET /api/v1/sources
	says "all(.id != \"$source\")"
	as owner
	answers 200 GET "/api/v1/sources/$source"
}

@test "the list is ordered oldest first and can be read in pages" {
	sign_up pages
	as pages
	for i in 1 2 3; do
		make_source "{\"type\": \"documents\", \"source_metadata\": {\"name\": \"$i\"}}"
	done
	answers 200 GET /api/v1/sources
	says 'map(.source_metadata.name) == ["1", "2", "3"]'
	[ -z "$(header Link)" ]
	answers 200 GET '/api/v1/sources?limit=2'
	says 'map(.source_metadata.name) == ["1", "2"]'
	[ "$(header Link)" = '</api/v1/sources?limit=2&offset=2>; rel="next"' ]
	answers 200 GET '/api/v1/sources?limit=2&offset=2'
	says 'map(.source_metadata.name) == ["3"]'
	[ -z "$(header Link)" ]
	answers 200 GET '/api/v1/sources?offset=10'
	says '. == []'
	for wrong in limit=0 limit=1001 limit=-1 limit=x limit= offset=-1 offset=1.5 'limit=1&limit=2' limit=%zz; do
		answers 400 GET "/api/v1/sources?$wrong"
	done
}

@test "TI-10: more sources than an account may have are 429, and nothing is made" {
	sign_up many
	as many
	sql "INSERT INTO gatehouse.sources (id, user_id, type, source_metadata)
	     SELECT gen_random_uuid(), u.id, 'documents', '{}' FROM gatehouse.users u, generate_series(1, 99)
	      WHERE u.id = '$user_id'"
	make_source
	answers 429 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	[ "$(header Retry-After)" -ge 1 ]
	answers 200 GET /api/v1/sources
	says 'length == 100'
	answers 200 DELETE "/api/v1/sources/$source"
	make_source
}
