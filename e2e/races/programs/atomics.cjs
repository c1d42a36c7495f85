// way in: threads
// Waits on shared memory that promise to end, woken from this thread and from another, or timed out.
'use strict';
const { Worker, isMainThread, workerData } = require('node:worker_threads');

const order = [];

async function strand(memory, number) {
  for (let step = 0; step < 5; step++) {
    const wait = Atomics.waitAsync(memory, number % 4, 0, 1 + Math.random() * 5);
    if (number % 3 === 0) Atomics.notify(memory, (number + 1) % 4, 1);
    order.push(`${number} ${await wait.value}`);
    order.push(`${number} count ${Atomics.load(memory, 7)}`);
  }
}

function main() {
  const memory = new Int32Array(new SharedArrayBuffer(32));
  const worker = new Worker(__filename, { workerData: memory });
  const strands = Array.from({ length: 16 }, (_, number) => strand(memory, number));
  void Promise.all(strands).then(async () => {
    await worker.terminate();
    console.log(order.length, order.join('\n'));
  });
}

if (isMainThread) main();
else {
  setInterval(() => {
    Atomics.add(workerData, 7, 1);
    Atomics.notify(workerData, workerData[7] % 4, 2);
  }, 1);
}
