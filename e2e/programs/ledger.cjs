'use strict';
/** What the drills strike: twenty turns, each of which writes the ledger and says so. */
const fs = require('node:fs');

const ENTRIES = 20;
let total = 0;

function enter(number) {
  total += number;
  fs.writeFileSync('ledger', `entry ${number} total ${total}\n`, { flag: 'a' });
  fs.writeFileSync('balance', `${total}\n`);
  if (number < ENTRIES) setTimeout(enter, 2, number + 1);
  else console.log(`total ${total}`);
}

enter(1);
