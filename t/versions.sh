#!/bin/sh
# configure refuses libraries that are too old (TAP). Run by `make check`, which
# sets srcdir.
set -u
cd "${srcdir:-.}" || exit 1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
n=0

# refuses "what is promised" MODULE OLDER: what configure.ac demands of the
# module is not fulfilled by the older version, but is by the one installed.
refuses()
{
	n=$((n + 1))
	demand=$(sed -n "s/^PKG_CHECK_MODULES(\[[A-Z0-9]*\], \[\($2 [^]]*\)\].*/\1/p" configure.ac)
	printf 'Name: %s\nDescription: older\nVersion: %s\n' "$2" "$3" >"$folder/$2.pc"
	if [ -n "$demand" ] && pkg-config --exists "$demand" &&
		PKG_CONFIG_PATH=$folder pkg-config --exists "$2 = $3" &&
		! PKG_CONFIG_PATH=$folder pkg-config --exists "$demand"; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "# configure.ac demands: $demand"
	fi
}

refuses "JW-8: libjwt that compares signatures in variable time is refused" libjwt 1.10.1
refuses "SE-7: libsodium before 1.0.18 is refused" libsodium 1.0.17
refuses "SC-2: json-c before 0.16 is refused" json-c 0.15
refuses "SC-2: libcurl before 7.88.1 is refused" libcurl 7.88.0
refuses "SC-2: libpq before 15 is refused" libpq 14.9

echo "1..$n"
