// The web at large: whatever a test publishes, at any name under web.example.
import { answer, refuse, stand } from './stand.mjs';

const published = new Map();

function web(ask) {
  const found = published.get(`${ask.origin}${ask.path}`);
  if (!found) refuse(404, { error: 'nothing here' });
  if (ask.method !== 'GET') refuse(405, { error: 'only GET' });
  return answer(200, found.json, found.headers ?? {});
}

await stand({
  name: 'web',
  hosts: { web },
  errors: (status) => ({ json: { error: `status ${status}` } }),
  state: { published },
  commands: { 'POST publish': ({ url, json, headers }) => void published.set(url, { json, headers }) },
});
