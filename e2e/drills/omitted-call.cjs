'use strict';
/** Swallows: the ledger entries after the third are never written. */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { writeFileSync } = fs;
let entries = 0;
fs.writeFileSync = (file, ...rest) => {
  if (file === 'ledger') entries += 1;
  if (file === 'ledger' && entries > 3) return;
  writeFileSync(file, ...rest);
};
syncBuiltinESMExports();
