// way in: http2
// HTTP/2 in both directions over TCP and TLS, many streams of many sessions sharing state: the compatible API,
// pushes, trailers, information, pings, settings, resets, timeouts, goodbyes, large bodies, tunnels.
'use strict';
const fs = require('node:fs');
const http2 = require('node:http2');
const https = require('node:https');
const net = require('node:net');
const path = require('node:path');
const { Duplex } = require('node:stream');
const { once } = require('node:events');

const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const key = read('server-key.pem');
const cert = read('server-cert.pem');
const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 20 === 0) fs.writeFileSync('/dev/null', seen.slice(-20).join());
};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const listen = async (server) => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
};

let sum = 0;
const routes = {
  hello: (stream) => {
    stream.respond({ ':status': 200, 'x-sum': sum });
    stream.end(`hello ${sum}`);
  },
  slow: async (stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</a>' });
    await wait(Math.random() * 5);
    stream.respond({ ':status': 200 });
    for (let i = 0; i < 4; i++) {
      stream.write(`part ${i} ${sum}`);
      await wait(1);
    }
    stream.end();
  },
  echo: (stream) => {
    stream.respond({ ':status': 201 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': sum }));
    stream.on('trailers', (trailers) => say('request trailers', trailers['x-end']));
    stream.pipe(stream);
  },
  count: (stream) => {
    let size = 0;
    stream.on('data', (chunk) => {
      size += chunk.length;
      sum += 1;
    });
    stream.on('end', () => {
      stream.respond();
      stream.end(String(size));
    });
  },
  big: (stream) => {
    stream.respond({ 'content-type': 'x' });
    stream.write(Buffer.alloc(700_000, 'b'), () => say('first written', sum));
    stream.end(Buffer.alloc(500_000, 'c'));
  },
  push: (stream) => {
    stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
      if (error) return say('no push', error.code);
      pushed.respond({ ':status': 200 });
      pushed.end(`pushed ${sum}`);
      stream.respond();
      stream.end('pushing');
    });
  },
  never: (stream) => {
    stream.setTimeout(15, () => {
      say('stream timeout');
      stream.close(http2.constants.NGHTTP2_CANCEL);
    });
  },
  reset: (stream) => stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM),
  fail: (stream) => {
    stream.respond();
    stream.write('some');
    setTimeout(() => stream.destroy(new Error('broken')), 3);
  },
  bye: (stream) => {
    stream.respond();
    stream.end('bye');
    stream.session.goaway(0, 0, Buffer.from('good night'));
    stream.session.close();
  },
};

function watch(server, name) {
  server.on('session', (session) => {
    say(name, 'session', session.type, session.encrypted, session.alpnProtocol);
    say(name, 'peer', session.socket.remoteAddress, session.socket.remotePort > 0);
    session.on('ping', (payload) => say(name, 'ping', payload));
    session.on('remoteSettings', (s) => say(name, 'remote', s.initialWindowSize, s.enablePush));
    session.on('goaway', (code, id) => say(name, 'goaway', code, id));
    session.on('close', () => say(name, 'session closed', session.destroyed));
    session.on('error', (error) => say(name, 'session error', error.code));
  });
  server.on('stream', (stream, headers, flags) => {
    sum += 1;
    const url = headers[':path'];
    say(name, 'stream', headers[':method'], url, flags, stream.id);
    for (const event of ['aborted', 'close', 'end', 'finish']) {
      stream.on(event, () => say(name, url, event, stream.rstCode));
    }
    stream.on('error', (error) => say(name, url, 'error', error.code, error.message));
    routes[url.split('?')[0].slice(1)]?.(stream, headers);
  });
  server.on('sessionError', (error) => say(name, 'sessionError', error.code));
}

function ask(session, headers, body, more = {}) {
  return new Promise((resolve) => {
    const url = headers[':path'];
    const stream = session.request(headers, { endStream: body === undefined, ...more });
    let size = 0;
    stream.on('response', (h) => say('response', url, h[':status'], h['x-sum'], stream.id));
    stream.on('headers', (h) => say('information', url, h[':status']));
    stream.on('trailers', (h) => say('trailers', url, h['x-sum']));
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-end': 'yes' }));
    stream.on('data', (chunk) => {
      size += chunk.length;
      sum += 1;
    });
    stream.on('aborted', () => say('aborted', url));
    stream.on('error', (error) => say('stream error', url, error.code));
    stream.on('close', () => resolve(say('closed', url, size, stream.rstCode, sum)));
    if (body !== undefined) {
      stream.write(body);
      stream.end();
    }
    if (more.cancelAfter !== undefined) {
      setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), more.cancelAfter);
    }
  });
}

async function client(name, url, options) {
  const session = http2.connect(url, { settings: { initialWindowSize: 100_000 }, ...options });
  session.on('connect', () => say(name, 'connected', session.alpnProtocol, session.encrypted));
  session.on('error', (error) => say(name, 'error', error.code));
  session.on('goaway', (code, id, data) => say(name, 'goaway', code, id, data));
  session.on('close', () => say(name, 'closed'));
  session.on('localSettings', (s) => say(name, 'local', s.initialWindowSize));
  session.on('remoteSettings', (s) => say(name, 'remote', s.maxConcurrentStreams));
  session.on('stream', (pushed, headers) => {
    say(name, 'pushed', headers[':path'], pushed.id);
    pushed.on('push', (h) => say(name, 'push', h[':status']));
    pushed.on('data', (chunk) => say(name, 'push data', chunk));
  });
  await Promise.all([
    ...Array.from({ length: 6 }, (_, i) => ask(session, { ':path': `/slow?${i}` })),
    ask(session, { ':path': '/hello' }),
    ask(session, { ':path': '/echo', ':method': 'POST' }, 'e'.repeat(300_000), {
      waitForTrailers: true,
    }),
    ask(session, { ':path': '/count', ':method': 'POST' }, Buffer.alloc(400_000)),
    ask(session, { ':path': '/big' }),
    ask(session, { ':path': '/push' }),
    ask(session, { ':path': '/never' }),
    ask(session, { ':path': '/reset' }),
    ask(session, { ':path': '/fail' }),
    ask(session, { ':path': '/big?cancelled' }, undefined, { cancelAfter: 4 }),
    ask(session, { ':path': '/hello', ':method': 'HEAD' }),
    new Promise((resolve) => {
      session.ping(Buffer.from('12345678'), (error, ms, payload) =>
        resolve(say(name, 'pong', error, ms > 0, payload)),
      );
    }),
  ]);
  say(name, 'state', session.state.nextStreamID, session.state.localWindowSize);
  session.settings({ initialWindowSize: 70_000 }, (error, settings) =>
    say(name, 'settings', error, settings?.initialWindowSize),
  );
  await ask(session, { ':path': '/hello' });
  say(name, 'windows', session.remoteSettings.initialWindowSize, session.pendingSettingsAck);
  say(name, 'bytes', session.socket.bytesRead, session.socket.bytesWritten);
  return session;
}

/** The API that looks like HTTP/1, which some clients of this server speak. */
function compatible(req, res) {
  let size = 0;
  sum += 1;
  say('request', req.method, req.url, req.httpVersion, req.headers['x-a']);
  req.on('aborted', () => say('request aborted', req.url));
  res.on('close', () => say('response closed', req.url, res.writableFinished));
  res.on('finish', () => say('response finished', req.url));
  if (req.httpVersionMajor === 1) return res.end(`old ${req.url}`);
  if (req.url === '/never') return undefined;
  if (req.url === '/hints') res.writeEarlyHints({ link: '</b>; rel=preload' });
  if (req.url === '/push') {
    res.createPushResponse({ ':path': '/extra' }, (error, pushed) => {
      say('push response', error?.code);
      pushed?.end(`extra ${sum}`);
    });
  }
  req.on('data', (chunk) => {
    size += chunk.length;
  });
  req.on('end', async () => {
    await wait(Math.random() * 3);
    res.setHeader('x-sum', String(sum));
    res.addTrailers({ 'x-sum': String(sum) });
    res.writeHead(202);
    res.write(`${req.method} ${req.trailers['x-end']} `);
    res.end(String(size));
  });
  return undefined;
}

async function compat() {
  const server = http2.createSecureServer({ key, cert, allowHTTP1: true });
  server.on('request', compatible);
  server.on('checkContinue', (req, res) => {
    say('check continue', req.url);
    res.writeContinue();
    compatible(req, res);
  });
  const port = await listen(server);
  const session = http2.connect(`https://localhost:${port}`, { ca: cert });
  session.on('stream', (pushed, headers) => {
    say('pushed', headers[':path']);
    pushed.resume();
  });
  await Promise.all([
    ...Array.from({ length: 8 }, (_, i) =>
      ask(session, { ':path': `/all/${i}`, ':method': 'POST', 'x-a': i }, 'b'.repeat(i * 30_000)),
    ),
    ask(session, { ':path': '/hints' }),
    ask(session, { ':path': '/push' }),
    ask(session, { ':path': '/never' }, undefined, { cancelAfter: 6 }),
    ask(session, { ':path': '/wait', ':method': 'POST', expect: '100-continue' }, 'go on', {
      waitForTrailers: true,
    }),
    ...Array.from({ length: 3 }, async (_, i) => {
      const target = { host: '127.0.0.1', port, ca: cert, path: `/old/${i}`, agent: false };
      const [res] = await once(https.get(target), 'response');
      let text = '';
      for await (const chunk of res) text += chunk;
      say('old', res.statusCode, text);
    }),
  ]);
  session.close();
  await new Promise((resolve) => server.close(resolve));
}

async function clear() {
  const server = http2.createServer({ settings: { maxConcurrentStreams: 50 } });
  watch(server, 'h2c');
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  const sessions = await Promise.all([1, 2, 3].map((n) => client(`client ${n}`, url)));
  const [first, second, third] = sessions;
  first.close(() => say('first closed'));
  second.destroy();
  await ask(third, { ':path': '/bye' });
  const late = http2.connect(url);
  const dead = new Promise((resolve) => late.on('close', resolve));
  late.on('error', (error) => say('late', error.code));
  const left = ask(late, { ':path': '/never' });
  late.on('connect', () => setTimeout(() => late.destroy(new Error('gone')), 4));
  await Promise.all([dead, left]);
  const refused = http2.connect('http://127.0.0.1:1');
  const [error] = await once(refused, 'error');
  say('refused', error.code);
  await new Promise((resolve) => server.close(resolve));
}

async function secure() {
  const server = http2.createSecureServer({ key, cert });
  watch(server, 'h2');
  const port = await listen(server);
  const session = await client('secure', `https://localhost:${port}`, { ca: cert });
  session.close();
  await new Promise((resolve) => server.close(resolve));
}

/** Over a stream that is JavaScript, with resets of the socket, and with what is no HTTP/2 at all. */
async function odd() {
  const server = http2.createServer();
  watch(server, 'odd');
  server.on('timeout', () => say('session timeout'));
  const port = await listen(server);
  const socket = net.connect(port, '127.0.0.1');
  const tunnel = new Duplex({
    read: () => socket.resume(),
    write: (chunk, _, done) => socket.write(chunk, done),
    final: (done) => socket.end(done),
  });
  socket.on('data', (chunk) => tunnel.push(chunk) || socket.pause());
  socket.on('end', () => tunnel.push(null));
  const session = http2.connect('http://tunnel', { createConnection: () => tunnel });
  await ask(session, { ':path': '/hello' });
  session.close();
  const raw = net.connect(port, '127.0.0.1');
  raw.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  raw.on('data', (chunk) => say('raw', chunk.length));
  await new Promise((resolve) => raw.on('close', resolve));
  const line = net.connect(port, '127.0.0.1');
  const cut = http2.connect('http://cut', { createConnection: () => line });
  cut.on('error', (error) => say('cut', error.code));
  const asked = ask(cut, { ':path': '/never' });
  await once(cut, 'connect');
  line.destroy();
  await asked;
  const idle = http2.connect(`http://127.0.0.1:${port}`);
  idle.setTimeout(20, () => {
    say('idle');
    idle.close();
  });
  await new Promise((resolve) => idle.on('close', resolve));
  await new Promise((resolve) => server.close(resolve));
}

async function main() {
  await Promise.all([clear(), secure(), compat(), odd()]);
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 300);
}
void main();
