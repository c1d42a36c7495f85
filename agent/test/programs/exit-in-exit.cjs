// Ends again, with another code, while it is ending.
'use strict';
process.on('exit', (code) => {
  console.log('first', code);
  process.exit(3);
});
setTimeout(() => process.exit(1), 5);
