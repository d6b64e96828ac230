-- What a source of Snowflake asks through its SQL API, in Snowflake's SQL; made into C as sql/statements is. Each is
-- one statement that only reads. Values are bindings, :1 and so on, and so are the names of what is read from:
-- IDENTIFIER() takes a name as people write it, which is why such a binding is always quoted (sources/snowflake.h).

-- name: databases()
-- Those the role sees. SHOW needs no warehouse.
SHOW DATABASES LIMIT 200;

-- name: session()
-- Whether role and warehouse are there; this needs no warehouse either.
SELECT CURRENT_ROLE(), CURRENT_USER();

-- name: objects(tables, schemata, word, word, word, word)
-- What has one of four words in its name or in its comment. :1 and :2 are a database's views of its catalogue.
SELECT table_schema, table_name, table_type, comment, last_altered
  FROM IDENTIFIER(:1)
 WHERE table_schema <> 'INFORMATION_SCHEMA'
   AND (table_name ILIKE :3 ESCAPE '^' OR table_name ILIKE :4 ESCAPE '^'
        OR table_name ILIKE :5 ESCAPE '^' OR table_name ILIKE :6 ESCAPE '^'
        OR comment ILIKE :3 ESCAPE '^' OR comment ILIKE :4 ESCAPE '^'
        OR comment ILIKE :5 ESCAPE '^' OR comment ILIKE :6 ESCAPE '^')
 UNION ALL
SELECT schema_name, NULL, 'SCHEMA', comment, created
  FROM IDENTIFIER(:2)
 WHERE schema_name <> 'INFORMATION_SCHEMA'
   AND (schema_name ILIKE :3 ESCAPE '^' OR schema_name ILIKE :4 ESCAPE '^'
        OR schema_name ILIKE :5 ESCAPE '^' OR schema_name ILIKE :6 ESCAPE '^'
        OR comment ILIKE :3 ESCAPE '^' OR comment ILIKE :4 ESCAPE '^'
        OR comment ILIKE :5 ESCAPE '^' OR comment ILIKE :6 ESCAPE '^')
 LIMIT 100;

-- name: table_facts(tables, schema, table)
SELECT table_type, comment, row_count, bytes, table_owner, created, last_altered
  FROM IDENTIFIER(:1)
 WHERE table_schema = :2 AND table_name = :3
 LIMIT 1;

-- name: table_columns(columns, schema, table)
SELECT column_name, data_type, is_nullable, comment
  FROM IDENTIFIER(:1)
 WHERE table_schema = :2 AND table_name = :3
 ORDER BY ordinal_position
 LIMIT 500;

-- name: sample(table)
SELECT * FROM IDENTIFIER(:1) LIMIT 5;

-- name: schema_facts(schemata, schema)
SELECT schema_name, comment FROM IDENTIFIER(:1) WHERE schema_name = :2 LIMIT 1;

-- name: schema_objects(tables, schema)
SELECT table_name, table_type, row_count, comment
  FROM IDENTIFIER(:1)
 WHERE table_schema = :2
 ORDER BY table_name
 LIMIT 500;

-- name: database_schemas(schemata)
SELECT schema_name, comment
  FROM IDENTIFIER(:1)
 WHERE schema_name <> 'INFORMATION_SCHEMA'
 ORDER BY schema_name
 LIMIT 500;
