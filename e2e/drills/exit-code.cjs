'use strict';
/** Lies at the very end: everything is done as it should be, and the exit code is another. */
process.on('exit', () => {
  process.exitCode = 9;
});
