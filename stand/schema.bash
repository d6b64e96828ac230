# The schema, deployed with Sqitch.

# What the deployed schema is made from, as one checksum: a second run need not
# start Sqitch to learn that nothing has changed.
schema_sum()
{
	cat "$top/sql/sqitch.plan" "$top"/sql/deploy/*.sql | sha256sum
}

schema_deploy()
{
	local log=$stand/log/schema.log sum

	sum=$(schema_sum)
	[ "$(cat "$stand/schema.sum" 2>/dev/null)" != "$sum" ] || return 0
	if [ -z "$(database=postgres sql "SELECT 1 FROM pg_database WHERE datname = 'gatehouse'")" ]; then
		database=postgres sql "CREATE DATABASE gatehouse ENCODING UTF8 TEMPLATE template0"
	fi
	(
		cd "$top/sql" || exit
		export PGHOST=$run/db PGPORT=5432 PGUSER=postgres SQITCH_FULLNAME=Gatehouse SQITCH_EMAIL=gatehouse@localhost
		export PATH=$postgres_bin:$PATH
		sqitch deploy db:pg:gatehouse
	) >>"$log" 2>&1 || die "the schema could not be deployed: $(reason "$log") ($log)"
	echo "$sum" >"$stand/schema.sum"
}
