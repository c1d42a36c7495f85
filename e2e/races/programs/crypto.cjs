// way in: crypto
// Keys, signatures, secrets and primes are made in native threads, from chance that nobody seeds.
'use strict';
const crypto = require('node:crypto');
const { promisify } = require('node:util');

const order = [];
const say = (...words) => order.push(words.join(' '));
const { subtle } = crypto.webcrypto;

const jobs = [
  async () => (await promisify(crypto.scrypt)('secret', 'salt', 32, { N: 1024 })).toString('hex'),
  async () => (await promisify(crypto.pbkdf2)('secret', 'salt', 500, 32, 'sha256')).toString('hex'),
  async () =>
    Buffer.from(await promisify(crypto.hkdf)('sha256', 'key', 'salt', 'info', 32)).toString('hex'),
  async () => String(await promisify(crypto.generatePrime)(64, { bigint: true })),
  async () => String(await promisify(crypto.checkPrime)(104729n)),
  async () => {
    const { privateKey, publicKey } = await promisify(crypto.generateKeyPair)('ec', {
      namedCurve: 'prime256v1',
    });
    const data = Buffer.from('what is signed');
    const signature = crypto.sign('sha256', data, privateKey);
    return `${signature.toString('hex')} ${crypto.verify('sha256', data, publicKey, signature)}`;
  },
  async () => {
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
    const iv = crypto.randomBytes(12);
    const sealed = await subtle.encrypt({ name: 'AES-GCM', iv }, key, Buffer.from('plain'));
    return Buffer.from(sealed).toString('hex');
  },
  async () => Buffer.from(await subtle.digest('SHA-256', Buffer.from('text'))).toString('hex'),
  async () => (await promisify(crypto.randomBytes)(8)).toString('hex'),
  async () => String(await promisify(crypto.randomInt)(1_000_000)),
];

async function strand(number) {
  for (let step = 0; step < 6; step++) {
    const job = jobs[(number + step * 3) % jobs.length];
    say(number, step, await job());
  }
}

void Promise.all(Array.from({ length: 20 }, (_, number) => strand(number))).then(() => {
  console.log(order.join('\n'));
});
