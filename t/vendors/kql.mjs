// The search language of mail (KQL), as far as vendor-side tests need it:
// words, phrases, prefixes, PROPERTY:VALUE, ranges of dates, AND OR NOT, ( ).
import { word_set, words } from './stand.mjs';

export class KqlError extends Error {}

const PROPERTIES = ['attachment', 'bcc', 'body', 'cc', 'from', 'hasattachment', 'hasattachments', 'importance', 'kind',
  'participants', 'received', 'recipients', 'sent', 'size', 'subject', 'to'];

// The value of $search: one string in double quotes, with \" and \\ inside.
export function unquote(value) {
  if (value[0] !== '"') {
    const at = value.search(/[^\p{L}\p{N}_]/u);
    const sign = at < 0 ? '' : `character '${value[at]}' is not valid at position ${at}`;
    throw new KqlError(`Syntax error: ${sign || 'a string in double quotes was expected'} in '${value}'.`);
  }
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/s.exec(value);
  if (!inner) throw new KqlError(`Syntax error: unterminated string literal in '${value}'.`);
  return inner[1].replace(/\\(.)/gs, '$1');
}

const TOKEN = /\s*(?:([()])|([A-Za-z]+)(:|>=|<=|=|>|<)(?:"([^"]*)"|([^\s()"]+))|"([^"]*)"|([^\s()"]+)|("))/gy;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const hit = TOKEN.exec(text);
    if (!hit || hit[8]) throw new KqlError('Syntax error: unbalanced quotation mark.');
    const [, sign, property, operator, quoted, bare, phrase, word] = hit;
    if (sign) found.push({ sign });
    else if (property && PROPERTIES.includes(property.toLowerCase())) {
      found.push({ property: property.toLowerCase(), operator, value: quoted ?? bare });
    } else if (property) found.push({ phrase: `${property} ${quoted ?? bare}` });
    else if (phrase !== undefined) found.push({ phrase });
    else if (['AND', 'OR', 'NOT'].includes(word)) found.push({ sign: word });
    else found.push({ phrase: word, prefix: word.endsWith('*') });
  }
  return found;
}

// Do these words stand there, one after the other?
export function stands_in(text, phrase, prefix = false) {
  const have = words(text), wanted = words(phrase);
  if (!prefix && !wanted.every((word) => word_set(text).has(word))) return false;
  return have.some((_, start) => wanted.every((word, i) => {
    const there = have[start + i];
    return prefix && i === wanted.length - 1 ? there?.startsWith(word) : there === word;
  }));
}

function day(text) {
  const american = /^(\d\d?)\/(\d\d?)\/(\d{4})$/.exec(text);
  const [year, month, date] = american ? [american[3], american[1], american[2]] : text.split('T')[0].split('-');
  const found = Date.UTC(year, month - 1, date);
  if (Number.isNaN(found)) throw new KqlError(`Syntax error: '${text}' is not a date.`);
  return found;
}

const DAY = 86400000;
const compare = {
  '>=': (at, from) => at >= from, '<=': (at, from) => at < from + DAY,
  '>': (at, from) => at >= from + DAY, '<': (at, from) => at < from,
};

function date_matches(iso, operator, value) {
  const at = Date.parse(iso);
  const [from, to = from] = value.split('..').map(day);
  return (compare[operator] ?? ((a) => a >= from && a < to + DAY))(at, from);
}

const people = (list) => (list ?? []).map((one) => `${one.name} ${one.address}`).join(' | ');

const text_of = {
  subject: (mail) => mail.subject,
  body: (mail) => mail.plain,
  from: (mail) => people([mail.from]),
  to: (mail) => people(mail.to),
  cc: (mail) => people(mail.cc),
  bcc: (mail) => people(mail.bcc),
  recipients: (mail) => people([...mail.to, ...mail.cc]),
  participants: (mail) => people([mail.from, ...mail.to, ...mail.cc]),
  attachment: (mail) => mail.attachments.map((one) => one.name).join(' | '),
  importance: (mail) => mail.importance ?? 'normal',
  kind: () => 'email',
};

function property_matches({ property, operator, value }, mail) {
  if (property === 'received') return date_matches(mail.received, operator, value);
  if (property === 'sent') return date_matches(mail.sent, operator, value);
  if (property.startsWith('hasattachment')) return (value.toLowerCase() === 'true') === mail.attachments.length > 0;
  if (property === 'size') return compare[operator]?.(mail.plain.length, Number(value)) ?? true;
  return stands_in(text_of[property](mail), value, value.endsWith('*'));
}

function term(one, mail) {
  if (one.property) return property_matches(one, mail);
  return ['from', 'subject', 'body'].some((where) => stands_in(text_of[where](mail), one.phrase, one.prefix));
}

// kql(TEXT) → (mail) => whether it is found. Words side by side mean AND.
export function kql(text) {
  if (text.length > 2048) throw new KqlError('The search restriction is too long.');
  const list = tokens(text);
  if (!list.some((one) => !one.sign)) throw new KqlError('Syntax error: the search has no words.');
  let at = 0;

  function either() {
    let left = both();
    while (list[at]?.sign === 'OR') {
      at++;
      const [a, b] = [left, both()];
      left = (mail) => a(mail) || b(mail);
    }
    return left;
  }
  function both() {
    let left = single();
    while (list[at] && list[at].sign !== 'OR' && list[at].sign !== ')') {
      if (list[at].sign === 'AND') at++;
      const [a, b] = [left, single()];
      left = (mail) => a(mail) && b(mail);
    }
    return left;
  }
  function single() {
    const one = list[at++];
    if (!one || one.sign === ')' || one.sign === 'AND' || one.sign === 'OR') throw new KqlError('Syntax error: a word was expected.');
    if (one.sign === 'NOT') {
      const inner = single();
      return (mail) => !inner(mail);
    }
    if (one.sign !== '(') return (mail) => term(one, mail);
    const inner = either();
    if (list[at++]?.sign !== ')') throw new KqlError('Syntax error: unbalanced parenthesis.');
    return inner;
  }

  const whole = either();
  if (at < list.length) throw new KqlError('Syntax error: unbalanced parenthesis.');
  return whole;
}
