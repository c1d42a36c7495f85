// Many requests at once by fetch, shared state, aborted ones, 16 MB bodies both ways.
const http = require('node:http');
const { once } = require('node:events');
const { createHash } = require('node:crypto');

const hash = (b) => createHash('sha1').update(b).digest('hex').slice(0, 8);
const upstream = http.createServer((req, res) => {
  if (req.url === '/big') return req.pipe(res);
  if (req.url === '/never') return undefined;
  const wait = Math.random() * 6;
  return setTimeout(() => res.end(JSON.stringify({ url: req.url, wait })), wait);
});
const order = [];

async function strand(base, name) {
  for (let i = 0; i < 25; i++) {
    const answer = await fetch(`${base}/${name}/${i}?seen=${order.length}`, {
      headers: { 'x-id': crypto.randomUUID() },
    });
    order.push((await answer.json()).url);
  }
}

async function main() {
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const base = `http://127.0.0.1:${upstream.address().port}`;
  await Promise.all(Array.from({ length: 20 }, (_, i) => strand(base, `strand-${i}`)));
  process.stdout.write(`${order.length} ${hash(order.join())}\n`);
  const big = Buffer.alloc(16 * 1024 * 1024, 'sixteen megabytes ');
  const answer = await fetch(`${base}/big`, { method: 'POST', body: big });
  const back = Buffer.from(await answer.arrayBuffer());
  process.stdout.write(`${back.length} ${hash(back) === hash(big)}\n`);
  const given = await fetch(`${base}/never`, { signal: AbortSignal.timeout(10) }).catch(
    (error) => error.name,
  );
  const lost = await fetch('http://127.0.0.1:1/').catch((error) => error.cause?.message);
  process.stdout.write(`${given} ${lost}\n`);
  upstream.closeAllConnections();
  upstream.close();
}
main();
