#!/bin/sh
# What a release holds (TAP). Run by `make check`, which sets srcdir and
# builddir; by then the build's folders have programs and objects in them.
set -u
cd "${builddir:-.}" || exit 1
srcdir=${srcdir:-.}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
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

# Files whose first bytes are those of an object, a program or an archive.
built()
{
	find "$folder/release" -type f | while IFS= read -r file; do
		case $(head -c 7 "$file" | tr -d '\0') in
		"$(printf '\177ELF')"* | '!<arch>') echo "$file" ;;
		esac
	done
	find "$folder/release" -name '*.o' -o -name '*.trs' -o -name gatehouse.env.5
}

# Files that git knows, or that are here where there is no git, and are not in
# the release.
missing()
{
	if git -C "$srcdir" ls-files >"$folder/files" 2>/dev/null && [ -s "$folder/files" ]; then
		grep -vx '.gitignore' "$folder/files"
	else
		(cd "$srcdir" && find bench doc fcgi-bin nginx sql src stand t -name '*.[chmq]*' -type f)
	fi | while IFS= read -r file; do
		[ -e "$folder/release/$file" ] || echo "$file"
	done
}

answer=$(make distdir distdir="$folder/release" 2>&1) || answer="make distdir: $answer"
case $answer in "make distdir: "*) ;; *) answer= ;; esac
claim "a release can be put together" "$answer"
claim "a release has nothing in it that was built" "$(built)"
claim "a release has all that its source has" "$(missing)"

echo "1..$n"
