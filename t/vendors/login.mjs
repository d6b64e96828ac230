// Microsoft's endpoints for consent and tokens: /{tenant}/oauth2/v2.0/authorize and token.
import { Consents } from './consent.mjs';
import { answer, form, refuse, uuid_of } from './stand.mjs';

const GRAPH = 'https://graph.microsoft.com/';

// Graph's tokens are JWTs, and tell what the application may.
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims) => (random) => `${part({ typ: 'JWT', alg: 'RS256', kid: 'stand' })}.${part(claims)}.${random}`;

// AADSTS number: status, error, text
const refusals = {
  700016: [400, 'unauthorized_client', 'Application was not found in the directory.'],
  7000215: [401, 'invalid_client', 'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.'],
  7000222: [401, 'invalid_client', 'The provided client secret keys are expired.'],
  90002: [400, 'invalid_request', 'Tenant not found. Check to make sure you have the correct tenant ID.'],
  900144: [400, 'invalid_request', "The request body must contain the following parameter: 'grant_type'."],
  70003: [400, 'unsupported_grant_type', 'The app requested an unsupported grant type.'],
  70011: [400, 'invalid_scope', 'The provided request must include a scope input parameter which is valid.'],
  700082: [400, 'invalid_grant', 'The refresh token has expired due to inactivity.'],
  50173: [400, 'invalid_grant', 'The provided grant has expired due to it being revoked.'],
  65001: [400, 'invalid_grant', 'The user or administrator has not consented to use the application.'],
  50076: [400, 'interaction_required', 'Due to a configuration change you must use multi-factor authentication.'],
  50196: [429, 'invalid_request', 'The server terminated an operation because it encountered a loop.'],
  90033: [503, 'temporarily_unavailable', 'A transient error has occurred. Please try again.'],
};
const of_status = { 400: 90002, 401: 7000215, 403: 65001, 429: 50196 };

// `what` is a number of the table.
export function login_error(status, what) {
  const number = what ?? of_status[status] ?? 90033;
  const [, error, text] = refusals[number];
  const [trace, correlation] = [uuid_of(`trace ${number}`), uuid_of(`correlation ${number}`)];
  const timestamp = new Date().toISOString().replace('T', ' ').replace(/\..*/, 'Z');
  return {
    headers: { 'cache-control': 'no-store', 'x-ms-request-id': trace },
    json: {
      error, error_description: `AADSTS${number}: ${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [Number(number)], timestamp, trace_id: trace, correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    },
  };
}

const deny = (number) => {
  const { json, headers } = login_error(null, number);
  return refuse(refusals[number][0], json, headers);
};

function basic(ask) {
  const [, text] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(ask.headers.authorization ?? '') ?? [];
  return text ? Buffer.from(text, 'base64').toString().split(':').map(decodeURIComponent) : [];
}

function client_of(tenant, ask, fields) {
  const [name, password] = basic(ask);
  const client = tenant.clients.find((one) => one.id === (fields.get('client_id') ?? name));
  const secret = fields.get('client_secret') ?? password;
  if (!client) deny(700016);
  if (client.public ? secret !== undefined : secret !== client.secret) deny(7000215);
  if (client.expired) deny(7000222);
  return client;
}

export function login(tenants) {
  const turns = new Map();
  const consents = new Consents();

  return (ask, self) => {
    const [name, ...rest] = ask.parts;
    const tenant = tenants.find((one) => one.id === name || one.domain === name) ?? deny(90002);
    if (rest.join('/') === 'oauth2/v2.0/authorize') {
      return consents.authorize(ask, tenant.clients.find((one) => one.id === ask.query.get('client_id')), (hint) => tenant.users.find((one) => one.mail === hint)?.mail);
    }
    if (rest.join('/') !== 'oauth2/v2.0/token') refuse(404, undefined);
    if (ask.method !== 'POST') refuse(405, undefined);
    const fields = form(ask);
    const grant = fields.get('grant_type') ?? deny(900144);
    const client = client_of(tenant, ask, fields);
    const seconds = self.settings.token_seconds;
    const claims = (user) => ({ aud: GRAPH, tid: tenant.id, appid: client.id, ...(user ? { scp: 'Mail.Read User.Read' } : { roles: client.role.split(' ').filter(Boolean) }) });
    const token = (user) => self.tokens.issue({ tenant: tenant.name, client: client.id, role: client.role, user }, seconds, jwt(claims(user)));
    const common = { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds };
    const headers = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' };

    if (grant === 'client_credentials') {
      if (fields.get('scope') !== `${GRAPH}.default`) deny(70011);
      return answer(200, { ...common, access_token: token(null) }, headers);
    }
    const own = (user) => answer(200, {
      ...common, scope: 'openid profile Mail.Read', access_token: token(user), refresh_token: consents.keep(client, user),
      id_token: jwt({ aud: client.id, preferred_username: user })('signature'),
    }, headers);
    if (grant === 'authorization_code') return own(consents.redeem(client, fields) ?? deny(50173));
    if (grant !== 'refresh_token') deny(70003);
    const again = consents.renew(client, fields.get('refresh_token'));
    if (again) return own(again);
    // Every use gives a new one, and the old one goes on working.
    const used = fields.get('refresh_token') ?? '';
    const user = tenant.refresh?.[used] ?? turns.get(used) ?? deny(50173);
    const next = `1.stand-${turns.size + 1}-${client.id}`;
    turns.set(next, user);
    return answer(200, { ...common, scope: 'Mail.Read User.Read', access_token: token(user), refresh_token: next }, headers);
  };
}
