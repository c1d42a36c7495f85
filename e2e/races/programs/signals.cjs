// way in: signals
// Signals that this process sends itself arrive among timers and files.
'use strict';
const fs = require('node:fs');

const order = [];
for (const name of ['SIGUSR2', 'SIGHUP', 'SIGWINCH']) {
  process.on(name, (signal, number) => {
    order.push(`${signal} ${number}`);
    fs.writeFileSync('order.txt', order.slice(-4).join(' '));
  });
}
process.once('SIGTERM', () => order.push('only once'));

async function strand(number) {
  for (let step = 0; step < 5; step++) {
    await fs.promises.stat(__filename);
    process.kill(process.pid, ['SIGUSR2', 'SIGHUP', 'SIGWINCH'][(number + step) % 3]);
    order.push(`${number} sent ${order.length}`);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  }
}

process.kill(process.pid, 'SIGTERM');
void Promise.all(Array.from({ length: 12 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join('\n'));
});
