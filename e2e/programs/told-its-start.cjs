'use strict';
/** Writes what it was started with to standard output, and starts a child that does so too. */
const { fork } = require('node:child_process');

const seen = [process.execArgv, process.env.NODE_V8_COVERAGE, process.env.NODE_OPTIONS];
console.log(process.argv[2] ?? 'main', JSON.stringify(seen));
if (process.argv[2] === undefined) {
  fork(__filename, ['child']).on('exit', (code) => console.log('child ended with', code));
}
