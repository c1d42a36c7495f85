/** Load drivers for service trials; run as processes of their own: `node drive.mjs PORT REQUESTS CONCURRENCY`. */
import http from 'node:http';

const [port = '', total = '500', concurrency = '16', kind = 'post'] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(concurrency) });
let next = 0;
let good = 0;
let bad = 0;

function once(path, method, body) {
  return new Promise((resolve) => {
    const req = http.request({ host: '127.0.0.1', port, path, method, agent }, (res) => {
      let size = 0;
      res.on('data', (d) => (size += d.length));
      res.on('end', () => {
        if (res.statusCode < 500) good++;
        else bad++;
        resolve(size);
      });
      res.on('error', () => resolve(bad++));
    });
    req.on('error', () => resolve(bad++));
    if (kind === 'abort' && next % 10 === 0) setTimeout(() => req.destroy(), Math.random() * 6);
    if (body !== undefined) {
      if (kind === 'chunked') {
        req.write(body.slice(0, 5));
        setTimeout(() => req.end(body.slice(5)), Math.random() * 3);
      } else req.end(body);
    } else req.end();
  });
}

async function strand() {
  while (next < Number(total)) {
    const n = next++;
    await once(
      `/orders/${n % 17}`,
      n % 3 ? 'POST' : 'GET',
      n % 3 ? 'x'.repeat(n % 900) : undefined,
    );
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, strand));
await once('/end', 'GET');
process.stdout.write(`${good} good ${bad} bad\n`);
process.exit(0);
