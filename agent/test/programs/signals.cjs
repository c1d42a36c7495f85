// Signals to oneself, handlers that come and go, and a loop that is revived by beforeExit.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const file = path.join(os.tmpdir(), `lockstep-signals-${process.pid}`);
const note = (...values) => fs.appendFileSync(file, `${JSON.stringify(values)}\n`);
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let count = 0;
const onUsr2 = (...args) => {
  note('usr2', ...args, ++count);
  if (count === 3) process.off('SIGUSR2', onUsr2);
};
process.on('newListener', (name) => note('new', String(name)));
process.on('SIGUSR2', onUsr2);
process.once('SIGHUP', (name, number) =>
  note('hup', name, number, process.listenerCount('SIGHUP')),
);
process.on('SIGTERM', () => note('term'));
process.on('SIGWINCH', () => note('winch'));
note(
  process.listenerCount('SIGUSR2'),
  process.listenerCount('newListener'),
  process.listenerCount('removeListener'),
);
note(process.emit('SIGUSR2', 'by hand', -1), process.emit('SIGINT'));

async function signals() {
  for (let i = 0; i < 2; i++) {
    note(process.kill(process.pid, 'SIGUSR2'), 'sent');
    await later(20);
  }
  process.kill(process.pid, 'SIGHUP');
  process.kill(process.pid, 'SIGTERM');
  process.kill(process.pid, 'SIGWINCH');
  await later(30);
  process.on('SIGUSR2', () => note('again'));
  process.kill(process.pid, 'SIGUSR2');
  await Promise.all([later(15), later(15), later(16)]);
  note('done', process.listenerCount('SIGHUP'));
}

let revived = 0;
process.on('beforeExit', (code) => {
  note('beforeExit', code, revived);
  if (revived++ < 3) setTimeout(() => note('revived'), 2);
  process.exitCode = 4;
});
process.on('exit', (code) => {
  note('exit', code);
  process.stdout.write(`${fs.readFileSync(file, 'utf8').split('\n').length}\n`);
  fs.rmSync(file);
});
void signals();
