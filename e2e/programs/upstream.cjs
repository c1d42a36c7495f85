'use strict';
/** What the service asks: counts requests and remembers who connected. Answers on /stats. */
const http = require('node:http');

const stats = { requests: 0, connections: 0, paths: 0 };
const seen = new Set();
const server = http.createServer((request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify({ ...stats, paths: seen.size }));
    return;
  }
  stats.requests += 1;
  seen.add(request.url);
  const answer = JSON.stringify({ cents: Math.floor(Math.random() * 1000), at: Date.now() });
  setTimeout(() => response.end(answer), Math.random() * 6);
});
server.on('connection', () => {
  stats.connections += 1;
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('upstream: ready'));
