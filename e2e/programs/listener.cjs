'use strict';
/** Where the thief of drills/steal.cjs delivers: prints each delivery. */
const http = require('node:http');

const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    console.log(`listener: got ${body.trim()}`);
    response.end();
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listener: ready'));
