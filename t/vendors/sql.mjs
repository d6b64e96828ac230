// Snowflake's SQL over a tenant's small world: statements are rewritten for
// SQLite, names are resolved as Snowflake does, errors get its codes.
import { DatabaseSync } from 'node:sqlite';

export class SqlError extends Error {
  constructor(code, state, message, status = 422) {
    super(message);
    Object.assign(this, { code, state, status });
  }
}

const unknown = (name) => new SqlError('002003', '42S02', `SQL compilation error:\nObject '${name}' does not exist or not authorized.`);
const syntax = (near) => new SqlError('001003', '42000', `SQL compilation error:\nsyntax error line 1 at position 0 unexpected '${near}'.`);

const TOKEN = /(\s+|--[^\n]*|\/\/[^\n]*|\/\*.*?\*\/)|'((?:[^'\\]|''|\\.)*)'|"((?:[^"]|"")*)"|([A-Za-z_][\w$]*)|(\d+(?:\.\d+)?)|:([A-Za-z0-9_]+)|(::|<>|!=|>=|<=|\|\||[\s\S])/gys;

function tokenise(text) {
  return [...text.matchAll(TOKEN)].map(([whole, blank, string, quoted, word, number, bind, sign]) => {
    if (blank !== undefined) return { blank: true, out: ' ' };
    if (string !== undefined) return { string: string.replace(/''/g, "'").replace(/\\(.)/gs, '$1') };
    if (quoted !== undefined) return { name: quoted.replace(/""/g, '"'), quoted: true };
    if (word !== undefined) return { name: word.toUpperCase() };
    if (bind !== undefined) return { bind };
    return { sign: number ?? sign ?? whole, number: number !== undefined };
  });
}

const literal = (text) => `'${text.replace(/'/g, "''")}'`;
const name_out = (text) => `"${text.replace(/"/g, '""')}"`;

// A name as people write it, DB.SCHEMA."Name", in its parts.
export function name_parts(text) {
  const parts = [...text.matchAll(/"((?:[^"]|"")+)"|([A-Za-z_][\w$]*)|(\.)|(.)/gs)];
  if (parts.some(([, , , , odd], i) => odd !== undefined || (i % 2 === 1) !== (parts[i][3] === '.')) || parts.length % 2 === 0) return null;
  return parts.filter(([, , , dot]) => dot === undefined).map(([, quoted, word]) => quoted?.replace(/""/g, '"') ?? word.toUpperCase());
}

const CATALOGUE = {
  DATABASES: ['DATABASE_NAME', 'DATABASE_OWNER', 'COMMENT', 'CREATED'],
  SCHEMATA: ['CATALOG_NAME', 'SCHEMA_NAME', 'SCHEMA_OWNER', 'COMMENT', 'CREATED'],
  TABLES: ['TABLE_CATALOG', 'TABLE_SCHEMA', 'TABLE_NAME', 'TABLE_OWNER', 'TABLE_TYPE', 'ROW_COUNT', 'BYTES', 'COMMENT', 'CREATED', 'LAST_ALTERED'],
  VIEWS: ['TABLE_CATALOG', 'TABLE_SCHEMA', 'TABLE_NAME', 'TABLE_OWNER', 'VIEW_DEFINITION', 'COMMENT', 'CREATED'],
  COLUMNS: ['TABLE_CATALOG', 'TABLE_SCHEMA', 'TABLE_NAME', 'COLUMN_NAME', 'ORDINAL_POSITION', 'COLUMN_DEFAULT', 'IS_NULLABLE', 'DATA_TYPE', 'CHARACTER_MAXIMUM_LENGTH', 'NUMERIC_PRECISION', 'NUMERIC_SCALE', 'COMMENT'],
};
const NUMBERS = ['ROW_COUNT', 'BYTES', 'ORDINAL_POSITION', 'CHARACTER_MAXIMUM_LENGTH', 'NUMERIC_PRECISION', 'NUMERIC_SCALE'];
const TIMES = ['CREATED', 'LAST_ALTERED'];
const CREATED = '2026-01-12T09:00:00Z', OWNER = 'SYSADMIN';

function catalogue_rows(tables, databases, database) {
  const mine = Object.entries(tables).map(([full, table]) => [...full.split('.'), table]).filter(([db]) => db === database);
  const schemas = databases[database].schemas;
  return {
    DATABASES: Object.entries(databases).map(([name, one]) => [name, OWNER, one.comment, CREATED]),
    SCHEMATA: [...Object.entries(schemas), ['INFORMATION_SCHEMA', null]].map(([name, comment]) => [database, name, OWNER, comment, CREATED]),
    TABLES: mine.map(([db, schema, name, table]) => [db, schema, name, OWNER, table.view ? 'VIEW' : 'BASE TABLE', table.view ? null : table.rows.length, table.view ? null : 4096, table.comment ?? null, CREATED, CREATED]),
    VIEWS: mine.filter(([, , , table]) => table.view).map(([db, schema, name, table]) => [db, schema, name, OWNER, table.view, table.comment ?? null, CREATED]),
    COLUMNS: mine.flatMap(([db, schema, name, table]) => table.columns.map((column, i) => [db, schema, name, column.name, i + 1, null, column.required ? 'NO' : 'YES',
      { fixed: 'NUMBER', timestamp_tz: 'TIMESTAMP_TZ', timestamp_ntz: 'TIMESTAMP_NTZ', real: 'FLOAT' }[column.type] ?? column.type.toUpperCase(), column.type === 'text' ? 16777216 : null, column.type === 'fixed' ? 38 : null, column.type === 'fixed' ? column.scale ?? 0 : null, column.comment ?? null])),
  };
}

function like(pattern, text, escape, flags) {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const sign = pattern[i] === escape ? undefined : { '%': '.*', _: '.' }[pattern[i]];
    if (pattern[i] === escape) i++;
    out += sign ?? pattern[i].replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${out}$`, `su${flags}`).test(text);
}

const text_or_null = (act) => (...values) => values[0] === null ? null : act(...values.map((value) => value === null ? value : String(value)));
const functions = (user, current) => ({
  regexp: text_or_null((pattern, text, escape) => text === undefined || text === null ? null : Number(like(pattern, text, escape, 'i'))),
  like: text_or_null((pattern, text, escape) => text === undefined || text === null ? null : Number(like(pattern, text, escape, ''))),
  contains: text_or_null((text, part) => part === null ? null : Number(text.includes(part))),
  startswith: text_or_null((text, part) => part === null ? null : Number(text.startsWith(part))),
  nvl: (a, b) => a ?? b, to_varchar: text_or_null((text) => text), left: text_or_null((text, n) => text.slice(0, n)),
  current_user: () => user, current_role: () => current.role, current_version: () => '10.10.0', current_account: () => 'STAND',
});

const WRITES = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'TRUNCATE', 'CREATE', 'ALTER', 'DROP', 'GRANT', 'REVOKE', 'CALL', 'COPY', 'EXECUTE', 'UNDROP'];

export class Warehouse {
  constructor(world) {
    this.databases = world.databases;
    this.tables = world.tables;
    this.user = world.user;
    this.db = new DatabaseSync(':memory:');
    this.own = world.roles[0];
    this.current = { role: this.own };
    for (const [name, act] of Object.entries(functions(world.user, this.current))) {
      this.db.function(name, { varargs: true, deterministic: true }, act);
    }
    this.columns = new Map();
    for (const [full, table] of Object.entries(world.tables)) {
      if (table.series) table.rows = Array.from({ length: table.series }, (_, i) => [i + 1, `event ${i + 1}`]);
      this.#table(full, table.columns, table.rows);
    }
    for (const database of Object.keys(world.databases)) {
      const rows = catalogue_rows(world.tables, world.databases, database);
      for (const [name, columns] of Object.entries(CATALOGUE)) {
        const types = columns.map((column) => ({ name: column, type: NUMBERS.includes(column) ? 'fixed' : TIMES.includes(column) ? 'timestamp_ltz' : 'text' }));
        this.#table(`${database}.INFORMATION_SCHEMA.${name}`, types, rows[name]);
      }
    }
  }

  #table(full, columns, rows) {
    const kinds = { fixed: 'NUMERIC', real: 'REAL' };
    this.db.exec(`CREATE TABLE ${name_out(full)} (${columns.map((one) => `${name_out(one.name)} ${kinds[one.type] ?? 'TEXT'}`)})`);
    const insert = this.db.prepare(`INSERT INTO ${name_out(full)} VALUES (${columns.map(() => '?')})`);
    for (const row of rows) insert.run(...row.map((value) => typeof value === 'boolean' ? String(value) : value));
    this.columns.set(full, columns);
  }

  #resolve(parts, context) {
    const full = [...[context.database, context.schema].slice(0, 3 - parts.length), ...parts];
    if (parts.length < 3 && !context.database) {
      throw new SqlError('090105', '22000', 'Cannot perform SELECT. This session does not have a current database. Call \'USE DATABASE\', or use a qualified name.');
    }
    const name = full.join('.');
    if (full.includes(undefined) || full.length !== 3 || !this.columns.has(name)) throw unknown(parts.join('.'));
    return name;
  }

  // A statement for SQLite, and the names of its bindings.
  #rewrite(list, context, bindings) {
    const known = new Set([...this.columns.values()].flat().map((one) => one.name));
    const used = new Set(), ctes = new Set();
    const solid = (i, step) => {
      do i += step; while (list[i]?.blank);
      return i;
    };
    list.forEach((token, i) => {
      const before = list[solid(i, -1)];
      if (token.name && (before?.name === 'AS' || list[solid(i, 1)]?.name === 'AS')) known.add(token.name), ctes.add(token.name);
    });
    let count = 0, sample = '', out = '';
    for (let i = 0; i < list.length; i++) {
      const token = list[i], place = ['FROM', 'JOIN'].includes(list[solid(i, -1)]?.name);
      if (token.blank) out += ' ';
      else if (token.string !== undefined) out += literal(token.string);
      else if (token.sign === '?') out += `:${++count}`, used.add(String(count));
      else if (token.bind) out += `:${token.bind}`, used.add(token.bind);
      else if (token.sign === '::') i = this.#skip_type(list, solid(i, 1));
      else if (place && token.name === 'IDENTIFIER') {
        const inner = list[solid(solid(i, 1), 1)];
        const text = inner.string ?? bindings[inner.bind ?? String(++count)]?.value;
        out += name_out(this.#resolve(name_parts(String(text)) ?? [text], context));
        used.add(inner.bind ?? String(count));
        i = solid(solid(solid(i, 1), 1), 1);
      } else if (place && token.name) {
        const parts = [token.name];
        while (list[i + 1]?.sign === '.') parts.push(list[i += 2]?.name);
        out += parts.length === 1 && ctes.has(parts[0]) ? name_out(parts[0]) : name_out(this.#resolve(parts, context));
      } else if (['SAMPLE', 'TABLESAMPLE'].includes(token.name) && list[solid(i, 1)]?.sign === '(') {
        sample = ` LIMIT ${list[solid(solid(i, 1), 1)].sign}`;
        while (list[i].sign !== ')') i++;
      } else if (token.quoted) {
        if (!known.has(token.name)) throw new SqlError('000904', '42000', `SQL compilation error: error line 1 at position 0\ninvalid identifier '"${token.name}"'`);
        out += name_out(token.name);
      } else out += token.name === 'ILIKE' ? 'REGEXP' : token.name ?? token.sign;
    }
    return { text: out + (/\bLIMIT\b/.test(out) ? '' : sample), used };
  }

  #skip_type(list, i) {
    if (list[i + 1]?.sign !== '(') return i;
    while (list[i].sign !== ')') i++;
    return i;
  }

  // run(TEXT, CONTEXT, BINDINGS) → {columns, rows}; throws SqlError.
  run(text, context, bindings) {
    const list = tokenise(text);
    while (list.length && (list.at(-1).blank || list.at(-1).sign === ';')) list.pop();
    const first = list.find((token) => !token.blank)?.name;
    if (!first && !list.some((token) => token.sign === '(')) throw new SqlError('000900', '42601', 'SQL compilation error:\nEmpty SQL statement.', 400);
    const more = list.filter((token) => token.sign === ';').length;
    if (more) throw new SqlError('000008', '0A000', `Actual statement count ${more + 1} did not match the desired statement count 1.`);
    if (['BEGIN', 'COMMIT', 'ROLLBACK', 'PUT', 'GET', 'USE', 'SET'].includes(first)) throw new SqlError('391911', '0A000', 'Unsupported statement type.');
    if (first === 'SHOW') return this.#show(list.filter((token) => !token.blank), context);
    if (['DESC', 'DESCRIBE'].includes(first)) return this.#describe(list.filter((token) => !token.blank), context);
    if (WRITES.includes(first)) throw new SqlError('003001', '42501', 'SQL access control error:\nInsufficient privileges to operate on this object.');
    if (!['SELECT', 'WITH', undefined].includes(first)) throw syntax(first);
    const { text: rewritten, used } = this.#rewrite(list, context, bindings);
    const values = {};
    for (const name of used) {
      if (!bindings[name]) throw new SqlError('002049', '42601', `SQL compilation error: error line 1 at position 0\nBind variable :${name} not set.`);
      if (new RegExp(`:${name}\\b`).test(rewritten)) values[`:${name}`] = bound(bindings[name]);
    }
    this.current.role = context.role ?? this.own;
    try {
      const statement = this.db.prepare(rewritten);
      const rows = statement.all(values);
      const columns = statement.columns().map((one) => ({ type: 'text', ...this.columns.get(one.table)?.find((it) => it.name === one.column), origin: one.table, name: one.name, guessed: !one.table }));
      return { columns: columns.map((one) => guess(one, rows)), rows: rows.map((row) => columns.map((one) => row[one.name])) };
    } catch (error) {
      throw translated(error);
    }
  }

  #show(list, context) {
    const names = list.map((token) => token.name ?? token.string);
    const what = names.find((name) => ['DATABASES', 'SCHEMAS', 'TABLES', 'VIEWS', 'OBJECTS', 'COLUMNS'].includes(name)) ?? (() => { throw syntax(names[1]); })();
    const pattern = names.includes('LIKE') ? names[names.indexOf('LIKE') + 1] ?? (() => { throw syntax('<EOF>'); })() : '%';
    const limit = names.includes('LIMIT') ? Number(list[names.indexOf('LIMIT') + 1].sign) : 10000;
    const inside = names.indexOf('IN') < 0 ? [] : list.slice(names.indexOf('IN') + 1).filter((token) => token.name && !['ACCOUNT', 'DATABASE', 'SCHEMA', 'TABLE', 'VIEW', 'LIMIT'].includes(token.name)).map((token) => token.name);
    const within = inside.length || names.includes('ACCOUNT') ? inside : [context.database, context.schema].filter(Boolean);
    const objects = Object.entries(this.tables).map(([full, table]) => [full.split('.'), table])
      .filter(([parts]) => within.every((part, i) => parts[i] === part));
    const lists = {
      DATABASES: () => Object.entries(this.databases).map(([name, one]) => ({ created_on: CREATED, name, is_default: 'N', is_current: name === context.database ? 'Y' : 'N', origin: '', owner: OWNER, comment: one.comment ?? '', options: '', retention_time: '1', kind: 'STANDARD' })),
      SCHEMAS: () => Object.entries(this.databases).filter(([db]) => !within[0] || db === within[0]).flatMap(([db, one]) => Object.entries(one.schemas).map(([name, comment]) => ({ created_on: CREATED, name, is_default: 'N', is_current: 'N', database_name: db, owner: OWNER, comment: comment ?? '' }))),
      TABLES: () => objects.filter(([, table]) => !table.view).map(shown), VIEWS: () => objects.filter(([, table]) => table.view).map(shown), OBJECTS: () => objects.map(shown),
      COLUMNS: () => objects.flatMap(([[db, schema, table], one]) => one.columns.map((column) => ({ table_name: table, schema_name: schema, column_name: column.name, data_type: JSON.stringify({ type: column.type.toUpperCase(), nullable: !column.required }), 'null?': column.required ? 'NOT_NULL' : 'true', default: '', kind: 'COLUMN', expression: '', comment: column.comment ?? '', database_name: db }))),
    };
    const shown = ([[db, schema, name], table]) => ({ created_on: CREATED, name, database_name: db, schema_name: schema, kind: table.view ? 'VIEW' : 'TABLE', comment: table.comment ?? '', rows: table.view ? null : table.rows.length, owner: OWNER, text: table.view ?? '' });
    if (within[0] && !this.databases[within[0]]) throw unknown(within[0]);
    return as_result(lists[what]().filter((row) => like(pattern, row.name ?? row.column_name, '\\', 'i')).slice(0, limit));
  }

  #describe(list, context) {
    const full = this.#resolve(list.slice(1).filter((token) => token.name && !['TABLE', 'VIEW'].includes(token.name)).map((token) => token.name), context);
    return as_result(this.columns.get(full).map((one) => ({ name: one.name, type: one.type === 'fixed' ? `NUMBER(38,${one.scale ?? 0})` : one.type === 'text' ? 'VARCHAR(16777216)' : one.type.toUpperCase(), kind: 'COLUMN', 'null?': one.required ? 'N' : 'Y', default: null, 'primary key': 'N', 'unique key': 'N', check: null, expression: null, comment: one.comment ?? null })));
  }
}

function as_result(objects) {
  const names = Object.keys(objects[0] ?? { name: '' });
  return { columns: names.map((name) => ({ name, type: name === 'created_on' ? 'timestamp_ltz' : name === 'rows' ? 'fixed' : 'text' })), rows: objects.map((one) => names.map((name) => one[name])) };
}

function guess(column, rows) {
  const values = rows.map((row) => row[column.name]).filter((one) => one !== null);
  if (!column.guessed || !values.length || !values.every((one) => typeof one === 'number')) return column;
  return { ...column, type: 'fixed', scale: Math.min(6, Math.max(...values.map((one) => /\.(\d+)/.exec(one)?.[1].length ?? 0))) };
}

// The value of a binding is always a string or null, whatever its type.
function bound({ type, value }) {
  if (value === null) return null;
  if (['FIXED', 'REAL'].includes(type)) return Number(value);
  if (type === 'DATE') return new Date(Number(value)).toISOString().slice(0, 10);
  if (type?.startsWith('TIMESTAMP')) return new Date(Number(value) / 1e6).toISOString().replace('.000Z', 'Z');
  return value;
}

function translated(error) {
  const [, what, name] = /no such (column|function): "?([^" ]+)/.exec(error.message) ?? [];
  if (what === 'column') return new SqlError('000904', '42000', `SQL compilation error: error line 1 at position 0\ninvalid identifier '${name}'`);
  if (what === 'function') return new SqlError('002140', '42601', `SQL compilation error:\nUnknown function ${name}`);
  const near = /near "([^"]*)"/.exec(error.message);
  return error.code === 'ERR_SQLITE_ERROR' ? syntax(near?.[1] ?? '<EOF>') : error;
}

const day = (iso) => String(Date.parse(iso.slice(0, 10)) / 86400000);
const seconds = (iso) => `${Math.floor(Date.parse(iso) / 1000)}.000000000`;
const offset = (iso) => {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(iso) ?? [null, '+', 0, 0];
  return 1440 + (sign === '-' ? -1 : 1) * (hours * 60 + Number(minutes));
};
const ON_THE_WIRE = {
  date: (value, readable) => readable.DATE_OUTPUT_FORMAT ? value : day(value),
  timestamp_ntz: (value, readable) => readable.TIMESTAMP_NTZ_OUTPUT_FORMAT ?? readable.TIMESTAMP_OUTPUT_FORMAT ? value : seconds(value),
  timestamp_ltz: (value, readable) => readable.TIMESTAMP_LTZ_OUTPUT_FORMAT ?? readable.TIMESTAMP_OUTPUT_FORMAT ? value : seconds(value),
  timestamp_tz: (value, readable) => readable.TIMESTAMP_TZ_OUTPUT_FORMAT ?? readable.TIMESTAMP_OUTPUT_FORMAT ? value : `${seconds(value)} ${offset(value)}`,
};

// Every value is a string or null.
export function on_the_wire(value, column, readable) {
  if (value === null || value === undefined) return null;
  if (column.type === 'fixed') return Number(value).toFixed(column.scale ?? 0);
  return ON_THE_WIRE[column.type]?.(String(value), readable) ?? String(value);
}
