# Debian's packages: what is missing is installed, nothing else is done.

# A line each: the package, or COMMAND:PACKAGE where another package may have
# brought the command too.
packages_to_run()
{
	cat <<-END
		gcc:gcc
		make:make
		autoconf
		automake
		pkg-config:pkgconf
		libc6-dev
		libfcgi-dev
		libpq-dev
		libjson-c-dev
		libjwt-dev
		libssl-dev
		libcurl4-openssl-dev
		libsodium-dev
		libcrypt-dev
		libidn2-dev
		libxml2-dev
		zlib1g-dev
		postgresql
		psql:postgresql-client
		sqitch:sqitch
		libdbd-pg-perl
		nginx:nginx
		spawn-fcgi:spawn-fcgi
		multiwatch:multiwatch
		curl:curl
		jq:jq
		ca-certificates
	END
}

packages_to_check()
{
	packages_to_run
	cat <<-END
		bats:bats
		node:nodejs
		chromium:chromium
		npm:npm
		openssl:openssl
		ip:iproute2
		pg_prove:libtap-parser-sourcehandler-pgtap-perl
		git:git
		shellcheck:shellcheck
		cppcheck:cppcheck
		clang:clang
	END
	# pgTAP is a package for each Postgres.
	printf 'postgresql-%s-pgtap\n' "$(newest_postgres)"
}

# The version of Postgres that is installed, or would be.
newest_postgres()
{
	local version

	version=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | cut -d/ -f5 | sort -n | tail -n 1)
	[ "$version" != '*' ] || version=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1)
	echo "${version:-15}"
}

installed()
{
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# missing LIST: the packages of a list that are not there.
missing()
{
	local name

	for name in $("$1"); do
		case $name in
		*:*) PATH=$PATH:/usr/sbin command -v "${name%%:*}" >/dev/null || echo "${name#*:}" ;;
		*) installed "$name" || echo "$name" ;;
		esac
	done
}

# Sets $as_root to how a command becomes root; nothing where we are it.
find_root()
{
	as_root=()
	((EUID != 0)) || return 0
	command -v sudo >/dev/null || return 1
	if sudo -n true 2>/dev/null; then
		as_root=(sudo -n)
	elif [ -t 0 ] && sudo -v; then
		as_root=(sudo -n)
	else
		return 1
	fi
}

apt_get()
{
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# Debian starts nginx and Postgres when it installs them, on ports of the whole
# machine. Its own switch keeps them still while we install: they would only be
# in the way of what may run here, and we start ours ourselves.
keep_still()
{
	still=
	[ ! -e /usr/sbin/policy-rc.d ] || return 0
	still=/usr/sbin/policy-rc.d
	printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$still" >/dev/null
	"${as_root[@]}" chmod 0755 "$still"
}

let_go()
{
	[ -z "${still:-}" ] || "${as_root[@]}" rm -f "$still"
	still=
}

# packages LIST: afterwards all of the list is there.
packages()
{
	local wanted log

	wanted=$(missing "$1" | sort -u | paste -sd ' ')
	[ -n "$wanted" ] || return 0
	command -v apt-get >/dev/null ||
		die "this needs Debian 12 or a relative of it; wanted: $wanted"
	find_root || die "not root, and sudo asks for a password here: please run: apt-get install $wanted"
	log=$(mktemp -t gatehouse-packages.XXXXXX)
	say "Installing packages: $wanted"
	during "Reading the package lists" "$log" apt_get update ||
		die "the package lists could not be read: $(reason "$log")"
	# Which Postgres pgTAP is for is known only now.
	wanted=$(missing "$1" | sort -u | paste -sd ' ')
	keep_still
	# shellcheck disable=SC2086 # package names
	during "Installing packages" "$log" apt_get install -y --no-install-recommends $wanted || {
		let_go
		die "the packages could not be installed: $(reason "$log") ($log)"
	}
	let_go
	rm -f "$log"
}
