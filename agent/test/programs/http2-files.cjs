// HTTP/2 answers that native code reads from files: whole, in part, from descriptors, checked, refused, cut.
'use strict';
const fs = require('node:fs');
const http2 = require('node:http2');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');

const seen = [];
const say = (...words) => seen.push(words.join(' '));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-http2-'));
const big = path.join(folder, 'big');
fs.writeFileSync(big, Buffer.alloc(300_000, 'f'));

const routes = {
  whole: (stream) => stream.respondWithFile(big, { 'content-type': 'x' }),
  part: (stream) => stream.respondWithFile(big, {}, { offset: 1000, length: 5000 }),
  checked: (stream) =>
    stream.respondWithFile(
      big,
      {},
      {
        statCheck: (stat, headers) => {
          headers['x-size'] = stat.size;
        },
      },
    ),
  refused: (stream) =>
    stream.respondWithFile(
      big,
      {},
      {
        statCheck: () => {
          stream.respond({ ':status': 304 });
          stream.end();
          return false;
        },
      },
    ),
  missing: (stream) =>
    stream.respondWithFile(
      path.join(folder, 'none'),
      {},
      {
        onError: (error) => {
          say('missing', error.code);
          stream.respond({ ':status': 404 });
          stream.end();
        },
      },
    ),
  folder: (stream) => stream.respondWithFile(folder),
  descriptor: (stream) => {
    const fd = fs.openSync(big);
    stream.respondWithFD(fd, {}, { length: 20_000 });
    stream.on('close', () => fs.closeSync(fd));
  },
  handle: async (stream) => {
    const handle = await fs.promises.open(big);
    stream.respondWithFD(handle, {}, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': 'yes' }));
    stream.on('close', () => handle.close());
  },
};

function ask(session, url, more = {}) {
  return new Promise((resolve) => {
    const stream = session.request({ ':path': url });
    let size = 0;
    stream.on('response', (h) => say('response', url, h[':status'], h['x-size']));
    stream.on('trailers', (h) => say('trailers', url, h['x-end']));
    stream.on('data', (chunk) => {
      size += chunk.length;
      if (more.cut) stream.close(http2.constants.NGHTTP2_CANCEL);
    });
    stream.on('error', (error) => say('error', url, error.code));
    stream.on('close', () => resolve(say('closed', url, more.cut ? '' : size, stream.rstCode)));
  });
}

async function main() {
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    const url = headers[':path'];
    stream.on('error', (error) => say('stream error', url, error.code));
    stream.on('finish', () => say('finish', url));
    stream.on('close', () => say('close', url, stream.rstCode, seen.length));
    routes[url.slice(1)](stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  for (let i = 0; i < 3; i++) {
    await Promise.all(Object.keys(routes).map((name) => ask(session, `/${name}`)));
  }
  await Promise.all([ask(session, '/whole', { cut: true }), ask(session, '/part')]);
  session.close();
  await new Promise((resolve) => server.close(resolve));
  fs.rmSync(folder, { recursive: true });
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 60);
}
void main();
