// Commands that cannot start, or fail: their errors hold themselves.
'use strict';
const { execFileSync, execSync, spawnSync } = require('node:child_process');

function attempt(run) {
  try {
    return run();
  } catch (error) {
    console.log(Object.keys(error).join(), error.error === error, error.code, error.status);
    return error;
  }
}

attempt(() => execFileSync('/no/such/command', ['x']));
attempt(() => execSync('exit 3', { stdio: 'pipe' }));
const { error } = spawnSync('/no/such/command');
console.log(error.code, error.path);
setTimeout(() => console.log(attempt(() => execFileSync('/no/such/command')).errno), 1);
