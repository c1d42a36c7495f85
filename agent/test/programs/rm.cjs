// Takes folders away in every form, asynchronously first: what Node does inside `rm` is one call.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-rm-'));
const make = (name) => {
  fs.mkdirSync(path.join(dir, name, 'deep'), { recursive: true });
  fs.writeFileSync(path.join(dir, name, 'deep', 'file'), 'x');
  return path.join(dir, name);
};
const options = { recursive: true, force: true };

async function main() {
  await fs.promises.rm(make('a'), options);
  await new Promise((resolve) => fs.rm(make('b'), options, resolve));
  await fs.promises.rm(path.join(dir, 'none'), { force: true });
  await fs.promises.rm(path.join(dir, 'none')).catch((error) => console.log(error.code));
  fs.rmSync(make('c'), options);
  console.log(fs.readdirSync(dir).length);
  fs.rmSync(dir, options);
}

void main();
