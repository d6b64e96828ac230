// check.mjs CONTROL-URL FILE=PROXY-URL…: sends each request that a stand-in has
// been asked through the Prism that has its description, and prints what that
// finds, a line each. Ends with 1 when it finds anything, or has nothing to do.
import { request as http } from 'node:http';

const [control, ...rest] = process.argv.slice(2);
const proxies = Object.fromEntries(rest.map((pair) => pair.split(/=(.*)/s)));

// Which description has the operation; null: the vendor publishes none that we
// have, and the stand-in alone checks it. What is not here is a mistake.
const DESCRIBED = [
  [/^\/v1\.0\/users\/[^/]+\/messages\/[^/]+\/attachments\/[^/]+\/\$value$/, null],
  [/^\/v1\.0\/users\/[^/]+\/mailFolders\/[^/]+\/childFolders$/, null],
  [/^\/v1\.0\/me\b/, null],
  [/^\/v1\.0\//, 'graph.yaml'],
  [/^\/[^/]+\/oauth2\/v2\.0\/token$/, null],
  [/^\/api\/v2\/statements/, 'snowflake-sqlapi.yaml'],
  [/^\/api\/v2\/databases\//, 'snowflake-cortex-search-service.yaml'],
  [/^\/api\/v2\/cortex\/analyst\//, 'snowflake-cortex-analyst.yaml'],
  [/^\/2\.0\/(internal_files|folders)\//, null],
  [/^\/(2\.0\/|oauth2\/token$)/, 'box.json'],
  [/^\/v1\/embeddings$/, null],
];

// Where a description contradicts its vendor: file, where, what.
const FALSE_ALARMS = [
  ['box.json', /^request\.query\.mdfilters/, /./],
  ['box.json', /^response\.body\.code/, /allowed values/],
  ['box.json', /^response(\.body)?$/, /media type ""|must be object/], // a 401 may have no body
  ['snowflake-sqlapi.yaml', /^response\.body\.statementStatusUrl/, /uri/],
  ['snowflake-sqlapi.yaml', /^response\.body\.resultSetMetaData\.rowType/, /integer/],
];

function ask(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((done, fail) => {
    const call = http(url, { method, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    call.on('error', fail);
    call.end(body);
  });
}

const json = async (url, options) => JSON.parse((await ask(url, options)).text);
const HOPS = ['host', 'connection', 'content-length', 'transfer-encoding', 'te', 'upgrade', 'http2-settings'];

function description(path) {
  const found = DESCRIBED.find(([pattern]) => pattern.test(path));
  return found ? found[1] : undefined;
}

async function again(one, file) {
  const headers = Object.fromEntries(Object.entries(one.headers).filter(([name]) => !HOPS.includes(name)));
  if (one.who) headers.authorization = `Bearer ${(await json(`${control}/_stand/token`, { method: 'POST', body: JSON.stringify({ who: one.who }) })).token}`;
  if (one.body) headers['content-length'] = Buffer.byteLength(one.body);
  return ask(`${proxies[file]}${one.path}${one.query && '?'}${one.query}`, { method: one.method, headers, body: one.body || undefined });
}

await ask(`${control}/_stand/fault`, { method: 'DELETE' });
const asked = await json(`${control}/_stand/asked`);
let sent = 0, bad = 0, undescribed = new Set();

for (const one of asked) {
  const file = description(one.path), where = `${one.method} ${one.path}`;
  if (one.host === 'download' || file === null) {
    undescribed.add(where.replace(/[^/]*[0-9=@][^/]*/g, '{}'));
    continue;
  }
  const answer = file ? await again(one, file) : { status: 404, headers: {} };
  sent++;
  const all = file ? JSON.parse(answer.headers['sl-violations'] ?? '[]') : [{ location: ['request'], message: 'no such operation' }];
  for (const { location, message } of all) {
    const place = location.join('.'), theirs = location[0] === 'request';
    if (theirs && file && answer.status >= 400) continue;
    if (FALSE_ALARMS.some(([name, at, what]) => name === file && at.test(place) && what.test(message))) continue;
    console.log(`${where}${one.query && '?'}${one.query} → ${answer.status}: ${place}: ${message}`);
    bad++;
  }
}
for (const where of [...undescribed].sort()) console.log(`# no description: ${where}`);
console.log(`# ${sent} requests through Prism, ${bad} violations`);
process.exitCode = bad || !sent ? 1 : 0;
