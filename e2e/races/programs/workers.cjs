// way in: threads
// A pool of threads that hand jobs to whoever is free: messages both ways, ports, shared memory, output,
// errors, ends of every kind.
'use strict';
const fs = require('node:fs');
const {
  Worker,
  isMainThread,
  parentPort,
  workerData,
  MessageChannel,
  receiveMessageOnPort,
  threadId,
} = require('node:worker_threads');

function inWorker() {
  const { name, shared, port } = workerData;
  console.log(`worker ${name} starts`);
  const counts = new Int32Array(shared);
  const work = ({ job }) => {
    if (job === 'throw') throw new RangeError(`job of ${name}`);
    if (job === 'exit') process.exit(4);
    const text = fs.readFileSync(__filename, 'utf8').length;
    Atomics.add(counts, 0, 1);
    setTimeout(
      () => parentPort.postMessage({ job, name, text, draw: Math.random(), at: new Date() }),
      Math.random() * 4,
    );
  };
  parentPort.on('message', work);
  port?.on('message', (message) => port.postMessage({ echo: message, of: name }));
  port?.unref();
  if (name === 'sync') {
    Atomics.store(counts, 1, 7);
    Atomics.notify(counts, 1);
    port.postMessage('from the sync worker');
  }
}

const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 5 === 0) fs.writeFileSync('/dev/null', seen.slice(-5).join());
};

function pool() {
  const shared = new SharedArrayBuffer(16);
  let next = 0;
  const run = (name) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const worker = new Worker(__filename, {
        workerData: { name, shared, port: port2 },
        transferList: [port2],
        stdout: name === 2,
      });
      worker.stdout.on('data', (text) => say('printed', text));
      const give = () => {
        if (next >= 40) return void worker.terminate().then((code) => say('terminated', code));
        return worker.postMessage({ job: next++ });
      };
      worker.on('online', () => say('online', name));
      worker.on('message', ({ job, text, draw, at }) => {
        say('done', job, text, draw, at.getTime(), Atomics.load(new Int32Array(shared), 0));
        if (job % 4 === 0) port1.postMessage(`extra ${job}`);
        give();
      });
      port1.on('message', ({ echo, of }) => say('echo', echo, of));
      worker.on('exit', (code) => {
        say('exit', name, code, worker.threadId);
        port1.close();
        resolve();
      });
      say('thread', worker.threadId > 0, threadId);
      give();
    });
  return Promise.all([1, 2, 3].map(run));
}

function ends(job) {
  return new Promise((resolve) => {
    const worker = new Worker(__filename, {
      workerData: { name: job, shared: new SharedArrayBuffer(16) },
    });
    worker.on('error', (error) => say('error', error.name, error.message));
    worker.on('exit', (code) => {
      say('exit', job, code);
      resolve();
    });
    worker.postMessage({ job });
  });
}

function synchronous() {
  const shared = new SharedArrayBuffer(16);
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(__filename, {
    workerData: { name: 'sync', shared, port: port2 },
    transferList: [port2],
  });
  const counts = new Int32Array(shared);
  while (Atomics.load(counts, 1) === 0) Atomics.wait(counts, 1, 0, 20);
  let message;
  while (message === undefined) message = receiveMessageOnPort(port1);
  say('sync', Atomics.load(counts, 1), message.message);
  return worker.terminate().then(() => port1.close());
}

async function main() {
  await pool();
  await Promise.all([ends('throw'), ends('exit')]);
  await synchronous();
  try {
    new Worker('no-such-worker.js');
  } catch (error) {
    say(error.code);
  }
  await new Promise((resolve) => {
    const worker = new Worker('require("node:worker_threads").parentPort.postMessage(1 + 1)', {
      eval: true,
    });
    worker.on('message', (sum) => say('sum', sum)).on('exit', resolve);
  });
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 60);
}
if (isMainThread) void main();
else inWorker();
