// The ways in which a vendor goes wrong, once it has been asked.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

export const never = (signal) => new Promise((done) => signal.addEventListener('abort', done));

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const MEBI = 1 << 20;

function body_of(right) {
  return right.json === undefined ? Buffer.from(right.bytes ?? '') : Buffer.from(JSON.stringify(right.json));
}

// A JSON text of about that many bytes, or without an end.
function* filler(size) {
  const part = Buffer.alloc(1 << 16, 'a');
  yield Buffer.from('{"filler":"');
  for (let sent = 0; sent < size; sent += part.length) yield part;
  yield Buffer.from('"}');
}

async function* slowly(body, ms) {
  for (const byte of body) {
    yield Buffer.from([byte]);
    await wait(ms);
  }
}

// pour RESPONSE SOURCE…: to its end, or until the client has had enough.
const pour = (response, ...streams) => pipeline(...streams, response).catch(() => {});

// Breaks the connection, or the one stream of HTTP/2.
function cut(request, response) {
  if (request.stream?.close) request.stream.close(2);
  else response.socket.destroy();
}

const kinds = {
  // {status, headers, body, what}: without a body, the vendor's own.
  status({ status = 500, headers = {}, body, what }, right, request, response, error) {
    const own = body === undefined ? error(status, what) : {};
    const text = body === undefined ? (own.json === undefined ? '' : JSON.stringify(own.json))
      : typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { ...(text && JSON_TYPE), ...own.headers, ...headers }).end(text);
  },

  redirect({ status = 302, location = 'http://169.254.169.254/latest/meta-data/' }, right, request, response) {
    response.writeHead(status, { location }).end();
  },

  // Cut off in the middle of a value, as if that were all.
  broken(fault, right, request, response) {
    const body = body_of(right);
    response.writeHead(right.status, JSON_TYPE).end(body.subarray(0, Math.max(1, body.length * 0.6)));
  },

  type({ type = 'text/html', body = '<html><title>Sign in</title>' }, right, request, response) {
    response.writeHead(200, { 'content-type': type }).end(body);
  },

  // The connection ends before the body does.
  close(fault, right, request, response) {
    const body = body_of(right);
    response.writeHead(right.status, { ...JSON_TYPE, 'content-length': body.length + 1 });
    response.write(body.subarray(0, body.length / 2), () => cut(request, response));
  },

  reset(fault, right, request, response) {
    cut(request, response);
  },

  // Half a body, and then silence.
  stall(fault, right, request, response) {
    const body = body_of(right);
    response.writeHead(right.status, { ...JSON_TYPE, 'content-length': body.length });
    response.write(body.subarray(0, body.length / 2));
  },

  trickle({ ms = 1000 }, right, request, response) {
    response.writeHead(right.status, JSON_TYPE);
    return pour(response, Readable.from(slowly(body_of(right), ms)));
  },

  endless(fault, right, request, response) {
    response.writeHead(200, JSON_TYPE);
    return pour(response, Readable.from(filler(Infinity)));
  },

  // {size, length}: really so large; `length` is what it claims to be.
  huge({ size = 100 * MEBI, length }, right, request, response) {
    response.writeHead(200, { ...JSON_TYPE, ...(length && { 'content-length': length }) });
    return pour(response, Readable.from(filler(size)));
  },

  // Small on the wire, `size` bytes once unpacked.
  bomb({ size = 1024 * MEBI }, right, request, response) {
    response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' });
    return pour(response, Readable.from(filler(size)), createGzip());
  },

  headers({ size = MEBI }, right, request, response) {
    for (let i = 0; i * 4096 < size; i++) response.setHeader(`x-filler-${i}`, 'a'.repeat(4096));
    response.writeHead(200, JSON_TYPE).end('{}');
  },
};

export const fault_kinds = ['hang', 'slow', 'certificate', ...Object.keys(kinds)];

export function fault_answer(fault, right, request, response, error) {
  return kinds[fault.kind](fault, right, request, response, error);
}
