// Snowflake: SQL API, Cortex Search, Cortex Analyst.
import { createPublicKey, createVerify } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { setTimeout as wait } from 'node:timers/promises';
import { answer, bearer, digest, json_body, key_file, nearness, refuse, request_id, stand, uuid_of, vector, word_set, words, world } from './stand.mjs';
import { SqlError, Warehouse, name_parts, on_the_wire } from './sql.mjs';

const { accounts } = world('snowflake');
for (const account of accounts) account.warehouse = new Warehouse(account);

const messages = {
  390144: 'JWT token is invalid.', 390303: 'Invalid OAuth access token.', 390318: 'OAuth access token expired.',
  390186: 'Role specified in the connect string is not granted to this user.', 390201: 'The requested warehouse does not exist or not authorized.',
  391902: 'Unsupported Accept header null is specified.', 391922: 'The partition is out of range.', '000709': 'Statement not found',
  '000630': 'Statement reached its statement or warehouse timeout and was canceled.', 394400: 'Programmatic access token is invalid.',
  390429: 'Too many requests.', 392700: 'invalid semantic model', 390000: 'Service is unavailable.', 390400: 'Bad request.', 390403: 'Access denied.', 390404: 'Not found.',
};
const of_status = { 400: 390400, 401: 390144, 403: 390403, 404: 390404, 408: '000630', 429: 390429 };

const error_json = (code, message = messages[code]) => ({ code: String(code), message, error_code: String(code), request_id: request_id() });

function errors(status, what) {
  const code = what ?? of_status[status] ?? 390000;
  return { json: error_json(code, messages[code] ?? 'An error.') };
}

const deny = (status, code, message) => refuse(status, error_json(code, message));
const deny_token = () => deny(401, 390144, `${messages[390144]} [${request_id()}]`);

const part = (text) => {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url'));
  } catch {
    return {};
  }
};

// A token that the account's user has signed with its private key.
function jwt_account(self, token) {
  const [head, body, signature] = token.split('.');
  const claims = part(body), now = Date.now() / 1000;
  return accounts.find((account) => {
    const pem = key_file(self.folder, `snowflake-${account.name}.pub`);
    if (!pem || part(head).alg !== 'RS256') return false;
    const key = createPublicKey(pem), subject = `${account.account}.${account.user}`;
    const print = digest(key.export({ type: 'spki', format: 'der' })).toString('base64');
    return claims.iss === `${subject}.SHA256:${print}` && claims.sub === subject && claims.exp > now && claims.iat <= now + 60
      && claims.exp <= claims.iat + 3600 && createVerify('RSA-SHA256').update(`${head}.${body}`).verify(key, signature ?? '', 'base64url');
  });
}

function account_of(ask, self) {
  const token = bearer(ask) ?? deny_token(), kind = ask.headers['x-snowflake-authorization-token-type'];
  const jwt = token.split('.').length === 3;
  if (self.refused.has(token)) return deny_token();
  if (kind !== undefined && kind !== (jwt ? 'KEYPAIR_JWT' : 'PROGRAMMATIC_ACCESS_TOKEN')) deny(401, 390303);
  const account = jwt ? jwt_account(self, token) : accounts.find((one) => one.tokens[token]);
  // The account's own host, in either case; a bare address is anybody's.
  const host = /^https:\/\/([^.]+)\.(.*\.)?snowflakecomputing\.com$/i.exec(ask.origin)?.[1];
  if (!account || (host && host.toUpperCase() !== account.account)) return jwt ? deny_token() : deny(401, 394400);
  const state = account.tokens[token] ?? 'ok';
  if (state === 'expired') deny(401, 390318, 'Programmatic access token is expired.');
  if (state === 'network') deny(401, 390144, `Authentication failed: the user is not under a network policy. [${request_id()}]`);
  return { ...account, powerless: state === 'powerless' };
}

function check_headers(ask) {
  const accept = ask.headers.accept;
  const wanted = ask.path.includes('/analyst/') ? /application\/json|text\/event-stream/ : /application\/json/;
  if (!wanted.test(accept ?? '')) deny(400, 391902, `Unsupported Accept header ${accept ?? null} is specified.`);
  if (!ask.headers['user-agent']) deny(400, 390400, 'The User-Agent header is missing.');
  if (ask.method === 'POST' && ask.body && !/^application\/json\b/i.test(ask.headers['content-type'] ?? '')) deny(415, 390415, 'Unsupported media type.');
}

// Statements.

const running_body = (one) => ({
  code: '333334', message: 'Asynchronous execution in progress. Use provided query id to perform query monitoring and management.',
  statementHandle: one.handle, statementStatusUrl: `/api/v2/statements/${one.handle}?requestId=${one.request}`,
});

function partitions(rows, size) {
  const parts = [];
  for (let i = 0; i < Math.max(1, rows.length); i += size) parts.push(rows.slice(i, i + size));
  return parts;
}

function result_body(one, nullable) {
  const [database = '', schema = '', table = ''] = [];
  const lengths = (column) => ({
    length: column.type === 'text' ? 16777216 : null, byteLength: column.type === 'text' ? 16777216 : null,
    precision: column.type === 'fixed' ? 38 : /^time/.test(column.type) ? 0 : null, scale: column.type === 'fixed' ? column.scale ?? 0 : /^time/.test(column.type) ? 9 : null,
  });
  const rowType = one.columns.map((column) => {
    const [db = database, sch = schema, name = table] = column.origin?.split('.') ?? [];
    return { name: column.name, database: db, schema: sch, table: name, nullable: !column.required, type: column.type, ...lengths(column), collation: null };
  });
  const data = one.parts[0].map((row) => row.map((value) => value === null && nullable === 'false' ? 'null' : value));
  return {
    resultSetMetaData: {
      numRows: one.rows.length, format: 'jsonv2', rowType,
      partitionInfo: one.parts.map((rows) => ({ rowCount: rows.length, uncompressedSize: JSON.stringify(rows).length })),
    },
    data, code: '090001', statementStatusUrl: `/api/v2/statements/${one.handle}?requestId=${one.request}`, requestId: one.request,
    sqlState: '00000', statementHandle: one.handle, message: 'Statement executed successfully.', createdOn: one.created,
  };
}

function failure_body(one) {
  return {
    code: one.failure.code, sqlState: one.failure.state, message: one.failure.message, statementHandle: one.handle,
    createdOn: one.created, statementStatusUrl: `/api/v2/statements/${one.handle}`,
  };
}

function shown(self, ask, one, query) {
  if (one.canceled) refuse(422, failure_body({ ...one, failure: new SqlError('000604', '57014', 'SQL execution canceled') }));
  if (one.polls-- > 0) return answer(202, running_body(one));
  if (one.failure) refuse(one.failure.status, failure_body(one));
  const link = one.parts.map((_, i) => `</api/v2/statements/${one.handle}?requestId=${one.request}&partition=${i}>; rel="${i ? 'next' : 'first'}"`).join(', ');
  const number = query.get('partition');
  if (number === null || number === '0') return answer(200, result_body(one, query.get('nullable')), { link });
  const rows = one.parts[Number(number)] ?? deny(400, 391922);
  return { status: 200, headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', link }, bytes: gzipSync(JSON.stringify({ data: rows })) };
}

function check_statement(account, body) {
  if (typeof body.statement !== 'string') deny(400, 390400, 'Request body must contain a statement.');
  if (body.role !== undefined && !account.roles.includes(body.role)) deny(400, 390186);
  if (body.warehouse !== undefined && !account.warehouses.includes(body.warehouse)) deny(400, 390201);
  for (const { value } of Object.values(body.bindings ?? {})) {
    if (typeof value !== 'string' && value !== null) deny(400, 390400, 'The value of a binding must be a string or null.');
  }
}

async function submit(self, ask, account) {
  const body = json_body(ask, () => deny(400, 390400, 'Unable to parse the request body.'));
  check_statement(account, body);
  const request = ask.query.get('requestId') ?? request_id();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(request)) deny(400, 390400, 'requestId is not a UUID.');
  const before = self.statements.get(`${account.name} ${request}`);
  if (before) return shown(self, ask, before, ask.query);
  const one = { handle: uuid_of(`${account.name} ${request}`), request, created: Date.now(), polls: ask.query.get('async') === 'true' ? Math.max(1, self.settings.polls) : self.settings.polls };
  self.statements.set(`${account.name} ${request}`, one).set(`${account.name} ${one.handle}`, one);
  if (body.timeout && self.settings.statement_seconds > body.timeout) {
    one.failure = new SqlError('000630', '57014', `Statement reached its statement or warehouse timeout of ${body.timeout} second(s) and was canceled.`, 408);
  } else {
    try {
      if (account.powerless) throw new SqlError('002003', '42S02', "SQL compilation error:\nObject does not exist or not authorized.");
      const { columns, rows } = account.warehouse.run(body.statement, body, body.bindings ?? {});
      const readable = Object.fromEntries(Object.entries(body.parameters ?? {}).map(([name, value]) => [name.toUpperCase(), value]));
      one.columns = columns;
      one.rows = rows.map((row) => row.map((value, i) => on_the_wire(value, columns[i], readable)));
      one.parts = partitions(one.rows, self.settings.partition_rows);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      one.failure = error;
    }
  }
  return shown(self, ask, one, ask.query);
}

function statements(self, ask, account, [handle, what]) {
  if (handle === undefined) return ask.method === 'POST' ? submit(self, ask, account) : deny(405, 390405, 'Method not allowed.');
  const one = self.statements.get(`${account.name} ${handle}`);
  if (!one || self.gone.has(handle)) deny(400, '000709', `Statement ${handle} not found`);
  if (what === 'cancel' && ask.method === 'POST') {
    one.canceled ||= one.polls > 0;
    return answer(200, { code: '000604', sqlState: '57014', message: 'SQL execution canceled', statementHandle: handle, statementStatusUrl: `/api/v2/statements/${handle}` });
  }
  if (what !== undefined || ask.method !== 'GET') deny(405, 390405, 'Method not allowed.');
  if (ask.query.has('nullable')) deny(400, 390400, 'nullable is not allowed here.');
  return shown(self, ask, one, ask.query);
}

// Cortex Search.

const compare = { '@eq': (a, b) => a === b, '@gte': (a, b) => a >= b, '@lte': (a, b) => a <= b, '@contains': (a, b) => Array.isArray(a) && a.includes(b) };

function filter_of(filter, attributes) {
  const entries = Object.entries(filter);
  if (entries.length !== 1) deny(400, 390400, 'A filter must have exactly one operator.');
  const [operator, value] = entries[0];
  if (operator === '@and' || operator === '@or') {
    if (!Array.isArray(value) || !value.length) deny(400, 390400, `${operator} wants a list.`);
    const inner = value.map((one) => filter_of(one, attributes));
    return (row) => operator === '@and' ? inner.every((one) => one(row)) : inner.some((one) => one(row));
  }
  if (operator === '@not') {
    const inner = filter_of(value, attributes);
    return (row) => !inner(row);
  }
  const how = compare[operator] ?? deny(400, 390400, `Unknown filter operator ${operator}.`);
  const [[column, wanted] = [], more] = Object.entries(value ?? {});
  if (!attributes.includes(column) || more) deny(400, 390400, `Filter on column ${column}, which is not an attribute.`);
  return (row) => row[column] !== null && how(row[column], wanted);
}

// The rows that a service searches, each with its words and its direction.
function indexed(account, service) {
  const { columns, rows } = account.tables[service.of];
  return service.index ??= rows.map((values) => {
    const row = Object.fromEntries(columns.map((column, i) => [column.name, values[i]]));
    const text = service.columns.map((name) => row[name] ?? '').join(' ');
    return { row, near: vector(text), have: word_set(text) };
  });
}

function service_query(ask, account, service) {
  const body = json_body(ask, () => deny(400, 390400, 'Unable to parse the request body.'));
  const { query, columns = [service.search_column], filter, limit = 10 } = body;
  const odd = Object.keys(body).find((name) => !['query', 'columns', 'filter', 'limit', 'scoring_config', 'scoring_profile', 'experimental'].includes(name));
  if (odd) deny(400, 390400, `Unknown field ${odd}.`);
  if (typeof query !== 'string' || !query.trim()) deny(400, 390400, 'query is missing.');
  if (!Array.isArray(columns)) deny(400, 390400, 'columns must be a list.');
  const unknown = columns.find((name) => !service.columns.includes(name));
  if (unknown !== undefined) deny(400, 390400, `Column ${unknown} is not part of the service.`);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) deny(400, 390400, 'limit must be from 1 to 1000.');
  if (service.serving_state === 'SUSPENDED') deny(400, 390400, 'Cortex Search Service serving is suspended.');
  const keep = filter && Object.keys(filter).length ? filter_of(filter, service.attribute_columns) : () => true;
  const wanted = vector(query), asked = words(query);
  const scored = indexed(account, service).filter(({ row }) => keep(row))
    .map(({ row, near, have }) => ({ row, cosine: nearness(wanted, near), match: asked.filter((word) => have.has(word)).length / 10 }))
    .sort((a, b) => b.cosine + b.match - a.cosine - a.match).slice(0, limit);
  return answer(200, {
    results: scored.map(({ row, cosine, match }, i) => ({
      '@scores': { cosine_similarity: cosine, text_match: match, ...(i < 5 && { reranker_score: cosine * 3 }) },
      ...Object.fromEntries(columns.map((name) => [name, row[name]])),
    })),
    request_id: request_id(),
  });
}

const described = ({ of, index, ...service }, [database_name, schema_name, name]) => ({
  name, database_name, schema_name, ...service, target_lag: { type: 'USER_DEFINED', seconds: 3600 }, warehouse: 'COMPUTE_WH',
  definition: `SELECT * FROM ${of}`, created_on: '2026-01-12T09:00:00Z', source_data_num_rows: 10, data_timestamp: '2026-09-14T07:00:00Z',
  indexing_state: 'ACTIVE', serving_data_bytes: 4096,
});

function search_services(self, ask, account, [database, schema, last]) {
  const query = last?.endsWith(':query'), text = query ? last.slice(0, -6) : last;
  const scope = [database, schema].map((name) => name_parts(name)?.[0]);
  if (last === undefined) {
    const all = Object.entries(account.services).filter(([full]) => full.startsWith(`${scope.join('.')}.`));
    return answer(200, all.map(([full, service]) => described(service, full.split('.'))));
  }
  const full = [...scope, name_parts(text)?.[0]], service = account.services[full.join('.')];
  if (!service || account.powerless || self.gone.has(full.join('.'))) deny(404, 390404, `Cortex Search Service ${full.join('.')} does not exist or not authorized.`);
  if (ask.method !== (query ? 'POST' : 'GET')) deny(405, 390405, 'Method not allowed.');
  return query ? service_query(ask, account, service) : answer(200, described(service, full));
}

// Cortex Analyst: runs nothing, proposes a statement.

async function analyst(self, ask, account) {
  if (ask.method !== 'POST') deny(405, 390405, 'Method not allowed.');
  const body = json_body(ask, () => deny(400, 390400, 'Unable to parse the request body.'));
  const last = body.messages?.at?.(-1);
  const question = last?.content?.find?.((one) => one.type === 'text')?.text;
  if (last?.role !== 'user' || typeof question !== 'string') deny(400, 390400, 'The last message must be of the user.');
  if (body.stream) deny(400, 390400, 'This stand-in does not stream.');
  const model = body.semantic_models?.[0] ?? body, name = model.semantic_model_file ?? model.semantic_view;
  if (name === undefined && body.semantic_model === undefined) deny(400, 392700, 'one of semantic_model, semantic_model_file, semantic_view must be given');
  if (account.powerless) deny(403, 390403, 'The role lacks the database role SNOWFLAKE.CORTEX_USER.');
  if (!account.models.includes(name) || (name === model.semantic_model_file) !== name.startsWith('@')) deny(400, 392700, `invalid semantic model: ${name} does not exist or not authorized`);
  if (self.settings.analyst_ms) await wait(self.settings.analyst_ms, null, { signal: ask.signal });
  const known = account.questions.find((one) => one.words.every((word) => words(question).includes(word)));
  return answer(200, {
    request_id: request_id(), message: { role: 'analyst', content: known?.content ?? account.suggestions }, warnings: known?.warnings ?? [],
    response_metadata: { model_names: ['claude-sonnet-4-5'], question_category: known ? 'CLEAR_SQL' : 'AMBIGUOUS' },
  });
}

function snowflake(ask, self) {
  check_headers(ask);
  const account = account_of(ask, self);
  const [api, version, first, ...rest] = ask.parts;
  if (api !== 'api' || version !== 'v2') deny(404, 390404, 'Not found.');
  if (first === 'statements') return statements(self, ask, account, rest);
  if (first === 'cortex' && rest.join('/') === 'analyst/message') return analyst(self, ask, account);
  if (first === 'databases' && rest[1] === 'schemas' && rest[3] === 'cortex-search-services') return search_services(self, ask, account, [rest[0], rest[2], rest[4]]);
  return deny(404, 390404, 'Not found.');
}

await stand({
  name: 'snowflake', hosts: { snowflake }, errors, state: { statements: new Map() },
  settings: { polls: 0, partition_rows: 1000, statement_seconds: 0, analyst_ms: 0 },
});
