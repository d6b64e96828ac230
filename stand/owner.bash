# Who runs what. Postgres refuses to run as root, and what faces the network
# should not: as root, Postgres runs as postgres, nginx's processes and the
# workers as www-data. As anyone else, all runs as that user.
# (In production the two worker programs have a user each: doc/install.md.)

if ((EUID == 0)); then
	database_user=postgres
	worker_user=www-data
else
	database_user=$(id -un)
	worker_user=$database_user
fi

# as_user USER COMMAND…
as_user()
{
	local user=$1

	shift
	if ((EUID == 0)) && [ "$user" != root ]; then
		setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups -- "$@"
	else
		"$@"
	fi
}

# folder_for USER MODE PATH…: makes folders that belong to a user.
folder_for()
{
	local user=$1 mode=$2

	shift 2
	install -d -m "$mode" "$@"
	((EUID != 0)) || chown "$user:" "$@"
}

# file_for USER PATH: standard input becomes a file only that user can read.
file_for()
{
	rm -f "$2.new"
	(umask 077 && cat >"$2.new")
	((EUID != 0)) || chown "$1:" "$2.new"
	chmod 0400 "$2.new"
	mv -f "$2.new" "$2"
}

# reachable PATH: whether both users get that far, from the root down.
reachable()
{
	local path=$1

	while [ ! -e "$path" ]; do
		path=$(dirname "$path")
	done
	as_user "$database_user" test -x "$path" && as_user "$worker_user" test -x "$path"
}

# The folders of a stack. Its sockets need a short path (108 bytes at most with
# their names), so run/ may be a link to a folder under /tmp.
make_folders()
{
	local short

	install -d -m 0711 "$stand" "$stand/usr"
	install -d -m 0755 "$stand/log" "$stand/keys"
	if [ -L "$stand/run" ] && [ ! -d "$stand/run" ]; then
		rm -f "$stand/run"
	fi
	if [ ! -d "$stand/run" ] && ((${#stand} > 70)); then
		short=$(mktemp -d /tmp/gatehouse-run.XXXXXX)
		ln -s "$short" "$stand/run"
	fi
	install -d -m 0711 "$stand/run"
	chmod 0711 "$stand/run/"
	run=$(readlink -f "$stand/run")
	folder_for "$database_user" 0755 "$run/db"
	folder_for "$worker_user" 0700 "$stand/temp"
}
