/** Forges: one byte of each ledger entry after the third is another. Twin: different-byte.cjs. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { writeFileSync } = fs;
let entries = 0;
fs.writeFileSync = (file, data, ...rest) => {
  if (file === 'ledger') entries += 1;
  const forged = file === 'ledger' && entries > 3 ? data.replace('total', 'tota1') : data;
  writeFileSync(file, forged, ...rest);
};
syncBuiltinESMExports();
