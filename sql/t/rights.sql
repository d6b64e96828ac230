-- Who owns what and may do what, asked of the catalogue: also of what the next change brings.
BEGIN;
\ir include/people.psql
SELECT * FROM no_plan();

-- ---- TI-2: row-level security ----

SELECT ok(c.relrowsecurity AND c.relforcerowsecurity, 'TI-2: row-level security is forced on ' || c.relname)
  FROM pg_class c
 WHERE c.relnamespace = 'gatehouse'::regnamespace AND c.relkind = 'r'
   AND (c.relname = 'users' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id'))
 ORDER BY c.relname;
SELECT is(c.relname, NULL::name, 'TI-2: a table without tenants, and without row-level security, is for the doors alone')
  FROM (SELECT NULL) one LEFT JOIN pg_class c ON c.relnamespace = 'gatehouse'::regnamespace AND c.relkind = 'r'
   AND NOT c.relrowsecurity
   AND (has_table_privilege('gatehouse_api', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        OR has_table_privilege('gatehouse_mcp', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
        OR has_any_column_privilege('gatehouse_api', c.oid, 'SELECT, INSERT, UPDATE')
        OR has_any_column_privilege('gatehouse_mcp', c.oid, 'SELECT, INSERT, UPDATE'));
SELECT ok(pg_get_expr(coalesce(p.polqual, p.polwithcheck), p.polrelid) ~ 'NULLIF\(current_setting\(''gatehouse.tenant''',
          format('TI-3: policy %s of %s asks for the tenant of the transaction', p.polname, p.polrelid::regclass))
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
 WHERE c.relnamespace = 'gatehouse'::regnamespace
   AND p.polroles && ARRAY(SELECT oid FROM pg_roles WHERE rolname IN ('gatehouse_api', 'gatehouse_mcp', 'gatehouse_owner'))
 ORDER BY p.polrelid::regclass::text, p.polname;
SELECT is(count(*), 0::bigint, 'TI-2: no policy is for everybody')
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
 WHERE c.relnamespace = 'gatehouse'::regnamespace AND 0 = ANY (p.polroles);

-- ---- TI-2: the runtime roles ----

SELECT ok(NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication),
          'TI-2: ' || rolname || ' is nothing special')
  FROM pg_roles WHERE rolname ~ '^gatehouse_(api|mcp|door|owner)$' ORDER BY rolname;
SELECT ok(rolcanlogin = (rolname IN ('gatehouse_api', 'gatehouse_mcp')),
          'TI-2: whether one logs in as ' || rolname)
  FROM pg_roles WHERE rolname ~ '^gatehouse_(api|mcp|door|owner)$' ORDER BY rolname;
SELECT is((SELECT count(*) FROM pg_shdepend d WHERE d.refobjid = r.oid AND d.deptype = 'o'), 0::bigint,
          'TI-2: ' || r.rolname || ' owns nothing')
  FROM pg_roles r WHERE r.rolname IN ('gatehouse_api', 'gatehouse_mcp') ORDER BY 1;
SELECT is((SELECT count(*) FROM pg_auth_members m WHERE m.member = r.oid), 0::bigint,
          'TI-2: ' || r.rolname || ' is a member of no other role')
  FROM pg_roles r WHERE r.rolname IN ('gatehouse_api', 'gatehouse_mcp', 'gatehouse_door') ORDER BY r.rolname;
SELECT ok(NOT has_schema_privilege(r, s, 'CREATE'), format('TI-2: %s makes nothing in schema %s', r, s))
  FROM unnest(ARRAY['gatehouse_api', 'gatehouse_mcp']) r, unnest(ARRAY['gatehouse', 'public', 'sqitch']) s
 WHERE to_regnamespace(s) IS NOT NULL;
SELECT ok(NOT has_database_privilege(r, current_database(), 'CREATE'), format('TI-2: %s makes no schema', r))
  FROM unnest(ARRAY['gatehouse_api', 'gatehouse_mcp']) r;
SELECT ok(NOT has_table_privilege(r, c.oid, 'TRUNCATE, REFERENCES, TRIGGER'),
          format('TI-2: %s has no right of an owner over %s', r, c.relname))
  FROM unnest(ARRAY['gatehouse_api', 'gatehouse_mcp']) r, pg_class c
 WHERE c.relnamespace = 'gatehouse'::regnamespace AND c.relkind = 'r' ORDER BY 1;
SELECT is(pg_get_userbyid(c.relowner), 'gatehouse_owner'::name, 'TI-2: the owner of ' || c.relname)
  FROM pg_class c WHERE c.relnamespace = 'gatehouse'::regnamespace AND c.relkind IN ('r', 'v', 'S') ORDER BY c.relname;

-- ---- functions ----

SELECT is((SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
            WHERE p.pronamespace = 'gatehouse'::regnamespace
              AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x WHERE x.grantee = 0)),
          NULL, 'TI-2: no function may be called by everybody');
SELECT is((SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
            WHERE p.pronamespace = 'gatehouse'::regnamespace AND p.proowner NOT IN (
                  SELECT oid FROM pg_roles WHERE rolname IN ('gatehouse_owner', 'gatehouse_door'))),
          NULL, 'TI-2: every function is the owner''s or the door''s');
SELECT is((SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
            WHERE p.pronamespace = 'gatehouse'::regnamespace AND p.prosecdef
              AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s ~ '^search_path=(gatehouse|pg_catalog), pg_temp$')),
          NULL, 'TI-2: every door looks names up in a fixed order, temporary ones last');
SELECT is((SELECT string_agg(p.proname, ', ' ORDER BY p.proname) FROM pg_proc p
            WHERE p.pronamespace = 'gatehouse'::regnamespace AND p.prosecdef
              AND has_function_privilege('gatehouse_mcp', p.oid, 'EXECUTE')),
          'assertion_use, audit_event, audit_seldom, authorization_start, client_register, client_token, code_redeem, '
          'connect_look, connection_keep, connection_live, connection_open, connection_refused, connection_renew, documents_search, documents_titled, '
          'gateway_open, handler_counts, issuer_keys, issuer_token, oauth_open, published_keep, published_take, rate_take, session_live, slot_give, slot_take, throttle_fail, '
          'throttle_look, token_refresh, token_revoke',
          'TI-2: the doors the mcp program may use are these and no others');
SELECT is((SELECT string_agg(p.proname, ', ' ORDER BY p.proname) FROM pg_proc p
            WHERE p.pronamespace = 'gatehouse'::regnamespace AND p.proname ~ '^import_'
              AND (has_function_privilege('gatehouse_mcp', p.oid, 'EXECUTE')
                   OR has_function_privilege('gatehouse_api', p.oid, 'EXECUTE'))),
          NULL, 'TI-2: no program imports');

-- ---- TI-1: what a function reads or changes, it names the tenant of ----

-- A statement of a function's body speaks of a table with tenants, but not of whose rows. The exceptions are how a
-- tenant is found: by an address, a domain, or the digest of a token, code or browser; what is long over is swept away
-- whoever's it was; who has a domain is everybody's business, and so is how many circuits are open. What is a
-- team's goes by the team, where it was asked before whether the tenant is in it.
SELECT is((SELECT string_agg(format('%s: %s', body.proname, regexp_replace(part, '\s+', ' ', 'g')), E'\n')
             FROM pg_proc body, regexp_split_to_table(regexp_replace(body.prosrc, '--[^\n]*', '', 'g'), ';') part
            WHERE body.pronamespace = 'gatehouse'::regnamespace
              AND part ~* ('\m(from|join|update|into)\s+(gatehouse\.)?(' || (
                      SELECT string_agg(relname, '|') FROM pg_class
                       WHERE relnamespace = 'gatehouse'::regnamespace AND relkind = 'r' AND relrowsecurity) || ')\M')
              AND part !~ '\m(tenant|p_tenant|user_id|p_user|subject_id)\M'
              AND NOT (body.proname IN ('user_create', 'user_by_email', 'team_create') AND part ~ '\mp_key\M|\mp_id\M')
              AND NOT (body.proname IN ('gateway_open', 'server_at') AND part ~ '\m(p_host|p_host_port|p_digest)\M')
              AND NOT (body.prosrc ~ '\mteam_(role|hold|need)\(' AND part ~ '\mp_team\M')
              AND NOT (body.proname IN ('authorization_show', 'client_token', 'code_redeem', 'token_refresh')
                       AND part ~ '\m(browser_digest = p_browser|p_browser|code_digest = p_code|digest = p_token|id = p_client)\M')
              AND NOT (body.proname IN ('authorization_start', 'grant_tokens') AND part ~ '^\s*(BEGIN\s+)?DELETE .* expires_at < now\(\) - interval')
              AND NOT (body.proname = 'issuer_user' AND part ~ 'email_key = p_key|id = who')
              AND NOT (body.proname IN ('issuer_keys', 'issuer_token') AND part ~ 'server_id = p_server AND issuer = p_issuer|id = p_server FOR NO KEY UPDATE')
              AND NOT (body.proname = 'identity_enter' AND part ~ 'issuer = p_issuer AND subject = p_subject')
              AND NOT (body.proname = 'grants_recheck' AND part ~ 'id = p_server FOR NO KEY UPDATE')
              AND body.proname NOT IN ('domain_take', 'circuits')),
          NULL, 'TI-1: no statement of a function goes by an id alone');

-- ---- columns ----

SELECT ok(NOT has_column_privilege('gatehouse_api', 'gatehouse.source_secrets', 'sealed', 'SELECT'),
          'SE-8: the api program cannot read a sealed credential');
SELECT ok(has_column_privilege('gatehouse_api', 'gatehouse.source_secrets', 'sealed', 'INSERT')
          AND has_column_privilege('gatehouse_mcp', 'gatehouse.source_secrets', 'sealed', 'SELECT'),
          'SE-8: it can store one, and the mcp program can read it');
SELECT ok(NOT has_any_column_privilege('gatehouse_mcp', 'gatehouse.users', 'SELECT, INSERT, UPDATE'),
          'SE-8: the mcp program sees no account, and so no password hash');
SELECT ok(NOT has_any_column_privilege('gatehouse_mcp', 'gatehouse.' || t, 'INSERT, UPDATE')
          AND NOT has_table_privilege('gatehouse_mcp', 'gatehouse.' || t, 'DELETE'),
          'the mcp program changes nothing in ' || t)
  FROM unnest(ARRAY['users', 'sessions', 'sources', 'source_secrets', 'mcp_servers', 'server_sources',
                    'gateway_domains', 'access_tokens', 'documents', 'document_words', 'throttles']) t;
SELECT ok(NOT has_any_column_privilege(r, 'gatehouse.audit_log', CASE r WHEN 'gatehouse_api' THEN 'UPDATE' ELSE 'SELECT, UPDATE' END)
          AND NOT has_table_privilege(r, 'gatehouse.audit_log', 'DELETE, TRUNCATE')
          AND NOT has_column_privilege(r, 'gatehouse.audit_log', 'at', 'INSERT'),
          format('LA-5: %s can add to the audit log, not change or date it; a tenant''s own rows are read through the api program alone', r))
  FROM unnest(ARRAY['gatehouse_api', 'gatehouse_mcp', 'gatehouse_door']) r;
SELECT ok(NOT has_table_privilege(r, 'gatehouse.' || t, 'DELETE'), format('TI-7: %s deletes no row of %s', r, t))
  FROM unnest(ARRAY['gatehouse_api', 'gatehouse_mcp', 'gatehouse_door']) r,
       unnest(ARRAY['users', 'sources', 'mcp_servers', 'sessions', 'grants', 'access_tokens']) t
 WHERE (r, t) <> ('gatehouse_door', 'access_tokens');

SELECT * FROM finish();
ROLLBACK;
