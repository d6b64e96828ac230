// Checks recorded requests and answers against the schemas of the protocol.
// validate.mjs SCHEMAS FOLDER: FOLDER holds NAME.request.json, NAME.answer (the
// body as it came, JSON or an event stream) and NAME.revision.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const [schemas, folder] = process.argv.slice(2);

// 2025-03-26 has no schema of its own: a subset of the next one.
const places = {
  '2025-03-26': ['2025-06-18', 'definitions', Ajv],
  '2025-06-18': ['2025-06-18', 'definitions', Ajv],
  '2025-11-25': ['2025-11-25', '$defs', Ajv2020],
  '2026-07-28': ['2026-07-28', '$defs', Ajv2020],
};

const results = {
  'server/discover': 'DiscoverResult',
  initialize: 'InitializeResult',
  ping: 'EmptyResult',
  'logging/setLevel': 'EmptyResult',
  'resources/subscribe': 'EmptyResult',
  'resources/unsubscribe': 'EmptyResult',
  'tools/list': 'ListToolsResult',
  'tools/call': 'CallToolResult',
  'resources/list': 'ListResourcesResult',
  'resources/templates/list': 'ListResourceTemplatesResult',
  'resources/read': 'ReadResourceResult',
  'prompts/list': 'ListPromptsResult',
  'prompts/get': 'GetPromptResult',
  'completion/complete': 'CompleteResult',
};

const notifications = {
  'notifications/progress': 'ProgressNotification',
  'notifications/message': 'LoggingMessageNotification',
};

const errors = {
  '-32020': 'HeaderMismatchError',
  '-32021': 'MissingRequiredClientCapabilityError',
  '-32022': 'UnsupportedProtocolVersionError',
};

const compiled = {};
const bookOf = (revision) => {
  const [file, root, Kind] = places[revision];
  if (!compiled[file]) {
    const ajv = new Kind({ strict: false, allErrors: true });
    formats(ajv);
    const schema = JSON.parse(readFileSync(join(schemas, file, 'schema.json'), 'utf8'));
    ajv.addSchema(schema, file);
    compiled[file] = (name) => ajv.getSchema(`${file}#/${root}/${name}`);
  }
  return compiled[file];
};

// The messages of a body: one, an array of them, or the events of a stream.
const messagesOf = (body) => {
  if (!body.trim()) return [];
  if (!/^(data|event|id|retry|:)/m.test(body) || body.trimStart().startsWith('{') || body.trimStart().startsWith('['))
    return [JSON.parse(body)].flat();
  return body
    .split(/\n\n/)
    .map((event) => event.split('\n').filter((l) => l.startsWith('data:')).map((l) => l.slice(5).trim()).join('\n'))
    .filter(Boolean)
    .map((data) => JSON.parse(data));
};

let checked = 0;
const wrong = [];
const check = (name, book, definition, value) => {
  const validate = book(definition);
  checked += 1;
  if (!validate) wrong.push(`${name}: no definition ${definition}`);
  else if (!validate(value))
    wrong.push(`${name}: no ${definition}: ${validate.errors.map((e) => `${e.instancePath} ${e.message}`).join('; ')}`);
};

for (const file of readdirSync(folder).filter((f) => f.endsWith('.answer'))) {
  const name = file.slice(0, -'.answer'.length);
  const said = readFileSync(join(folder, `${name}.revision`), 'utf8').trim();
  const revision = places[said] ? said : '2025-11-25'; // refused, in the form of the newest of its kind
  const book = bookOf(revision);
  const modern = revision >= '2025-11-25';
  let requests = [];
  let messages;
  try {
    requests = [JSON.parse(readFileSync(join(folder, `${name}.request.json`), 'utf8'))].flat();
  } catch {
    // a request that is no JSON has an answer all the same
  }
  try {
    messages = messagesOf(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    wrong.push(`${name}: the answer is no JSON: ${error.message}`);
    continue;
  }
  for (const message of messages) {
    if (message.jsonrpc === undefined && message.detail !== undefined) continue; // of the address, not of the message
    if (message.method) {
      check(name, book, notifications[message.method] ?? 'none', message);
    } else if (message.error) {
      check(name, book, modern ? 'JSONRPCErrorResponse' : 'JSONRPCError', message);
      if (revision === '2026-07-28' && errors[message.error.code]) check(name, book, errors[message.error.code], message);
    } else {
      const request = requests.find((r) => r?.id === message.id);
      const definition = message.result?.resultType === 'input_required' ? 'InputRequiredResult' : results[request?.method];
      check(name, book, modern ? 'JSONRPCResultResponse' : 'JSONRPCResponse', message);
      check(name, book, definition ?? 'none', message.result);
    }
  }
}
for (const line of wrong) console.log(line);
console.log(`${checked} checked, ${wrong.length} wrong`);
process.exitCode = wrong.length || !checked ? 1 : 0;
