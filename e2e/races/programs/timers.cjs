// way in: timers
// Forty strands add to one list after waits of chance; the order in which timers fire is what is printed.
'use strict';
const fs = require('node:fs');
const { setTimeout: wait } = require('node:timers/promises');

const order = [];

async function strand(number) {
  for (let step = 0; step < 10; step++) {
    await wait(Math.random() * 4);
    order.push(number);
    if (order.length % 7 === 0) setImmediate(() => order.push(-number));
    if (order.length % 5 === 0) fs.writeFileSync('order.txt', order.slice(-5).join(' '));
  }
}

void Promise.all(Array.from({ length: 40 }, (_, number) => strand(number))).then(() => {
  console.log(
    order.length,
    order.reduce((sum, number, at) => (sum * 31 + number * at) | 0, 7),
  );
});
