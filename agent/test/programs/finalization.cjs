// Objects that are collected at moments that nobody chose; what is left of them is written down.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const file = path.join(os.tmpdir(), `lockstep-final-${process.pid}`);
let step = 0;
const note = (...values) => fs.appendFileSync(file, `${step++} ${values.join(' ')}\n`);

const registry = new FinalizationRegistry((held) => {
  note('gone', held, Math.random());
  if (held % 3 === 0) setTimeout(() => note('after', held), 1);
});
const references = [];
const tokens = [];

function make(n) {
  const object = { n, bytes: new Uint8Array(1000) };
  const token = {};
  registry.register(object, n, token);
  references.push(new WeakRef(object));
  if (n % 7 === 0) tokens.push(token);
  return n % 5 === 0 ? object : null;
}

async function main() {
  note(
    registry instanceof FinalizationRegistry,
    registry.constructor === FinalizationRegistry,
    String(registry),
  );
  const kept = [];
  for (let n = 0; n < 60; n++) {
    kept.push(make(n));
    if (n % 20 === 19) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 2));
      note('alive', references.filter((reference) => reference.deref() !== undefined).length);
    }
  }
  for (const token of tokens)
    note('unregistered', registry.unregister(token), registry.unregister(token));
  kept.length = 0;
  await new Promise((resolve) => setTimeout(resolve, 5));
  collect();
  await new Promise((resolve) => setTimeout(resolve, 5));
  note('alive', references.filter((reference) => reference.deref() !== undefined).length);
  for (const attempt of [
    () => registry.register(1, 2),
    () => registry.register(tokens, tokens),
    () => new WeakRef(1),
    () => FinalizationRegistry(() => {}),
    () => new FinalizationRegistry(1),
  ]) {
    try {
      attempt();
    } catch (error) {
      note(error.name, error.message);
    }
  }
}

void main().then(() => {
  process.stdout.write('done\n');
  fs.rmSync(file);
});
