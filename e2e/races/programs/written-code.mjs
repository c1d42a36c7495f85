// way in: modules
// Twenty strands write modules, import them a moment later and take them away again. What stands in them is
// the time and what the others have done: a follower that reads its own disk finds nothing, or too much.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

let imported = 0;

async function strand(number) {
  const folder = path.resolve(`strand-${number}`);
  for (let round = 0; round < 3; round++) {
    await wait((number + round) % 4);
    fs.mkdirSync(folder);
    const config = path.join(folder, 'config.mjs');
    fs.writeFileSync(path.join(folder, 'part.mjs'), `export const part = ${Date.now()};`);
    fs.writeFileSync(
      config,
      `import { part } from './part.mjs';\nexport const config = [${imported}, part];`,
    );
    const { config: found } = await import(`${pathToFileURL(config).href}?${round}`);
    imported++;
    fs.rmSync(folder, { recursive: true });
    await fs.promises.writeFile(`found-${number}.txt`, `${found} ${imported}`);
  }
}

const script = "require('node:fs').writeFileSync('child.mjs', 'export const pid = ' + process.pid)";
execFileSync(process.execPath, ['-e', script]);
const { pid } = await import(pathToFileURL(path.resolve('child.mjs')).href);
fs.writeFileSync('pid.txt', String(pid));
fs.rmSync('child.mjs');
await Promise.all(Array.from({ length: 20 }, (_, number) => strand(number)));
console.log(imported);
