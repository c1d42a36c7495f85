'use strict';
/** Breaks: the fourth ledger entry throws instead of being written, and nobody catches it. */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { writeFileSync } = fs;
let entries = 0;
fs.writeFileSync = (file, ...rest) => {
  if (file === 'ledger') entries += 1;
  if (file === 'ledger' && entries === 4) throw new Error('drill');
  writeFileSync(file, ...rest);
};
syncBuiltinESMExports();
