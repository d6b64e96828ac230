#!/bin/sh
# configure refuses libraries that are too old, by upstream's version and by
# Debian's revision (TAP). Run by `make check`, which sets srcdir.
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

# claim "what is promised" COMMAND…
claim()
{
	n=$((n + 1))
	said=$1
	shift
	if "$@"; then
		echo "ok $n - $said"
	else
		echo "not ok $n - $said"
		echo "# $answer"
	fi
}

# debian VERSION: from now on Debian's library under test is of that version.
mkdir "$folder/bin"
debian()
{
	cat >"$folder/bin/dpkg-query" <<-END
		#!/bin/sh
		case \$1 in
		-S) echo "\$(basename "\$2" .pc)-dev:amd64: \$2" ;;
		-W) case \$* in *$module*) echo "$1" ;; *) echo 99 ;; esac ;;
		esac
	END
	chmod +x "$folder/bin/dpkg-query"
}

# revision OS-RELEASE: what configure would find; into $answer.
revision()
{
	answer=$(PATH=$folder/bin:$PATH sh build-aux/revision.sh "$module" "$least" "$1" 2>&1)
}

taken()
{
	debian "$1" && revision "$folder/debian"
}

not_taken()
{
	! taken "$1"
}

# One line, and no refusal, though the version would be too old.
cannot_tell()
{
	debian 0.1
	revision "$1" && [ "$(printf '%s\n' "$answer" | wc -l)" = 1 ] &&
		case $answer in "cannot tell: $2"*) true ;; *) false ;; esac
}

# Debian's own tools are there, but for the one that asks for packages.
no_dpkg()
{
	mkdir -p "$folder/few"
	for tool in sh grep; do
		ln -sf "$(command -v "$tool")" "$folder/few/$tool"
	done
	answer=$(PATH=$folder/few sh build-aux/revision.sh "$module" "$least" "$folder/debian" 2>&1) &&
		case $answer in "cannot tell: there is no dpkg"*) true ;; *) false ;; esac
}

# configure itself stops, and names what to install.
configure_stops()
{
	debian "$1"
	top=$PWD
	# The flags of `make check` are for another folder.
	answer=$(cd "$folder" && env -u CPPFLAGS PATH="$folder/bin:$PATH" "$top/configure" 2>&1) && return 1
	answer=$(printf '%s\n' "$answer" | tail -n 1)
	case $answer in *"error: $module has to be $least or newer"*"apt-get install $module-dev") true ;; *) false ;; esac
}

# revisions ID MODULE OLD FIRST NEWER…: FIRST mends what OLD suffers from.
revisions()
{
	id=$1 module=$2 old=$3 first=$4
	least=$(sed -n "s/^REVISION(\[$2\], \[\([^]]*\)\].*/\1/p" configure.ac)
	answer="configure.ac demands: $least"
	claim "$id: configure asks for $first of $module" [ "$least" = "$first" ]
	shift 3
	for version; do
		claim "$id: Debian's $module $version is taken" taken "$version"
	done
	claim "$id: Debian's $module $old is refused" not_taken "$old"
	claim "$id: Debian's $module $old stops configure" configure_stops "$old"
	claim "$id: where it is not Debian, configure cannot tell and says so" cannot_tell "$folder/fedora" "this is not Debian"
	claim "$id: where there is no dpkg, configure cannot tell and says so" no_dpkg
}

refuses "JW-8: libjwt before 1.10.2 is refused" libjwt 1.10.1
refuses "SE-7: libsodium before 1.0.18 is refused" libsodium 1.0.17
refuses "SC-2: json-c before 0.16 is refused" json-c 0.15
refuses "SC-2: libcurl before 7.88.1 is refused" libcurl 7.88.0
refuses "SC-2: libpq before 15 is refused" libpq 14.9

echo ID=debian >"$folder/debian"
echo ID=fedora >"$folder/fedora"
if command -v dpkg >/dev/null && grep -qx ID=debian /etc/os-release; then
	revisions JW-8 libjwt 1.10.2-1 1.10.2-1+deb12u1 1.10.2-1+deb12u2 1.17.2-1
	revisions SE-7 libsodium 1.0.18-1 1.0.18-1+deb12u1 1.0.18-1+deb12u2 1.0.20-1
else
	n=$((n + 1))
	echo "ok $n - JW-8, SE-7: Debian's revisions are compared # SKIP not Debian: its dpkg compares them"
fi

echo "1..$n"
