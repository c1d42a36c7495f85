// way in: random,math-random
// Chance of every kind decides what each strand does next.
'use strict';
const crypto = require('node:crypto');

const order = [];
const sources = [
  () => Math.random() * 1000,
  () => crypto.randomInt(1000),
  () => crypto.randomBytes(2).readUInt16LE(),
  () => Number.parseInt(crypto.randomUUID().slice(0, 4), 16),
  () => globalThis.crypto.getRandomValues(new Uint16Array(1))[0],
  () => crypto.randomFillSync(new Uint8Array(2))[0],
];

async function strand(number) {
  for (let step = 0; step < 8; step++) {
    const drawn = sources[(number + step) % sources.length]();
    order.push(`${number} ${drawn}`);
    if (drawn % 2 < 1) await new Promise(setImmediate);
    else await null;
  }
}

void Promise.all(Array.from({ length: 20 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join('\n'));
});
