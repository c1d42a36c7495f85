'use strict';
/**
 * Ways in which a command speaks and ends, one for each name that the first argument may be. Callbacks of
 * timers have names: how a nameless one reads in a stack is the one known difference (docs/adr/0006).
 */
const fs = require('node:fs');

const behaviours = {
  prints() {
    console.log('to standard output', process.argv.slice(2), process.execArgv, process.execPath);
    console.error('to standard error', process.stdout.isTTY, process.argv0, process.title);
  },
  environment() {
    console.log(new Set(Object.keys(process.env)));
  },
  exits() {
    console.log('seven');
    process.exit(7);
  },
  'exits-later'() {
    process.exitCode = 7;
    setTimeout(() => console.log('done'), 30);
    process.on('exit', (code) => console.log('exit', code));
  },
  throws() {
    setTimeout(function fail() {
      throw new TypeError('on purpose');
    }, 5);
  },
  rejects() {
    setTimeout(async function fail() {
      await null;
      throw new RangeError('on purpose');
    }, 5);
  },
  terminated() {
    console.log('ending');
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 30);
    setInterval(() => undefined, 1000);
  },
  killed() {
    fs.writeSync(1, 'ending\n');
    process.kill(process.pid, 'SIGKILL');
  },
  aborts() {
    fs.writeSync(1, 'ending\n');
    process.kill(process.pid, 'SIGABRT');
    setInterval(() => undefined, 1000);
  },
  reads() {
    let text = '';
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (chunk) => {
      text += chunk;
    });
    process.stdin.on('end', () => console.log(`${text.length} characters: ${text.slice(0, 20)}`));
  },
  'reads-at-once'() {
    console.log(`${fs.readFileSync(0, 'utf8').length} characters`);
  },
  'large-output'() {
    for (let line = 0; line < 5000; line += 1) console.log(`line ${line} ${'x'.repeat(80)}`);
  },
  warns() {
    process.emitWarning('on purpose', { code: 'E2E' });
    new Promise((_resolve, reject) => setTimeout(reject, 5, new Error('handled'))).catch((error) =>
      console.log(error.stack),
    );
  },
};

behaviours[process.argv[2]]();
