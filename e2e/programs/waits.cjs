'use strict';
/** Works in small steps until a file named `go` is there; ends in order then, and at SIGTERM with code 5. */
const fs = require('node:fs');

let steps = 0;
console.log('ready');
const timer = setInterval(() => {
  steps += 1;
  fs.writeFileSync('steps', String(steps));
  if (!fs.existsSync('go')) return;
  clearInterval(timer);
  console.log('done');
}, 10);
process.on('SIGTERM', () => {
  console.log('terminated');
  process.exit(5);
});
