# gatehouse ingest: folders of files made documents.

bats_require_minimum_version 1.5.0

load helper
load api

setup_file()
{
	sign_up reader
	sign_up stranger
}

setup()
{
	as reader
	folder=$BATS_TEST_TMPDIR/folder
	name=$BATS_TEST_NUMBER-$RANDOM
	mkdir -p "$folder/sub"
	echo 'plain words' >"$folder/plain"
	printf '# The heading\n\nmarked words\n' >"$folder/sub/page.md"
	echo '<title>A page</title><p>seen<script>unseen</script><p hidden>unseen</p>' | gzip >"$folder/page.html.gz"
}

ingest()
{
	run --separate-stderr gatehouse ingest --user "$user_email" "$@"
}

# the documents of the source, for says
documents()
{
	source=$(sed -n 's/^source \([0-9a-f-]*\):.*/\1/p' <<<"$output")
	answers 200 GET "/api/v1/sources/$source/documents"
}

@test "text, Markdown, HTML and .gz become documents with their titles" {
	ingest --create "$name" "$folder"
	[ "$status" = 0 ]
	[[ $output == *'3 documents new or changed'* ]]
	documents
	says '[.[].title] | sort == ["A page", "The heading", "plain"]'
	says 'map(.metadata.path) | sort == ["page.html.gz", "plain", "sub/page.md"]'
	answers 200 GET "/api/v1/sources/$source/documents/$(field 'map(select(.title == "A page"))[0].id')"
	says '.text == "seen" and .metadata.type == "text/html"'
}

@test "a second run skips what is unchanged, and --delete removes what is gone" {
	ingest --create "$name" "$folder"
	ingest --create "$name" "$folder"
	[[ $output == *'0 documents new or changed'*'3 unchanged'* ]]
	rm "$folder/plain"
	echo changed >>"$folder/sub/page.md"
	ingest --source "$name" "$folder"
	[[ $output == *'1 documents new or changed'*'1 unchanged'*'0 deleted'* ]]
	ingest --source "$name" --delete "$folder"
	[[ $output == *'1 deleted'* ]]
	documents
	says 'length == 2'
}

@test "what is no text is told and skipped, never fatal" {
	printf 'caf\xe9' >"$folder/latin1"
	printf 'a\0b' >"$folder/binary"
	: >"$folder/empty"
	head -c 20000000 /dev/zero | gzip >"$folder/bomb.gz"
	gzip <"$folder/plain" | head -c 15 >"$folder/broken.gz"
	ln -s /etc/passwd "$folder/link"
	ln -s / "$folder/outside"
	mkfifo "$folder/pipe"
	ingest --create "$name" "$folder"
	[ "$status" = 0 ]
	[[ $output == *'3 documents new or changed'*'5 files skipped'* ]]
	for line in 'latin1: not UTF-8 text' 'binary: binary' 'empty: empty' 'bomb.gz: too large (over 16 MiB)' \
		'broken.gz: broken compression or unreadable'; do
		[[ $stderr == *"skipped: $line"* ]]
	done
	ingest --create "$name" --quiet "$folder"
	[ -z "$stderr" ]
	ingest --create "$name" --skipped "$BATS_TEST_TMPDIR/list" "$folder"
	[[ $stderr != *skipped* ]]
	[ "$(grep -c . "$BATS_TEST_TMPDIR/list")" = 5 ]
	grep -qx 'latin1: not UTF-8 text' "$BATS_TEST_TMPDIR/list"
	ingest --create "$name" --skipped "$folder" "$folder"
	[ "$status" = 1 ]
	[[ $stderr == *"--skipped: $folder cannot be written."* ]]
}

@test "--url-base gives every document its address" {
	mkdir "$folder/a b"
	echo x >"$folder/a b/c?d"
	ingest --create "$name" --url-base https://example.org/docs "$folder"
	documents
	says 'map(.url) | index("https://example.org/docs/a%20b/c%3Fd") and index("https://example.org/docs/sub/page.md")'
}

@test "a wrong call is told, with the status for it" {
	ingest "$folder"
	[ "$status" = 2 ]
	ingest --create a --source b "$folder"
	[ "$status" = 2 ]
	ingest --create a
	[ "$status" = 2 ]
	ingest --create a --url-base javascript:x "$folder"
	[ "$status" = 2 ]
	ingest --create a "$folder/nowhere"
	[ "$status" = 1 ]
	[[ $stderr == *'There is no folder'* ]]
	ingest --source nothing "$folder"
	[ "$status" = 1 ]
	[[ $stderr == *'no source of type documents called nothing'* ]]
}

@test "TI-1: nobody ingests into another's source" {
	ingest --create "$name" "$folder"
	documents
	as stranger
	ingest --source "$source" "$folder"
	[ "$status" = 1 ]
	ingest --source "$name" "$folder"
	[ "$status" = 1 ]
}
