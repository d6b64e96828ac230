// From a bare URL to an answer, with a client's own OAuth code: 401, discovery,
// registration, authorization, consent, token, search; and once more when the
// token is over.
// oauth.mjs sdk1|sdk2 URL EMAIL PASSWORD [COMMAND-THAT-ENDS-TOKENS] -> one JSON line.
// With CLIENT_METADATA_URL the client has that for an id, and need not register.
import { execSync } from 'node:child_process';
import { Person } from './person.mjs';

const [kind, url, email, password, expire] = process.argv.slice(2);
const callback = 'http://127.0.0.1:41041/callback';
const person = new Person(email, password);
const report = { refreshed: false, asked: 0 };

const provider = {
  saved: {},
  redirectUrl: callback,
  clientMetadataUrl: process.env.CLIENT_METADATA_URL,
  clientMetadata: {
    client_name: 'Gatehouse <tests>', redirect_uris: [callback], token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
  },
  state: () => 'the state of this flow',
  clientInformation() { return this.saved.client; },
  saveClientInformation(client) { this.saved.client = client; },
  tokens() { return this.saved.tokens; },
  saveTokens(tokens) {
    report.refreshed = report.refreshed || (this.saved.tokens && tokens.access_token !== this.saved.tokens.access_token);
    this.saved.tokens = tokens;
  },
  async redirectToAuthorization(to) {
    report.asked++;
    this.back = await person.authorize(to.href, callback);
  },
  saveCodeVerifier(verifier) { this.saved.verifier = verifier; },
  codeVerifier() { return this.saved.verifier; },
};

const load = {
  sdk1: async () => ({
    ...(await import('@modelcontextprotocol/sdk/client/index.js')),
    ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
  }),
  sdk2: () => import('@modelcontextprotocol/client'),
};

const { Client, StreamableHTTPClientTransport } = await load[kind]();
const transportOf = () => new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
const clientOf = () => new Client({ name: 'gatehouse-tests', version: '1.0.0' });
const found = async (client) => {
  const result = await client.callTool({ name: 'search', arguments: { query: 'otter' } });
  return result.structuredContent.results.map((r) => r.title);
};

try {
  let transport = transportOf();
  let client = clientOf();
  await client.connect(transport).catch((error) => (report.refused = error.constructor.name));
  const back = provider.back.searchParams;
  report.state = back.get('state');
  report.iss = back.get('iss');
  await (kind === 'sdk2' ? transport.finishAuth(back) : transport.finishAuth(back.get('code')));
  transport = transportOf();
  client = clientOf();
  await client.connect(transport);
  report.found = await found(client);
  report.scope = provider.saved.tokens.scope;
  report.client = provider.saved.client.client_id;
  if (expire) {
    execSync(expire, { stdio: 'ignore' });
    report.again = await found(client);
  }
  report.page = person.asked;
  console.log(JSON.stringify(report));
  await client.close();
} catch (error) {
  console.log(JSON.stringify({ ...report, pages: person.pages, error: { name: error.constructor.name, message: error.message, stack: error.stack } }));
  process.exitCode = 1;
}
