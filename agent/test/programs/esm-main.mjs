// An ES module that imports others, dynamically too, while timers and reads go on.
import fs, { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { helper } from './esm-helper.mjs';

const require = createRequire(import.meta.url);
let ticks = 0;
const timer = setInterval(() => ticks++, 1);
const { late } = await import('./esm-late.mjs');
const cjs = require('./cjs-part.cjs');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-esm-'));
const out = [];
await Promise.all(
  Array.from({ length: 50 }, async (_, i) => {
    await new Promise((r) => setTimeout(r, i % 9));
    await writeFile(path.join(dir, String(i)), `${i} ${ticks} ${Date.now()}`);
    out.push(await readFile(path.join(dir, String(i)), 'utf8'));
    if (i % 10 === 0) out.push((await import(`./esm-late.mjs?${i}`)).late);
  }),
);
clearInterval(timer);
out.push(helper(), late, cjs.name, readFileSync(new URL(import.meta.url), 'utf8').length);
fs.writeFileSync(path.join(dir, 'out'), out.join('\n'));
fs.rmSync(dir, { recursive: true });
console.log(out.length);
