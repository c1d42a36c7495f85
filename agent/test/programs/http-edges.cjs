// An HTTP server's corners, driven by raw sockets of the same process: pipelining, expectations, trailers,
// HEAD, malformed and slow requests, aborts both ways, limits, big bodies, upgrades, closing.
const http = require('node:http');
const net = require('node:net');
const { once } = require('node:events');
const { createHash } = require('node:crypto');
const { PassThrough } = require('node:stream');

const say = (text) => process.stdout.write(`${text}\n`);
const hash = (b) => createHash('sha1').update(b).digest('hex').slice(0, 8);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const server = http.createServer({
  connectionsCheckingInterval: 20,
  headersTimeout: 120,
  requestTimeout: 240,
  keepAliveTimeout: 30,
});
server.on('clientError', (error, socket) => {
  say(`clientError ${error.code} ${error.bytesParsed} ${error.rawPacket?.length}`);
  if (socket.writable) socket.end('HTTP/1.1 400 No\r\nConnection: close\r\n\r\n');
});
server.on('connection', (socket) => socket.on('close', (had) => say(`connection closed ${had}`)));
server.on('checkContinue', (req, res) => {
  res.writeContinue();
  handle(req, res);
});
server.on('dropRequest', (req) => say(`dropped ${req.url}`));
server.on('request', handle);
server.on('upgrade', (req, socket, head) => {
  say(`upgrade ${req.url} ${head}`);
  socket.write('HTTP/1.1 101 Go\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
  socket.on('data', (b) => socket.write(`echo ${b}`));
  socket.on('end', () => socket.end());
});
server.on('connect', (req, socket) => {
  socket.end(`HTTP/1.1 200 ${req.url}\r\n\r\ntunnel`);
});

let flying = 0;
function handle(req, res) {
  flying++;
  const { url } = req;
  say(`request ${req.method} ${url} ${flying} ${JSON.stringify(req.rawHeaders)}`);
  for (const event of ['aborted', 'close', 'error', 'end']) {
    req.on(event, (arg) => say(`req ${url} ${event} ${arg?.code ?? ''} ${req.complete}`));
  }
  for (const event of ['finish', 'close', 'drain', 'error']) {
    res.on(event, () => say(`res ${url} ${event} ${res.writableFinished}`));
  }
  res.on('close', () => flying--);
  routes[url.split('?')[0].slice(1)]?.(req, res);
}

const routes = {
  hello: (_, res) => res.end(`hello ${Math.random()} ${Date.now()}`),
  slow: async (_, res) => {
    await pause(8);
    res.end('slow');
  },
  body: async (req, res) => {
    const chunks = [];
    req
      .on('data', (b) => chunks.push(b))
      .on('end', () => {
        const all = Buffer.concat(chunks);
        res.setHeader('X-Length', all.length);
        res.end(`${hash(all)} ${JSON.stringify(req.trailers)}`);
      });
  },
  parts: async (_, res) => {
    res.writeHead(200, ['Date', 'mine', 'Trailer', 'X-Sum']);
    for (let i = 0; i < 3; i++) {
      res.write(`part ${i}`, 'latin1');
      await pause(1);
    }
    res.addTrailers({ 'X-Sum': '3' });
    res.end();
  },
  big: (_, res) => {
    res.write(Buffer.alloc(4_000_000, 'big'));
    res.end(Buffer.alloc(4_000_000, 'end'));
  },
  endless: (_, res) => {
    const pump = () => {
      while (!res.destroyed && res.write(Buffer.alloc(50_000)));
    };
    res.on('drain', pump);
    pump();
  },
  never: () => {},
  kill: (_, res) => res.destroy(),
  throwing: (_, res) => {
    res.statusCode = 418;
    res.end();
    res.on('error', (error) => say(error.code));
    res.write('after end');
  },
  listen: (req, res) => {
    req.socket.on('data', (b) => say(`saw ${b.length}`));
    res.end('listening');
  },
  early: (_, res) => {
    res.writeEarlyHints({ link: '</style.css>; rel=preload' });
    res.end('hinted');
  },
  pipe: (req, res) => req.pipe(new PassThrough()).pipe(res),
};

async function raw(name, pieces, until = 'close', after = 'end') {
  const socket = net.connect(server.address().port, '127.0.0.1');
  let text = Buffer.alloc(0);
  socket.on('data', (b) => (text = Buffer.concat([text, b])));
  socket.on('error', (error) => say(`${name} ${error.code}`));
  const connected = await once(socket, 'connect').catch(() => null);
  if (connected === null) return say(`${name} was closed before it was open`);
  for (const piece of pieces) {
    if (typeof piece === 'number') await pause(piece);
    else socket.write(piece);
  }
  if (after === 'end') setTimeout(() => socket.end(), 40);
  else if (after === 'destroy') socket.destroy();
  else if (after === 'reset') socket.resetAndDestroy();
  if (!socket.closed) await once(socket, until).catch(() => {});
  const said = text.toString('latin1').replace(/Date: [A-Z].*\r\n/g, '');
  say(`${name} got ${said.length} ${said.length < 900 ? JSON.stringify(said) : hash(said)}`);
}

const get = (path, more = '') => `GET /${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await Promise.all([
    raw('pipelined', [get('slow') + get('hello') + get('parts') + get('slow')]),
    raw('split', ['GET /hel', 2, 'lo HTTP/1.1\r\nHo', 2, 'st: x\r\n\r\n']),
    raw('chunked', [
      'POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n',
      3,
      '3\r\nxyz\r\n0\r\nX-T: 1\r\n\r\n',
    ]),
    raw('expect', [
      'POST /body HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
      3,
      'body',
    ]),
    raw('odd expectation', [get('hello', 'Expect: wonders\r\n')]),
    raw('head', ['HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'], 'close', ''),
    raw('no host', ['GET /hello HTTP/1.1\r\n\r\n']),
    raw('malformed', ['NONSENSE\r\n\r\n']),
    raw('malformed later', [get('hello'), 5, 'GET / HTTP/9.9\r\n\r\n']),
    raw('bad chunk', [
      'POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ]),
    raw('cut body', ['POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this']),
    raw(
      'abort body',
      ['POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this', 5],
      'close',
      'destroy',
    ),
    raw(
      'reset body',
      ['POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly this', 5],
      'close',
      'reset',
    ),
    raw('abort answer', [get('endless'), 10], 'close', 'destroy'),
    raw('reset answer', [get('endless'), 10], 'close', 'reset'),
    raw('big', [get('big', 'Connection: close\r\n')], 'close', ''),
    raw('kept', [get('hello'), 10, get('hello')], 'close', ''),
    raw('kill', [get('kill')], 'close', ''),
    raw('throwing', [get('throwing')]),
    raw('listen', [
      get('listen'),
      5,
      get('hello'),
      5,
      `POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo`,
      3,
      'dy',
    ]),
    raw('early', [get('early')]),
    raw('pipe', [
      'POST /pipe HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n',
      'p'.repeat(100000),
      2,
      'q'.repeat(200000),
    ]),
    raw('upload', [
      `POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n`,
      'u'.repeat(3_000_000),
    ]),
    raw('upgrade', [
      get('chat', 'Upgrade: echo\r\nConnection: Upgrade\r\n') + 'head',
      5,
      'one',
      5,
      'two',
    ]),
    raw('tunnel', ['CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n'], 'close', ''),
    raw('slow head', ['GET /hello HTTP/1.1\r\n'], 'close', ''),
    raw(
      'slow body',
      ['POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nslow'],
      'close',
      '',
    ),
    raw('many headers', [
      get('hello', Array.from({ length: 80 }, (_, i) => `X-${i}: ${i}\r\n`).join('')),
    ]),
    raw('big headers', [get('hello', `X: ${'h'.repeat(20000)}\r\n`)]),
  ]);
  server.maxRequestsPerSocket = 2;
  await raw('limited', [get('hello') + get('hello') + get('hello')]);
  const idle = raw('idle', [get('hello')], 'close', '');
  const stuck = raw('stuck', [get('never')], 'close', '');
  await pause(10);
  server.close(() => say('closed'));
  await idle;
  server.getConnections((_, n) => say(`left ${n}`));
  server.closeAllConnections();
  await stuck;
}
main();
