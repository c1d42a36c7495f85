// way in: http
// HTTP/1 beyond requests and answers, many at once, clients and server in one process: upgrades both ways,
// tunnels through CONNECT with requests inside, expectations, information, trailers, pipelines.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const { once } = require('node:events');

const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 20 === 0) fs.writeFileSync('/dev/null', seen.slice(-20).join());
};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let sum = 0;
const server = http.createServer(async (req, res) => {
  sum += 1;
  say('request', req.method, req.url, sum, JSON.stringify(req.headers.expect));
  let size = 0;
  for await (const chunk of req) size += chunk.length;
  say('body', req.url, size, req.trailers['x-end'], req.complete);
  if (req.url === '/hints') res.writeEarlyHints({ link: '</a>; rel=preload' });
  if (req.url === '/processing') res.writeProcessing();
  await wait(Math.random() * 4);
  res.writeHead(200, { Trailer: 'X-Sum', 'X-At': String(sum) });
  res.write(`part ${size} `);
  res.addTrailers({ 'X-Sum': String(sum) });
  res.end(`end ${sum}`);
});
server.on('checkContinue', (req, res) => {
  say('expects', req.url);
  if (req.url === '/unwanted') return res.writeHead(417).end('no');
  setTimeout(() => {
    res.writeContinue();
    server.emit('request', req, res);
  }, 2);
});
server.on('checkExpectation', (req, res) => {
  say('odd expectation', req.headers.expect);
  res.writeHead(417, { Connection: 'close' }).end();
});
server.on('upgrade', (req, socket, head) => {
  sum += 1;
  say('upgrade', req.url, head.length, sum);
  if (req.url === '/later') return setTimeout(() => socket.destroy(), 3);
  socket.write('HTTP/1.1 101 Go\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nfirst');
  socket.on('data', (chunk) => {
    sum += chunk.length;
    say('upgraded data', req.url, chunk.length, sum);
    setTimeout(() => socket.writable && socket.write(`echo ${chunk} ${sum}`), Math.random() * 3);
  });
  socket.on('end', () => socket.end('ended'));
  socket.on('close', (failed) => say('upgraded closed', req.url, failed));
  socket.on('error', (error) => say('upgraded error', error.code));
});
server.on('connect', (req, socket, head) => {
  sum += 1;
  say('connect', req.url, head.length, sum);
  if (req.url === 'no:1') return socket.end('HTTP/1.1 502 No\r\n\r\nno such place');
  const [host, port] = req.url.split(':');
  const beyond = net.connect(port, host, () => {
    socket.write('HTTP/1.1 200 Open\r\n\r\n');
    beyond.write(head);
    socket.pipe(beyond).pipe(socket);
  });
  beyond.on('error', (error) => socket.destroy(error));
  socket.on('error', () => beyond.destroy());
});
server.on('clientError', (error, socket) => {
  say('client error', error.code);
  socket.destroy();
});

function ask(options, pieces = []) {
  return new Promise((resolve) => {
    const req = http.request({ host: '127.0.0.1', port: server.address().port, ...options });
    const name = `${options.method ?? 'GET'} ${options.path}`;
    req.on('information', (info) => say('information', name, info.statusCode, info.headers.link));
    req.on('continue', () => {
      say('continue', name);
      for (const piece of pieces) req.write(piece);
      req.addTrailers({ 'X-End': 'yes' });
      req.end();
    });
    req.on('response', (res) => {
      let text = '';
      res.on('data', (chunk) => {
        text += chunk;
      });
      res.on('end', () => {
        resolve(say('answer', name, res.statusCode, text, JSON.stringify(res.trailers)));
      });
    });
    req.on('error', (error) => resolve(say('failed', name, error.code)));
    if (options.headers?.Expect === undefined) {
      for (const piece of pieces) req.write(piece);
      req.addTrailers({ 'X-End': 'yes' });
      req.end();
    } else req.flushHeaders();
  });
}

function upgrade(path) {
  return new Promise((resolve) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'echo' };
    const req = http.request({ port: server.address().port, host: '127.0.0.1', path, headers });
    req.end();
    req.on('error', (error) => resolve(say('no upgrade', path, error.code)));
    req.on('upgrade', (res, socket, head) => {
      say('upgraded', path, res.statusCode, head);
      let left = 3;
      socket.on('data', (chunk) => {
        say('back', path, chunk);
        if (--left > 0) socket.write(`more ${left}`);
        else if (left === 0) socket.end();
      });
      socket.write('hello');
      socket.on('close', () => resolve(say('over', path)));
    });
  });
}

function tunnel(place, ending) {
  return new Promise((resolve) => {
    const { port } = server.address();
    const req = http.request({ port, host: '127.0.0.1', method: 'CONNECT', path: place });
    req.end();
    req.on('connect', (res, socket, head) => {
      say('tunnel', place, res.statusCode, head.length);
      if (res.statusCode !== 200) {
        socket.on('data', (chunk) => say('refusal', chunk));
        return socket.on('close', () => resolve());
      }
      if (ending === 'destroy') {
        socket.destroy();
        return resolve(say('cut'));
      }
      const inner = { createConnection: () => socket, path: `/inside${ending}` };
      http.get(inner, (answer) => {
        answer.resume();
        answer.on('end', () => resolve(say('inside', answer.statusCode, answer.trailers['x-sum'])));
      });
    });
    req.on('error', (error) => resolve(say('no tunnel', error.code)));
  });
}

async function pipeline(number) {
  const socket = net.connect(server.address().port, '127.0.0.1');
  const head = (path) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n`;
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(`${head(`/one${number}`)}\r\nabc${head(`/two${number}`)}\r\nd`);
  await wait(3);
  socket.write(`ef${head(`/three${number}`)}Connection: close\r\n\r\nghi`);
  await once(socket, 'close');
  say('pipeline', number, text.split('HTTP/1.1 200 OK').length - 1, text.includes('X-Sum'));
}

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here = `127.0.0.1:${server.address().port}`;
  const expecting = { Expect: '100-continue', Trailer: 'X-End', 'Transfer-Encoding': 'chunked' };
  const body = ['some', Buffer.alloc(70_000, 'x'), 'more'];
  const post = { method: 'POST', headers: { Trailer: 'X-End', 'Transfer-Encoding': 'chunked' } };
  await Promise.all([
    ...Array.from({ length: 6 }, (_, i) => upgrade(`/up${i}`)),
    upgrade('/later'),
    ...Array.from({ length: 6 }, (_, i) => tunnel(here, i)),
    tunnel(here, 'destroy'),
    tunnel('no:1', 0),
    ...Array.from({ length: 6 }, (_, i) => ask({ ...post, path: `/post${i}` }, body)),
    ...Array.from({ length: 4 }, (_, i) =>
      ask({ method: 'PUT', path: `/expect${i}`, headers: expecting }, body),
    ),
    ask({ method: 'PUT', path: '/unwanted', headers: expecting }, body),
    ask({ path: '/odd', headers: { Expect: 'wonders' } }),
    ask({ path: '/hints' }),
    ask({ path: '/processing' }),
    ...Array.from({ length: 4 }, (_, i) => pipeline(i)),
  ]);
  server.close();
  server.closeAllConnections();
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 150);
}
void main();
