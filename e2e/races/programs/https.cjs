// way in: tls
// https in both directions beyond plain requests: clients that abort, requests in a row on one connection,
// bodies that wait for `100-continue`, trailers, upgrades, tunnels through a proxy, early ends.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');

const read = (name) => fs.readFileSync(path.join(__dirname, 'keys', name));
const key = read('server-key.pem');
const cert = read('server-cert.pem');
const host = '127.0.0.1';
const seen = [];
const say = (...words) => seen.push(words.join(' '));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const listen = (server) =>
  new Promise((resolve) => server.listen(0, host, () => resolve(server.address().port)));

async function answer(request, response, size) {
  const at = request.url;
  await wait(Math.random() * 4);
  if (at.startsWith('/slow')) return drip(response);
  switch (at) {
    case '/trailers':
      response.writeHead(200, { trailer: 'x-sum' });
      response.write('body');
      response.addTrailers({ 'x-sum': String(size) });
      return response.end();
    case '/half':
      response.setHeader('content-length', 1000);
      response.write('half');
      return setTimeout(() => request.socket.destroy(), 3);
    default:
      return response.end(`${at} ${size} ${request.socket.encrypted} ${request.httpVersion}`);
  }
}

async function drip(response) {
  for (let i = 0; i < 8 && !response.destroyed; i++) {
    response.write('s'.repeat(20_000));
    await wait(2);
  }
  response.end();
}

function start(options) {
  const server = https.createServer({ key, cert, ...options }, (request, response) => {
    const at = request.url;
    request.on('aborted', () => say('aborted', at));
    request.on('error', (error) => say('request', at, error.code));
    response.on('close', () => say('response closed', at, response.writableFinished));
    let size = 0;
    request.on('data', (chunk) => {
      size += chunk.length;
    });
    request.on('end', () => void answer(request, response, size));
  });
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('upgrade', (_request, socket, head) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n',
    );
    socket.write(head);
    socket.on('error', (error) => say('upgraded', error.code));
    socket.pipe(socket);
  });
  server.on('clientError', (error, socket) => {
    say('client error', error.code);
    socket.destroy();
  });
  return server;
}

function ask(options, body) {
  return new Promise((resolve) => {
    const request = https.request({ host, ca: cert, ...options }, (response) => {
      let size = 0;
      response.on('data', (chunk) => {
        size += chunk.length;
        if (options.abortAt !== undefined && size > options.abortAt) request.destroy();
      });
      response.on('end', () =>
        resolve(`${response.statusCode} ${size} ${JSON.stringify(response.trailers)}`),
      );
      response.on('error', (error) => resolve(`cut ${error.code}`));
    });
    request.on('continue', () => say('continue'));
    request.on('error', (error) => resolve(`failed ${error.code}`));
    if (options.abortAfter !== undefined) setTimeout(() => request.destroy(), options.abortAfter);
    request.end(body);
  });
}

async function requests(port) {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 3, maxCachedSessions: 2 });
  agent.on('keylog', (line) => say('keylog', String(line).split(' ')[0]));
  const asked = [];
  for (let i = 0; i < 12; i++) {
    asked.push(ask({ port, agent, path: `/plain${i}`, method: 'POST' }, 'p'.repeat(i * 3000)));
    asked.push(ask({ port, agent, path: `/slow${i}`, abortAt: i % 3 === 0 ? 30_000 : undefined }));
    if (i % 4 === 0) asked.push(ask({ port, path: `/slow-late${i}`, abortAfter: i }));
  }
  asked.push(ask({ port, path: '/trailers', method: 'POST' }, 'tt'));
  asked.push(ask({ port, path: '/half' }));
  asked.push(ask({ port, path: '/c', method: 'POST', headers: { expect: '100-continue' } }, 'cc'));
  for (const text of await Promise.all(asked)) say(text);
  agent.destroy();
}

/** Bytes as a client sends them that no library would. */
function raw(port, text) {
  return new Promise((resolve) => {
    const socket = tls.connect({ host, port, ca: cert }, () => socket.write(text));
    let got = '';
    socket.setEncoding('latin1').on('data', (data) => {
      got += data;
    });
    socket.on('error', (error) => say('raw', error.code));
    socket.on('close', () => resolve(got.replace(/Date: [^\r]*\r\n/g, '')));
  });
}

function upgrade(port) {
  return new Promise((resolve) => {
    const headers = { connection: 'Upgrade', upgrade: 'echo' };
    const request = https.request({ host, port, ca: cert, headers });
    request.on('upgrade', (_response, socket) => {
      let rest = 6;
      socket.on('data', (data) => {
        say('echoed', data.length);
        if (rest-- > 0) socket.write('e'.repeat(rest * 900 + 1));
        else socket.end();
      });
      socket.write('first');
      socket.on('close', resolve);
    });
    request.end();
  });
}

/** A proxy that knows CONNECT, itself with TLS or without; requests go through its tunnels. */
async function tunnels(port, secure) {
  const proxy = secure ? https.createServer({ key, cert }) : http.createServer();
  proxy.on('connect', (request, socket, head) => {
    const target = net.connect(Number(request.url.split(':')[1]), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    for (const one of [socket, target]) {
      one.on('error', (error) => say('tunnel', error.code));
      one.on('close', () => [socket, target].map((other) => other.destroy()));
    }
  });
  const proxyPort = await listen(proxy);
  const { request } = secure ? https : http;
  const through = (i) =>
    new Promise((resolve) => {
      const options = {
        host,
        port: proxyPort,
        ca: cert,
        method: 'CONNECT',
        path: `${host}:${port}`,
      };
      const asked = request({ ...options, agent: false });
      asked.on('connect', (_response, socket) => {
        const createConnection = () => tls.connect({ socket, ca: cert, servername: 'localhost' });
        void ask({ createConnection, path: i % 2 ? `/slow-t${i}` : `/t${i}`, agent: false }).then(
          (text) => {
            socket.destroy();
            resolve(text);
          },
        );
      });
      asked.on('error', (error) => resolve(error.code));
      asked.end();
    });
  for (const text of await Promise.all([0, 1, 2, 3, 4].map(through))) say('through', secure, text);
  proxy.close();
  proxy.closeAllConnections();
}

async function main() {
  const server = start();
  const port = await listen(server);
  const row = ['/one', '/two', '/three']
    .map((at) => `GET ${at} HTTP/1.1\r\nHost: x\r\n\r\n`)
    .join('');
  const last = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const sections = {
    requests: () => requests(port),
    row: async () => say(await raw(port, row + last)),
    wrong: async () => say(await raw(port, 'NO HTTP\r\n\r\n')),
    upgrade: () => upgrade(port),
    plainProxy: () => tunnels(port, false),
    secureProxy: () => tunnels(port, true),
  };
  const chosen = process.argv.slice(2);
  const run = Object.entries(sections).filter(([name]) => !chosen.length || chosen.includes(name));
  await Promise.all(run.map(([, section]) => section()));
  server.close();
  server.closeAllConnections();
  await wait(5);
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 20 || chosen.length > 0);
}
void main();
