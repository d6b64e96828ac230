// Microsoft Graph's mail, and the endpoint that gives tokens for it.
import { answer, bearer, digest, json_body, nearness, refuse, request_id, stand, vector, world } from './stand.mjs';
import { attachment_of, default_id, folder_id, immutable_id, message_of, prepare } from './mail.mjs';
import { KqlError, kql, unquote } from './kql.mjs';
import { odata_filter, first_property } from './odata.mjs';
import { login, login_error } from './login.mjs';

const { tenants } = world('graph');
const FOLDERS = {
  inbox: 'Inbox', sentitems: 'Sent Items', drafts: 'Drafts', archive: 'Archive', deleteditems: 'Deleted Items', junkemail: 'Junk Email',
};

// A row of the same mail, one an hour, of which every fortieth is not read.
const series = ({ count, sent, ...mail }) => Array.from({ length: count }, (_, i) => ({
  ...mail, key: `${mail.key}-${i}`, subject: `${mail.subject} ${i}`, read: i % 40 !== 0,
  sent: new Date(Date.parse(sent) + i * 3600000).toISOString().replace('.000', ''),
}));

for (const tenant of tenants) {
  for (const user of tenant.users) {
    user.mails = [...user.mails ?? [], ...(user.series ?? []).flatMap(series)].map((mail) => prepare(mail, user.mail, tenant.people))
      .sort((a, b) => b.sent.localeCompare(a.sent));
    user.folders = [...Object.entries(FOLDERS).map(([key, name]) => ({ key, name, known: true })), ...user.folders ?? []];
  }
}

const PROPERTIES = Object.keys(message_of(prepare({ key: '', sent: '2026-01-01T00:00:00Z', folder: 'inbox' }, '', {}), '', true))
  .filter((name) => name[0] !== '@').concat('attachments', 'extensions', 'multiValueExtendedProperties', 'singleValueExtendedProperties');

const texts = {
  BadRequest: 'The request is malformed.',
  'RequestBroker-ParseUri': 'Could not parse the request URI.',
  SearchWithOrderBy: "The query parameter '$orderBy' is not supported with '$search'.",
  SearchWithFilter: "The query parameter '$filter' is not supported with '$search'.",
  InefficientFilter: 'The restriction or sort order is too complex for this operation.',
  ErrorInvalidIdMalformed: 'Id is malformed.',
  InvalidAuthenticationToken: 'Access token has expired or is not yet valid.',
  ErrorAccessDenied: 'Access is denied. Check credentials and try again.',
  Authorization_RequestDenied: 'Insufficient privileges to complete the operation.',
  ErrorItemNotFound: 'The specified object was not found in the store.',
  MailboxNotEnabledForRESTAPI: 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
  ErrorInvalidUser: 'The requested user is invalid.',
  ApplicationThrottled: 'Application is over its MailboxConcurrency limit.',
  ServiceUnavailable: 'The service is temporarily unavailable.',
  MethodNotAllowed: 'The method is not allowed for this resource.',
};
const of_status = {
  400: 'BadRequest', 401: 'InvalidAuthenticationToken', 403: 'ErrorAccessDenied', 404: 'ErrorItemNotFound',
  405: 'MethodNotAllowed', 429: 'ApplicationThrottled',
};

function error_body(code, message = texts[code], client_id = undefined) {
  const id = request_id();
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': id, 'client-request-id': client_id ?? id };
  return { json: { error: { code, message, innerError } }, headers: { 'request-id': id, 'client-request-id': client_id ?? id } };
}

// What a fault answers; `what` is a code, or for the token endpoint a number.
function errors(status, what, host) {
  if (host === 'login') return login_error(status, what);
  const made = error_body(what ?? of_status[status] ?? 'ServiceUnavailable', texts[what ?? of_status[status] ?? 'ServiceUnavailable'] ?? 'An error.');
  if (status === 401) made.headers['www-authenticate'] = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"';
  return made;
}

function preferences(ask) {
  const list = ask.headers.prefer ?? '';
  return {
    immutable: /IdType\s*=\s*"ImmutableId"/i.test(list),
    text: /outlook\.body-content-type\s*=\s*"text"/i.test(list),
  };
}

function user_of(ask, who, name) {
  if (!who.role.split(' ').includes('Mail.Read') && !who.user) ask.deny(403, 'ErrorAccessDenied');
  const tenant = tenants.find((one) => one.name === who.tenant);
  const wanted = (name ?? who.user ?? '').toLowerCase();
  if (name === undefined && !who.user) {
    ask.deny(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
  }
  if (who.user && wanted !== who.user) ask.deny(403, 'ErrorAccessDenied');
  const user = tenant.users.find((one) => one.mail === wanted || one.id === wanted) ?? ask.deny(404, 'ErrorInvalidUser');
  if (user.state === 'onprem') ask.deny(404, 'MailboxNotEnabledForRESTAPI');
  if (user.state === 'barred') ask.deny(403, 'ErrorAccessDenied');
  return user;
}

const list_of = (text) => text.split(',').map((one) => one.trim());

function number(ask, name, most, otherwise) {
  const text = ask.query.get(name);
  if (text === null) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : -1;
  if (value < (name === '$top' ? 1 : 0) || value > most) {
    ask.deny(400, 'BadRequest', `Invalid value '${text}' for ${name} query option found.`);
  }
  return value;
}

function known_options(ask, ...known) {
  for (const name of ask.query.keys()) {
    if (!known.includes(name)) ask.deny(400, 'BadRequest', `The query parameter '${name}' is not supported.`);
    if (ask.query.getAll(name).length > 1) ask.deny(400, 'BadRequest', `Query option '${name}' was specified more than once, but it must be specified at most once.`);
  }
}

function selected(ask, whole, names = PROPERTIES, type = 'message') {
  const select = ask.query.get('$select');
  if (select === null) return whole;
  const wanted = list_of(select);
  const odd = wanted.find((name) => !names.includes(name));
  if (odd !== undefined) ask.deny(400, 'RequestBroker-ParseUri', `Could not find a property named '${odd}' on type 'Microsoft.OutlookServices.${type}'.`);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name[0] === '@' || name === 'id' || wanted.includes(name)));
}

const ATTACHMENT = ['id', 'name', 'contentType', 'size', 'isInline', 'lastModifiedDateTime'];

function expanded(ask, mail) {
  const text = ask.query.get('$expand');
  if (text === null) return {};
  const inner = /^attachments(?:\(\$select=([A-Za-z,]+)\))?$/.exec(text);
  if (!inner) ask.deny(400, 'RequestBroker-ParseUri', `Could not parse '$expand=${text}'.`);
  return { attachments: mail.attachments.map((one, i) => pick_attachment(ask, attachment_of(mail, one, i), inner[1])) };
}

function pick_attachment(ask, whole, select) {
  if (!select) return whole;
  const odd = list_of(select).find((name) => !ATTACHMENT.includes(name));
  if (odd !== undefined) ask.deny(400, 'RequestBroker-ParseUri', `Could not find a property named '${odd}' on type 'Microsoft.OutlookServices.Attachment'.`);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name[0] === '@' || list_of(select).includes(name)));
}

const identity = (self, mail, immutable) => immutable ? immutable_id(mail) : default_id(mail, self.settings.moves);

// The mails that the query names, in its order.
function found(ask, mails) {
  const search = ask.query.get('$search'), filter = ask.query.get('$filter'), order = ask.query.get('$orderby');
  try {
    if (search !== null) {
      const [wanted, other] = [kql(unquote(search)), ['$orderby', '$filter', '$skip'].find((name) => ask.query.has(name))];
      if (other === '$skip') ask.deny(400, 'BadRequest', "The query parameter '$skip' is not supported with '$search'.");
      if (other) ask.deny(400, other === '$filter' ? 'SearchWithFilter' : 'SearchWithOrderBy');
      return mails.filter(wanted).slice(0, 1000);
    }
    const kept = filter === null ? mails : mails.filter((mail) => odata_filter(filter)(message_of(mail, '', true)));
    if (order === null) return kept;
    const [property, direction = 'asc'] = order.split(',')[0].trim().split(' ');
    if (filter !== null && first_property(filter) !== property) ask.deny(400, 'InefficientFilter');
    const value = (mail) => String(property.split('/').reduce((part, name) => part?.[name], message_of(mail, '', true)) ?? '');
    return [...kept].sort((a, b) => value(a).localeCompare(value(b)) * (direction === 'desc' ? -1 : 1));
  } catch (error) {
    if (error instanceof KqlError) ask.deny(400, 'BadRequest', error.message);
    if (error instanceof SyntaxError) ask.deny(400, 'RequestBroker-ParseUri', error.message);
    throw error;
  }
}

const pages = new Map();

function message_list(self, ask, mails, context) {
  known_options(ask, '$search', '$filter', '$orderby', '$select', '$top', '$skip', '$skiptoken', '$expand', '$count');
  const asked = Object.fromEntries([...ask.query].filter(([name]) => name !== '$skiptoken'));
  const skiptoken = ask.query.get('$skiptoken'), key = JSON.stringify([ask.path, asked]);
  const page = skiptoken === null ? { key, from: number(ask, '$skip', 1e6, 0) } : pages.get(skiptoken);
  if (page?.key !== key) ask.deny(400, 'BadRequest', 'Badly formed token.');
  const { immutable, text } = preferences(ask), top = number(ask, '$top', 1000, 10);
  const all = found(ask, mails);
  const value = all.slice(page.from, page.from + top)
    .map((mail) => ({ ...selected(ask, message_of(mail, identity(self, mail, immutable), text)), ...expanded(ask, mail) }));
  const more = {};
  if (page.from + top < all.length) {
    const next = digest(`${key} ${page.from}`).toString('base64url').slice(0, 24);
    pages.set(next, { key, from: page.from + top });
    const rest = ask.raw_query.split('&').filter((part) => part && !/^(\$|%24)skiptoken=/.test(part));
    more['@odata.nextLink'] = `${ask.origin}${ask.path}?${[...rest, `$skiptoken=${next}`].join('&')}`;
  }
  return answer(200, { '@odata.context': context, value, ...more });
}

function attachments(self, ask, mail, [id, value], context) {
  const all = mail.attachments.map((one, i) => attachment_of(mail, one, i));
  const select = ask.query.get('$select');
  if (id === undefined) return answer(200, { '@odata.context': context, value: all.map((one) => pick_attachment(ask, one, select)) });
  const i = all.findIndex((one) => one.id === id);
  if (i < 0) ask.deny(404, 'ErrorItemNotFound');
  const kind = mail.attachments[i].kind ?? 'file';
  if (value === undefined) {
    const item = kind === 'item' && ask.query.get('$expand') === 'microsoft.graph.itemattachment/item'
      ? { item: { '@odata.type': '#microsoft.graph.message', subject: mail.attachments[i].name, body: { contentType: 'text', content: mail.attachments[i].text ?? '' } } } : {};
    return answer(200, { '@odata.context': `${context}/$entity`, ...pick_attachment(ask, all[i], select), ...item });
  }
  if (value !== '$value') ask.deny(400, 'BadRequest', 'Resource not found for the segment.');
  if (kind === 'reference') ask.deny(405, 'MethodNotAllowed');
  const one = mail.attachments[i];
  const bytes = kind === 'item' ? `Subject: ${one.name}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${one.text}` : Buffer.from(all[i].contentBytes, 'base64');
  return { status: 200, headers: { 'content-type': kind === 'item' ? 'text/plain' : one.type }, bytes };
}

function messages(self, ask, mails, [id, what, ...rest], context) {
  if (id === undefined) return message_list(self, ask, mails, context);
  const { immutable, text } = preferences(ask);
  const mail = mails.find((one) => identity(self, one, immutable) === id) ?? ask.deny(400, 'ErrorInvalidIdMalformed');
  if (self.gone.has(mail.key)) ask.deny(404, 'ErrorItemNotFound');
  if (what === 'attachments') return attachments(self, ask, mail, rest, `${context}('${encodeURIComponent(id)}')/attachments`);
  if (what === '$value') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, bytes: `Message-ID: ${mail.message_id}\r\nSubject: ${mail.subject}\r\n\r\n${mail.plain}` };
  }
  if (what !== undefined) ask.deny(400, 'BadRequest', `Resource not found for the segment '${what}'.`);
  known_options(ask, '$select', '$expand');
  const whole = selected(ask, message_of(mail, id, text));
  return answer(200, { '@odata.context': `${context}/$entity`, ...whole, ...expanded(ask, mail) });
}

function folder_list(ask, list, shown, context) {
  known_options(ask, '$select', '$top', '$skip', 'includeHiddenFolders');
  const top = number(ask, '$top', 1000, 10), skip = number(ask, '$skip', 1e6, 0);
  const rest = ask.raw_query.split('&').filter((part) => part && !/^(\$|%24)skip=/.test(part));
  const more = skip + top < list.length && { '@odata.nextLink': `${ask.origin}${ask.path}?${[...rest, `$skip=${skip + top}`].join('&')}` };
  return answer(200, { '@odata.context': context, value: list.slice(skip, skip + top).map(shown), ...more });
}

function folders(self, ask, user, [id, what, ...rest], context) {
  const within = (key) => user.folders.filter((folder) => folder.parent === key);
  const shown = ({ key, name, parent }) => {
    const inside = user.mails.filter((mail) => mail.folder === key);
    return {
      id: folder_id(user.mail, key), displayName: name, parentFolderId: folder_id(user.mail, parent ?? 'root'),
      childFolderCount: within(key).length, unreadItemCount: inside.filter((mail) => !mail.read).length,
      totalItemCount: inside.length, isHidden: false,
    };
  };
  const pick = (folder) => selected(ask, shown(folder), Object.keys(shown(user.folders[0])), 'MailFolder');
  if (id === undefined) return folder_list(ask, within(undefined), pick, context);
  const folder = user.folders.find(({ key, known }) => (known && key === id.toLowerCase()) || folder_id(user.mail, key) === id)
    ?? ask.deny(400, 'ErrorInvalidIdMalformed');
  if (what === undefined) return answer(200, { '@odata.context': `${context}/$entity`, ...pick(folder) });
  const inner = `${context}('${encodeURIComponent(id)}')/${what}`;
  if (what === 'childFolders' && !rest.length) return folder_list(ask, within(folder.key), pick, inner);
  if (what !== 'messages') ask.deny(400, 'BadRequest', `Resource not found for the segment '${what}'.`);
  return messages(self, ask, user.mails.filter((mail) => mail.folder === folder.key), rest, inner);
}

// POST /search/query: for people who have signed in, and one request a call.
function search_query(self, ask, who) {
  if (ask.method !== 'POST') ask.deny(405, 'MethodNotAllowed');
  if (!who.user) ask.deny(403, 'ErrorAccessDenied');
  const { requests } = json_body(ask, () => ask.deny(400, 'BadRequest'));
  const [{ entityTypes = [], query = {}, from = 0, size = 25 } = {}] = requests ?? [];
  if (requests?.length !== 1 || entityTypes.join() !== 'message' || size > 25 || !query.queryString) ask.deny(400, 'BadRequest');
  const all = found({ ...ask, query: new Map([['$search', JSON.stringify(query.queryString)]]), deny: ask.deny }, user_of(ask, who).mails);
  const near = (mail) => nearness(vector(query.queryString), vector(mail.plain));
  const hits = all.slice(from, from + size).map((mail, i) => {
    const { id, '@odata.etag': tag, body, ...resource } = message_of(mail, immutable_id(mail), true);
    return { hitId: id.replace(/-/g, '/').replace(/_/g, '+'), rank: i + 1, summary: `<c0>${near(mail).toFixed(2)}</c0> ${mail.plain.slice(0, 80)}`, resource: { '@odata.type': '#microsoft.graph.message', ...resource } };
  });
  return answer(200, { value: [{ searchTerms: query.queryString.split(' '), hitsContainers: [{ hits, total: all.length, moreResultsAvailable: from + size < all.length }] }] });
}

function graph(ask, self) {
  const client_id = ask.headers['client-request-id'];
  ask.deny = (status, code, message, more) => {
    const made = error_body(code, message, client_id);
    refuse(status, made.json, { ...made.headers, ...(status === 401 && errors(401).headers), ...more });
  };
  const who = self.tokens.who(bearer(ask)) ?? ask.deny(401, 'InvalidAuthenticationToken');
  const [version, first, ...rest] = ask.parts;
  if (version !== 'v1.0') ask.deny(404, 'BadRequest', 'Invalid version.');
  if (first === 'search' && rest.join('/') === 'query') return search_query(self, ask, who);
  if (!['users', 'me'].includes(first)) ask.deny(400, 'BadRequest', `Resource not found for the segment '${first}'.`);
  if (ask.method !== 'GET') ask.deny(405, 'MethodNotAllowed');
  const user = user_of(ask, who, first === 'users' ? rest.shift() : undefined);
  const [what, ...tail] = rest;
  const { at_once } = self.settings;
  if (at_once && ask.at_once > at_once) ask.deny(429, 'ApplicationThrottled', undefined, { 'retry-after': '1' });
  const context = `https://graph.microsoft.com/v1.0/$metadata#users('${encodeURIComponent(user.mail)}')/${what}`;
  const handler = { messages: () => messages(self, ask, user.mails, tail, context), mailFolders: () => folders(self, ask, user, tail, context) }[what]
    ?? (() => ask.deny(400, 'BadRequest', `Resource not found for the segment '${what}'.`));
  const made = handler();
  const { immutable, text } = preferences(ask);
  const applied = [immutable && 'IdType="ImmutableId"', text && 'outlook.body-content-type="text"'].filter(Boolean).join(', ');
  made.headers = { 'request-id': request_id(), ...(client_id && { 'client-request-id': client_id }), ...(applied && { 'preference-applied': applied }), ...made.headers };
  return made;
}

// Who shares the places at once: an application and a mailbox.
const place = (ask, self) => `${self.tokens.who(bearer(ask))?.client ?? ask.host} ${ask.path.split('/')[3] ?? ''}`;

await stand({
  name: 'graph', hosts: { graph, login: login(tenants) }, errors, place,
  settings: { token_seconds: 3599, at_once: 4, moves: 0 },
});
