#!/bin/sh
# What the built programs are hardened with, what is in them that should not be,
# and what they are made of (TAP). Run by `make check`, which sets srcdir,
# builddir and CC.
set -u
cd "${builddir:-.}" || exit 1
srcdir=${srcdir:-.}
CC=${CC:-cc}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
programs='gatehouse gatehouse-api.fcgi gatehouse-mcp.fcgi'
n=0

# claim "what is promised" "what offends, empty when it holds" [SKIP-REASON]
claim()
{
	n=$((n + 1))
	if [ -n "${3:-}" ]; then
		echo "ok $n - $1 # SKIP $3"
	elif [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
	fi
}

# ---- SC-1: each of these is true of a hardened program ----

position_independent()
{
	readelf -hW "$1" | grep -q 'Type: *DYN' && readelf -dW "$1" | grep -q 'FLAGS_1.* PIE'
}

relocations_read_only()
{
	readelf -lW "$1" | grep -q GNU_RELRO
}

bound_at_start()
{
	readelf -dW "$1" | grep -qE '\(FLAGS\).*BIND_NOW' && readelf -dW "$1" | grep -qE 'FLAGS_1.*NOW'
}

no_executable_stack()
{
	readelf -lW "$1" | grep 'GNU_STACK' | grep -q ' RW '
}

no_writable_code()
{
	! readelf -lW "$1" | grep -E ' RWE ' && ! readelf -dW "$1" | grep -E 'TEXTREL|RPATH|RUNPATH'
}

stack_protected()
{
	readelf -W --dyn-syms "$1" | grep -q ' __stack_chk_fail@'
}

fortified()
{
	readelf -W --dyn-syms "$1" | grep -E ' __[a-z]+_chk@' | grep -q .
}

# each CHECK FILE…: those of which it is not true
each()
{
	check=$1
	shift
	for file; do
		"$check" "$file" >/dev/null || echo "$file"
	done
}

# What a sanitizer's build leaves out (build-aux/flags.m4).
sanitized=
grep -q 'define GATEHOUSE_SANITIZED' config.h && sanitized='built with sanitizers, which need another set of flags'

# shellcheck disable=SC2086 # a list of files
hardened()
{
	claim "SC-1: $1" "$(each "$2" $programs)" "${3:-}"
}
hardened "programs are position-independent" position_independent
hardened "no stack is executable" no_executable_stack
hardened "nothing is writable and executable, and no path to libraries is built in" no_writable_code
hardened "relocations are read-only" relocations_read_only "$sanitized"
hardened "all symbols are bound at the start" bound_at_start "$sanitized"
hardened "stacks have a protector" stack_protected "$sanitized"
hardened "calls of libc are fortified" fortified "$sanitized"

# Libraries find this function before libc's.
wipes()
{
	nm -D --defined-only "$1" | grep -q ' T free$' && nm -D --defined-only "$1" | grep -q ' T realloc$'
}
# shellcheck disable=SC2086 # a list of files
claim "SE-6: what programs and their libraries free is wiped" "$(each wipes $programs)" "$sanitized"

# Flags that leave no trace in a program: the makefile has what the compiler takes.
lost_flags()
{
	echo 'int main(void) { return 0; }' >"$folder/empty.c"
	for flag in -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -fPIE -ftrivial-auto-var-init=zero \
		-fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing -fstrict-flex-arrays=3 \
		-Wconversion -Wformat=2 -Wbidi-chars=any; do
		$CC -Werror "$flag" -o "$folder/empty" "$folder/empty.c" 2>/dev/null || continue
		grep -E '^(HARDENING|WARNINGS) =' Makefile | grep -q -- " $flag\( \|\$\)" || echo "$flag"
	done
	grep '^HARDENING =' Makefile | grep -q -- '-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3' || echo _FORTIFY_SOURCE=3
	grep '^HARDENING_LDFLAGS =' Makefile | grep -q -- '-z,nodlopen' || echo nodlopen
}
claim "SC-1: every hardening flag that the compiler takes is given to it" "$(lost_flags)" "$sanitized"

# So that a check that is always true is noticed.
bare()
{
	# shellcheck disable=SC2016 # C
	echo 'int main(int n, char **a) { char t[64]; __builtin_strcpy(t, a[n - 1]); return t[0]; }' >"$folder/bare.c"
	$CC -O0 -U_FORTIFY_SOURCE -fno-stack-protector -fno-pie -no-pie -Wl,-z,norelro -Wl,-z,lazy -Wl,-z,execstack \
		-Wl,-rpath,/nowhere -o "$folder/bare" "$folder/bare.c" 2>/dev/null || { echo "cannot be built"; return; }
	for check in position_independent no_executable_stack no_writable_code relocations_read_only bound_at_start \
		stack_protected fortified wipes; do
		"$check" "$folder/bare" >/dev/null && echo "$check is true of it"
	done
}
claim "SC-1: a program without all that is refused by each check" "$(bare)"

# ---- SC-4: nothing that only tests use ----

# What the test programs define and the library does not.
nm -A --defined-only libgatehouse.a 2>/dev/null | awk '{ print $NF }' | sort -u >"$folder/ours"
nm -A --defined-only --extern-only t/fixtures/*.o t/vendors/*.o 2>/dev/null | awk '{ print $NF }' | grep -vx main | sort -u |
	comm -23 - "$folder/ours" >"$folder/theirs"

# test_symbols FILE…
test_symbols()
{
	for file; do
		nm --defined-only "$file" 2>/dev/null | awk '{ print $NF }' | sort -u | comm -12 - "$folder/theirs" | sed "s|^|$file: |"
	done
}

# Names of settings that lead to stand-ins, and texts of the test programs' tools.
test_texts()
{
	grep -aoE 'GATEHOUSE_TEST_[A-Z_]*|test_simple_text|t/(fixtures|vendors|unit)/[a-z_]*\.c' "$@" /dev/null | sort -u
}

# shellcheck disable=SC2086 # a list of files
{
	claim "SC-4: there is test code to look for" \
		"$([ -s "$folder/theirs" ] && [ -n "$(test_symbols t/fixtures/gatehouse-mcp-test.fcgi)" ] &&
			[ -n "$(test_texts t/fixtures/gatehouse-mcp-test.fcgi)" ] || echo none)"
	claim "SC-4: no program has a function that only tests have" "$(test_symbols $programs)"
	claim "SC-4: no program has a setting or text of a test's" "$(test_texts $programs)"
}
claim "SC-4: no installed program is made from a file below t/" \
	"$(make -pn 2>/dev/null | grep -E '^am_(gatehouse|gatehouse_api_fcgi|gatehouse_mcp_fcgi|libgatehouse_a)_OBJECTS = ' | grep -oE '\bt/[^ ]*')"

# ---- SC-2: the list of components ----

# shellcheck disable=SC2086 # a list of files
unlisted()
{
	for library in $(readelf -dW $programs | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
		grep -q "^$library	." components.txt || echo "$library"
	done
}
claim "SC-2: each library that a program is linked to is in the list of components" "$(unlisted)"

# By another source than the list's: what pkg-config says of the same libraries.
other_versions()
{
	while read -r library module; do
		version=$(pkg-config --modversion "$module")
		grep -qE "^$library\\.so[^	]*	[^	]*	([0-9]+:)?$(echo "$version" | sed 's/\./\\./g')[-+.]" components.txt ||
			echo "$library: $version"
	done <<-END
		libcurl libcurl
		libsodium libsodium
		libjwt libjwt
		libjson-c json-c
		libpq libpq
		libxml2 libxml-2.0
	END
}
not_debian=
command -v dpkg-query >/dev/null && grep -qx ID=debian /etc/os-release || not_debian='not Debian: versions are those of its packages'
claim "SC-2: and in the version that is installed" "$(other_versions)" "$not_debian"

# days FILE: the times that its table of updates states.
days()
{
	sed -n '/^## .*[Uu]pdates$/,/^## /s/^|.*| \([0-9]* days\) |$/\1/p' "$srcdir/doc/$1" | sort -u | paste -sd ' '
}

unstated()
{
	[ "$(days install.md)" = "2 days 7 days" ] || echo "doc/install.md states: $(days install.md)"
	[ "$(days dependencies.md)" = "30 days 7 days" ] || echo "doc/dependencies.md states: $(days dependencies.md)"
}
claim "SC-2: the documents state within which time updates are applied" "$(unstated)"

echo "1..$n"
