// way in: clocks,performance
// Every strand reads every clock; what it reads decides what it does next.
'use strict';
const { performance } = require('node:perf_hooks');

const order = [];

async function strand(number) {
  for (let step = 0; step < 8; step++) {
    const read = [
      Date.now(),
      new Date().getMilliseconds(),
      performance.now(),
      Number(process.hrtime.bigint() % 1_000_000n),
      process.hrtime()[1],
      performance.timeOrigin,
      process.uptime(),
    ];
    const at = read[(number + step) % read.length];
    order.push(`${number} ${at}`);
    if (Math.floor(at * 1000) % 3 === 0) await new Promise(setImmediate);
    else await new Promise((resolve) => setTimeout(resolve, at % 3));
  }
}

void Promise.all(Array.from({ length: 20 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join('\n'));
});
