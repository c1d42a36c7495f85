'use strict';
/** Has Node load this file into a child of its own before anything else, as coverage tools do. */
const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');

if (process.env.ROUND === 'child') {
  // As a preload and as the program: the first names the process, before an agent could stand beside it.
  process.env.NAME ??= randomUUID();
  if (require.main === module) console.log(process.env.NAME);
} else {
  const env = { ...process.env, ROUND: 'child', NODE_OPTIONS: `--require ${__filename}` };
  const child = spawn(process.execPath, [__filename], { env });
  child.stdout.on('data', (name) => fs.appendFileSync('names.txt', name));
}
