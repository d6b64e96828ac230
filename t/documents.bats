# Documents kept by a source of type documents, through the REST API.

load helper
load api

setup_file()
{
	sign_up keeper
	sign_up stranger
}

setup()
{
	as keeper
	answers 201 POST /api/v1/sources '{"type": "documents", "source_metadata": {"name": "Notes"}}'
	source=$(field .id)
	documents=/api/v1/sources/$source/documents
}

nowhere=00000000-0000-4000-8000-000000000000

@test "a document is made, read, listed, replaced and deleted" {
	answers 201 POST "$documents" '{"title": "Cake", "text": "Bake it.", "url": "https://example.org/cake", "metadata": {"by": "Ann"}}'
	says 'keys == ["created_at", "id", "metadata", "title", "updated_at", "url"]'
	says '.title == "Cake" and .url == "https://example.org/cake" and .metadata == {"by": "Ann"}'
	id=$(field .id)
	answers 200 GET "$documents/$id"
	says '.text == "Bake it." and .title == "Cake"'
	answers 200 GET "$documents"
	says "length == 1 and .[0].id == \"$id\" and (.[0] | has(\"text\") | not)"
	answers 200 PUT "$documents/$id" '{"title": "Bread", "text": "Knead it."}'
	says '.title == "Bread" and .url == null and .metadata == {}'
	answers 200 GET "$documents/$id"
	says '.text == "Knead it."'
	answers 200 DELETE "$documents/$id"
	says '. == {"message": "Document deleted successfully"}'
	answers 404 GET "$documents/$id"
	told 'Document not found'
	answers 404 PUT "$documents/$id" '{"title": "x", "text": "x"}'
	answers 404 DELETE "$documents/$id"
	answers 200 GET "$documents"
	says '. == []'
}

@test "lists are oldest first and come in pages" {
	for n in 1 2 3; do
		answers 201 POST "$documents" "{\"title\": \"$n\", \"text\": \"\"}"
	done
	answers 200 GET "$documents?limit=2"
	says '[.[].title] == ["1", "2"]'
	answers 200 GET "$documents?limit=2&offset=2"
	says '[.[].title] == ["3"]'
	answers 400 GET "$documents?limit=-1"
}

@test "what is wrong with a document is told, and nothing is kept" {
	for wrong in '{}' '{"title": "x"}' '{"text": "x"}' '{"title": "", "text": "x"}' '{"title": 1, "text": "x"}' \
		'{"title": "x", "text": null}' '{"title": "x", "text": "x", "url": "javascript:alert(1)"}' \
		'{"title": "x", "text": "x", "url": "/relative"}' '{"title": "x", "text": "x", "url": "https://a b"}' \
		'{"title": "x", "text": "x", "metadata": []}' '{"title": "x", "text": "x", "metadata": "y"}' '[]' '"x"'; do
		answers 400 POST "$documents" "$wrong"
		says '.detail | type == "string"'
	done
	answers 400 POST "$documents" "{\"title\": \"$(printf 'ü%.0s' {1..501})\", \"text\": \"x\"}"
	answers 200 GET "$documents"
	says '. == []'
}

@test "RP-7: a body over 1 MiB is refused, one just below is kept" {
	head -c 1048000 /dev/zero | tr '\0' a | jq -Rsc '{title: "Large", text: .}' >"$BATS_TEST_TMPDIR/large"
	answers 201 POST "$documents" "@$BATS_TEST_TMPDIR/large"
	head -c 1048577 /dev/zero | tr '\0' a | jq -Rsc '{title: "Larger", text: .}' >"$BATS_TEST_TMPDIR/larger"
	answers 413 POST "$documents" "@$BATS_TEST_TMPDIR/larger"
}

@test "TI-5: someone else's source and an absent one are the same" {
	answers 201 POST "$documents" '{"title": "Secret", "text": "x"}'
	id=$(field .id)
	as stranger
	for there in "$source" "$nowhere"; do
		for method in GET POST; do
			answers 404 "$method" "/api/v1/sources/$there/documents" '{"title": "x", "text": "x"}'
			told 'Source not found'
		done
		for method in GET PUT DELETE; do
			answers 404 "$method" "/api/v1/sources/$there/documents/$id" '{"title": "x", "text": "x"}'
			told 'Source not found'
		done
	done
	as keeper
	answers 200 GET "$documents/$id"
	answers 201 POST /api/v1/sources '{"type": "documents", "source_metadata": {}}'
	answers 404 GET "/api/v1/sources/$(field .id)/documents/$id"
	told 'Document not found'
}

@test "TI-7: the documents of a deleted source are gone with it" {
	answers 201 POST "$documents" '{"title": "x", "text": "x"}'
	answers 200 DELETE "/api/v1/sources/$source"
	answers 404 GET "$documents"
	answers 404 POST "$documents" '{"title": "x", "text": "x"}'
}

@test "a source of another type says that it holds no documents" {
	answers 201 POST /api/v1/sources '{"type": "box", "source_metadata": {"box_client_id": "a", "box_client_secret": "b",
		"box_subject_type": "user", "box_subject_id": "c"}}'
	answers 400 POST "/api/v1/sources/$(field .id)/documents" '{"title": "x", "text": "x"}'
	told 'This source is of type box: only a source of type documents holds documents.'
}

@test "the settings of a documents source are optional, and checked" {
	answers 201 POST /api/v1/sources '{"type": "documents", "source_metadata": {"language": "german", "more": 1}}'
	says '.source_metadata == {"language": "german"}'
	answers 400 POST /api/v1/sources '{"type": "documents", "source_metadata": {"language": "klingon"}}'
	answers 400 POST /api/v1/sources '{"type": "documents", "source_metadata": {"name": 1}}'
	answers 400 POST /api/v1/sources '{"type": "documents", "source_metadata": {"name": null}}'
}

@test "DB-1: any text comes back as it was sent" {
	for text in "'; DROP TABLE documents; --" '\u0001\u001b[31m\r\n' '🍰 e\u0301' '$1 %s {}' '</script>'; do
		answers 201 POST "$documents" "{\"title\": \"$text\", \"text\": \"$text\", \"metadata\": {\"$text\": \"$text\"}}"
		answers 200 GET "$documents/$(field .id)"
		says ".title == \"$text\" and .text == \"$text\" and .metadata == {\"$text\": \"$text\"}"
	done
}
