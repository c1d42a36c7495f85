// way in: observers,performance
// Entries of marks, measures and functions reach observers among timers and files.
'use strict';
const fs = require('node:fs');
const { performance, PerformanceObserver } = require('node:perf_hooks');

const order = [];
const observer = new PerformanceObserver((list) => {
  for (const { name, entryType, duration } of list.getEntries()) {
    order.push(`${entryType} ${name} ${duration}`);
  }
});
observer.observe({ entryTypes: ['mark', 'measure', 'function'] });
const summed = performance.timerify(function summed(size) {
  return Array.from({ length: size }, (_, at) => at).reduce((sum, at) => sum + at, 0);
});

async function strand(number) {
  for (let step = 0; step < 5; step++) {
    performance.mark(`${number}.${step}`);
    await fs.promises.stat(__filename);
    order.push(`${number} ${order.length} ${summed(number * 100)}`);
    performance.measure(`from ${number}.${step}`, `${number}.${step}`);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
  }
}

void Promise.all(Array.from({ length: 12 }, (_, number) => strand(number))).then(async () => {
  await new Promise(setImmediate);
  observer.disconnect();
  console.log(order.length, order.join('\n'));
});
