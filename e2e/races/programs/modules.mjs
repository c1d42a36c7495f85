// way in: modules
// Twenty-four strands import modules of every kind while timers and reads go on: what each step finds is how
// far all the others have come. A load that ends in another turn shifts everything after it.
import fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
let steps = 0;
let sum = 7;
const step = (seen) => {
  steps++;
  sum = (sum * 31 + steps * String(seen).length) | 0;
  if (steps % 5 === 0) fs.appendFileSync('steps.txt', `${steps} ${seen} ${sum}\n`);
};
const failure = (specifier) => import(specifier).catch((error) => error.code ?? error.name);

async function strand(number) {
  await wait(number % 5);
  const { leaf } = await import(`./_modules/leaf.mjs?${number}`);
  step(`${number} ${leaf}`);
  await readFile(new URL(import.meta.url));
  const part = await import(`./_modules/part.cjs?${number}`);
  step(`${number} ${part.default.name}`);
  step(`${number} ${await failure(`./_modules/none-${number}.mjs`)}`);
  step(`${number} ${await failure(`data:text/javascript,export const = ${number}`)}`);
  const inline = await import(`data:text/javascript,export default ${number}`);
  step(`${number} ${inline.default}`);
  const { late } = await import(`./_modules/late.mjs?${number}`);
  step(`${number} ${late}`);
  const list = await import('./_modules/list.json', { with: { type: 'json' } });
  step(`${number} ${list.default.length}`);
  step(`${number} ${require('./_modules/part.cjs').list.length}`);
  const file = path.resolve(`own-${number}.mjs`);
  fs.writeFileSync(file, `export const own = ${steps};`);
  const { own } = await import(pathToFileURL(file).href);
  fs.rmSync(file);
  step(`${number} ${own}`);
}

const ticker = setInterval(() => step('tick'), 1);
await Promise.all(Array.from({ length: 24 }, (_, number) => strand(number)));
clearInterval(ticker);
console.log(steps, sum);
