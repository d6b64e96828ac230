#!/bin/sh
# The walls of the house (TAP): layers, doors, headers that stand alone, calls
# that are banned. Run by `make check`, which sets srcdir, builddir, CC, CPPFLAGS.
set -u
cd "${srcdir:-.}" || exit 1
builddir=${builddir:-.}
CC=${CC:-cc}
n=0

# claim "what is promised" "offending lines, empty when it holds"
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

sources=$(find src fcgi-bin -name '*.[ch]')

# ---- layers: a file includes from its own layer or one to the left ----

rank()
{
	case $1 in
	core) echo 1 ;;
	db | outbound | vault) echo 2 ;;
	web) echo 3 ;;
	auth) echo 4 ;;
	sources) echo 5 ;;
	search) echo 6 ;;
	oauth) echo 7 ;;
	api | mcp) echo 8 ;;
	cli) echo 9 ;;
	*) echo 0 ;;
	esac
}

strangers()
{
	for file in $(find src -name '*.[ch]'); do
		folder=${file#src/}
		folder=${folder%%/*}
		own=$(rank "$folder")
		for included in $(sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file" | sort -u); do
			other=$(rank "$included")
			if [ "$other" -eq 0 ] || [ "$other" -gt "$own" ] ||
				{ [ "$other" -eq "$own" ] && [ "$included" != "$folder" ]; }; then
				echo "$file includes $included/"
			fi
		done
	done
}
claim "no file includes from a layer to its right, nor from beside it" "$(strangers)"

# ---- doors: one folder or file speaks to a library ----

# door "who" "pattern of the include" "files that may"
door()
{
	claim "only $1" "$(grep -nE "$2" $sources | grep -vE "^($3)")"
}
door "core/json.c speaks to json-c" '#include <json' 'src/core/json\.c:'
door "outbound/ speaks to libcurl (OH-1)" '#include <curl' 'src/outbound/'
door "db/ speaks to libpq" '#include <(libpq|postgres|pg_)' 'src/db/'
door "auth/jwt.c speaks to libjwt (JW-8)" '#include <jwt' 'src/auth/jwt\.c:'
door "auth/jws.c speaks to libcrypto" '#include <openssl' 'src/auth/jws\.c:'
door "auth/ speaks to crypt and libidn2" '#include <(crypt|idn2)' 'src/auth/'
door "vault/ speaks to libsodium, and Argon2id in auth/password.c" '#include <sodium' \
	'src/vault/|src/auth/password\.c:'
door "web/ speaks to libfcgi (WL-1: never by fcgi_stdio)" '#include <fcgi' 'src/web/(wire|worker)\.c:'
claim "WL-1: fcgi_stdio is included nowhere" "$(grep -n 'fcgi_stdio' $sources)"
door "auth/ reads the Authorization header" '"(HTTP_AUTHORIZATION|Authorization)"' 'src/auth/|src/outbound/'
door "sql/ holds SQL" \
	'"[^"]*\b(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM|CREATE (TABLE|ROLE)|TRUNCATE)\b' 'nothing'

# ---- DB-1, SC-3: what must not be called ----

claim "DB-1: no call of libpq that takes SQL text with values in it" \
	"$(grep -nE '\bPQ(escape|exec\b|exec\(|sendQuery\(|fn\()' $sources)"
# banned [FILE…]: the calls that are; of standard input without a file.
banned()
{
	grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen|strtok|atoi|atol|localtime|gmtime|strerror|rand|getenv_r|mktemp|alloca)\(' "$@"
}
claim "SC-3: no call that is banned" "$(banned $sources)"
claim "SC-3: each banned call would be seen" \
	"$(for name in strcpy sprintf system popen strtok atoi; do echo "	x = $name(y);" | banned >/dev/null || echo "$name"; done)"
claim "no TODO without an issue" "$(grep -nE 'TODO|FIXME|XXX' $sources)"

# ---- each header compiles alone ----

lonely()
{
	for header in $(find src -name '*.h'); do
		echo "#include \"${header#src/}\"" |
			$CC -std=gnu11 -D_GNU_SOURCE -I src -I "$builddir/src" $CPPFLAGS \
				-x c -fsyntax-only -Wall -Wextra - 2>&1 |
			grep -q . && echo "$header"
	done
}
CPPFLAGS=$(printf '%s ' ${CPPFLAGS:-$(pkg-config --cflags libpq json-c)} | sed 's/-include [^ ]*//')
claim "each header compiles alone" "$(lonely)"

echo "1..$n"
