// Channels within one thread: many strands hand jobs to whoever is free; ports that travel; closes.
'use strict';
const fs = require('node:fs');
const { MessageChannel: Channel, receiveMessageOnPort } = require('node:worker_threads');

const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 5 === 0) fs.writeFileSync('/dev/null', seen.slice(-5).join());
};

function strand(number) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = ({ data, ports }) => {
      say('asked', number, data.step, ports.length, typeof data.when.getTime());
      const answer = () =>
        port2.postMessage({ step: data.step + 1, when: data.when, map: new Map([[1, number]]) });
      if (data.step % 3 === 0) setTimeout(answer, Math.random() * 3);
      else answer();
    };
    port1.on('message', ({ step, when }) => {
      say('answered', number, step);
      if (step > 10) port1.close();
      else port1.postMessage({ step, when });
    });
    port1.on('close', () => {
      say('closed', number);
      resolve();
    });
    port1.postMessage({ step: 0, when: new Date() });
  });
}

function travelling() {
  return new Promise((resolve) => {
    const outer = new Channel();
    const inner = new Channel();
    outer.port2.once('message', ({ port }) => {
      say('port', port.constructor.name);
      outer.port1.close();
      resolve();
    });
    outer.port1.postMessage({ port: inner.port1 }, [inner.port1]);
  });
}

async function main() {
  const { port1, port2 } = new Channel();
  port1.postMessage('at once');
  say('received', receiveMessageOnPort(port2).message, receiveMessageOnPort(port2));
  port1.close();
  await Promise.all(Array.from({ length: 12 }, (_, number) => strand(number)));
  await travelling();
  const memory = new Int32Array(new SharedArrayBuffer(8));
  const waits = [
    Atomics.waitAsync(memory, 0, 1),
    Atomics.waitAsync(memory, 0, 0, 3),
    Atomics.waitAsync(memory, 0, 0),
  ];
  Atomics.notify(memory, 0, 2);
  for (const { async, value } of waits) say('waited', async, await value);
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length);
}
void main();
