// A Node child that answers over its channel.
const { fork } = require('node:child_process');

if (process.argv[2] === 'child') {
  process.once('message', () => process.send('pong', () => process.disconnect()));
} else {
  const child = fork(__filename, ['child']);
  child.on('message', (message) => process.stdout.write(`got ${message}\n`));
  setTimeout(() => child.send('ping'), 20);
}
