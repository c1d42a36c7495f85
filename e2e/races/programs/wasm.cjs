// way in: wasm
// Modules are compiled in native threads while timers and files go on.
'use strict';
const fs = require('node:fs');

// (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const code = Buffer.from(
  '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b',
  'hex',
);
const order = [];

async function strand(number) {
  for (let step = 0; step < 4; step++) {
    const way = (number + step) % 3;
    if (way === 0) {
      const { instance } = await WebAssembly.instantiate(code);
      order.push(instance.exports.add(number, step));
    } else if (way === 1) {
      const module = await WebAssembly.compile(code);
      order.push(-number);
      const instance = await WebAssembly.instantiate(module);
      order.push(instance.exports.add(number * 100, step));
    } else {
      await WebAssembly.compile(code.subarray(0, 20 + number)).catch(({ name }) =>
        order.push(name.length * 1000 + number),
      );
      await fs.promises.writeFile(`order-${number}.txt`, order.slice(-3).join(' '));
    }
    await new Promise(setImmediate);
  }
}

void Promise.all(Array.from({ length: 24 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join(' '));
});
