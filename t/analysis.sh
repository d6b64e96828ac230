#!/bin/bash
# Three analysers look at every file of the programs and find nothing (SC-3).
# TAP; ./quickstart check runs it, with the folder of a build that is made.
#
# A false finding is suppressed beside its line, with the reason; what an
# analyser gets wrong everywhere stands here.
set -u
cd "$(dirname "$(dirname "$(readlink -f "$0")")")" || exit 1
build=$(readlink -f "${1:?which build?}")
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export LC_ALL=C
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

includes=(-Isrc "-I$build/src" -I. "-I$build")
read -ra libraries < <(pkg-config --cflags libpq json-c libjwt libcrypto libcurl libsodium libxcrypt libidn2 libxml-2.0 zlib)
compile=(-std=gnu11 "${includes[@]}" -include config.h "${libraries[@]}")

# each FILES COMMAND…: runs it for each file of the list, on all cores; what it
# says is what it found.
each()
{
	local files=$1

	shift
	xargs -a "$files" -n 1 -P "$(nproc)" "$@" 2>&1
}

# Zeroed variables, as the build has them, would hide those without a value.
by_gcc()
{
	each "$1" gcc "${compile[@]}" -O2 -fanalyzer -S -o /dev/null
}

by_clang()
{
	each "$1" clang --analyze --analyzer-output text "${compile[@]}" -o /dev/null
}

# It cannot read attributes before a pointer to a function, and takes the call
# of such a pointer for something that keeps the address it is given.
by_cppcheck()
{
	cppcheck -q -j "$(nproc)" --std=c11 --enable=warning,performance,portability --inline-suppr \
		--suppress=returnDanglingLifetime '-D__attribute__(x)=' "${includes[@]}" "--include=$build/config.h" --file-list="$1" 2>&1
}

find src fcgi-bin -name '*.c' | sort >"$folder/all"
claim "SC-3: gcc's analyser finds nothing" "$(by_gcc "$folder/all")"
claim "SC-3: clang's analyser finds nothing" "$(by_clang "$folder/all")"
claim "SC-3: cppcheck finds nothing" "$(by_cppcheck "$folder/all")"

# So that one that looks at nothing is noticed.
cat >"$folder/planted.c" <<END
#include <stdlib.h>

#include "core/fault.h"
#include "web/route.h"

CAN_FAIL planted(const struct route *route, struct request *req, char **out);
CAN_FAIL planted(const struct route *route, struct request *req, char **out)
{
	char few[4] = { 0 };
	char *lost = malloc(sizeof(few));

	TRY(route->who(req));
	if (lost)
		*lost = few[sizeof(few)];
	*out = lost;
	return NULL;
}
END
echo "$folder/planted.c" >"$folder/one"

# finds TEXT ANALYSER: nothing when it finds that in the planted file.
finds()
{
	local said

	said=$("$2" "$folder/one")
	grep -q -e "$1" <<<"$said" || printf '%s finds: %s\n' "$2" "$said"
}
claim "SC-3: each of them finds what was planted" \
	"$(finds 'leak of .lost' by_gcc; finds 'Potential leak.*lost' by_clang; finds 'arrayIndexOutOfBounds' by_cppcheck)"

echo "1..$n"
