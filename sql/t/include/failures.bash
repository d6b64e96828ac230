# shellcheck shell=bash
# For sql/t/run: changes that are cut off, and changes of the schema that meet
# somebody's lock.

# ---- a backend that dies ----

# From now on every write to a table of the schema is counted, before and after
# it, and the one that crash.at names is the last its backend does.
set_traps()
{
	query "CREATE FUNCTION public.crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \$\$
		BEGIN
			PERFORM set_config('crash.seen', (coalesce(current_setting('crash.seen', true), '0')::integer + 1)::text, false);
			IF current_setting('crash.seen') = current_setting('crash.at', true) THEN
				PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(60);
			END IF;
			RETURN NULL;
		END \$\$;
		DO \$\$DECLARE name text; BEGIN
			FOR name IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'gatehouse'::regnamespace AND relkind = 'r' LOOP
				EXECUTE format('CREATE TRIGGER crash_before BEFORE INSERT OR UPDATE OR DELETE ON %s EXECUTE FUNCTION public.crash()', name);
				EXECUTE format('CREATE TRIGGER crash_after AFTER INSERT OR UPDATE OR DELETE ON %s EXECUTE FUNCTION public.crash()', name);
			END LOOP;
		END\$\$"
}

take_traps_away()
{
	query 'DROP FUNCTION public.crash() CASCADE'
}

# All that is kept, as one word.
state()
{
	query "SELECT md5(string_agg(query_to_xml(format('SELECT md5(string_agg(t::text, %L ORDER BY t::text)) FROM %s t', '',
			oid::regclass), false, true, '')::text, '' ORDER BY oid))
		  FROM pg_class WHERE relnamespace = 'gatehouse'::regnamespace AND relkind = 'r'"
}

# cut_off AT SQL: runs it as person 05, outside any transaction but its own;
# fails if its backend died
cut_off()
{
	PGUSER=gatehouse_api psql -X -q -A -t -v ON_ERROR_STOP=1 -c 'SET search_path = gatehouse, pg_temp' \
		-c "SET gatehouse.tenant = '00000000-0000-4000-8000-000000000005'" -c "SET crash.at = $1" -c "$2" 2>&1
}

# survives SQL: killed at each of its writes it leaves nothing behind, and at
# last it does what it is for
survives()
{
	local at=1 before said

	before=$(state)
	while ! said=$(cut_off "$at" "$1"); do
		grep -q 'terminating connection' <<<"$said" || break
		[ "$(state)" = "$before" ] || {
			echo "after write $at something was left"
			return 1
		}
		at=$((at + 1))
	done
	[ "$at" -gt 2 ] && [ "$(state)" != "$before" ] && return
	echo "write $at: $said"
	return 1
}

crashes_leave_nothing()
{
	local person=00000000-0000-4000-8000-000000000005 source=10000000-0000-4000-8000-000000000005
	local server=20000000-0000-4000-8000-000000000005 team=30000000-0000-4000-8000-000000000005 what sql

	# Somebody else's team, to which they are invited by the address they take.
	query "INSERT INTO gatehouse.teams (id, name) VALUES ('30000000-0000-4000-8000-000000000006', 'T');
		INSERT INTO gatehouse.team_members (team_id, user_id, role)
			VALUES ('30000000-0000-4000-8000-000000000006', '00000000-0000-4000-8000-000000000006', 'owner');
		INSERT INTO gatehouse.invitations (id, user_id, team_id, role, email, email_key, digest)
			VALUES (gen_random_uuid(), '00000000-0000-4000-8000-000000000006', '30000000-0000-4000-8000-000000000006', 'member',
			        'six@x.example', 'six@x.example', repeat('8', 64))"
	set_traps
	while IFS='|' read -r what sql; do
		claim "DB-7: $what, killed at any of its writes, leaves nothing half done" survives "$sql"
	done <<-END
		making an account|SELECT user_create(gen_random_uuid(), 'five@x.example', 'five@x.example', 'hash')
		a new address and password|SELECT user_change('six@x.example', 'six@x.example', 'new', NULL)
		signing in|SELECT session_start(gen_random_uuid(), '$person', 1, 'new')
		making a source|SELECT source_create('$source', 'documents', '{}', '{"secret": "sealed"}', 9)
		changing a source|SELECT source_change('$source', 'documents', '{"name": "x"}', '{"secret": "other"}')
		putting documents|SELECT documents_put('$source', '[{"origin": "o", "title": "T", "text": "word"}]')
		making a server|SELECT server_create('$server', 'S', '{$source}', '{crash.example}', 0, 9)
		changing a server|SELECT server_change('$server', 'T', '{}', 'shared')
		making a team|SELECT team_create('$team', 'T', 9)
		inviting to a team|SELECT team_invite(gen_random_uuid(), '$team', 'g@x.example', 'g@x.example', 'admin', repeat('7', 64), 9)
		sharing with a team|SELECT share_create(gen_random_uuid(), '$server', NULL, NULL, '$team', NULL, NULL, NULL, 9)
		sharing with a person|SELECT share_create(gen_random_uuid(), '$server', 'g@x.example', 'g@x.example', NULL, NULL, NULL, repeat('6', 64), 9)
		sharing with them once more|SELECT share_create(gen_random_uuid(), '$server', 'g@x.example', 'g@x.example', NULL, NULL, NULL, repeat('5', 64), 9)
		accepting an invitation|SELECT invitation_take(repeat('8', 64), true)
		deleting a team|SELECT team_end('$team')
		making a token|SELECT token_create(gen_random_uuid(), '$server', 't', repeat('5', 64), 1, 9)
		deleting a server|SELECT servers_end('$server')
		deleting a source|SELECT sources_end('$source')
		deleting the account|SELECT user_delete()
	END
	take_traps_away
}

# ---- a lock that is not to be had ----

unbounded()
{
	grep -LE "^SET LOCAL lock_timeout = '2s';$" "$top"/sql/deploy/*.sql "$top"/sql/revert/*.sql || true
}

gives_up()
{
	local said

	said=$(PGOPTIONS="$PGOPTIONS -c statement_timeout=30s" change revert -y --to '@HEAD^' 2>&1) && return 1
	echo "$said"
	grep -q 'lock timeout' <<<"$said"
}

changes_meet_locks()
{
	claim 'DB-8: every change bounds its wait for locks' is "$(unbounded)" ''
	# A table of the newest change's is among them.
	begun 'SELECT (SELECT count(*) FROM gatehouse.users) + (SELECT count(*) FROM gatehouse.sources) + (SELECT count(*) FROM gatehouse.audit_log) + (SELECT count(*) FROM gatehouse.server_issuers)'
	claim 'DB-8: a change that meets a reader gives up instead of making everybody wait' gives_up
	ended
	claim 'DB-8: and leaves all as it was' change verify
}
