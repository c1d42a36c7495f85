/** A gateway: each request becomes one to an upstream of its own process, by another client library. */
'use strict';
const http = require('node:http');
const { setTimeout: wait } = require('node:timers/promises');
const axios = require('axios');
const httpProxy = require('http-proxy');
const items = require('./items.cjs');

const upstream = http.createServer(async (request, response) => {
  await wait(Math.random() * 4);
  response.end(JSON.stringify({ url: request.url, at: Date.now() }));
});

async function answer(base, path) {
  const url = base + path;
  switch (Number(path.slice(1)) % 3) {
    case 0:
      return JSON.stringify((await axios.get(url)).data);
    case 1:
      return (await fetch(url)).text();
    default: {
      const { got } = await import('got');
      return got(url).text();
    }
  }
}

upstream.listen(0, items.host, () => {
  const base = `http://${items.host}:${upstream.address().port}`;
  const agent = new http.Agent({ keepAlive: true });
  const proxy = httpProxy.createProxyServer({ target: base, agent });
  const server = http.createServer(async (request, response) => {
    if (request.url === '/quit') {
      response.end('bye', () => process.exit(0));
    } else if (Number(request.url.slice(1)) % 4 === 3) {
      proxy.web(request, response);
    } else {
      response.end(await answer(base, request.url));
    }
  });
  server.listen(items.port, items.host);
});
