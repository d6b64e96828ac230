# Building out of the tree, and installing into a stack's own folder, so that
# nothing that runs depends on the checkout.

# Whether ./configure has to be made: it is there from a release, not from git.
needs_autoreconf()
{
	local made=$top/configure from

	[ -e "$made" ] && [ -e "$top/Makefile.in" ] || return 0
	for from in configure.ac Makefile.am build-aux/flags.m4; do
		[ ! "$top/$from" -nt "$made" ] || return 0
	done
	return 1
}

cores()
{
	nproc 2>/dev/null || echo 1
}

# build_in FOLDER CONFIGURE-OPTION…: an up-to-date build there.
build_in()
{
	local folder=$1

	shift
	(
		set -e
		flock 9
		if needs_autoreconf; then
			cd "$top" && autoreconf -fi
		fi
		mkdir -p "$folder"
		cd "$folder"
		if [ ! -e config.status ] || [ "$(cat configured 2>/dev/null)" != "$*" ]; then
			"$top/configure" "$@"
			printf '%s' "$*" >configured
		fi
		make -j"$(cores)" "${build_targets[@]}"
	) 9<"$top/configure.ac"
}

build_targets=(all)

# install_from FOLDER: the programs of a build become the stack's.
install_from()
{
	make -C "$1" install prefix="$stand/usr" DESTDIR= && chmod -R go+rX "$stand/usr"
}
