// Puts a function of its own beneath the synchronous children, as coverage tools do.
const { execFileSync, execSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');

const say = (text) => fs.appendFileSync('/dev/null', text);
say(execSync('echo $PPID'));

const binding = process.binding('spawn_sync');
const { spawn } = binding;
let count = 0;
binding.spawn = function (options) {
  say(`starts ${options.file} ${Date.now()}`);
  options.envPairs = [...options.envPairs, `COUNT=${++count}`];
  return spawn.call(this, options);
};

const shell = (script, options) => spawnSync('/bin/sh', ['-c', script], options);
say(shell('echo $COUNT $PPID').stdout);
say(String(shell('cat; exit 3', { input: 'given' }).status));
say(execFileSync('/bin/sh', ['-c', 'echo $COUNT $$'], { encoding: 'utf8' }));
try {
  execSync('echo to both; echo failed $$ >&2; exit 2');
} catch (error) {
  say(`${error.status} ${error.stderr}`);
}
say(spawnSync('/no/such/file').error.code);
say(process.binding('spawn_sync').spawn === binding.spawn ? 'kept' : 'lost');
console.log(count);
