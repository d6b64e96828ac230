// OData's $filter, as far as mail needs it: comparisons, contains(),
// startswith(), endswith(), and, or, not, ( ).
const TOKEN = /\s*(?:([(),])|'((?:[^']|'')*)'|([A-Za-z0-9_./:+-]+))/gy;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const hit = TOKEN.exec(text);
    if (!hit) throw new SyntaxError(`Syntax error in '$filter=${text}'.`);
    found.push(hit[1] ? { sign: hit[1] } : hit[2] !== undefined ? { value: hit[2].replace(/''/g, "'") } : { word: hit[3] });
  }
  return found;
}

const compare = {
  eq: (a, b) => a === b, ne: (a, b) => a !== b, gt: (a, b) => a > b, ge: (a, b) => a >= b, lt: (a, b) => a < b, le: (a, b) => a <= b,
};
const calls = {
  contains: (a, b) => a.includes(b), startswith: (a, b) => a.startsWith(b), endswith: (a, b) => a.endsWith(b),
};

function value_of({ value, word }) {
  if (value !== undefined) return value.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$|^\d{4}-\d\d-\d\d$/.test(word)) return word;
  if (/^\d+$/.test(word)) return Number(word);
  throw new SyntaxError(`'${word}' is not a value.`);
}

function reader(path) {
  return (message) => {
    const found = path.split('/').reduce((part, name) => part?.[name], message);
    if (found === undefined) throw new SyntaxError(`Could not find a property named '${path}'.`);
    return typeof found === 'string' && !/^\d{4}-\d\d-\d\dT/.test(found) ? found.toLowerCase() : found;
  };
}

// The property that is compared first; $orderby has to begin with it.
export const first_property = (text) => /^[\s(]*(?:not\s+)?(?:\w+\()?([A-Za-z/]+)/.exec(text)?.[1];

// odata_filter(TEXT) → (message) => whether it is kept. Throws SyntaxError.
export function odata_filter(text) {
  const list = tokens(text);
  let at = 0;
  const wrong = () => { throw new SyntaxError(`Syntax error in '$filter=${text}'.`); };
  const sign = (wanted) => list[at++]?.sign === wanted || wrong();
  const next = () => list[at++] ?? wrong();

  function any(word, inner, join) {
    let left = inner();
    while (list[at]?.word === word) {
      at++;
      const [a, b] = [left, inner()];
      left = (message) => join(() => a(message), () => b(message));
    }
    return left;
  }
  const either = () => any('or', both, (a, b) => a() || b());
  const both = () => any('and', single, (a, b) => a() && b());

  function single() {
    const one = next();
    if (one.word === 'not') {
      const inner = single();
      return (message) => !inner(message);
    }
    if (one.sign === '(') {
      const inner = either();
      sign(')');
      return inner;
    }
    if (!one.word) return wrong();
    const call = calls[one.word];
    if (call) {
      sign('(');
      const read = reader(next().word ?? wrong());
      sign(',');
      const wanted = value_of(next());
      sign(')');
      return (message) => call(String(read(message) ?? ''), String(wanted));
    }
    const read = reader(one.word), how = compare[next().word] ?? wrong(), wanted = value_of(next());
    return (message) => how(read(message), wanted);
  }

  const whole = either();
  if (at < list.length) wrong();
  return whole;
}
