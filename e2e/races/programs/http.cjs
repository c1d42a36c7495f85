// way in: http
// A server and its own clients: agents that keep connections, fetch, continue, trailers, aborted requests.
'use strict';
const http = require('node:http');

const order = [];
const say = (...words) => order.push(words.join(' '));
const agent = new http.Agent({ keepAlive: true, maxSockets: 5 });

const server = http.createServer((request, response) => {
  let length = 0;
  request.on('data', (bytes) => {
    length += bytes.length;
  });
  request.on('aborted', () => say('aborted', request.url));
  request.on('end', () => {
    say('asked', request.method, request.url, length, request.headers['expect'] ?? '');
    setTimeout(() => {
      response.writeHead(200, { trailer: 'sum', 'x-order': String(order.length) });
      response.write('part '.repeat(length % 50));
      response.addTrailers({ sum: String(length) });
      response.end(`end ${order.length}`);
    }, Math.random() * 3);
  });
});
server.on('checkContinue', (request, response) => {
  say('continue', request.url);
  response.writeContinue();
  server.emit('request', request, response);
});

function ask(port, number, headers, giveUp) {
  return new Promise((resolve) => {
    const request = http.request({
      port,
      host: '127.0.0.1',
      path: `/${number}`,
      method: 'POST',
      agent,
      headers,
    });
    request.on('continue', () => request.end('after continue '.repeat(number + 1)));
    request.on('error', ({ code }) => resolve(say(number, code)));
    request.on('response', (response) => {
      let text = '';
      response.on('data', (bytes) => {
        text += bytes;
      });
      response.on('end', () =>
        resolve(say(number, response.headers['x-order'], text.length, response.trailers.sum)),
      );
    });
    if (headers.expect === undefined) request.end('body '.repeat(number * 3));
    else request.flushHeaders();
    if (giveUp) setTimeout(() => request.destroy(), 1);
  });
}

async function strand(port, number) {
  for (let step = 0; step < 4; step++) {
    const way = (number + step) % 4;
    if (way === 0) await ask(port, number, {}, false);
    else if (way === 1) await ask(port, number, { expect: '100-continue' }, false);
    else if (way === 2) await ask(port, number, {}, true);
    else {
      const response = await fetch(`http://127.0.0.1:${port}/fetched/${number}`);
      say(number, response.headers.get('x-order'), (await response.text()).length);
    }
  }
}

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  await Promise.all(Array.from({ length: 16 }, (_, number) => strand(port, number)));
  agent.destroy();
  server.close();
  server.closeAllConnections();
  console.log(order.length, order.join('\n'));
});
