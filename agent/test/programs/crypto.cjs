// Keys, signatures, derivations and encryptions in strands; what they give is written down.
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const { subtle } = crypto.webcrypto;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-crypto-'));
let step = 0;
const hex = (value) =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer ?? value, value.byteOffset ?? 0, value.byteLength)
        .toString('hex')
        .slice(0, 48)
    : value;
const note = (...values) =>
  fs.appendFileSync(path.join(folder, 'notes'), `${step++} ${values.map(hex).join(' ')}\n`);
const data = Buffer.from('some data');

async function derivations() {
  note('pbkdf2', await promisify(crypto.pbkdf2)('secret', 'salt', 2000, 32, 'sha256'));
  note('scrypt', await promisify(crypto.scrypt)('secret', 'salt', 32, { N: 1024 }));
  note('hkdf', await promisify(crypto.hkdf)('sha256', 'key', 'salt', 'info', 20));
  note('prime', await promisify(crypto.checkPrime)(97n));
  crypto.pbkdf2('secret', crypto.randomBytes(8), 10, 8, 'sha1', (error, key) =>
    note('last', error, key),
  );
  try {
    crypto.pbkdf2('secret', 'salt', 0, 8, 'sha1', () => {});
  } catch (error) {
    note(error.code, error.message);
  }
}

async function keys() {
  const pair = await promisify(crypto.generateKeyPair)('ec', { namedCurve: 'P-256' });
  note(pair.publicKey.type, pair.privateKey.export({ type: 'pkcs8', format: 'der' }));
  const signature = await promisify(crypto.sign)('sha256', data, pair.privateKey);
  note(
    'signed',
    signature,
    await promisify(crypto.verify)('sha256', data, pair.publicKey, signature),
  );
  const text = crypto.generateKeyPairSync('rsa', {
    modulusLength: 1024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  note(text.publicKey.slice(60, 90), text.privateKey.length);
  const pss = { key: text.privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING };
  note(
    'pss',
    crypto.sign('sha256', data, pss),
    crypto.createSign('sha256').update(data).sign(pss, 'hex').slice(0, 30),
  );
  const box = crypto.publicEncrypt({ key: text.publicKey, oaepHash: 'sha1' }, data);
  note(
    'oaep',
    box,
    crypto.privateDecrypt({ key: text.privateKey, oaepHash: 'sha1' }, box).toString(),
  );
  const { publicKey } = crypto.generateKeyPairSync('ed25519');
  note(
    publicKey.export({ type: 'spki', format: 'der' }),
    crypto.generateKeySync('hmac', { length: 128 }).export(),
  );
  note(
    (await promisify(crypto.generateKey)('aes', { length: 256 })).export(),
    crypto.generatePrimeSync(64),
    await promisify(crypto.generatePrime)(48, { bigint: true }),
  );
  await promisify(crypto.sign)('nonsense', data, pair.privateKey).catch((error) =>
    note(error.code, error.message),
  );
  const curve = crypto.createECDH('prime256v1');
  const other = crypto.createECDH('prime256v1');
  note(
    curve.generateKeys('hex'),
    other.generateKeys(),
    curve.computeSecret(other.getPublicKey()),
    curve.getPrivateKey('hex'),
  );
  const group = crypto.createDiffieHellman(512);
  note(
    group.generateKeys('hex'),
    group.getPrime('hex'),
    group.getPrivateKey('hex'),
    crypto.getDiffieHellman('modp1').generateKeys('hex').slice(0, 20),
  );
}

async function web(n) {
  note('digest', n, await subtle.digest('SHA-256', data));
  const ecdsa = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, n === 1, [
    'sign',
    'verify',
  ]);
  const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, ecdsa.privateKey, data);
  note(
    signature,
    ecdsa.privateKey.extractable,
    await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, ecdsa.publicKey, signature, data),
  );
  const hmac = await subtle.importKey('raw', data, { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']);
  note(await subtle.sign('HMAC', hmac, data), await subtle.exportKey('raw', hmac));
  const aes = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, [
    'encrypt',
    'decrypt',
  ]);
  const iv = crypto.webcrypto.getRandomValues(new Uint8Array(12));
  const box = await subtle.encrypt({ name: 'AES-GCM', iv }, aes, data);
  note(
    box,
    await subtle.decrypt({ name: 'AES-GCM', iv }, aes, box),
    (await subtle.exportKey('jwk', aes)).k,
  );
  const rsa = await subtle.generateKey(
    {
      name: 'RSA-OAEP',
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['encrypt', 'decrypt'],
  );
  note(
    await subtle.encrypt('RSA-OAEP', rsa.publicKey, data),
    JSON.stringify(rsa.publicKey.algorithm),
    rsa.publicKey.usages,
  );
  const base = await subtle.importKey('raw', data, 'PBKDF2', false, ['deriveKey', 'deriveBits']);
  note(
    await subtle.deriveBits(
      { name: 'PBKDF2', salt: iv, iterations: 1000, hash: 'SHA-256' },
      base,
      128,
    ),
  );
  await subtle.digest('nothing', data).catch((error) => note(error.name, error.message));
  await subtle
    .decrypt({ name: 'AES-GCM', iv }, aes, data)
    .catch((error) => note(error.name, error.message));
  await subtle.generateKey('AES-GCM').catch((error) => note(error.name, error.message));
}

async function wasm() {
  const bytes = Buffer.from(
    '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b',
    'hex',
  );
  const { instance } = await WebAssembly.instantiate(bytes);
  note('wasm', instance.exports.add(2, 3));
  const compiled = await WebAssembly.compile(bytes);
  note('compiled', (await WebAssembly.instantiate(compiled)).exports.add(1, 1));
  await WebAssembly.compile(data).catch((error) => note(error.name, error.message));
  await WebAssembly.instantiate(compiled, 5).catch((error) => note(error.name));
}

async function beside() {
  for (let i = 0; i < 30; i++) {
    note('beside', i, Math.random());
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

void Promise.all([derivations(), keys(), web(1), web(2), wasm(), wasm(), beside()]).then(() => {
  process.stdout.write(`${step}\n`);
  fs.rmSync(folder, { recursive: true });
});
