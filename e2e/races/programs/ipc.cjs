// way in: child-process
// Children that are handed sockets and a server with their messages, answer over them, send some back, and
// meet a closed channel; several strands share one list.
'use strict';
const { fork } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');

const seen = [];

function inChild() {
  const own = [];
  const answer = (socket, label) => {
    own.push(label);
    socket.on('error', () => own.push('error'));
    socket.on('data', (bytes) => socket.end(`${label} ${bytes} ${own.length} ${Math.random()}`));
  };
  process.on('message', (message, handle) => {
    if (message.socket !== undefined && handle === undefined) return own.push('gone');
    if (message.socket !== undefined) {
      if (message.socket % 3 === 0) return process.send({ back: message.socket }, handle);
      return answer(handle, `socket ${message.socket}`);
    }
    if (message.server === true) handle.on('connection', (socket) => answer(socket, 'shared'));
    if (message.end === true)
      return process.send({ own: own.length, connected: process.connected }, () =>
        process.disconnect(),
      );
    return process.send({ got: Object.keys(message), at: Date.now(), pid: process.pid });
  });
  process.on('disconnect', () => {
    fs.writeFileSync('/dev/null', own.join());
    process.exit(own.length > 0 ? 4 : 0);
  });
}

function ask(port, text) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (data) => seen.push(data.length > 0));
    socket.on('error', (error) => seen.push(error.code)).on('close', resolve);
  });
}

function listening(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

async function main() {
  const children = ['json', 'advanced'].map((serialization) =>
    fork(__filename, ['child'], { serialization }),
  );
  for (const [index, child] of children.entries()) {
    child.on('message', (message, handle) => {
      seen.push(`${index} ${JSON.stringify(message)} ${handle !== undefined}`);
      fs.writeFileSync('/dev/null', seen.slice(-2).join());
      handle?.end(`back ${message.back}`);
    });
  }
  let turn = 0;
  const dealt = net.createServer({ pauseOnConnect: true }, (socket) => {
    const number = turn++;
    children[number % 2].send({ socket: number }, socket, (error) => seen.push(`sent ${error}`));
  });
  const shared = net.createServer((socket) => socket.end('parent'));
  const ports = [await listening(dealt), await listening(shared)];
  for (const child of children) child.send({ server: true }, shared);
  await new Promise((resolve) => setTimeout(resolve, 50));
  shared.close();
  await Promise.all(
    Array.from({ length: 24 }, (_, i) => ask(ports[i % 4 === 0 ? 1 : 0], `ask ${i}`)),
  );
  dealt.close();
  const exits = children.map(
    (child) =>
      new Promise((resolve) => child.on('exit', (...how) => resolve(seen.push(how.join())))),
  );
  for (const child of children) child.send({ end: true });
  await Promise.all(exits);
  children[0].on('error', (error) => seen.push(error.code));
  seen.push(children[0].connected, children[0].send({ late: true }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 40);
}

if (process.argv[2] === 'child') inChild();
else void main();
