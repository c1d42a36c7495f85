// way in: contexts
// Code in contexts of its own, with clocks and chance of their own, shared by many strands.
'use strict';
const fs = require('node:fs');
const vm = require('node:vm');

const order = [];
const contexts = Array.from({ length: 3 }, () => vm.createContext({ order }));
const draw = new vm.Script('order.push(Math.random(), Date.now(), new Date().getTime())');

async function strand(number) {
  const context = contexts[number % 3];
  for (let step = 0; step < 5; step++) {
    draw.runInContext(context);
    await fs.promises.stat(__filename);
    order.push(vm.runInContext('Math.random()', context));
    const own = vm.runInNewContext('({ at: Date.now(), draw: Math.random() })');
    order.push(own.at, own.draw);
  }
}

void Promise.all(Array.from({ length: 15 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join(' '));
});
