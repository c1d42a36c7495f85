// Uses one way in that is not followed, named by its argument, after a turn of its own.
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');

const ways = {
  worker: () => new (require('node:worker_threads').Worker)('0', { eval: true }),
  channel: () => new MessageChannel().port1.close(),
  broadcast: () => new BroadcastChannel('x').close(),
  observer: () =>
    new (require('node:perf_hooks').PerformanceObserver)(() => {}).observe({
      entryTypes: ['mark'],
    }),
  session: () => new (require('node:inspector').Session)().connect(),
  addon: () => {
    try {
      process.dlopen({ exports: {} }, '/no/such/addon.node');
    } catch (error) {
      process.stdout.write(`${error.code}\n`);
    }
  },
};

fs.writeFileSync('/dev/null', 'before');
setTimeout(() => {
  fs.writeFileSync('/dev/null', 'in its turn');
  ways[process.argv[2]]();
  spawnSync('true');
  process.stdout.write('went on\n');
}, 3);
