// Headless Chromium plays the person: opens where an application sent it, signs
// in, looks, and presses the button, with the pages' own forms and policies.
// browser.mjs URL CALLBACK EMAIL PASSWORD BUTTON PICTURES -> one JSON line.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [url, callback, email, password, button, pictures] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), 'gatehouse-browser-'));
const chromium = spawn('chromium', [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--remote-debugging-port=0',
  `--user-data-dir=${profile}`, '--window-size=390,844', 'about:blank',
]);

const address = await new Promise((resolve, reject) => {
  let said = '';
  chromium.stderr.on('data', (piece) => {
    said += piece;
    const found = /DevTools listening on (ws:\S+)/.exec(said);
    if (found) resolve(found[1]);
  });
  chromium.on('exit', () => reject(new Error(`chromium ended: ${said.slice(-500)}`)));
});

const socket = new WebSocket(address);
await new Promise((resolve) => socket.addEventListener('open', resolve));
const waiting = new Map();
const seen = [];
let id = 0;
socket.addEventListener('message', ({ data }) => {
  const message = JSON.parse(data);
  if (message.id) waiting.get(message.id)(message.result ?? message.error);
  else seen.push(message);
});
const send = (method, params = {}, sessionId) =>
  new Promise((resolve) => {
    waiting.set(++id, resolve);
    socket.send(JSON.stringify({ id, method, params, sessionId }));
  });
const until = async (what) => {
  for (;;) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
const page = (method, params) => send(method, params, sessionId);
const look = async (expression) => (await page('Runtime.evaluate', { expression, returnByValue: true })).result?.value;
const picture = async (name) => {
  const { data } = await page('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
  writeFileSync(join(pictures, `${name}.png`), Buffer.from(data, 'base64'));
};
for (const domain of ['Page', 'Runtime', 'Network', 'Log']) await page(`${domain}.enable`);
await page('Emulation.setDeviceMetricsOverride', { width: 390, height: 844, deviceScaleFactor: 2, mobile: true });

const report = { pages: [] };
const at = () => look('location.href');
const shows = async (text) => (await look('document.readyState')) === 'complete' && (await look('document.body?.innerText ?? ""')).includes(text);
const asked = (start) => seen.map((m) => m.params?.request?.url ?? m.params?.documentURL).find((u) => u?.startsWith(start));

await page('Page.navigate', { url });
await until(() => shows('Sign in to see'));
await picture('sign-in');
report.pages.push(await at());
await look(`(form => { form.email.value = ${JSON.stringify(email)}; form.password.value = ${JSON.stringify(password)}; form.querySelector('button').click(); })(document.forms[0])`);
await until(() => shows('Connect an application?'));
await picture('consent');
report.pages.push(await at());
report.text = await look('document.body.innerText');
report.width = await look('document.documentElement.scrollWidth');
report.styled = await look('getComputedStyle(document.querySelector("button.yes")).backgroundColor');
await look(`document.querySelector('button[value=${button}]').click()`);
report.back = await until(async () => asked(callback));
report.refused = seen.filter((m) => m.method === 'Log.entryAdded').map((m) => m.params.entry.text).filter((t) => /Content Security Policy|Refused/.test(t));
console.log(JSON.stringify(report));
socket.close();
chromium.kill();
await new Promise((resolve) => chromium.on('exit', resolve));
// Its children may still be writing there.
rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
process.exit(0);
