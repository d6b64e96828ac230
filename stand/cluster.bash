# A private Postgres: no TCP, a Unix socket in run/db, its data in data/.
#
# Who may connect as whom is decided by peer authentication with a map: the
# kernel says which system user is at the other end of the socket, so there is
# no password to keep, and no one else on the machine gets in.

# The newest Postgres that Debian's packages brought.
find_postgres()
{
	local folder

	postgres_bin=
	for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -n); do
		[ ! -x "$folder/initdb" ] || postgres_bin=$folder
	done
	[ -n "$postgres_bin" ] || die "Postgres is not installed: apt-get install postgresql"
	postgres_version=$(basename "$(dirname "$postgres_bin")")
	((postgres_version >= 15)) ||
		die "Postgres $postgres_version is too old: 15 or newer is needed"
}

cluster_settings()
{
	cat >>"$stand/data/postgresql.conf" <<-END

		# Gatehouse
		listen_addresses = ''
		unix_socket_directories = '$run/db'
		port = 5432
		max_connections = 60
		log_line_prefix = '%m [%p] %u '
		log_statement = none
		log_parameter_max_length = 0
		log_parameter_max_length_on_error = 0
		log_error_verbosity = terse
		log_min_error_statement = panic
		fsync = ${cluster_fsync:-on}
		full_page_writes = ${cluster_fsync:-on}
	END
	echo 'local all all peer map=gatehouse' >"$stand/data/pg_hba.conf"
	{
		for role in postgres gatehouse_owner gatehouse_api gatehouse_mcp; do
			echo "gatehouse $(id -un) $role"
		done
		if ((EUID == 0)); then
			echo "gatehouse $worker_user gatehouse_api"
			echo "gatehouse $worker_user gatehouse_mcp"
			echo "gatehouse $database_user postgres"
		fi
	} >"$stand/data/pg_ident.conf"
}

# Makes the cluster where there is none yet, whole or not at all.
cluster_create()
{
	local have

	find_postgres
	have=$(cat "$stand/data/PG_VERSION" 2>/dev/null) || have=
	if [ -e "$stand/data/gatehouse-made" ]; then
		[ "$have" = "$postgres_version" ] ||
			die "$stand/data was made by Postgres $have, and $postgres_version is installed: install postgresql-$have, or delete it with: ./quickstart stop --delete"
		return 0
	fi
	rm -rf "$stand/data"
	folder_for "$database_user" 0700 "$stand/data"
	(cd "$stand" && as_user "$database_user" "$postgres_bin/initdb" -D "$stand/data" -U postgres --encoding=UTF8 \
		--locale=C.UTF-8 --auth=peer --no-instructions) >>"$stand/log/initdb.log" 2>&1 ||
		die "the database cluster could not be made: $(reason "$stand/log/initdb.log")"
	cluster_settings
	touch "$stand/data/gatehouse-made"
}

cluster_running()
{
	local pid

	pid=$(head -n 1 "$stand/data/postmaster.pid" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] || return 1
	tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$stand/data"
}

cluster_start()
{
	find_postgres
	cluster_running && return
	touch "$stand/log/postgres.log"
	((EUID != 0)) || chown "$database_user:" "$stand/log/postgres.log"
	# The socket's folder may have moved (run/ under /tmp).
	sed -i "s|^unix_socket_directories = .*|unix_socket_directories = '$run/db'|" "$stand/data/postgresql.conf"
	(
		exec </dev/null >>"$stand/log/initdb.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
		cd "$stand" || exit
		as_user "$database_user" "$postgres_bin/pg_ctl" start -D "$stand/data" -l "$stand/log/postgres.log" -w -t 60
	) || die "Postgres did not start: $(reason "$stand/log/postgres.log")"
}

# cluster_stop [MODE]: fast, or immediate.
cluster_stop()
{
	cluster_running || return 0
	find_postgres
	(cd "$stand" && as_user "$database_user" "$postgres_bin/pg_ctl" stop -D "$stand/data" -m "${1:-fast}" -w -t 60) \
		>>"$stand/log/initdb.log" 2>&1
}

# The statement's rows, as the cluster's superuser.
sql()
{
	PGOPTIONS='-c client_min_messages=warning' \
		"$postgres_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$run/db" -p 5432 -U postgres -d "${database:-gatehouse}" -c "$1"
}
