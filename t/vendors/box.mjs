// Box: tokens, search, files and folders, representations, and the host that
// downloads come from.
import { Consents } from './consent.mjs';
import { answer, bearer, digest, form, refuse, stand, words, world } from './stand.mjs';

const { enterprises } = world('box');

const HELP = 'https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/';
const texts = {
  bad_request: 'Bad Request', unauthorized: 'Unauthorized', not_found: 'Not Found', method_not_allowed: 'Method Not Allowed', trashed: 'Item is trashed',
  access_denied_insufficient_permissions: 'Access denied - insufficient permission', rate_limit_exceeded: 'Request rate limit exceeded, please try again later',
  insufficient_scope: 'The request requires higher privileges than provided by the access token.', forbidden_by_policy: 'Access denied by policy',
  access_from_location_blocked: 'You\'re attempting to log in to Box from a location that has not been approved by your admin.',
  invalid_limit: 'Limit is not a valid number', invalid_offset: 'Offset is not a valid number', internal_server_error: 'Internal Server Error', unavailable: 'Unavailable',
};
const of_status = {
  400: 'bad_request', 401: 'unauthorized', 403: 'access_denied_insufficient_permissions', 404: 'not_found', 405: 'method_not_allowed',
  429: 'rate_limit_exceeded', 500: 'internal_server_error', 503: 'unavailable',
};

const error_json = (status, code, context) => ({
  type: 'error', status, code, ...(context && { context_info: { errors: [context] } }), help_url: HELP, message: texts[code] ?? 'Error',
  request_id: digest(`${status} ${code}`).toString('hex').slice(0, 16),
});

// A 401 has no body; the reason is in its header.
function errors(status, what, host) {
  if (status === 401) return { headers: { 'www-authenticate': 'Bearer realm="Service", error="invalid_token", error_description="The access token provided is invalid."' } };
  if (status === 400 && what?.startsWith('invalid_')) return { json: { error: what, error_description: 'Grant credentials are invalid' } };
  return host === 'download' && !what ? { bytes: '' } : { json: error_json(status, what ?? of_status[status] ?? 'internal_server_error') };
}

const deny = (status, code = of_status[status], context) => refuse(status, status === 401 ? undefined : error_json(status, code, context), errors(status).headers);
const missing = (kind, id) => deny(404, 'not_found', { reason: 'invalid_parameter', name: 'item', message: `Invalid value '${kind}_${id}'. 'item' with value '${kind}_${id}' not found` });

const consents = new Consents();
const client_named = (id) => enterprises.flatMap((one) => one.clients.map((it) => ({ ...it, enterprise: one }))).find((one) => one.id === id);

// A refresh token is good for one use.
function own_token(self, client, user) {
  const { token_seconds: seconds } = self.settings;
  const access_token = self.tokens.issue({ enterprise: client.enterprise.name, user }, seconds);
  return answer(200, { access_token, expires_in: seconds, restricted_to: [], refresh_token: consents.keep(client, user), token_type: 'bearer' });
}

function token(ask, self) {
  if (ask.method !== 'POST') deny(405);
  const fields = form(ask), no = (error, error_description) => refuse(400, { error, error_description });
  const grant = fields.get('grant_type');
  if (!grant) no('invalid_request', 'Invalid grant_type parameter or parameter missing');
  const client = client_named(fields.get('client_id'));
  if (!client) no('invalid_client', 'The client credentials are invalid');
  if (['authorization_code', 'refresh_token'].includes(grant)) {
    if (client.secret !== fields.get('client_secret')) no('invalid_client', 'The client credentials are invalid');
    const user = grant === 'refresh_token' ? consents.renew(client, fields.get('refresh_token'), true) : consents.redeem(client, fields);
    return own_token(self, client, user ?? no('invalid_grant', 'Refresh token has expired'));
  }
  if (grant !== 'client_credentials') no('unsupported_grant_type', 'Grant type is not supported');
  if (client.no_grant) no('unauthorized_client', 'The grant type is unauthorized for this client_id');
  const type = fields.get('box_subject_type'), id = fields.get('box_subject_id');
  const subject = type === 'enterprise' ? client.enterprise.id === id && client.enterprise.service_account
    : type === 'user' && !client.app_only && client.enterprise.users.some((one) => one.id === id) && id;
  if (client.secret !== fields.get('client_secret') || !subject) no('invalid_grant', 'Grant credentials are invalid');
  const { token_seconds: seconds } = self.settings;
  const access_token = self.tokens.issue({ enterprise: client.enterprise.name, user: subject }, seconds);
  return answer(200, { access_token, expires_in: seconds, restricted_to: [], token_type: 'bearer' });
}

// What the person behind the token sees.
function view_of(ask, self) {
  const who = self.tokens.who(bearer(ask)) ?? deny(401);
  const enterprise = enterprises.find((one) => one.name === who.enterprise);
  const user = enterprise.users.find((one) => one.id === who.user);
  const folders = { ...enterprise.folders, 0: { name: 'All Files' } };
  const sees = (item) => !user.only || user.only.some((folder) => path_of(folders, item.folder).includes(folder));
  const files = enterprise.files.filter(sees);
  return { enterprise, user, folders, files };
}

function path_of(folders, id) {
  const path = [];
  for (let at = id; at !== undefined && at !== '0'; at = folders[at].parent ?? '0') path.unshift(at);
  return ['0', ...path];
}

const person = (view, id) => {
  const one = view.enterprise.users.find((user) => user.id === id);
  return one && { type: 'user', id, name: one.name, login: one.login };
};
const folder_mini = (view, id) => ({ type: 'folder', id, sequence_id: id === '0' ? null : '0', etag: id === '0' ? null : '0', name: view.folders[id].name });
const bytes_of = (file) => Buffer.from(file.content ?? file.base64 ?? '', file.content === undefined ? 'base64' : 'utf8');

// Downloads come from another host: the vendor's, or where there is no name,
// the other port.
const download_origin = (self, ask) => /\.box(cloud)?\.com$/.test(ask.origin) ? 'https://dl.boxcloud.com' : self.urls.download;

function file_json(self, ask, view, file, hints) {
  const sha1 = digest(`sha1 ${file.id}`).toString('hex').slice(0, 40), version = String(Number(file.id.slice(-9)) + 1000000000);
  const path = path_of(view.folders, file.folder).map((id) => folder_mini(view, id));
  return {
    type: 'file', id: file.id, etag: '3', sequence_id: '3', name: file.name, sha1, file_version: { type: 'file_version', id: version, sha1 },
    description: file.description ?? '', size: file.size ?? bytes_of(file).length, extension: /\.([^.]+)$/.exec(file.name)?.[1] ?? '',
    path_collection: { total_count: path.length, entries: path }, created_at: file.modified, modified_at: file.modified, trashed_at: null, purged_at: null,
    content_created_at: file.modified, content_modified_at: file.content_modified ?? file.modified, created_by: person(view, file.by), modified_by: person(view, file.by),
    owned_by: person(view, view.enterprise.service_account), shared_link: null, parent: folder_mini(view, file.folder), item_status: 'active',
    ...(hints && { representations: { entries: representations(self, ask, file, version, hints) } }),
  };
}

function representations(self, ask, file, version, hints) {
  if (!/\[extracted_text\]/.test(hints) || file.text === undefined) return [];
  return [representation(self, ask, file, version)];
}

function representation(self, ask, file, version) {
  const path = `/2.0/internal_files/${file.id}/versions/${version}/representations/extracted_text`;
  return {
    representation: 'extracted_text', properties: {}, info: { url: `${ask.origin}${path}` }, status: { state: state_of(self, file) },
    content: { url_template: `${download_origin(self, ask)}/api${path}/content/{+asset_path}` },
  };
}

// none → (asked for at info.url) pending, for as many looks as the setting
// `polls` says → success. A file may be in another state for good.
function state_of(self, file) {
  if (file.state === 'error') return 'error';
  if (file.state !== 'none' && file.state !== 'pending') return 'success';
  const left = self.looks.get(file.id);
  if (left === undefined) return file.state;
  return left > 0 ? 'pending' : 'success';
}

function look(self, file) {
  if (file.state === 'error') return;
  self.looks.set(file.id, (self.looks.get(file.id) ?? self.settings.polls + 1) - 1);
}

const BASE = ['type', 'id', 'etag'];

function with_fields(ask, whole, standard = Object.keys(whole).filter((name) => !['extension', 'representations'].includes(name))) {
  const text = ask.query.get('fields');
  const wanted = text === null ? standard : [...BASE, ...text.split(',').map((one) => one.trim())];
  return Object.fromEntries(Object.entries(whole).filter(([name]) => wanted.includes(name)));
}

function number(ask, name, otherwise, most, code) {
  const text = ask.query.get(name) ?? String(otherwise);
  if (!/^\d+$/.test(text) || Number(text) > most) deny(400, code);
  return Number(text);
}

const list = (ask, name) => ask.query.get(name)?.split(',').map((one) => one.trim()).filter(Boolean);

function range(ask, name) {
  const text = ask.query.get(name);
  if (text === null) return () => true;
  const parts = text.split(','), [from, to] = parts.map((one) => one === '' ? null : Date.parse(one));
  if (parts.length !== 2 || Number.isNaN(from) || Number.isNaN(to)) deny(400, 'bad_request', { reason: 'invalid_parameter', name, message: 'Invalid range' });
  return (iso) => (from === null || Date.parse(iso) >= from) && (to === null || Date.parse(iso) <= to);
}

const stem = (word) => word.replace(/(ies|es|s)$/, '');

// The words of a file, of which the first 10,000 bytes of the text are indexed.
function index_of(file, where) {
  const parts = () => ({ name: file.name.replace(/[._]/g, ' '), description: file.description ?? '', file_content: Buffer.from(file.text ?? '').subarray(0, 10000).toString() });
  const made = (all) => words(where.map((name) => all[name] ?? '').join(' \n ')).map(stem);
  file.index ??= {};
  return file.index[where] ??= made(parts());
}

// NOT binds closer than OR, which words side by side mean, and OR closer than
// AND; parentheses, "exact phrase", name: and contents:. None begins with NOT.
// What comes back tells how many of the words a file has; 0: it is no hit.
function matcher(query) {
  const bad = (message) => deny(400, 'bad_request', { reason: 'invalid_parameter', name: 'query', message });
  if ((query.match(/"/g)?.length ?? 0) % 2) bad('Unbalanced quotation marks');
  const parts = query.match(/(?:(?:name|contents):)?"[^"]*"|[()]|[^\s"()]+/g) ?? [];
  if (parts[0] === 'NOT' || !parts.some((one) => !['AND', 'OR', 'NOT', '(', ')'].includes(one))) bad('No words');
  const has = (wanted, have) => wanted.length > 0 && have.some((_, i) => wanted.every((word, j) => have[i + j] === word));
  let at = 0;
  const take = (...these) => these.includes(parts[at]) && parts[at++];
  const word = (part) => {
    const [, field, text] = /^(?:(name|contents):)?(.*)$/s.exec(part), wanted = words(text).map(stem);
    const where = field && [{ name: 'name', contents: 'file_content' }[field]];
    return (index) => has(wanted, index(where)) ? 1 : 0;
  };
  const one = () => {
    if (take('NOT')) {
      const other = at < parts.length ? one() : () => 0;
      return (index) => other(index) ? 0 : 0.001;
    }
    if (!take('(')) return word(parts[at++]);
    const inside = all();
    take(')');
    return inside;
  };
  const any = () => {
    const list = [];
    while (at < parts.length && !['AND', ')'].includes(parts[at])) {
      if (!take('OR')) list.push(one());
    }
    return (index) => list.reduce((sum, it) => sum + it(index), 0);
  };
  const all = () => {
    const list = [];
    do list.push(any()); while (take('AND'));
    return (index) => list.map((it) => it(index)).reduce((sum, it) => sum && it && sum + it);
  };
  return all();
}

const CONTENT = ['name', 'description', 'file_content', 'comments', 'tags'];

function search(self, ask, view) {
  const query = ask.query.get('query');
  if (!query && !ask.query.has('mdfilters')) deny(400, 'bad_request', { reason: 'missing_parameter', name: 'query', message: "'query' is required" });
  const limit = number(ask, 'limit', 30, 200, 'invalid_limit'), offset = number(ask, 'offset', 0, 10000, 'invalid_offset');
  const scope = ask.query.get('scope') ?? 'user_content', sort = ask.query.get('sort') ?? 'relevance';
  if (scope === 'enterprise_content') deny(403, 'access_denied_insufficient_permissions');
  if (scope !== 'user_content' || !['relevance', 'modified_at'].includes(sort)) deny(400);
  const type = ask.query.get('type'), inside = list(ask, 'ancestor_folder_ids'), extensions = list(ask, 'file_extensions'), owners = list(ask, 'owner_user_ids');
  if (type !== null && !['file', 'folder', 'web_link'].includes(type)) deny(400);
  const where = list(ask, 'content_types') ?? CONTENT;
  if (where.some((one) => !CONTENT.includes(one))) deny(400);
  for (const id of inside ?? []) if (!view.folders[id]) missing('d', id);
  const created = range(ask, 'created_at_range'), updated = range(ask, 'updated_at_range'), score = matcher(query ?? '');
  const found = (type ?? 'file') !== 'file' ? [] : view.files.map((file) => ({ file, score: score((only) => index_of(file, only ?? where)) })).filter(({ file, score: points }) => points > 0
    && (!inside || path_of(view.folders, file.folder).some((id) => inside.includes(id)))
    && (!extensions || extensions.includes(/\.([^.]+)$/.exec(file.name)?.[1])) && created(file.modified) && updated(file.modified)
    && (!owners || owners.includes(view.enterprise.service_account)));
  found.sort((a, b) => sort === 'relevance' ? b.score - a.score : Date.parse(b.file.modified) - Date.parse(a.file.modified));
  if (sort === 'modified_at' && ask.query.get('direction') === 'ASC') found.reverse();
  return answer(200, { type: 'search_results_items', total_count: found.length, limit, offset, entries: found.slice(offset, offset + limit).map(({ file }) => with_fields(ask, file_json(self, ask, view, file))) });
}

function throttle(self, view) {
  const { per_second } = self.settings, now = Date.now(), key = view.user.id;
  const recent = (self.searches.get(key) ?? []).filter((at) => at > now - 1000);
  if (per_second && recent.length >= per_second) refuse(429, error_json(429, 'rate_limit_exceeded'), { 'retry-after': '1' });
  self.searches.set(key, [...recent, now]);
}

function find_file(self, view, id) {
  if (!/^\d+$/.test(id ?? '')) deny(405);
  const file = view.files.find((one) => one.id === id);
  if (self.gone.has(id)) deny(404, 'trashed');
  return file ?? missing('f', id);
}

function files(self, ask, view, [id, what]) {
  const file = find_file(self, view, id);
  if (what === 'content') {
    if (file.locked) deny(403, 'forbidden_by_policy');
    if (file.fresh && self.settings.fresh) refuse(202, undefined, { 'retry-after': '1' });
    return answer(302, undefined, { location: `${download_origin(self, ask)}/d/1/b1!${self.tokens.issue({ file: file.id, enterprise: view.enterprise.name }, 900)}/download` });
  }
  if (what !== undefined) deny(404);
  const hints = ask.headers['x-rep-hints'];
  if ((ask.query.get('fields') ?? '').split(',').includes('representations') && !hints) return answer(200, { ...with_fields(ask, file_json(self, ask, view, file)), representations: { entries: [] } });
  return answer(200, with_fields(ask, file_json(self, ask, view, file, hints)));
}

function folder(self, ask, view, [id, what]) {
  if (!/^\d+$/.test(id ?? '')) deny(405);
  if (!view.folders[id] || view.user.only?.every((one) => !path_of(view.folders, id).includes(one))) missing('d', id);
  const path = path_of(view.folders, id).slice(0, -1).map((one) => folder_mini(view, one));
  if (what === undefined) return answer(200, { ...folder_mini(view, id), path_collection: { total_count: path.length, entries: path } });
  if (what !== 'items') deny(404);
  const limit = number(ask, 'limit', 100, 1000, 'invalid_limit'), offset = number(ask, 'offset', 0, 10000, 'invalid_offset');
  const inside = Object.keys(view.folders).filter((one) => one !== '0' && (view.folders[one].parent ?? '0') === id).map((one) => folder_mini(view, one));
  const all = [...inside, ...view.files.filter((file) => file.folder === id).map((file) => with_fields(ask, file_json(self, ask, view, file), ['type', 'id', 'etag', 'sequence_id', 'name', 'sha1', 'file_version']))];
  return answer(200, { total_count: all.length, entries: all.slice(offset, offset + limit), offset, limit, order: [{ by: 'type', direction: 'ASC' }, { by: 'name', direction: 'ASC' }] });
}

function me({ user }) {
  return answer(200, {
    type: 'user', id: user.id, name: user.name, login: user.login, created_at: '2020-01-02T03:04:05-08:00', modified_at: '2026-09-01T10:00:00-07:00', language: 'en', timezone: 'Europe/Lisbon',
    space_amount: 11345156112, space_used: 1237009912, max_upload_size: 2147483648, status: 'active', job_title: '', phone: '', address: '', avatar_url: `https://app.box.com/api/avatar/large/${user.id}`, notification_email: null,
  });
}

function box(ask, self) {
  const [first, second, ...rest] = ask.parts;
  if (ask.path === '/oauth2/token') return token(ask, self);
  if (ask.path === '/api/oauth2/authorize') {
    const client = client_named(ask.query.get('client_id'));
    return consents.authorize(ask, client, (hint) => client.enterprise.users.find((one) => one.login === hint)?.id);
  }
  const view = view_of(ask, self);
  if (first !== '2.0') deny(404);
  if (ask.method !== 'GET') deny(405);
  if (second === 'search' && !rest.length) return throttle(self, view) ?? search(self, ask, view);
  if (second === 'files') return files(self, ask, view, rest);
  if (second === 'folders') return folder(self, ask, view, rest);
  if (second === 'users' && rest.join('/') === 'me') return me(view);
  if (second !== 'internal_files') deny(404);
  const file = find_file(self, view, rest[0]);
  look(self, file);
  return answer(200, representation(self, ask, file, rest[2]));
}

// Texts need the token. The original's address is all that it needs, and a
// token sent there has gone to a host that it was not for. Neither is JSON.
function download(ask, self) {
  if (ask.method !== 'GET') deny(405);
  if (/json/.test(ask.headers.accept ?? '')) deny(406);
  if (ask.parts[0] === 'd') {
    if (ask.headers.authorization) deny(400);
    const { file: id, enterprise } = self.tokens.who(/^b1!(.+)$/.exec(ask.parts[2])?.[1]) ?? deny(403);
    const file = enterprises.find((one) => one.name === enterprise).files.find((one) => one.id === id);
    return { status: 200, headers: { 'content-type': file.type ?? 'application/octet-stream', 'content-disposition': `attachment;filename*=UTF-8''${encodeURIComponent(file.name)}` }, bytes: bytes_of(file) };
  }
  const view = view_of(ask, self), file = find_file(self, view, ask.parts[3]);
  if (!/^\/api\/2\.0\/internal_files\/\d+\/versions\/\d+\/representations\/extracted_text\/content\/$/.test(ask.path)) deny(404);
  if (state_of(self, file) !== 'success') refuse(202, undefined, { 'retry-after': '1' });
  return { status: 200, headers: { 'content-type': 'text/plain; charset=UTF-8' }, bytes: file.text };
}

await stand({
  name: 'box', hosts: { box, download }, errors, state: { looks: new Map(), searches: new Map() },
  settings: { token_seconds: 4123, polls: 1, per_second: 0, fresh: true },
});
