#!/bin/sh
# doc/security.md and the tests know the same requirements (TAP). Run by
# `make check`, which sets srcdir.
set -u
cd "${srcdir:-.}" || exit 1
index=doc/security.md
n=0

# claim "what is promised" "what offends, empty when it holds"
claim()
{
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

# rows: id|tests|state of each requirement.
rows()
{
	awk -F ' *[|] *' '$2 ~ /^[A-Z][A-Z]-[0-9]+$/ { print $2 "|" $5 "|" $6 }' "$index"
}

tests=$(find t sql/t -maxdepth 2 '(' -name '*.bats' -o -name '*.sh' -o -name '*_test.c' -o -path 'sql/t/*.sql' -o -path 'sql/t/*.bash' -o -path sql/t/run ')' \
	! -name requirements.sh -type f)

# The ids that stand somewhere in the tests.
named()
{
	# shellcheck disable=SC2086 # a list of files
	grep -ohwE '(TV|RP|AC|JW|OA|MC|TI|OH|SE|LA|RL|WL|DB|SC)-[0-9]+' $tests | sort -u
}

# Each test beside a requirement really names it.
strangers()
{
	rows | while IFS='|' read -r id files _; do
		for file in $(echo "$files" | tr ',' ' '); do
			grep -qw -e "$id" "$file" 2>/dev/null || echo "$file does not name $id"
		done
	done
}

claim "the index has 151 requirements" "$(test "$(rows | wc -l)" -eq 151 || rows | wc -l)"
claim "none of them stands there twice" "$(rows | cut -d '|' -f 1 | sort | uniq -d)"
claim "each is met, or told what is missing, or why it is for later" \
	"$(rows | cut -d '|' -f 1,3 | grep -vE '[|](met|(partly|later): .+)$')"
claim "what is met is named by a test" "$(rows | awk -F '|' '$3 == "met" && $2 == "" { print $1 }')"
claim "each test in the index names its requirement" "$(strangers)"
claim "each requirement a test names is in the index" \
	"$(named | while read -r id; do rows | cut -d '|' -f 1 | grep -qx "$id" || echo "$id"; done)"

echo "1..$n"
