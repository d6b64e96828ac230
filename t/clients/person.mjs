// Plays the person in front of the browser: follows where an application sends
// them, keeps cookies, signs in, and answers the page that asks.
import { request } from 'node:http';

// A page or a redirect; the host is the URL's, whatever it resolves to.
const get = (url, { method = 'GET', body, cookies, headers = {} }) =>
  new Promise((resolve, reject) => {
    const at = new URL(url);
    const asked = request(
      {
        host: '127.0.0.1', port: at.port || 80, path: at.pathname + at.search, method,
        headers: {
          Host: at.host, Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body ? { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body), Origin: at.origin } : {}),
          ...headers,
        },
      },
      (answer) => {
        let text = '';
        answer.on('data', (piece) => (text += piece));
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });

export class Person {
  constructor(email, password) {
    Object.assign(this, { email, password, cookies: new Map(), pages: [] });
  }

  async open(url, options = {}) {
    const cookies = new URL(url).pathname.startsWith('/oauth/') ? this.cookies : new Map();
    const page = await get(url, { ...options, cookies });
    for (const line of page.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    this.pages.push({ url, status: page.status });
    return { ...page, url };
  }

  // Goes where it is sent, until there is a page to read or the way leads to the application.
  async follow(url, callback, options) {
    let page = await this.open(url, options);
    while (page.headers.location) {
      const next = new URL(page.headers.location, page.url).href;
      if (next.startsWith(callback)) return { ...page, back: new URL(next) };
      page = await this.open(next);
    }
    return page;
  }

  send(page, fields, callback) {
    const action = /<form method="post" action="([^"]+)"/.exec(page.text)[1];
    return this.follow(new URL(action, page.url).href, callback, { method: 'POST', body: new URLSearchParams(fields).toString() });
  }

  // The form of a page as a browser would send it, with the button that is pressed.
  answers(page, button) {
    const fields = { answer: button };
    for (const [, name, value] of page.text.matchAll(/<input type="(?:hidden|checkbox)" name="([^"]+)" value="([^"]*)"/g)) fields[name] = value;
    const days = /<option value="(\d+)"/.exec(page.text);
    if (days) fields.days = days[1];
    return fields;
  }

  // From the application's address to its callback; what was asked stands in this.asked.
  async authorize(url, callback, button = 'approve') {
    let page = await this.follow(url, callback);
    if (!page.back && page.text.includes('/signin"')) page = await this.send(page, { email: this.email, password: this.password }, callback);
    if (page.back) return page.back;
    this.asked = page.text;
    page = await this.send(page, this.answers(page, button), callback);
    if (!page.back) throw new Error(`no way back to the application: ${page.status} ${page.text}`);
    return page.back;
  }
}
