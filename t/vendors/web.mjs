// The web at large: whatever a test publishes, at any name under web.example;
// and the token endpoint of who signs people in, for codes that a test gave out.
import { createHash } from 'node:crypto';
import { answer, form, refuse, stand } from './stand.mjs';

const published = new Map(), codes = new Map();

const bad = (error, status = 400) => refuse(status, { error, error_description: 'a provider says more than anybody should be shown' });

// Basic, both parts form-encoded, or in the form; never both.
function credentials(ask, fields) {
  const basic = /^Basic (.+)$/.exec(ask.headers.authorization ?? '')?.[1];
  const posted = [fields.get('client_id'), fields.get('client_secret')];
  if (!basic) return ['post', ...posted];
  if (posted[1] !== null) bad('invalid_request');
  return ['basic', ...Buffer.from(basic, 'base64').toString().split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')))];
}

// RFC 6749 4.1.3, RFC 7636 4.6: each code once.
function redeem(ask) {
  const fields = form(ask), held = codes.get(fields.get('code'));
  const [way, id, secret] = credentials(ask, fields);
  if (!held || held.url !== `${ask.origin}${ask.path}`) bad('invalid_grant');
  if (way !== held.way || id !== held.client_id || secret !== held.client_secret) bad('invalid_client', 401);
  codes.delete(fields.get('code'));
  if (fields.get('grant_type') !== 'authorization_code' || fields.get('redirect_uri') !== held.redirect_uri) bad('invalid_grant');
  if (createHash('sha256').update(fields.get('code_verifier') ?? '').digest('base64url') !== held.challenge) bad('invalid_grant');
  return answer(200, { token_type: 'Bearer', access_token: 'of-no-use', expires_in: 3600, id_token: held.id_token ?? undefined });
}

function web(ask) {
  if (ask.method === 'POST') return redeem(ask);
  const found = published.get(`${ask.origin}${ask.path}`);
  if (!found) refuse(404, { error: 'nothing here' });
  return answer(200, found.json, found.headers ?? {});
}

await stand({
  name: 'web',
  hosts: { web },
  errors: (status) => ({ json: { error: `status ${status}` } }),
  state: { published, codes },
  commands: {
    'POST publish': ({ url, json, headers }) => void published.set(url, { json, headers }),
    'POST code': ({ code, ...held }) => void codes.set(code, held),
  },
});
