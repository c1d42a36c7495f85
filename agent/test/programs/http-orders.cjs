// A small service: bodies, keep-alive calls to an upstream of its own with random delays, shared state.
const http = require('node:http');
const { once } = require('node:events');

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const counts = new Map();
let lock = Promise.resolve();
let served = 0;

const upstream = http.createServer((req, res) => {
  setTimeout(
    () => res.end(JSON.stringify({ price: Math.round(Math.random() * 1000), url: req.url })),
    Math.random() * 8,
  );
});

function price(port, id) {
  return new Promise((resolve, reject) => {
    const req = http.request({ port, path: `/price/${id}`, agent, host: '127.0.0.1' }, (res) => {
      let text = '';
      res
        .setEncoding('utf8')
        .on('data', (d) => (text += d))
        .on('end', () => resolve(JSON.parse(text)));
    });
    req.on('error', reject).end();
  });
}

async function handle(req, res, port) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const id = req.url.split('/').pop();
  const cost = await price(port, id);
  lock = lock.then(async () => {
    const before = counts.get(id) ?? 0;
    await new Promise((r) => setTimeout(r, Math.random() * 2));
    counts.set(id, before + 1);
  });
  await lock;
  served++;
  res.setHeader('x-served', served);
  res.writeHead(200, { 'content-type': 'application/json' });
  res.write(JSON.stringify({ id, cost, seen: counts.get(id) }));
  res.end(`${body.length} at ${Date.now()}`);
}

async function main() {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address();
  const server = http.createServer((req, res) => {
    if (req.url === '/end') {
      res.end('bye');
      server.close();
      upstream.close();
      agent.destroy();
      setTimeout(() => console.log('served', served, [...counts].sort().join(' ')), 20);
      return;
    }
    handle(req, res, port).catch((error) => console.log('failed', error.message));
  });
  server.listen(0, () => console.log(`port ${server.address().port}`));
}
main();
