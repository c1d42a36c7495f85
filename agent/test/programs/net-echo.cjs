// Raw TCP and Unix sockets, server and clients in one process: echo, back-pressure, half-close, resets,
// timeouts, pauses, refused connections; every event of every socket is printed.
const net = require('node:net');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { createHash } = require('node:crypto');

const say = (text) => process.stdout.write(`${text}\n`);
const hash = (b) => createHash('sha1').update(b).digest('hex').slice(0, 8);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'net-echo-'));

function trace(socket, name) {
  for (const event of [
    'lookup',
    'connect',
    'ready',
    'end',
    'drain',
    'timeout',
    'finish',
    'error',
    'close',
  ]) {
    socket.on(event, (arg) => {
      const detail = arg instanceof Error ? `${arg.code} ${arg.syscall}` : String(arg);
      say(
        `${name} ${event} ${event === 'lookup' ? '' : detail} ${socket.readyState} ${socket.bytesRead}/${socket.bytesWritten}`,
      );
    });
  }
  return socket;
}

const echo = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('error', (error) => say(`server ${error.code}`));
  socket.on('close', () => say(`server close ${socket.bytesRead}/${socket.bytesWritten}`));
  say(
    `accepted ${socket.remoteAddress} ${socket.remotePort === undefined} ${socket.localPort === echoPort}`,
  );
  socket.pipe(socket);
});
let echoPort;

async function bigEcho(where, name, size) {
  const socket = trace(net.connect(where), name);
  const sent = Buffer.alloc(size, name);
  const got = [];
  socket.on('data', (b) => got.push(b));
  await once(socket, 'connect');
  const flags = [];
  for (let at = 0; at < size; at += 65536) flags.push(socket.write(sent.subarray(at, at + 65536)));
  socket.cork();
  socket.write('tail ');
  socket.write('ünicode', 'utf8', () => say(`${name} written`));
  socket.uncork();
  socket.end(Buffer.from('last'));
  await once(socket, 'close');
  const all = Buffer.concat(got);
  say(`${name} ${all.length} ${hash(all)} ${got.length > 1} ${flags.filter(Boolean).length}`);
}

async function pauses(port) {
  const socket = trace(net.connect(port), 'pauses').setNoDelay().setKeepAlive(true, 1000).ref();
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (piece) => {
    text += piece;
    socket.pause();
    setTimeout(() => socket.resume(), 3);
  });
  for (let i = 0; i < 5; i++) {
    socket.write(`piece ${i} `);
    await new Promise((r) => setTimeout(r, 2));
  }
  socket.end();
  await once(socket, 'close');
  say(text);
}

async function timeouts(port) {
  const idle = trace(net.connect({ port, timeout: 15 }), 'idle');
  idle.on('timeout', () => idle.destroy());
  await once(idle, 'close');
  const never = new net.Socket();
  trace(never, 'never').setTimeout(10, () => never.destroy(new Error('gave up')));
  await once(never, 'close').catch((error) => say(error.message));
}

async function refused() {
  const socket = trace(net.connect(1, '127.0.0.1'), 'refused');
  await once(socket, 'close').catch((error) => say(`${error.message}`));
  const lost = trace(net.connect(path.join(folder, 'none')), 'no path');
  await once(lost, 'close').catch((error) => say(`${error.code}`));
  const many = trace(net.connect({ port: 1, host: 'localhost', autoSelectFamily: true }), 'many');
  await once(many, 'close').catch((error) => say(`${error.code} ${error.errors?.length}`));
}

async function resets() {
  const server = net.createServer((socket) => {
    socket.on('error', (error) => say(`reset server ${error.code}`));
    socket.once('data', () => socket.resetAndDestroy());
  });
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address();
  await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      const socket = trace(net.connect(port), `reset ${i}`);
      socket.on('connect', () => socket.write('x'.repeat(200_000)));
      await once(socket, 'close').catch(() => {});
    }),
  );
  server.close();
  await once(server, 'close');
}

async function taken(port) {
  const second = net.createServer();
  second.listen(port);
  const [error] = await once(second, 'error');
  say(`${error.code} ${error.syscall}`);
  echo.getConnections((_, n) => say(`connections ${n}`));
}

async function userBuffer(port) {
  let size = 0;
  const buffer = Buffer.alloc(1000);
  const sum = createHash('sha1');
  const socket = net.connect({
    port,
    onread: {
      buffer,
      callback: (n, b) => {
        size += n;
        sum.update(b.subarray(0, n));
        return true;
      },
    },
  });
  trace(socket, 'onread').write('y'.repeat(9000));
  socket.end();
  await once(socket, 'close');
  say(`onread ${size} ${sum.digest('hex').slice(0, 8)}`);
}

async function main() {
  echo.listen({ port: 0, host: '127.0.0.1' });
  await once(echo, 'listening');
  echoPort = echo.address().port;
  const unix = net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  const file = path.join(folder, 'echo.sock');
  unix.listen(file);
  await once(unix, 'listening');
  say(`unix ${unix.address() === file} ${unix.listening}`);
  await Promise.all([
    bigEcho({ port: echoPort, host: '127.0.0.1' }, 'tcp', 3_000_000),
    bigEcho({ path: file }, 'unix', 1_000_000),
    pauses(echoPort),
    timeouts(echoPort),
    refused(),
    resets(),
    taken(echoPort),
    userBuffer(echoPort),
  ]);
  const aborter = new AbortController();
  const aborted = trace(net.connect({ port: echoPort, signal: aborter.signal }), 'aborted');
  setTimeout(() => aborter.abort(), 2);
  await once(aborted, 'close').catch((error) => say(error.name));
  echo.close(() => say('echo closed'));
  unix.close(() => say('unix closed'));
  await Promise.all([once(echo, 'close'), once(unix, 'close')]);
  say(`${fs.existsSync(file)} ${echo.listening} ${echo.address()}`);
  fs.rmdirSync(folder);
}
main();
