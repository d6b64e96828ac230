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
CREATE FUNCTION pg_temp.looks(who text, letter text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT pg_temp.by(who, format('gatehouse.invitation_look(pg_temp.digest(%L))', letter))::jsonb
$$;
CREATE FUNCTION pg_temp.shares() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s', coalesce(w ->> 'email', w ->> 'team_name'), w ->> 'state'), ', '
                      ORDER BY coalesce(w ->> 'email', w ->> 'team_name') COLLATE "C")
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

-- ---- invitations ----

SELECT is(pg_temp.by('a', $$pg_temp.share('b', 'c')->> 'state'$$), 'invited', 'b is invited once more');
SELECT is(pg_temp.looks('b', 'c') ->> 'invited_by', 'a@example.com', 'who is invited sees by whom');
SELECT is(pg_temp.looks('b', 'c') #>> '{server,id}', pg_temp.id('a', 3)::text, 'and to what');
SELECT is(pg_temp.looks('c', 'c'), NULL, 'TI-5: to somebody else it is not there');
SELECT is(pg_temp.looks('a', 'c'), NULL, 'TI-5: nor to who sent it');
SELECT is(pg_temp.looks('b', 'd'), NULL, 'TI-5: nor is one that never was');
SELECT ok(NOT pg_temp.take('c', 'c'), 'TI-5: and somebody else cannot take it');
SELECT is(pg_temp.let_in('c'), NULL, 'nor comes in by it');
UPDATE gatehouse.invitations SET expires_at = now() WHERE digest = pg_temp.digest('c');
SELECT is(pg_temp.looks('b', 'c'), NULL, 'an invitation that is over is not there');
SELECT ok(NOT pg_temp.take('b', 'c'), 'and is not taken');
UPDATE gatehouse.invitations SET expires_at = now() + interval '1 hour' WHERE digest = pg_temp.digest('c');
UPDATE gatehouse.server_shares SET until = now() WHERE email_key = 'b@example.com';
SELECT ok(NOT pg_temp.take('b', 'c'), 'nor one to what is over');
UPDATE gatehouse.server_shares SET until = NULL;
UPDATE gatehouse.mcp_servers SET access = 'private' WHERE id = pg_temp.id('a', 3);
SELECT ok(NOT pg_temp.take('b', 'c'), 'nor one to what is private again');
UPDATE gatehouse.mcp_servers SET access = 'shared' WHERE id = pg_temp.id('a', 3);
UPDATE gatehouse.users SET email_key = 'z@example.com' WHERE id = pg_temp.id('b', 1);
SELECT ok(NOT pg_temp.take('b', 'c'), 'nor by who has another address now');
UPDATE gatehouse.users SET email_key = 'b@example.com' WHERE id = pg_temp.id('b', 1);
SELECT ok(pg_temp.take('b', 'c'), 'until then it was only waiting');
SELECT ok(NOT pg_temp.take('b', 'c'), 'and is taken once');
SELECT is(pg_temp.by('a', 'pg_temp.shares()'), 'B@example.com accepted, Team accepted, guest@example.com invited',
          'the owner sees who is in, and who may come');
SELECT throws_ok($$SELECT pg_temp.by('b', 'pg_temp.shares()')$$, 'GH001', 'NO_SERVER', 'TI-5: and nobody else, those who are let in neither');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$pg_temp.share('b', 'd')$x$)$$, 'GH001', 'CONFLICT', 'who is in is not invited again');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$pg_temp.share('a', 'd')$x$)$$, 'GH001', 'BAD_FIELD', 'nor oneself');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$pg_temp.share('d', 'd', NULL, -1)$x$)$$, 'GH001', 'BAD_FIELD', 'nor anybody to what is over');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$pg_temp.share('d', 'd', NULL, 1, 3)$x$)$$, 'GH001', 'QUOTA', 'TI-10: nor one too many');
SELECT throws_ok($$SELECT pg_temp.by('b', $x$pg_temp.share('d', 'd')$x$)$$, 'GH001', 'NO_SERVER',
                 'who is let in lets nobody in');
SELECT is((SELECT pg_temp.by('a', format('gatehouse.share_create(%L, %L, %L, %L, NULL, NULL, NULL, %L, 99)', pg_temp.id('a', 20),
                                         pg_temp.id('a', 3), 'd', 'd@example.com', pg_temp.digest('d')))),
          (SELECT pg_temp.by('a', format('gatehouse.share_create(%L, %L, %L, %L, NULL, NULL, NULL, %L, 1)', pg_temp.id('a', 20),
                                         pg_temp.id('a', 3), 'd', 'd@example.com', pg_temp.digest('e')))),
          'DB-4: making a share once more gives the same');
SELECT ok(pg_temp.take('d', 'd', false), 'd declines');
SELECT is(pg_temp.by('a', 'pg_temp.shares()'), 'B@example.com accepted, Team accepted, guest@example.com invited', 'and their share is gone');

-- ---- teams ----

SELECT throws_ok(format('SELECT pg_temp.by(%L, %L)', who, what), 'GH001', 'NO_TEAM', format('TI-5: %s cannot do this: %s', who, what))
  FROM unnest('{b,c}'::text[]) who, unnest(ARRAY[
       $$gatehouse.team_change(pg_temp.id('a', 7), 'mine')$$, $$(SELECT count(*) FROM gatehouse.team_members_list(pg_temp.id('a', 7), 9, 0))$$,
       $$gatehouse.team_member_change(pg_temp.id('a', 7), pg_temp.id('a', 1), 'member')$$,
       $$gatehouse.team_member_end(pg_temp.id('a', 7), pg_temp.id('a', 1))$$, $$pg_temp.invite('d', 'e')$$,
       $$(SELECT count(*) FROM gatehouse.team_invitations_list(pg_temp.id('a', 7), 9, 0))$$,
       $$gatehouse.team_invitation_end(pg_temp.id('a', 7), pg_temp.id('a', 8))$$]) what;
SELECT is(pg_temp.by(who, what), NULL, format('TI-5: nor %s this: %s', who, what))
  FROM unnest('{b,c}'::text[]) who,
       unnest(ARRAY[$$gatehouse.team_end(pg_temp.id('a', 7))$$, $$gatehouse.team_leave(pg_temp.id('a', 7))$$]) what;
SELECT throws_ok($$SELECT pg_temp.by('a', $x$gatehouse.team_create(gen_random_uuid(), 'T', 1)$x$)$$, 'GH001', 'QUOTA', 'TI-10: one team too many');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$pg_temp.invite('d', 'e', 'member', 1)$x$)$$, 'GH001', 'QUOTA', 'TI-10: and one member');
SELECT is(pg_temp.by('a', $$gatehouse.team_create(pg_temp.id('a', 21), 'T', 9)$$), pg_temp.by('a', $$gatehouse.team_create(pg_temp.id('a', 21), 'T', 2)$$),
          'DB-4: making a team once more gives the same');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$gatehouse.team_create(pg_temp.id('b', 7), 'T', 9)$x$)$$, '23505', NULL,
                 'TI-1: and nobody else''s');
SELECT ok(pg_temp.by('a', $$pg_temp.invite('c', 'e', 'admin')$$) IS NOT NULL AND pg_temp.take('c', 'e'), 'c is an admin of the team of a');
SELECT throws_ok($$SELECT pg_temp.by('c', $x$pg_temp.invite('d', 'f', 'owner')$x$)$$, 'GH001', 'NOT_ALLOWED', 'an admin makes no owner');
SELECT throws_ok($$SELECT pg_temp.by('c', $x$gatehouse.team_member_change(pg_temp.id('a', 7), pg_temp.id('c', 1), 'owner')$x$)$$,
                 'GH001', 'NOT_ALLOWED', 'not of themselves either');
SELECT throws_ok($$SELECT pg_temp.by('c', $x$gatehouse.team_member_end(pg_temp.id('a', 7), pg_temp.id('a', 1))$x$)$$,
                 'GH001', 'NOT_ALLOWED', 'and removes none');
SELECT throws_ok($$SELECT pg_temp.by('a', $x$gatehouse.team_leave(pg_temp.id('a', 7))$x$)$$, 'GH001', 'LAST_OWNER', 'the last owner stays');
SELECT ok(pg_temp.by('c', $$pg_temp.invite('d', 'f')$$) IS NOT NULL, 'c invites d');
SELECT pg_temp.by('c', $$gatehouse.team_leave(pg_temp.id('a', 7))$$) \g /dev/null
SELECT ok(NOT pg_temp.take('d', 'f'), 'TI-7: whom a member invited who has left comes in no more');

-- ---- TI-7: what goes with what ----

SELECT is(pg_temp.let_in('b'), 'all always', 'b may use the server of a');
SELECT pg_temp.by('b', 'gatehouse.user_delete()') \g /dev/null
SELECT is(pg_temp.let_in('b'), NULL, 'TI-7: who deletes their account may not');
SELECT is((SELECT count(*) FROM gatehouse.server_shares WHERE subject_id = pg_temp.id('b', 1)), 0::bigint, 'TI-7: and has no share left');
SELECT is((SELECT count(*) FROM gatehouse.teams WHERE id = pg_temp.id('b', 7)), 0::bigint, 'TI-7: nor a team of their own');
SELECT pg_temp.by('a', $$(SELECT count(*) FROM gatehouse.servers_end(pg_temp.id('a', 3)))$$) \g /dev/null
SELECT is((SELECT count(*) FROM gatehouse.server_shares w LEFT JOIN gatehouse.invitations i ON i.share_id = w.id
            WHERE w.server_id = pg_temp.id('a', 3)), 0::bigint, 'TI-7: with a server go its shares and their invitations');
SELECT is(pg_temp.let_in('a'), NULL, 'TI-7: and its owner may use it no more');

-- ---- whose rows ----

SELECT pg_temp.as_tenant('c') \g /dev/null
SET LOCAL ROLE gatehouse_api;
SELECT throws_ok($$INSERT INTO gatehouse.server_shares (id, user_id, server_id, email, email_key)
                   VALUES (gen_random_uuid(), pg_temp.id('d', 1), pg_temp.id('d', 3), 'c', 'c@example.com')$$, '42501', NULL,
                 'TI-2: nobody shares for another');
SELECT throws_ok($$INSERT INTO gatehouse.server_shares (id, user_id, server_id, email, email_key)
                   VALUES (gen_random_uuid(), pg_temp.id('c', 1), pg_temp.id('d', 3), 'c', 'c@example.com')$$, '23503', NULL,
                 'TI-2: nor another''s server');
SELECT throws_ok($$INSERT INTO gatehouse.server_shares (id, user_id, server_id, team_id)
                   VALUES (gen_random_uuid(), pg_temp.id('c', 1), pg_temp.id('c', 3), pg_temp.id('d', 7))$$, '23503', NULL,
                 'TI-2: nor with a team that they are not in');
SELECT throws_ok($$INSERT INTO gatehouse.server_shares (id, user_id, server_id, email, email_key, subject_id)
                   VALUES (gen_random_uuid(), pg_temp.id('c', 1), pg_temp.id('c', 3), 'd', 'd@example.com', pg_temp.id('d', 1))$$,
                 '42501', NULL, 'TI-2: the api program lets nobody in who did not accept');
SELECT throws_ok($$SELECT digest FROM gatehouse.invitations$$, '42501', NULL, 'TI-2: nor reads the digests of secrets');
SELECT throws_ok($$SELECT * FROM gatehouse.access_of(pg_temp.id('d', 3), pg_temp.id('d', 1))$$, '42501', NULL,
                 'TI-2: nor asks who may use what');
SELECT is(pg_temp.rows_of($$DELETE FROM gatehouse.server_shares$$), 1::bigint, 'TI-2: whoever deletes all shares deletes their own');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
