// The stand-ins themselves: right answers, refusals, faults. VENDORS names the
// folder that vendors_start was given.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { afterEach, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

const folder = process.env.VENDORS;
const ca = readFileSync(`${folder}/ca.crt`);
const urls = Object.fromEntries(['graph', 'snowflake', 'box', 'openai'].map((name) => [name, JSON.parse(readFileSync(`${folder}/${name}.ready`))]));

// ask(URL, {method, headers, body}) → {status, headers, bytes, text, json}
function ask(url, { method = 'GET', headers = {}, body, most = 1 << 22 } = {}) {
  return new Promise((done, fail) => {
    const call = (url.startsWith('https') ? https : http)(url, { method, headers, ca, agent: false }, (answer) => {
      const parts = [];
      let size = 0;
      answer.on('data', (part) => {
        parts.push(part);
        size += part.length;
        if (size > most) answer.destroy(new Error('too much'));
      });
      answer.on('error', fail);
      answer.on('end', () => {
        const bytes = Buffer.concat(parts), text = bytes.toString();
        done({ status: answer.statusCode, headers: answer.headers, bytes, text, get json() { return JSON.parse(text); } });
      });
    });
    call.on('error', fail);
    call.end(body);
  });
}

const control = async (name, method, path, body) => {
  const answer = await ask(`${urls[name].control}/_stand/${path}`, { method, body: body && JSON.stringify(body) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const fault = (name, body) => control(name, 'POST', 'fault', body);
const form = (fields) => ({ method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString() });
const post = (headers, body) => ({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

afterEach(() => Promise.all(Object.keys(urls).map((name) => control(name, 'POST', 'reset'))));

const app = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default', client_id: '0c5a9f6e-1111-4a4a-8b8b-aaaaaaaaaa01', client_secret: 'harbour~secret+with/odd=signs&%' };
const meadow_app = { ...app, client_id: '0c5a9f6e-2222-4a4a-8b8b-bbbbbbbbbb01', client_secret: 'meadow-secret' };
const login = (tenant, fields) => ask(`${urls.graph.login}/${tenant}/oauth2/v2.0/token`, form(fields));
const graph_headers = async (tenant = 'harbour.example', fields = app) => ({ authorization: `Bearer ${(await login(tenant, fields)).json.access_token}`, prefer: 'IdType="ImmutableId", outlook.body-content-type="text"' });
const mails = (headers, query, user = 'ann@harbour.example') => ask(`${urls.graph.graph}/v1.0/users/${user}/messages?${query}`, { headers });
const search = (words) => `$search=${encodeURIComponent(`"${words.replace(/[\\"]/g, '\\$&')}"`)}&$select=id,subject`;
const subjects = (answer) => answer.json.value.map((mail) => mail.subject);

test('login: a token for the right secret, and its own refusal for every mistake', async () => {
  assert.equal((await login('harbour.example', app)).json.expires_in, 3599);
  const refusal = async (tenant, fields) => {
    const { status, json } = await login(tenant, { ...app, ...fields });
    return [status, json.error, json.error_codes[0]];
  };
  assert.deepEqual(await refusal('nowhere.example'), [400, 'invalid_request', 90002]);
  assert.deepEqual(await refusal('meadow.example'), [400, 'unauthorized_client', 700016]);
  assert.deepEqual(await refusal('harbour.example', { client_secret: 'x' }), [401, 'invalid_client', 7000215]);
  assert.deepEqual(await refusal('harbour.example', { scope: 'Mail.Read' }), [400, 'invalid_scope', 70011]);
  assert.deepEqual(await refusal('harbour.example', { client_id: '0c5a9f6e-1111-4a4a-8b8b-aaaaaaaaaa03', client_secret: 'expired-secret' }), [401, 'invalid_client', 7000222]);
});

test('graph: search finds by words, phrases, properties, dates; and pages', async () => {
  const headers = await graph_headers();
  assert.deepEqual(subjects(await mails(headers, search('"lease" "landlord"'))), ['Renewal of the Harbour lease']);
  assert.deepEqual(subjects(await mails(headers, search('from:zoe AND (otter OR crane)'))), ['Otter survey']);
  assert.deepEqual(subjects(await mails(headers, search('invoice received:07/01/2026..07/31/2026'))), ['Invoice 2026-0711']);
  assert.deepEqual(subjects(await mails(headers, search('zzzz'))), []);
  const first = await mails(headers, `${search('invoice')}&$top=2`);
  const next = await ask(first.json['@odata.nextLink'], { headers });
  assert.deepEqual([...subjects(first), ...subjects(next)], ['Reminder: invoice 2026-0711', 'Invoice 2026-0811', 'Invoice 2026-0711']);
  assert.equal(next.json['@odata.nextLink'], undefined);
  assert.equal((await ask(first.json['@odata.nextLink'].replace('top=2', 'top=1'), { headers })).status, 400);
});

test('graph: what the vendor refuses is refused', async () => {
  const headers = await graph_headers(), code = async (query) => (await mails(headers, query)).json.error.code;
  assert.equal(await code('$search=lease:x'), 'BadRequest');
  assert.equal(await code('$search=%22a%22b%22'), 'BadRequest');
  assert.equal(await code('$search=%22AND%22'), 'BadRequest');
  assert.equal(await code('$search=%22a%22&$orderby=subject'), 'SearchWithOrderBy');
  assert.equal(await code('$select=id,nope'), 'RequestBroker-ParseUri');
  assert.equal(await code('$top=1001'), 'BadRequest');
  assert.equal(await code('$filter=isRead%20eq%20false&$orderby=receivedDateTime'), 'InefficientFilter');
  assert.equal((await mails({}, search('a'))).json.error.code, 'InvalidAuthenticationToken');
  assert.equal((await mails(headers, search('a'), 'mia@meadow.example')).json.error.code, 'ErrorInvalidUser');
  assert.equal((await mails(headers, search('a'), 'onprem@harbour.example')).json.error.code, 'MailboxNotEnabledForRESTAPI');
  const powerless = await graph_headers('harbour.example', { ...app, client_id: '0c5a9f6e-1111-4a4a-8b8b-aaaaaaaaaa02', client_secret: 'no-consent' });
  assert.equal((await mails(powerless, search('a'))).status, 403);
});

test('graph: a mail, its text and its attachments; ids of one tenant are nothing to the other', async () => {
  const headers = await graph_headers(), other = await graph_headers('meadow.example', meadow_app);
  const { id } = (await mails(headers, search('landlord'))).json.value[0];
  const url = (user) => `${urls.graph.graph}/v1.0/users/${user}/messages/${encodeURIComponent(id)}`;
  const one = await ask(`${url('ann@harbour.example')}?$select=subject,body&$expand=attachments($select=id,name,contentType,size,isInline)`, { headers });
  assert.equal(one.headers['preference-applied'], 'IdType="ImmutableId", outlook.body-content-type="text"');
  assert.match(one.json.body.content, /three more years/);
  const [pdf, notes, , , cloud] = one.json.attachments;
  assert.equal(pdf.contentBytes, undefined);
  const value = (attachment) => ask(`${url('ann@harbour.example')}/attachments/${encodeURIComponent(attachment.id)}/$value`, { headers });
  assert.match((await value(notes)).text, /4,200/);
  assert.equal((await value(cloud)).status, 405);
  assert.equal((await ask(url('mia@meadow.example'), { headers: other })).json.error.code, 'ErrorInvalidIdMalformed');
  assert.equal((await ask(url('ann@harbour.example'), { headers: { authorization: headers.authorization } })).status, 400, 'an immutable id without the header');
  await control('graph', 'POST', 'forget', { id: 'lease-renewal' });
  assert.equal((await ask(url('ann@harbour.example'), { headers })).json.error.code, 'ErrorItemNotFound');
});

test('graph: the fifth request at once for a mailbox is refused, and the peak is known', async () => {
  const headers = await graph_headers();
  await control('graph', 'POST', 'set', { delay: 300 });
  const five = await Promise.all([1, 2, 3, 4, 5].map(() => mails(headers, search('lease'))));
  assert.deepEqual(five.map(({ status }) => status).sort(), [200, 200, 200, 200, 429]);
  assert.equal(five.find(({ status }) => status === 429).headers['retry-after'], '1');
  assert.equal((await control('graph', 'GET', 'state')).most_at_once, 5);
});

const pat = { authorization: 'Bearer pat-harbour-0001', accept: 'application/json', 'user-agent': 'test', 'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN' };
const sql = (statement, more, headers = pat, query = '') => ask(`${urls.snowflake.snowflake}/api/v2/statements${query}`, post(headers, { statement, ...more }));

test('snowflake: rows as strings, bindings, the catalogue, and codes for failures', async () => {
  const rows = await sql('SELECT month, revenue, loaded_at FROM sales.mart.revenue WHERE region = ?', { bindings: { 1: { type: 'TEXT', value: 'North' } } });
  assert.deepEqual(rows.json.data, [['20635', '120345.50', '1789372800.000000000 1560']]);
  assert.equal(rows.json.resultSetMetaData.rowType[1].type, 'fixed');
  const tables = await sql("SELECT table_name FROM SALES.INFORMATION_SCHEMA.TABLES WHERE table_name ILIKE '%cust%' ORDER BY 1");
  assert.deepEqual(tables.json.data, [['CUSTOMERS'], ['TOP_CUSTOMERS']]);
  for (const [statement, status, code] of [['selec', 422, '001003'], ['SELECT * FROM a.b.c', 422, '002003'], ['SELECT 1; SELECT 2', 422, '000008'], ['DROP TABLE x', 422, '003001'], ['BEGIN', 422, '391911'], ['', 400, '000900']]) {
    const failed = await sql(statement);
    assert.deepEqual([failed.status, failed.json.code], [status, code], statement);
  }
  assert.equal((await sql('SELECT 1', { role: 'ACCOUNTADMIN' })).json.code, '390186');
  assert.equal((await sql('SELECT ?', { bindings: { 1: { type: 'FIXED', value: 1 } } })).status, 400);
});

test('snowflake: headers and credentials are demanded', async () => {
  const without = (name) => Object.fromEntries(Object.entries(pat).filter(([key]) => key !== name));
  assert.equal((await sql('SELECT 1', {}, without('accept'))).json.code, '391902');
  assert.equal((await sql('SELECT 1', {}, without('user-agent'))).status, 400);
  assert.equal((await sql('SELECT 1', {}, without('authorization'))).status, 401);
  assert.equal((await sql('SELECT 1', {}, { ...pat, 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT' })).status, 401);
  const key = readFileSync(`${folder}/snowflake-harbour.key`), now = Math.floor(Date.now() / 1000);
  const print = createHash('sha256').update(createPublicKey(key).export({ type: 'spki', format: 'der' })).digest('base64');
  const jwt = (user, life) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: `${user}.SHA256:${print}`, sub: user, iat: now - 5, exp: now - 5 + life })}`;
    return { ...pat, 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT', authorization: `Bearer ${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}` };
  };
  assert.equal((await sql('SELECT 1', {}, jwt('HARBOUR-MAIN.GATEHOUSE', 3600))).status, 200);
  assert.equal((await sql('SELECT 1', {}, jwt('harbour-main.gatehouse', 3600))).json.code, '390144');
  assert.equal((await sql('SELECT 1', {}, jwt('HARBOUR-MAIN.GATEHOUSE', 7200))).json.code, '390144');
});

test('snowflake: running statements are polled, further partitions come packed', async () => {
  await control('snowflake', 'POST', 'set', { polls: 1 });
  const running = await sql('SELECT * FROM sales.raw.events ORDER BY n');
  assert.deepEqual([running.status, running.json.code], [202, '333334']);
  const url = `${urls.snowflake.snowflake}/api/v2/statements/${running.json.statementHandle}`;
  const whole = await ask(url, { headers: pat });
  assert.deepEqual(whole.json.resultSetMetaData.partitionInfo.map((one) => one.rowCount), [1000, 1000, 500]);
  const last = await ask(`${url}?partition=2`, { headers: pat });
  assert.equal(last.headers['content-encoding'], 'gzip');
  assert.deepEqual(JSON.parse(gunzipSync(last.bytes)).data.at(-1), ['2500', 'event 2500']);
  assert.equal((await ask(`${url}?partition=3`, { headers: pat })).json.code, '391922');
  assert.equal((await ask(url, { headers: { ...pat, authorization: 'Bearer pat-meadow-0001' } })).json.code, '000709');
});

test('snowflake: Cortex Search and Analyst', async () => {
  const service = `${urls.snowflake.snowflake}/api/v2/databases/HELP/schemas/PUBLIC/cortex-search-services/DOCS`;
  const query = (body) => ask(`${service}:query`, post(pat, body));
  assert.equal((await query({ query: 'lease landlord', columns: ['DOC_ID'] })).json.results[0].DOC_ID, 'kb-050');
  assert.deepEqual((await query({ query: 'x', columns: ['DOC_ID'], filter: { '@eq': { DOC_ID: 'kb-042' } } })).json.results.map((row) => row.DOC_ID), ['kb-042']);
  for (const body of [{}, { query: 'x', columns: ['NOPE'] }, { query: 'x', limit: 1001 }, { query: 'x', filter: { '@eq': { BODY: 'a' } } }, { query: 'x', filter: { '@like': { LANG: 'a' } } }]) {
    assert.equal((await query(body)).status, 400);
  }
  assert.equal((await ask(service, { headers: pat })).json.search_column, 'BODY');
  const analyst = (text, more) => ask(`${urls.snowflake.snowflake}/api/v2/cortex/analyst/message`, post(pat, { messages: [{ role: 'user', content: [{ type: 'text', text }] }], ...more }));
  const right = await analyst('What was the revenue by region?', { semantic_model_file: '@SALES.MART.MODELS/revenue.yaml' });
  const { statement } = right.json.message.content[1];
  assert.equal((await sql(statement)).json.data.length, 4);
  assert.equal((await analyst('x')).status, 400);
  assert.equal((await analyst('x', { semantic_view: '@SALES.MART.MODELS/revenue.yaml' })).status, 400);
});

const box_app = { grant_type: 'client_credentials', client_id: 'boxclientharbour0000000000000001', client_secret: 'box-harbour-secret+/=&', box_subject_type: 'enterprise', box_subject_id: '900100' };
const box_login = (fields) => ask(`${urls.box.box}/oauth2/token`, form({ ...box_app, ...fields }));
const box_headers = async (fields) => ({ authorization: `Bearer ${(await box_login(fields)).json.access_token}` });
const box = (headers, path) => ask(`${urls.box.box}/2.0/${path}`, { headers });

test('box: tokens, search and its filters, and views of people', async () => {
  assert.equal((await box_login({ client_secret: 'x' })).json.error, 'invalid_grant');
  assert.equal((await box_login({ box_subject_id: '900200' })).json.error, 'invalid_grant');
  assert.equal((await box_login({ box_subject_type: '' })).status, 400);
  const headers = await box_headers(), names = async (query, who = headers) => (await box(who, `search?type=file&fields=name&${query}`)).json.entries.map((file) => file.name);
  assert.deepEqual(await names('query=landlord'), ['Harbour lease 2027.pdf']);
  assert.deepEqual(await names('query=lease%20AND%20notes'), ['Lease notes.txt']);
  assert.deepEqual(await names('query=lease&file_extensions=pdf'), ['Harbour lease 2027.pdf']);
  assert.deepEqual(await names('query=lease&ancestor_folder_ids=280133207713'), ['Lease notes.txt']);
  assert.deepEqual(await names('query=lease&updated_at_range=2026-09-13T00:00:00Z,'), ['Harbour lease 2027.pdf']);
  assert.deepEqual(await names('query=lease', await box_headers({ box_subject_type: 'user', box_subject_id: '11446499' })), []);
  const found = async (query) => (await names(`query=${encodeURIComponent(query)}`)).sort();
  assert.deepEqual(await found('deposit OR otters AND pier'), ['otter survey.mp4'], 'OR binds closer than AND');
  assert.deepEqual(await found('(deposit AND notes) OR pier'), ['Lease notes.txt', 'otter survey.mp4']);
  assert.deepEqual(await found('lease AND NOT "three more years"'), ['Lease notes.txt'], 'NOT binds closest');
  assert.deepEqual(await found('name:lease AND contents:landlord'), ['Harbour lease 2027.pdf']);
  for (const [query, status] of [['', 400], ['query=x&limit=201', 400], ['query=x&offset=10001', 400], ['query=x&scope=enterprise_content', 403], ['query=x&ancestor_folder_ids=1', 404], ['query=%22x', 400]]) {
    assert.equal((await box(headers, `search?${query}`)).status, status, query);
  }
  assert.equal((await box(headers, 'users/me')).json.id, '99887766');
  assert.equal((await box(headers, 'folders/0/items')).json.entries[0].type, 'folder');
  assert.equal((await box({}, 'users/me')).text, '');
});

test('box: a text is made when asked for, and downloads come from elsewhere', async () => {
  const headers = await box_headers(), hinted = { ...headers, 'x-rep-hints': '[extracted_text]' };
  const entry = async (id) => (await box(hinted, `files/${id}?fields=representations`)).json.representations.entries[0];
  const { info, content, status } = await entry('1700304852233');
  assert.equal(status.state, 'none');
  assert.equal((await ask(info.url, { headers })).json.status.state, 'pending');
  assert.equal((await ask(info.url, { headers })).json.status.state, 'success');
  const url = content.url_template.replace('{+asset_path}', '');
  assert.match((await ask(url, { headers })).text, /10,400/);
  assert.equal((await ask(url)).status, 401);
  assert.equal(await entry('1700304852236'), undefined);
  const moved = await box(headers, 'files/1700304852242/content');
  assert.equal(moved.status, 302);
  assert.match((await ask(moved.headers.location)).text, /2027,1200/);
  assert.equal((await ask(moved.headers.location, { headers })).status, 400, 'the token is not for that host');
  assert.equal((await box(headers, 'files/1800304852231')).status, 404, 'a file of the other enterprise');
  assert.equal((await box(headers, 'files/abc')).status, 405);
});

test('openai: texts that share words are near', async () => {
  const embed = (input, more) => ask(`${urls.openai.openai}/v1/embeddings`, post({ authorization: 'Bearer sk-stand-harbour-0001' }, { model: 'text-embedding-3-small', input, ...more }));
  const [a, b, c] = (await embed(['harbour lease', 'the lease of a harbour', 'otters eat fish'])).json.data.map((one) => one.embedding);
  const dot = (x, y) => x.reduce((sum, part, i) => sum + part * y[i], 0);
  assert.equal(a.length, 1536);
  assert.ok(dot(a, b) > dot(a, c) + 0.2);
  assert.equal((await embed([])).status, 400);
  assert.equal((await embed('x', { model: 'nope' })).json.error.code, 'model_not_found');
  assert.equal(Buffer.from((await embed('x', { encoding_format: 'base64', dimensions: 8 })).json.data[0].embedding, 'base64').length, 32);
});

test('faults: each kind does what it says, as often as it was told', async () => {
  const headers = await box_headers(), me = () => box(headers, 'users/me');
  await fault('box', { match: 'GET /2.0/users', times: 2, after: 1, kind: 'status', status: 429, headers: { 'Retry-After': '2' } });
  const four = [await me(), await me(), await me(), await me()];
  assert.deepEqual(four.map(({ status }) => status), [200, 429, 429, 200]);
  assert.deepEqual([four[1].headers['retry-after'], four[1].json.code], ['2', 'rate_limit_exceeded']);
  const once = async (body, more) => {
    await fault('box', { match: 'GET /2.0/users', ...body });
    return box(headers, 'users/me', more);
  };
  const broken = await once({ kind: 'broken' });
  assert.throws(() => broken.json, SyntaxError);
  assert.equal((await once({ kind: 'type' })).headers['content-type'], 'text/html');
  assert.equal((await once({ kind: 'redirect', location: 'http://10.0.0.1/' })).headers.location, 'http://10.0.0.1/');
  await assert.rejects(once({ kind: 'close' }));
  await assert.rejects(once({ kind: 'reset' }));
  await assert.rejects(once({ kind: 'endless' }), /too much/);
  assert.equal((await once({ kind: 'huge', size: 1 << 20 })).json.filler.length, 1 << 20);
  const bomb = await once({ kind: 'bomb', size: 1 << 24 });
  assert.ok(bomb.bytes.length < 1 << 16 && gunzipSync(bomb.bytes).length > 1 << 24);
  assert.equal((await me()).status, 200);
  await control('box', 'POST', 'revoke');
  assert.equal((await me()).status, 401);
});

test('faults: a wrong certificate is shown to new connections until faults end', async () => {
  for (const [which, code] of [['unknown', /unable to verify|self-signed|issuer/], ['expired', /expired/], ['name', /altnames|does not match/]]) {
    await fault('openai', { kind: 'certificate', which });
    await assert.rejects(ask(`${urls.openai.openai}/v1/embeddings`), code, which);
  }
  await control('openai', 'DELETE', 'fault');
  assert.equal((await ask(`${urls.openai.openai}/v1/embeddings`)).status, 401);
});

test('faults: one tenant alone can be hit; a client that leaves is seen to leave', async () => {
  const ours = await box_headers(), theirs = await box_headers({ client_id: 'boxclientmeadow00000000000000001', client_secret: 'box-meadow-secret', box_subject_id: '900200' });
  await fault('box', { match: 'GET /2.0/users', times: 0, who: 'meadow', kind: 'status', status: 503 });
  assert.equal((await box(ours, 'users/me')).status, 200);
  assert.equal((await box(theirs, 'users/me')).status, 503);
  await fault('box', { match: 'GET /2.0/search', kind: 'hang' });
  const call = https(`${urls.box.box}/2.0/search?query=x`, { headers: ours, ca, agent: false });
  call.on('error', () => {});
  call.end();
  const entry = async () => (await control('box', 'GET', 'journal')).find((one) => one.path === '/2.0/search');
  while (!await entry()) await new Promise((done) => setTimeout(done, 10));
  call.destroy();
  while (!(await entry()).gone) await new Promise((done) => setTimeout(done, 10));
  await control('box', 'DELETE', 'journal');
  await fault('box', { match: 'GET /2.0/search', kind: 'hang' });
  const session = connect(urls.box.box, { ca }), stream = session.request({ ':path': '/2.0/search?query=x', ...ours }).on('error', () => {});
  stream.end();
  while (!await entry()) await new Promise((done) => setTimeout(done, 10));
  stream.close(8);
  while (!(await entry()).gone) await new Promise((done) => setTimeout(done, 10));
  assert.equal((await entry()).status, undefined);
  session.close();
});

test('links lead to the host that the client has asked, whatever its name', async () => {
  const headers = { ...await box_headers(), host: 'api.box.com', 'x-rep-hints': '[extracted_text]' };
  const [{ info, content }] = (await box(headers, 'files/1700304852231?fields=representations')).json.representations.entries;
  assert.match(info.url, /^https:\/\/api\.box\.com\/2\.0\//);
  assert.match(content.url_template, /^https:\/\/dl\.boxcloud\.com\/api\//);
  const page = await mails({ ...await graph_headers(), host: 'graph.microsoft.us' }, '$top=1&$select=id');
  assert.match(page.json['@odata.nextLink'], /^https:\/\/graph\.microsoft\.us\/v1\.0\//);
  const on = async (host) => (await sql('SELECT 1', {}, { ...pat, host })).status;
  assert.deepEqual([await on('harbour-main.snowflakecomputing.com'), await on('meadow-farm.snowflakecomputing.com')], [200, 401]);
});

test('HTTP/2 is spoken, and the journal tells it', async () => {
  const session = connect(urls.openai.openai, { ca });
  await new Promise((done) => session.request({ ':path': '/v1/models', 'x-mark': 'two' }).on('response', (headers) => done(assert.equal(headers[':status'], 401))).end());
  session.close();
  const [entry] = await control('openai', 'GET', 'journal');
  assert.deepEqual([entry.http, entry.headers['x-mark'], entry.status], ['2.0', 'two', 401]);
});
