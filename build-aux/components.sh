#!/bin/sh
# components.sh PROGRAM…: what the programs are linked to, libraries of libraries
# too: a line each, of name, package and version as Debian has them, in between
# tabs. Where no package has a library, package and version are "-".
set -eu

# owner FILE: its package; dpkg may know the file by its path before /usr merged.
owner()
{
	for path in "$1" "/usr$1" "${1#/usr}" "$(readlink -f "$1")"; do
		dpkg-query -S "$path" 2>/dev/null | sed -n '1s/^\([^ ,]*\): .*/\1/p' | grep . && return
	done
	return 1
}

ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $1, $3 }' | LC_ALL=C sort -u | while read -r name file; do
	package=$(owner "$file") || package=
	# shellcheck disable=SC2016 # dpkg-query's own variables
	version=$([ -z "$package" ] || dpkg-query -W -f '${Version}' "$package")
	printf '%s\t%s\t%s\n' "$name" "${package:--}" "${version:--}"
done
