// Names in every form; without a network the resolver's refusals are answers too.
const dns = require('node:dns');
const { promisify } = require('node:util');

const show =
  (name) =>
  (...args) => {
    const [error, ...rest] = args;
    process.stdout.write(
      `${name} ${error ? `${error.code} ${error.syscall} ${error.hostname}` : JSON.stringify(rest)}\n`,
    );
  };

async function settle(name, promise) {
  try {
    show(name)(null, await promise);
  } catch (error) {
    show(name)(error);
  }
}

dns.lookup('localhost', show('lookup'));
dns.lookup('localhost', { all: true }, show('all'));
dns.lookup('127.0.0.1', show('address'));
dns.lookup('::1', { all: true }, show('address all'));
dns.lookup('no-such-name.invalid', show('unknown'));
dns.lookupService('127.0.0.1', 22, show('service'));
try {
  dns.lookup('localhost', { family: 9 }, () => {});
} catch (error) {
  process.stdout.write(`threw ${error.code}\n`);
}
const resolver = new dns.Resolver({ timeout: 60, tries: 1 });
resolver.setServers(['127.0.0.1:9']);
process.stdout.write(`${resolver.getServers()} ${Array.isArray(dns.getServers())}\n`);
resolver.resolve4('name.invalid', show('resolve4'));
resolver.resolve('name.invalid', 'MX', show('resolve MX'));
resolver.reverse('127.0.0.1', show('reverse'));
const promised = new dns.promises.Resolver({ timeout: 60, tries: 1 });
promised.setServers(['127.0.0.1:9']);
settle('promise resolve6', promised.resolve6('name.invalid'));
settle('promise lookup', dns.promises.lookup('localhost'));
settle('promise all', dns.promises.lookup('localhost', { all: true }));
settle('promise address', dns.promises.lookup('127.0.0.1'));
settle('promise unknown', dns.promises.lookup('no-such-name.invalid'));
settle('promisified', promisify(dns.lookup)('localhost', 4));
settle('promise service', dns.promises.lookupService('127.0.0.1', 80));
settle(
  'import',
  import('node:dns/promises').then((m) => m.lookup('localhost')),
);
