/** What the drills strike: twenty turns, each of which writes the ledger and says so. Twin: ledger.cjs. */
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const ENTRIES = 20;
let total = 0;

for (let number = 1; number <= ENTRIES; number += 1) {
  total += number;
  writeFileSync('ledger', `entry ${number} total ${total}\n`, { flag: 'a' });
  writeFileSync('balance', `${total}\n`);
  await setTimeout(2);
}
console.log(`total ${total}`);
