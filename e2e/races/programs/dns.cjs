// way in: dns
// Lookups by callback and promise, of names that are known and of names that nobody has.
'use strict';
const dns = require('node:dns');
const { promisify } = require('node:util');

const order = [];
const say = (...words) => order.push(words.join(' '));
const service = promisify(dns.lookupService);

async function strand(number) {
  for (let step = 0; step < 5; step++) {
    const way = (number + step) % 4;
    if (way === 0) {
      await new Promise((resolve) =>
        dns.lookup('localhost', { all: true }, (error, found) =>
          resolve(say(number, error?.code ?? JSON.stringify(found))),
        ),
      );
    } else if (way === 1) {
      const { address } = await dns.promises.lookup('127.0.0.1');
      say(number, address);
    } else if (way === 2) {
      const found = await service('127.0.0.1', 80).catch(({ code }) => code);
      say(number, JSON.stringify(found));
    } else {
      const resolver = new dns.promises.Resolver({ timeout: 50, tries: 1 });
      resolver.setServers(['127.0.0.1:9']);
      await resolver.resolve4('nobody.invalid').catch(({ code }) => say(number, code));
    }
  }
}

void Promise.all(Array.from({ length: 16 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join('\n'));
});
