// way in: threads
// Messages of every make between threads and within one: ports that travel and go on, broadcast channels,
// cycles and shared parts, copies that hand ports over.
'use strict';
const fs = require('node:fs');
const threads = require('node:worker_threads');
const { MessageChannel: Channel, Worker, isMainThread, parentPort } = threads;

const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 5 === 0) fs.writeFileSync('/dev/null', seen.slice(-5).join());
};

function inWorker() {
  const channel = new BroadcastChannel('pool');
  channel.onmessage = ({ data }) => {
    if (data.from === 'main') channel.postMessage({ from: 'worker', re: data.step });
  };
  const talk = () => {
    const { port1, port2 } = new Channel();
    port1.on('message', (step) => {
      setTimeout(() => {
        port1.postMessage({ step: step + 1, draw: Math.random() });
        if (step > 8) port1.close();
      }, Math.random() * 3);
    });
    parentPort.postMessage({ port: port2, error: new RangeError('out'), form: /a+/g }, [port2]);
  };
  const cycle = () => {
    const parts = {
      draw: Math.random(),
      list: new Array(3).fill(1, 2),
      when: new Date(),
      big: 2n ** 70n,
    };
    const message = { parts, again: parts, bytes: new Uint16Array([1, 2, 65000]) };
    message.self = new Map([[message, new Set([parts])]]);
    parentPort.postMessage(message);
  };
  parentPort.on('message', (what) => {
    if (what === 'talk') talk();
    else if (what === 'cycle') cycle();
    else {
      channel.close();
      parentPort.close();
    }
  });
}

/** Talks over a port that came from a thread. */
function answer(port, name) {
  return new Promise((resolve) => {
    port.onmessage = ({ data, ports }) => {
      say('talk', name, data.step, data.draw, ports.length);
      port.postMessage(data.step);
    };
    port.addEventListener('close', () => resolve(say('port closed', name)));
    port.postMessage(0);
  });
}

function conversation(worker, name) {
  return new Promise((resolve) => {
    worker.on('message', (message) => {
      if (message.port === undefined) {
        const { parts, again, self, bytes } = message;
        say('cycle', name, again === parts, self.has(message), self.get(message).has(parts));
        say(
          'parts',
          1 in parts.list,
          parts.list.length,
          parts.draw,
          parts.when.getTime(),
          parts.big,
          bytes.join(),
        );
        worker.postMessage('talk');
        return;
      }
      const { port, error, form } = message;
      say('port', name, port.constructor.name, error.stack.split('\n')[0], form);
      void answer(port, name).then(() => worker.postMessage('end'));
    });
    worker.on('exit', (code) => resolve(say('exit', name, code)));
    worker.postMessage('cycle');
  });
}

/** A port hops from channel to channel; what is said through it stays in order. */
async function travelling(number) {
  const inner = new Channel();
  let port = inner.port1;
  inner.port2.on('message', (step) => {
    say('far end', number, step);
    setTimeout(() => inner.port2.postMessage(step), Math.random() * 2);
  });
  for (let hop = 0; hop < 5; hop++) {
    port.postMessage(hop);
    const outer = new Channel();
    const came = new Promise((resolve) => outer.port2.once('message', resolve));
    outer.port1.postMessage({ hop, deep: [{ port }] }, [port]);
    const { deep } = await came;
    port = structuredClone(deep[0].port, { transfer: [deep[0].port] });
    say('near end', number, await new Promise((resolve) => port.once('message', resolve)));
    outer.port1.close();
  }
  const closed = new Promise((resolve) => inner.port2.on('close', resolve));
  port.close();
  await closed;
  say('travelled', number);
}

/** Everybody hears everybody else. */
async function broadcast() {
  const channels = [new BroadcastChannel('pool'), new threads.BroadcastChannel('pool')];
  channels[0].onmessage = ({ data }) => say('first hears', data.from, data.step ?? data.re);
  channels[1].addEventListener('message', ({ data }) => say('second hears', data.from, data.re));
  for (let step = 0; step < 20; step++) {
    channels[step % 2].postMessage({ from: 'main', step });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  }
  for (const channel of channels) channel.close();
  try {
    channels[0].postMessage(1);
  } catch (error) {
    say(error.name);
  }
  try {
    new Channel().port1.postMessage(() => 1);
  } catch (error) {
    say(error.name);
  }
}

async function main() {
  const workers = [1, 2, 3].map(() => new Worker(__filename));
  await Promise.all(workers.map((worker) => new Promise((ready) => worker.once('online', ready))));
  await Promise.all([
    broadcast(),
    ...[1, 2, 3, 4].map(travelling),
    ...workers.map((worker, at) => conversation(worker, at)),
  ]);
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 100);
}

if (isMainThread) void main();
else inWorker();
