// What all vendor stand-ins are made of: HTTPS (HTTP/2 and 1.1) on loopback,
// a journal of what was asked, faults on demand, tokens, and a control port
// that a test speaks to. README.md says how it is used.
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { fault_answer, fault_kinds, never } from './faults.mjs';

const MOST_BODY = 4 << 20, MOST_JOURNAL = 50000, MOST_ASKED = 5000;

// An answer that is thrown, from however deep.
export class Refusal extends Error {
  constructor(answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

// answer(status, json, headers): what handlers return.
export const answer = (status, json, headers = {}) => ({ status, json, headers });

export const refuse = (status, json, headers) => {
  throw new Refusal(answer(status, json, headers));
};

// A tenant's world: t/vendors/data/NAME.json, with {"repeat": {"text", "times"}}
// written out, so that a very long text is a short line in the file.
export function world(name) {
  const text = readFileSync(new URL(`data/${name}.json`, import.meta.url), 'utf8');
  return JSON.parse(text, (key, value) => value?.repeat?.text ? value.repeat.text.repeat(value.repeat.times) : value);
}

// Numbers and words that look random and are the same in every run.
export const digest = (text) => createHash('sha256').update(text).digest();
export const uuid_of = (text) => digest(text).toString('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, '$1-$2-4$3-8$4-$5');

// What a function makes of a long text is made once: the worlds do not change,
// and a bench asks often.
function remembering(make) {
  const made = new Map();
  return (text, ...rest) => {
    if (String(text).length < 200) return make(text, ...rest);
    const of_rest = made.get(rest.join()) ?? made.set(rest.join(), new Map()).get(rest.join());
    if (!of_rest.has(text) && of_rest.size < 2000) of_rest.set(text, make(text, ...rest));
    return of_rest.get(text) ?? make(text, ...rest);
  };
}

export const words = remembering((text) => String(text ?? '').normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
export const word_set = remembering((text) => new Set(words(text)));

// A direction for each word, added up: texts that share words are near.
export const vector = remembering((text, dimensions = 256, same = {}) => {
  const sum = new Float64Array(dimensions);
  for (const word of words(text)) {
    const bytes = digest(same[word] ?? word);
    for (let i = 0; i < 8; i++) {
      sum[bytes.readUInt16LE(i * 2) % dimensions] += bytes[16 + i] & 1 ? 1 : -1;
    }
  }
  const length = Math.hypot(...sum) || 1;
  return Array.from(sum, (part) => part / length);
});

export const nearness = (a, b) => a.reduce((sum, part, i) => sum + part * b[i], 0);

// Access tokens: issued to somebody, good for a while, and revocable at once.
export class Tokens {
  #issued = new Map();
  // form: what is made of the random part.
  issue(who, seconds, form = (random) => random) {
    const token = form(randomBytes(24).toString('base64url'));
    this.#issued.set(token, { who, ends: Date.now() + seconds * 1000 });
    return token;
  }
  who(token) {
    const found = this.#issued.get(token);
    return found && found.ends > Date.now() ? found.who : null;
  }
  revoke() {
    this.#issued.clear();
  }
}

export const bearer = (ask) => /^Bearer ([!-~]+)$/.exec(ask.headers.authorization ?? '')?.[1];

// The form of a token request; anything else has no fields.
export function form(ask) {
  const type = (ask.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  return new URLSearchParams(type === 'application/x-www-form-urlencoded' ? ask.body : '');
}

export function json_body(ask, wrong) {
  try {
    const value = JSON.parse(ask.body);
    if (value && typeof value === 'object' && !Array.isArray(value)) {
      return value;
    }
  } catch { /* said below */ }
  return wrong();
}

async function read_body(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= MOST_BODY) parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/* stand({name, hosts, errors, settings, state, place, commands})
 *
 * hosts     {NAME: async (ask, stand) => answer}, a TLS port each
 * errors    (status, what, host) => {json, headers}: the vendor's body
 * place     (ask, stand) => who shares a limit of requests at once
 * settings  what a test may set, with its value at the start
 * commands  {'METHOD word': (body) => value}, more for the control port
 * state     Maps that the handlers keep in `stand`
 *
 * An `ask` has method, path, parts (decoded), query (URLSearchParams), headers,
 * origin (the address as the client wrote it: links in answers begin with it), body, host, at_once (open requests of its place) and signal (aborted when
 * the client has gone). */
export async function stand({ name, hosts, errors, settings = {}, state = {}, place = bearer, commands: own = {} }) {
  const [folder, control_port = '0', ...ports] = process.argv.slice(2);
  const self = {
    folder, urls: {}, tokens: new Tokens(), gone: new Set(), faults: [], journal: [],
    settings: { delay: 0, ...settings }, open: new Map(), highest: {}, connections: 0, began: Date.now(),
    seen: new Set(), refused: new Set(), asked: new Map(), ...state,
  };
  const first = structuredClone(self.settings);
  const certificate = (which) => ({
    key: readFileSync(`${folder}/${which}.key`), cert: readFileSync(`${folder}/${which}.crt`),
  });
  const servers = [];

  // Takes a place; gives what leaves it. The answer's last byte ends a request,
  // since its client may send the next one when it sees that.
  function enter(key) {
    let inside = true;
    self.open.set(key, (self.open.get(key) ?? 0) + 1);
    self.highest[key] = Math.max(self.highest[key] ?? 0, self.open.get(key));
    return () => {
      if (inside) self.open.set(key, self.open.get(key) - 1);
      inside = false;
    };
  }

  async function serve(host, request, response) {
    const socket = request.stream?.session?.socket ?? request.socket;
    const target = new URL(request.url, `https://${request.headers[':authority'] ?? request.headers.host ?? 'none'}`);
    const gone = new AbortController();
    const entry = {
      n: self.journal.length + 1, at: Date.now() - self.began, host, http: request.httpVersion,
      connection: connection_of(socket), method: request.method, path: request.url.split('?')[0],
      query: target.search.slice(1),
      headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k === ':authority' ? 'host' : k, v]).filter(([k]) => k[0] !== ':')),
    };
    if (self.journal.length < MOST_JOURNAL) self.journal.push(entry);
    // A stream of HTTP/2 that its client resets is finished, too.
    response.on('finish', () => { if (response.writableEnded) entry.status = response.statusCode; });
    response.on('close', () => {
      entry.ended = Date.now() - self.began;
      if (entry.status === undefined) {
        entry.gone = true;
        gone.abort();
      }
    });
    const ask = {
      host, method: entry.method, path: entry.path, query: target.searchParams, raw_query: entry.query,
      headers: entry.headers, origin: `https://${target.host}`, signal: gone.signal,
    };
    const key = place(ask, self) ?? 'none';
    self.seen.add(bearer(ask));
    ask.leave = enter(key);
    ask.at_once = self.open.get(key);
    response.on('close', ask.leave);
    try {
      ask.body = entry.body = await read_body(request);
      keep(ask);
      await reply(ask, request, response);
    } catch (error) {
      if (error.name !== 'AbortError' && !gone.signal.aborted) {
        console.error(`${entry.method} ${entry.path}:`, error);
        if (!response.headersSent) response.writeHead(500).end();
      }
    }
  }

  // Each different request once, for whoever wants to see them all at the end.
  function keep({ host, method, path, raw_query: query, headers, body }) {
    const who = self.tokens.who(bearer({ headers })), key = JSON.stringify([method, path, query, body, who]);
    if (self.asked.size < MOST_ASKED) self.asked.set(key, { host, method, path, query, headers, body, who });
  }

  async function reply(ask, request, response) {
    const fault = self.faults.find((one) => one.wanted(ask, self));
    if (fault?.kind === 'hang') return never(ask.signal);
    const pause = self.settings.delay + (fault?.kind === 'slow' ? fault.ms ?? 1000 : 0);
    if (pause) await wait(pause, null, { signal: ask.signal });
    const right = fault?.kind === 'status' ? null : await answer_of(ask);
    if (fault && fault.kind !== 'slow') {
      return fault_answer(fault, right, request, response, (status, what) => errors(status, what, ask.host));
    }
    ask.leave();
    send(response, right, ask.method);
  }

  async function answer_of(ask) {
    try {
      ask.parts = ask.path.slice(1).split('/').map(decodeURIComponent);
    } catch {
      return { status: 400, ...errors(400, undefined, ask.host) };
    }
    try {
      return await hosts[ask.host](ask, self);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  function connection_of(socket) {
    socket.stand_number ??= ++self.connections;
    return socket.stand_number;
  }

  function listen(host, port) {
    const server = createSecureServer({
      ...certificate('good'), allowHTTP1: true, maxSendHeaderBlockLength: 4 << 20,
    }, (request, response) => serve(host, request, response));
    server.sockets = new Set();
    server.on('connection', (socket) => {
      server.sockets.add(socket);
      socket.on('close', () => server.sockets.delete(socket));
    });
    server.on('tlsClientError', () => {});
    server.on('sessionError', () => {});
    server.on('error', end);
    servers.push(server);
    return new Promise((done) => server.listen(Number(port ?? 0), '127.0.0.1', () => {
      self.urls[host] = `https://127.0.0.1:${server.address().port}`;
      done();
    }));
  }

  // New connections get that certificate; there are no old ones any more.
  function show(which) {
    for (const server of servers) {
      server.setSecureContext(certificate(which));
      for (const socket of server.sockets) socket.destroy();
    }
  }

  function add_fault(body) {
    const { match = '.*', times = 1, after = 0, who } = body;
    const pattern = new RegExp(`^(?:${match})`);
    let seen = 0;
    if (!fault_kinds.includes(body.kind)) throw new TypeError(`no such fault: ${body.kind}`);
    if (body.kind === 'certificate') return show(body.which ?? 'unknown');
    self.faults.push({
      ...body,
      wanted(ask) {
        if (!pattern.test(`${ask.method} ${ask.path}${ask.raw_query && '?'}${ask.raw_query}`)) return false;
        if (who && !JSON.stringify(self.tokens.who(bearer(ask)) ?? bearer(ask) ?? '').includes(who)) return false;
        seen++;
        return seen > after && (times === 0 || seen <= after + times);
      },
    });
  }

  function end_faults() {
    self.faults = [];
    show('good');
  }

  // Tokens that were issued die, and so do others that have been shown.
  function revoke() {
    self.tokens.revoke();
    self.refused = new Set(self.seen);
  }

  const commands = {
    ...own,
    'GET journal': () => self.journal,
    'DELETE journal': () => void (self.journal = [], self.highest = {}),
    'GET asked': () => [...self.asked.values()],
    'POST token': (body) => ({ token: self.tokens.issue(body.who, 3600) }),
    'POST fault': add_fault,
    'DELETE fault': end_faults,
    'GET state': () => ({
      urls: self.urls, settings: self.settings, highest: self.highest, gone: [...self.gone],
      most_at_once: Math.max(0, ...Object.values(self.highest)),
      open: [...self.open.values()].reduce((a, b) => a + b, 0), connections: self.connections,
      requests: self.journal.length,
    }),
    'POST set': (body) => {
      const odd = Object.keys(body).filter((key) => !(key in first));
      if (odd.length) throw new TypeError(`no such setting: ${odd}`);
      Object.assign(self.settings, body);
    },
    'POST revoke': revoke,
    'POST forget': (body) => void self.gone.add(String(body.id)),
    'POST reset': () => {
      end_faults();
      self.tokens.revoke();
      self.seen.clear();
      self.refused.clear();
      self.gone.clear();
      for (const kept of Object.values(state)) kept.clear();
      self.journal = [];
      self.highest = {};
      Object.assign(self.settings, first);
    },
  };

  const controller = createServer(async (request, response) => {
    const command = commands[`${request.method} ${request.url.replace(/^\/_stand\//, '')}`];
    const say = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? {}) + '\n');
    if (!command) return say(404, { error: 'no such command' });
    try {
      const body = await read_body(request);
      say(200, command(body ? JSON.parse(body) : {}));
    } catch (error) {
      say(400, { error: error.message });
    }
  });

  // A port that is taken ends it, and so does a test that ended without us.
  const end = (error) => {
    console.error(`error: ${error.message}`);
    process.exit(1);
  };
  controller.on('error', end);
  for (const [i, host] of Object.keys(hosts).entries()) {
    await listen(host, ports[i]);
  }
  await new Promise((done) => controller.listen(Number(control_port), '127.0.0.1', done));
  self.urls.control = `http://127.0.0.1:${controller.address().port}`;
  setInterval(() => existsSync(`${folder}/${name}.ready`) || process.exit(0), 2000).unref();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
  // Whole or not at all: a test waits for this file.
  writeFileSync(`${folder}/${name}.new`, JSON.stringify(self.urls) + '\n');
  renameSync(`${folder}/${name}.new`, `${folder}/${name}.ready`);
  return self;
}

function send(response, right, method) {
  const { status, headers = {}, json, bytes } = right;
  const body = json === undefined ? Buffer.from(bytes ?? '') : Buffer.from(JSON.stringify(json));
  const type = json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, 'content-length': body.length, ...headers });
  response.end(method === 'HEAD' ? undefined : body);
}

export const key_file = (folder, name) => existsSync(`${folder}/${name}`) ? readFileSync(`${folder}/${name}`, 'utf8') : null;
export const request_id = () => randomUUID();
