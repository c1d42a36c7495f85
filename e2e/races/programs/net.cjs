// way in: net
// Connections over TCP and a Unix socket, halves that close, answers in pieces, some of them reset.
'use strict';
const net = require('node:net');
const path = require('node:path');

const order = [];
const say = (...words) => order.push(words.join(' '));

function serve(at) {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    let got = '';
    socket.on('data', (bytes) => {
      got += bytes;
      say('server has', got.length);
      socket.write(`${got.length} `.repeat(40));
      if (!got.includes('reset')) return;
      if (socket.remoteAddress) socket.resetAndDestroy();
      else socket.destroy();
    });
    socket.on('end', () => socket.end(`all ${got.length}`));
    socket.on('error', ({ code }) => say('server', code));
  });
  return new Promise((resolve) => server.listen(at, () => resolve(server)));
}

function connect(at, number) {
  return new Promise((resolve) => {
    const socket = net.connect(at);
    let length = 0;
    socket.on('connect', () => {
      say(number, 'connected');
      socket.write('x'.repeat(number * 50));
      setTimeout(() => socket.end(number % 5 === 0 ? 'reset' : 'the end'), Math.random() * 3);
    });
    socket.on('data', (bytes) => {
      length += bytes.length;
      say(number, 'bytes', bytes.length);
    });
    socket.on('error', ({ code }) => say(number, code));
    socket.on('close', (hadError) => resolve(say(number, length, hadError, order.length)));
  });
}

async function main() {
  const tcp = await serve({ port: 0, host: '127.0.0.1' });
  const file = path.join(process.cwd(), `net-${process.pid}.sock`);
  const unix = await serve({ path: file });
  const ends = [{ port: tcp.address().port, host: '127.0.0.1' }, { path: file }];
  const strand = async (number) => {
    for (let step = 0; step < 3; step++) await connect(ends[(number + step) % 2], number);
  };
  await Promise.all(Array.from({ length: 14 }, (_, number) => strand(number)));
  await connect({ path: `${file}.none` }, 99);
  tcp.close();
  unix.close();
  console.log(order.length, order.join('\n'));
}
void main();
