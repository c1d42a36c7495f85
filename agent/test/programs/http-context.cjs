// Asynchronous context and printed stacks in every callback that sockets and servers make.
const http = require('node:http');
const net = require('node:net');
const { AsyncLocalStorage } = require('node:async_hooks');
const { once } = require('node:events');

const storage = new AsyncLocalStorage();
const say = (where) => {
  const lines = new Error(where).stack
    .split('\n')
    .slice(1, 12)
    .map((line) => line.replace(/^ +at /, '').replace(/\(?\/.*\//, '('));
  process.stdout.write(
    `${where} ${JSON.stringify(storage.getStore() ?? null)} ${lines.join(' | ')}\n`,
  );
};

const server = http.createServer((req, res) => {
  say(`request ${req.url}`);
  storage.run({ request: req.url }, () => {
    req
      .on('data', () => say('req data'))
      .on('end', () => {
        say('req end');
        res.write('a'.repeat(2_000_000), () => say('written'));
        res.end('done');
      });
    res.on('finish', () => say('res finish')).on('close', () => say('res close'));
    req.socket.once('close', () => say('inbound close'));
  });
});

async function main() {
  await storage.run('listening', async () => {
    server.on('connection', () => say('connection'));
    server.listen(0, '127.0.0.1', () => say('listening'));
    await once(server, 'listening');
  });
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (const name of ['one', 'two']) {
    await storage.run(name, async () => {
      const req = http.request({
        port,
        host: '127.0.0.1',
        path: `/${name}`,
        method: 'POST',
        agent,
      });
      req.on('socket', (socket) => {
        say('socket');
        socket.once('connect', () => say('connect'));
      });
      req.end('body');
      const [res] = await once(req, 'response');
      say('response');
      let size = 0;
      for await (const chunk of res) size += chunk.length;
      say(`read ${size}`);
    });
  }
  await storage
    .run('refused', async () => {
      const socket = net.connect(1, '127.0.0.1');
      socket.on('error', (error) =>
        say(`error ${error.stack.split('\n').slice(0, 3).join(' / ')}`),
      );
      socket.on('close', () => say('closed'));
      await once(socket, 'close');
    })
    .catch(() => say('caught'));
  storage.run('idle', () => {
    const socket = net.connect({ port, host: 'localhost', timeout: 20 });
    socket.on('timeout', () => {
      say('timeout');
      socket.destroy();
    });
    socket.on('close', () => {
      say('idle closed');
      agent.destroy();
      server.close(() => say('server closed'));
      server.closeAllConnections();
    });
  });
}
main();
