-- Who may use a server: teams, shares, invitations, and access_of(), which answers it.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();

SELECT pg_temp.person('c'), pg_temp.person('d') \g /dev/null
-- The digest of an invitation's secret, by a letter.
CREATE FUNCTION pg_temp.digest(letter text) RETURNS text LANGUAGE sql AS $$ SELECT repeat(letter, 64) $$;
-- What a person may do at a's server: "scopes until", "all" and "always" for NULL; nothing for who is kept out.
CREATE FUNCTION pg_temp.let_in(who text, public boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(array_to_string(scopes, ','), 'all') || ' ' ||
           CASE WHEN until IS NULL THEN 'always' ELSE round(extract(epoch FROM until - now()) / 3600)::text END
      FROM gatehouse.access_of(pg_temp.id('a', 3), pg_temp.id(who, 1), public)
$$;
-- a shares with a person; the invitation is that letter's.
CREATE FUNCTION pg_temp.share(who text, letter text, scopes text[] DEFAULT NULL, hours integer DEFAULT NULL,
                              most integer DEFAULT 99) RETURNS json LANGUAGE sql AS $$
    SELECT gatehouse.share_create(gen_random_uuid(), pg_temp.id('a', 3), upper(who) || '@example.com', who || '@example.com',
                                  NULL, scopes, now() + make_interval(hours => hours), pg_temp.digest(letter), most)
$$;
CREATE FUNCTION pg_temp.share_team(who text, scopes text[] DEFAULT NULL) RETURNS json LANGUAGE sql AS $$
    SELECT gatehouse.share_create(gen_random_uuid(), pg_temp.id('a', 3), NULL, NULL, pg_temp.id(who, 7), scopes, NULL, NULL, 99)
$$;
CREATE FUNCTION pg_temp.invite(who text, letter text, role text DEFAULT 'member', most integer DEFAULT 99, team text DEFAULT 'a')
    RETURNS json LANGUAGE sql AS $$
    SELECT gatehouse.team_invite(gen_random_uuid(), pg_temp.id(team, 7), who || '@example.com', who || '@example.com', role,
                                 pg_temp.digest(letter), most)
$$;
-- Does something as a person of the api program's, and is nobody again.
CREATE FUNCTION pg_temp.by(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE got text;
BEGIN
    PERFORM pg_temp.as_tenant(who);
    SET LOCAL ROLE gatehouse_api;
    EXECUTE 'SELECT (' || statement || ')::text' INTO got;
    RESET ROLE;
    RETURN got;
END $$;
CREATE FUNCTION pg_temp.take(who text, letter text, accept boolean DEFAULT true) RETURNS boolean LANGUAGE sql AS $$
    SELECT pg_temp.by(who, format('gatehouse.invitation_take(pg_temp.digest(%L), %L)', letter, accept)) IS NOT NULL
$$;
CREATE FUNCTION pg_temp.looks(who text, letter text) RETURNS json LANGUAGE sql AS $$
    SELECT pg_temp.by(who, format('gatehouse.invitation_look(pg_temp.digest(%L))', letter))::json
$$;
CREATE FUNCTION pg_temp.shares() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s', coalesce(w ->> 'email', w ->> 'team_name'), w ->> 'state'), ', ')
      FROM (SELECT gatehouse.share_list(pg_temp.id('a', 3), 99, 0) w) list
$$;

-- ---- who may use a server ----

SELECT is(pg_temp.let_in('a'), 'all always', 'the owner may do everything, for ever');
SELECT is(pg_temp.let_in('b'), NULL, 'nobody else may use a private server');
SELECT is(pg_temp.let_in('b', true), NULL, 'nor if servers may be public');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$pg_temp.share('b', 'a')$x$)$$, 'GH001', 'CONFLICT', 'a private server is not shared');
SELECT is(pg_temp.by('a', $$gatehouse.server_change(pg_temp.id('a', 3), NULL, NULL, 'shared') ->> 'access'$$), 'shared',
          'its owner makes it a shared one');
SELECT is(pg_temp.let_in('b'), NULL, 'which still lets nobody in');
UPDATE gatehouse.mcp_servers SET access = 'public' WHERE id = pg_temp.id('a', 3);
SELECT is(pg_temp.let_in('b'), NULL, 'a public server lets nobody in where the operator has none');
SELECT is(pg_temp.let_in('b', true), 'all always', 'and everybody with an account where there may be');
SELECT is((SELECT count(*) FROM gatehouse.access_of(pg_temp.id('a', 3), gen_random_uuid(), true)), 0::bigint,
          'but nobody without one');
UPDATE gatehouse.mcp_servers SET access = 'shared' WHERE id = pg_temp.id('a', 3);

SELECT is(pg_temp.by('a', $$pg_temp.share('b', 'a', '{search}', 5) ->> 'state'$$), 'invited', 'naming an address invites');
SELECT is(pg_temp.let_in('b'), NULL, 'and lets nobody in');
SELECT ok(pg_temp.take('b', 'a'), 'the invitation is accepted');
SELECT is(pg_temp.let_in('b'), 'search 5', 'and lets in, for what it says and as long');
SELECT is(pg_temp.let_in('c'), NULL, 'no one else');
SELECT is(pg_temp.let_in('b', true), 'search 5', 'a shared server is none the more public where servers may be');
UPDATE gatehouse.mcp_servers SET access = 'private' WHERE id = pg_temp.id('a', 3);
SELECT is(pg_temp.let_in('b'), NULL, 'TI-7: a server that is private again keeps them out');
UPDATE gatehouse.mcp_servers SET access = 'shared' WHERE id = pg_temp.id('a', 3);

-- Several ways in.
SELECT ok(pg_temp.by('a', $$pg_temp.invite('b', 'b')$$) IS NOT NULL AND pg_temp.take('b', 'b'), 'b joins the team of a');
SELECT is(pg_temp.let_in('b'), 'search 5', 'a team opens what is shared with it alone');
SELECT is(pg_temp.by('a', $$pg_temp.share_team('a', '{box,fetch}') ->> 'state'$$), 'accepted', 'a share with a team holds at once');
SELECT is(pg_temp.let_in('b'), 'box,fetch,search always', 'several ways in: the scopes of all, until the last one ends');
SELECT is(pg_temp.let_in('c'), NULL, 'and no one else is let in');
UPDATE gatehouse.server_shares SET scopes = NULL WHERE team_id IS NOT NULL;
SELECT is(pg_temp.let_in('b'), 'all always', 'one way with all scopes is all of them');
UPDATE gatehouse.server_shares SET until = now() WHERE team_id IS NOT NULL;
SELECT is(pg_temp.let_in('b'), 'search 5', 'a way in that is over counts no more');
UPDATE gatehouse.server_shares SET until = now() - interval '1 day';
SELECT is(pg_temp.let_in('b'), NULL, 'nor does the last one');
UPDATE gatehouse.server_shares SET until = NULL;

-- Ways out.
SELECT pg_temp.by('a', $$gatehouse.share_end(pg_temp.id('a', 3), (SELECT id FROM gatehouse.server_shares WHERE email_key = 'b@example.com'))$$)
  \g /dev/null
SELECT is(pg_temp.let_in('b'), 'all always', 'who is let in twice stays when one of the two ends');
SELECT pg_temp.by('a', $$gatehouse.team_member_end(pg_temp.id('a', 7), pg_temp.id('b', 1))$$) \g /dev/null
SELECT is(pg_temp.let_in('b'), NULL, 'TI-7: and is out when the other does, too');

SELECT * FROM finish();
ROLLBACK;
