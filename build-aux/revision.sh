#!/bin/sh
# revision.sh MODULE LEAST [OS-RELEASE]: Debian's revision of what a
# pkg-config module belongs to, on one line. Fails when it is older than LEAST;
# where there is no Debian to ask, says that it cannot tell.
#
# Upstream's version stays the same when Debian mends a library, so pkg-config
# does not see whether a security update is in.
set -u
module=$1 least=$2 release=${3:-/etc/os-release}

cannot_tell()
{
	echo "cannot tell: $1; see to it that it has what Debian's $least mends"
	exit 0
}

grep -qx 'ID="\{0,1\}debian"\{0,1\}' "$release" 2>/dev/null || cannot_tell "this is not Debian"
command -v dpkg-query >/dev/null || cannot_tell "there is no dpkg"
file=$("${PKG_CONFIG:-pkg-config}" --variable=pcfiledir "$module")/$module.pc
package=$(dpkg-query -S "$file" 2>/dev/null) || cannot_tell "$file is of no package"
package=${package%%: *} package=${package%%:*}
version=$(dpkg-query -W -f '${Version}' "$package") || cannot_tell "$package has no version"
echo "$package $version"
dpkg --compare-versions "$version" ge "$least"
