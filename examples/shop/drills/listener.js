'use strict';
/** The thief's drop box: prints what arrives at http://127.0.0.1:4699/collect. Nothing leaves this machine. */
const http = require('node:http');

const port = Number(process.env.LISTENER_PORT ?? 4699);
/** What is read of one delivery, bytes. */
const MAX_BYTES = 64 * 1024;

const server = http.createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    if (body.length < MAX_BYTES) body += chunk;
  });
  request.on('end', () => {
    console.log(`listener: STOLEN, ${request.method} ${request.url} brought: ${body.trim()}`);
    response.writeHead(204).end();
  });
});
server.on('error', (error) => {
  console.error(`listener: port ${port} cannot be used: ${error.code}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => console.log(`listener: waiting on 127.0.0.1:${port}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
