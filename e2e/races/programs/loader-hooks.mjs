// way in: threads
// Twenty strands import modules that loader hooks make up in a thread of Node's own: who is answered when,
// and with what, is known to nobody else.
import fs from 'node:fs';
import { register } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';

process.removeAllListeners('warning');
register('./_modules/asked.mjs', import.meta.url);
let imported = 0;

async function strand(number) {
  for (let round = 0; round < 4; round++) {
    await wait((number + round) % 3);
    const { made } = await import(`made:${number}?${round}`);
    fs.appendFileSync(`strand-${number % 5}.txt`, `${number} ${made} ${imported++}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, number) => strand(number)));
console.log(imported);
