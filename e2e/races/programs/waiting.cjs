// way in: timers
// Every other way to wait: intervals of promises, the scheduler, signals that time out, waits given up.
'use strict';
const { promisify } = require('node:util');
const timers = require('node:timers/promises');

const order = [];
const say = (...words) => order.push(words.join(' '));
const draw = () => 1 + Math.random() * 3;

const ways = [
  (number) => timers.scheduler.wait(draw()).then(() => say(number, 'waited')),
  (number) => timers.scheduler.yield().then(() => say(number, 'yielded')),
  (number) =>
    new Promise((resolve) => {
      const signal = AbortSignal.timeout(Math.ceil(draw()));
      signal.addEventListener('abort', () => resolve(say(number, signal.reason.name)));
    }),
  async (number) => {
    let rounds = 0;
    for await (const value of timers.setInterval(draw(), number)) {
      say(value, 'round', rounds);
      if (++rounds === 3) break;
    }
  },
  (number) => {
    const control = new AbortController();
    setTimeout(() => control.abort(), draw());
    const wait = timers.setTimeout(draw(), number, { signal: control.signal });
    return wait.then(
      (value) => say(value, 'in time'),
      ({ code }) => say(number, code),
    );
  },
  (number) => promisify(setImmediate)(number).then((value) => say(value, 'at once')),
];

async function strand(number) {
  for (let step = 0; step < 6; step++) await ways[(number + step) % ways.length](number);
}

void Promise.all(Array.from({ length: 24 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join('\n'));
});
