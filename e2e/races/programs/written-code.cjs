// way in: modules
// Twenty strands write modules and data, require them a moment later and take them away again; what is not
// there yet is missed, and found once it was written.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');

let required = 0;

function attempt(file) {
  try {
    return require(file);
  } catch (error) {
    return error.code;
  }
}

async function strand(number) {
  const folder = path.resolve(`strand-${number}`);
  for (let round = 0; round < 3; round++) {
    await wait((number + round) % 4);
    const main = path.join(folder, `main-${round}.cjs`);
    const missed = attempt(main);
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, `data-${round}.json`), `[${Date.now()}]`);
    fs.writeFileSync(main, `module.exports = [${required}, require('./data-${round}.json')];`);
    await wait(round % 2);
    const found = attempt(main);
    required++;
    fs.rmSync(folder, { recursive: true });
    await fs.promises.writeFile(`found-${number}.txt`, `${missed} ${found} ${required}`);
  }
}

void Promise.all(Array.from({ length: 20 }, (_, number) => strand(number))).then(() =>
  console.log(required),
);
