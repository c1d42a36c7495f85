// Uses one way in that is not followed, named by its argument, after a turn of its own.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');

const ways = {
  stream: () => {
    const stream = new ReadableStream();
    structuredClone(stream, { transfer: [stream] });
  },
  wasi: () => {
    process.removeAllListeners('warning');
    new (require('node:wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } });
  },
  profile: () => require('node:v8').getHeapSnapshot().destroy(),
  memory: () => {
    try {
      process.dlopen(
        { exports: {} },
        require('node:path').join(__dirname, 'shares-memory/none.node'),
      );
    } catch (error) {
      if (error.code !== 'ERR_DLOPEN_FAILED') throw error;
    }
  },
  session: () => new (require('node:inspector').Session)().connect(),
};

fs.writeFileSync('/dev/null', 'before');
setTimeout(() => {
  fs.writeFileSync('/dev/null', 'in its turn');
  ways[process.argv[2]]();
  spawnSync('true');
  process.stdout.write('went on\n');
}, 3);
