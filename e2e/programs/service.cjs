'use strict';
/**
 * A service that does a bit of everything for each request: asks its upstream over a pool, appends a line
 * to a file, writes a file of its own, counts in state that requests share, draws random ids.
 * Environment: PORT, UPSTREAM_URL. Data goes to the folder it runs in.
 */
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
let count = 0;

function ask(path) {
  return new Promise((resolve, reject) => {
    const request = http.get(`${process.env.UPSTREAM_URL}${path}`, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    request.on('error', reject);
  });
}

async function work(url) {
  count += 1;
  const number = count;
  const id = randomUUID();
  const price = await ask(`/price?${number}`);
  await fs.promises.appendFile('effects', `${id}\n`);
  if (number % 10 === 0) await fs.promises.writeFile(`kept-${number}`, price);
  return { number, id, url, price, at: Date.now(), draw: Math.random() };
}

const server = http.createServer((request, response) => {
  if (request.url === '/health') {
    response.end('ok');
    return;
  }
  let length = 0;
  request.on('data', (chunk) => {
    length += chunk.length;
  });
  request.on('end', async () => {
    try {
      const answer = { ...(await work(request.url)), length };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    } catch (error) {
      response.statusCode = 502;
      response.end(error.message);
    }
  });
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('service: ready'));

function close() {
  server.close(() => {
    agent.destroy();
    fs.writeFileSync('closed', String(count));
    console.log(`service: closed after ${count}`);
  });
  server.closeIdleConnections();
}
process.once('SIGTERM', close);
process.once('SIGINT', close);
