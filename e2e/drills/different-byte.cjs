'use strict';
/** Forges: one byte of each ledger entry after the third is another. */
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { writeFileSync } = fs;
let entries = 0;
fs.writeFileSync = (file, data, ...rest) => {
  if (file === 'ledger') entries += 1;
  const forged = file === 'ledger' && entries > 3 ? data.replace('total', 'tota1') : data;
  writeFileSync(file, forged, ...rest);
};
syncBuiltinESMExports();
