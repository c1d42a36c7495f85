// way in: http
// WebSockets of one process in both directions, many clients at once: shared state, fragments, pings, closing
// handshakes, compression, abrupt ends, and frames over a raw upgrade. Newer Nodes' own client joins in.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const { once } = require('node:events');
const { WebSocket: Client, WebSocketServer } = require('ws');

const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 20 === 0) fs.writeFileSync('/dev/null', seen.slice(-20).join());
};

const server = http.createServer((_, res) => res.end('plain'));
const plain = new WebSocketServer({ noServer: true });
const packed = new WebSocketServer({ noServer: true, perMessageDeflate: { threshold: 10 } });
let sum = 0;

server.on('upgrade', (req, socket, head) => {
  say('upgrade', req.url, head.length);
  if (req.url === '/no') return socket.end('HTTP/1.1 403 No\r\nConnection: close\r\n\r\n');
  const target = req.url.startsWith('/packed') ? packed : plain;
  target.handleUpgrade(req, socket, head, (ws) => target.emit('connection', ws, req));
});

for (const target of [plain, packed]) {
  target.on('connection', (ws, req) => {
    ws.on('message', (data, isBinary) => {
      sum += data.length;
      say('server', req.url, data.length, isBinary, sum);
      if (String(data) === 'die') ws.terminate();
      else if (String(data) === 'close') ws.close(4001, 'asked');
      else setTimeout(() => ws.send(isBinary ? data : `${sum} ${data}`), Math.random() * 4);
      if (sum % 3 === 0) for (const other of target.clients) other.send(`all ${sum}`);
    });
    ws.on('ping', (data) => say('server ping', data));
    ws.on('pong', (data) => say('server pong', data));
    ws.on('close', (code, reason) => say('server close', req.url, code, reason));
    ws.on('error', (error) => say('server error', error.code));
    ws.ping(`hello ${req.url}`);
  });
}

const url = (path) => `ws://127.0.0.1:${server.address().port}${path}`;

async function strand(number) {
  const isPacked = number % 2 === 1;
  const ws = new Client(url(`${isPacked ? '/packed' : '/plain'}/${number}`));
  ws.on('message', (data, isBinary) => say('client', number, data.length, isBinary));
  ws.on('ping', (data) => say('client ping', number, data));
  ws.on('pong', (data) => say('client pong', number, data));
  ws.on('close', (code, reason) => say('client close', number, code, reason));
  ws.on('error', (error) => say('client error', number, error.code));
  await once(ws, 'open');
  for (let i = 0; i < 6; i++) {
    ws.send(`text ${number} ${i} `.repeat(i * 20 + 1));
    ws.send(Buffer.alloc(i * 3000, number), { binary: true });
    ws.send('frag', { fin: false });
    ws.send('ments', { fin: true });
    if (i === 3) ws.ping(`ping ${number}`);
    await once(ws, 'message');
  }
  const ends = ['die', 'close', 'terminate', 'mine'];
  const end = ends[number % ends.length];
  if (end === 'terminate') ws.terminate();
  else if (end === 'mine') ws.close(1000, 'done');
  else ws.send(end);
  await once(ws, 'close');
}

async function refused() {
  const ws = new Client(url('/no'));
  const [, res] = await once(ws, 'unexpected-response');
  say('refused', res.statusCode);
  res.resume();
  await once(res, 'end');
}

/** Not in Node 20. */
async function native(number) {
  if (typeof WebSocket === 'undefined') return;
  const ws = new WebSocket(url(`/plain/native${number}`));
  ws.binaryType = 'arraybuffer';
  await new Promise((resolve) => {
    ws.onopen = () => {
      ws.send('native');
      ws.send(new Uint8Array([1, 2, 3]));
    };
    let left = 2;
    ws.onmessage = ({ data }) => {
      say('native', number, typeof data, data.byteLength ?? data.length);
      if (--left === 0) ws.close(1000, 'bye');
    };
    ws.onclose = ({ code, reason, wasClean }) => {
      say('native close', number, code, reason, wasClean);
      resolve();
    };
    ws.onerror = () => say('native error', number);
  });
}

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await Promise.all([
    ...Array.from({ length: 12 }, (_, number) => strand(number)),
    refused(),
    native(0),
    native(1),
  ]);
  server.close();
  plain.close();
  packed.close();
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 300);
}
void main();
