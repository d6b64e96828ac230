// A vendor's page where a person says what an application may read, and what
// comes of it: a code, redeemed once, with its proof key, and refresh tokens.
// Who signs in stands in login_hint; "deny" says no.
import { createHash, randomBytes } from 'node:crypto';
import { answer } from './stand.mjs';

const random = () => randomBytes(24).toString('base64url');
const page = (text) => ({ status: 400, headers: { 'content-type': 'text/html' }, bytes: `<p>${text}</p>` });

export class Consents {
  #codes = new Map();
  #refresh = new Map();

  // find: the user of a login_hint; the redirect URI has to be one of the client's.
  authorize(ask, client, find) {
    const { query } = ask, redirect = query.get('redirect_uri');
    if (ask.method !== 'GET' || !client) return page('unknown application');
    if (!(client.redirects ?? []).includes(redirect)) return page('redirect_uri is not registered');
    if (query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256') return page('no code with S256');
    const to = new URL(redirect), hint = query.get('login_hint');
    if (hint === 'deny') {
      to.searchParams.set('error', 'access_denied');
      to.searchParams.set('error_description', 'canary of the vendor');
    } else {
      const user = find(hint), code = random();
      if (!user) return page('nobody signed in');
      this.#codes.set(code, { client: client.id, redirect, user, challenge: query.get('code_challenge'), scope: query.get('scope') });
      to.searchParams.set('code', code);
    }
    to.searchParams.set('state', query.get('state') ?? '');
    return answer(302, undefined, { location: to.href });
  }

  // The user of a code; undefined: it is none, or does not go with the rest.
  redeem(client, fields) {
    const made = this.#codes.get(fields.get('code'));
    this.#codes.delete(fields.get('code'));
    const challenge = createHash('sha256').update(fields.get('code_verifier') ?? '').digest('base64url');
    const fits = made?.client === client.id && made.redirect === fields.get('redirect_uri') && made.challenge === challenge;
    return fits ? made.user : undefined;
  }

  keep(client, user) {
    const token = `r.stand-${random()}`;
    this.#refresh.set(token, { client: client.id, user });
    return token;
  }

  // once: the token is good for one use.
  renew(client, token, once) {
    const made = this.#refresh.get(token);
    if (once) this.#refresh.delete(token);
    return made?.client === client.id ? made.user : undefined;
  }
}
