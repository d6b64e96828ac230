// Tokens by other code than Gatehouse's: node jwt.mjs key KIND > PEM,
// node jwt.mjs jwk KID < PEM, node jwt.mjs sign HEADER CLAIMS < PEM.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function make_key(kind) {
  const { privateKey } = kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}

export function jwk(pem, kid) {
  return { ...createPublicKey(pem).export({ format: 'jwk' }), ...(kid ? { kid } : {}) };
}

export function signed(pem, header, claims) {
  const text = `${part(header)}.${part(claims)}`;
  const key = { key: createPrivateKey(pem), dsaEncoding: 'ieee-p1363' };
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

if (process.argv[1] === import.meta.filename) {
  const [what, one, two] = process.argv.slice(2);
  const commands = {
    key: () => make_key(one),
    jwk: () => JSON.stringify(jwk(readFileSync(0), one)),
    sign: () => signed(readFileSync(0), JSON.parse(one), JSON.parse(two)),
  };
  console.log(commands[what]().trim());
}
