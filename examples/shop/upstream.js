'use strict';
/**
 * The shop's supplier, a service of its own that is not under Lockstep: prices and stock that change, and
 * answers that take a while. GET /stats says how often and over how many connections it was asked.
 */
const http = require('node:http');

/** Longest time that an answer takes, milliseconds. */
const SLOWEST_MS = 12;

const port = Number(process.env.UPSTREAM_PORT ?? 8081);
const stats = { requests: 0, connections: 0 };

const answers = {
  prices: (id) => ({ id, cents: 500 + Math.floor(Math.random() * 500), at: Date.now() }),
  stock: (id) => ({ id, available: 50 + Math.floor(Math.random() * 100) }),
};

const server = http.createServer((request, response) => {
  const [, kind = '', id = ''] = (request.url ?? '').split('/');
  if (kind === 'stats') return send(response, 200, stats);
  stats.requests += 1;
  const answer = Object.hasOwn(answers, kind) ? answers[kind] : null;
  if (answer === null) return send(response, 404, { error: 'no such resource' });
  return setTimeout(() => send(response, 200, answer(id)), Math.random() * SLOWEST_MS);
});

function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

server.on('connection', () => {
  stats.connections += 1;
});
server.on('error', (error) => {
  console.error(`upstream: port ${port} cannot be used: ${error.code}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => console.log(`upstream: listening on 127.0.0.1:${port}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
