// Every kind of timer, sharing one order.
const timersPromises = require('node:timers/promises');
const util = require('node:util');
const fs = require('node:fs');
const seen = [];
const note = (x) => seen.push(x);
let left = 5;
const interval = setInterval(() => {
  note(`interval ${left}`);
  if (--left === 0) clearInterval(interval);
}, 3);
const t = setTimeout(() => note('never'), 5);
setImmediate(() => {
  clearTimeout(t);
  note('immediate');
});
const r = setTimeout(() => note('refreshed'), 4);
r.refresh();
clearTimeout(Number(setTimeout(() => note('never2'), 2)));
setTimeout((a, b) => note(`args ${a} ${b}`), 1, 'x', 'y');
process.nextTick(() => note('tick'));
queueMicrotask(() => note('micro'));
const ac = new AbortController();
timersPromises.setTimeout(50, 'v', { signal: ac.signal }).catch((e) => note(e.name + e.code));
setTimeout(() => ac.abort(), 6);
util.promisify(setTimeout)(7, 'promisified').then(note);
AbortSignal.timeout(8).addEventListener('abort', (e) => note(e.target.reason.name));
(async () => {
  let n = 0;
  for await (const v of timersPromises.setInterval(2, 'iv')) {
    note(`${v}${n}`);
    if (++n === 4) break;
  }
  await timersPromises.scheduler.wait(3);
  await timersPromises.scheduler.yield();
  note(performance.now() > 0);
})();
for (let i = 0; i < 200; i++)
  setTimeout(() => {
    note(`m${i}`);
    Promise.resolve().then(() => note(`p${i}`));
  }, i % 10);
const keep = setTimeout(() => {
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log('done');
}, 80);
keep.hasRef() || note('bad');
setTimeout(() => {}, 1e6).unref();
