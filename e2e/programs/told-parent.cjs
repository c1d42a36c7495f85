'use strict';
/** Starts itself once more; the child says who its parent is, which differs in every replica's own processes. */
const { fork } = require('node:child_process');
const fs = require('node:fs');

if (process.argv[2] === 'child') {
  const { ppid } = process;
  fs.writeFileSync('parent.txt', `${ppid} ${Object.keys(process).includes('ppid')}`);
  console.log(ppid);
} else {
  fork(__filename, ['child']);
}
