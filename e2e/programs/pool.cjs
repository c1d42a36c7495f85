// A pool of Node children that hash what they are sent, for ROUNDS rounds (0: for ever); the second child is
// killed and replaced half-way.
'use strict';
const { fork } = require('node:child_process');
const { createHash, randomBytes } = require('node:crypto');

const rounds = Number(process.argv[2]);

function work() {
  process.on('message', ({ round, data }) => {
    const hash = createHash('sha1').update(data).update(randomBytes(4)).digest('hex');
    setTimeout(() => process.send({ round, hash }), 1);
  });
}

function start(index) {
  const child = fork(__filename, ['child']);
  let round = 0;
  const next = () => {
    if (rounds > 0 && round >= rounds) return child.disconnect();
    if (index === 1 && round === rounds / 2) return child.kill('SIGKILL');
    return child.send({ round: round++, data: `${index} ${round}` });
  };
  child.on('message', next);
  child.on('exit', (_code, signal) => {
    if (signal !== null) start(2);
  });
  next();
}

if (process.argv[2] === 'child') work();
else for (const index of [0, 1]) start(index);
