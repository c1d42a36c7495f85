// way in: process,os
// What the host says of itself and of this process decides what each strand does next.
'use strict';
const os = require('node:os');

const order = [];
const facts = [
  () => process.memoryUsage().heapUsed,
  () => process.cpuUsage().user,
  () => process.pid,
  () => os.freemem(),
  () => os.loadavg()[0],
  () => os.uptime(),
  () => process.resourceUsage().maxRSS,
  () => process.memoryUsage.rss(),
];

async function strand(number) {
  for (let step = 0; step < 8; step++) {
    const fact = facts[(number + step) % facts.length]();
    order.push(`${number} ${fact}`);
    if (Math.floor(fact * 100) % 3 === 0) await new Promise(setImmediate);
    else await null;
  }
}

void Promise.all(Array.from({ length: 16 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join('\n'));
});
