/** A gateway to an upstream of its own process over TLS, by several client libraries, pooled and not. */
'use strict';
const { readFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { join } = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');
const axios = require('axios');
const items = require('./items.cjs');

const keys = join(__dirname, '../../races/programs/keys');
const key = readFileSync(join(keys, 'server-key.pem'));
const ca = readFileSync(join(keys, 'server-cert.pem'));

const upstream = https.createServer({ key, cert: ca }, async (request, response) => {
  let size = 0;
  for await (const chunk of request) size += chunk.length;
  await wait(Math.random() * 4);
  const { url, socket } = request;
  const text = JSON.stringify({ url, size, at: Date.now(), secure: socket.getProtocol() });
  response.end(text + 'x'.repeat((size * 7) % 40_000));
});

const httpsAgent = new https.Agent({ ca, keepAlive: true, maxSockets: 4 });
const strangers = new https.Agent({ ca: [] });
const asText = { responseType: 'text', transformResponse: (text) => text };

async function answer(base, path) {
  const number = Number(path.slice(1));
  const url = base + path;
  switch (number % 5) {
    case 0:
      return (await axios.get(url, { httpsAgent, ...asText })).data;
    case 1:
      return (await axios.post(url, 'b'.repeat(number * 100), { httpsAgent, ...asText })).data;
    case 2: {
      const { got } = await import('got');
      return got(url, { https: { certificateAuthority: ca } }).text();
    }
    case 3:
      return String((await axios.get(url, { httpsAgent: strangers }).catch((error) => error)).code);
    default: {
      // The built-in client trusts what the process was started to trust, and nothing else.
      const failure = await fetch(url).catch((error) => error);
      return String(failure.cause?.code);
    }
  }
}

upstream.listen(0, items.host, () => {
  const base = `https://localhost:${upstream.address().port}`;
  const server = http.createServer(async (request, response) => {
    if (request.url === '/quit') response.end('bye', () => process.exit(0));
    else response.end(await answer(base, request.url));
  });
  server.listen(items.port, items.host);
});
