// way in: finalization
// What the collector of garbage has taken shows in weak references and callbacks.
'use strict';
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const order = [];
const registry = new FinalizationRegistry((held) => order.push(`gone ${held}`));
const watched = [];

async function strand(number) {
  for (let step = 0; step < 6; step++) {
    let thing = { number, step, ballast: new Array(2000).fill(step) };
    registry.register(thing, `${number}.${step}`);
    watched.push(new WeakRef(thing));
    thing = null;
    await fs.promises.stat(__filename);
    if ((number + step) % 5 === 0) collect();
    order.push(watched.filter((reference) => reference.deref() !== undefined).length);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

void Promise.all(Array.from({ length: 10 }, (_, number) => strand(number))).then(async () => {
  collect();
  await new Promise((resolve) => setTimeout(resolve, 20));
  console.log(order.length, order.join('\n'));
});
