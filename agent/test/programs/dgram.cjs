// Datagrams between sockets of many strands: echoes, connected sockets, settings, errors, closes.
'use strict';
const dgram = require('node:dgram');
const fs = require('node:fs');

const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 5 === 0) fs.writeFileSync('/dev/null', seen.slice(-5).join());
};

function strand(number, server) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    let left = 8;
    socket.on('message', (message, { port, size }) => {
      say('answer', number, message, port === server.address().port, size);
      if (--left === 0) socket.close(() => resolve(say('closed', number)));
      else setTimeout(send, Math.random() * 3);
    });
    const send = () =>
      socket.send(
        [Buffer.from(`ask ${number} `), String(left)],
        server.address().port,
        '127.0.0.1',
        (error, bytes) => say('sent', number, error, bytes),
      );
    socket.bind(0, '127.0.0.1', send);
  });
}

function connected(server) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4096 });
    socket.connect(server.address().port, '127.0.0.1', () => {
      say('peer', socket.remoteAddress().address, socket.getSendQueueSize());
      socket.setTTL(5);
      socket.send('over a connection', () => socket.disconnect());
    });
    socket.on('message', (message) => {
      say('connected', message);
      socket.close(resolve);
    });
    socket.on('error', (error) => say('error', error.code));
    setTimeout(() => {
      try {
        socket.close(resolve);
      } catch (error) {
        say(error.code);
      }
    }, 60);
  });
}

async function main() {
  const server = dgram.createSocket('udp4');
  server.on('message', (message, { port, address }) => {
    say('asked', message);
    server.send(`echo ${message}`, port, address);
  });
  await new Promise((resolve) => server.bind(0, '127.0.0.1', resolve));
  say(typeof server.address().port, server.getRecvBufferSize() > 0);
  await Promise.all([
    ...Array.from({ length: 10 }, (_, number) => strand(number, server)),
    connected(server),
  ]);
  const taken = dgram.createSocket('udp4');
  await new Promise((resolve) => {
    taken.on('error', (error) => resolve(say('taken', error.code)));
    taken.bind(server.address().port, '127.0.0.1');
  });
  server.close();
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 200);
}
void main();
