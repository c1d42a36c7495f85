// Compression in every form beside files and timers: what ends first decides what is done next.
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const { promisify } = require('node:util');
const zlib = require('node:zlib');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-zlib-'));
const at = (name) => path.join(folder, name);
const order = [];
const note = (...values) => {
  order.push(values.join(' '));
  fs.appendFileSync(at('notes'), `${order.length} ${values.join(' ')}\n`);
};
const sum = (bytes) => crypto.createHash('md5').update(bytes).digest('hex').slice(0, 8);
const text = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `line ${i * 7919}\n`).join(''));
const noise = crypto.randomBytes(300_000);

async function files(n) {
  fs.writeFileSync(at(`in${n}`), n % 2 ? noise : text);
  await pipeline(
    fs.createReadStream(at(`in${n}`)),
    zlib.createGzip({ level: 1 + n }),
    fs.createWriteStream(at(`gz${n}`)),
  );
  note('packed', n, fs.statSync(at(`gz${n}`)).size);
  await pipeline(
    fs.createReadStream(at(`gz${n}`)),
    zlib.createGunzip(),
    fs.createWriteStream(at(`out${n}`)),
  );
  note('unpacked', n, sum(fs.readFileSync(at(`out${n}`))), order.length);
}

async function functions(n) {
  for (const [pack, unpack] of [
    ['gzip', 'gunzip'],
    ['deflate', 'inflate'],
    ['deflateRaw', 'inflateRaw'],
    ['brotliCompress', 'brotliDecompress'],
    ['gzip', 'unzip'],
  ]) {
    const options =
      pack === 'brotliCompress' ? { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } } : {};
    const packed = await promisify(zlib[pack])(n % 2 ? text : noise, options);
    note(pack, n, packed.length, sum(packed), order.length);
    const unpacked = await promisify(zlib[unpack])(packed);
    note(unpack, n, sum(unpacked), zlib[`${pack}Sync`](text, options).length);
  }
}

async function failures() {
  await promisify(zlib.gunzip)(Buffer.from('not packed')).catch((error) =>
    note(error.code, error.errno, error.message),
  );
  await promisify(zlib.inflate)(zlib.deflateSync(text).subarray(0, 200)).catch((error) =>
    note(error.code, error.message),
  );
  await promisify(zlib.brotliDecompress)(noise).catch((error) => note(error.code));
  const stream = zlib.createGunzip();
  stream.on('error', (error) => note('stream', error.code)).on('close', () => note('closed'));
  stream.write('garbage');
  await new Promise((resolve) => setTimeout(resolve, 5));
  await promisify(zlib.gunzip)(zlib.gzipSync(text), { maxOutputLength: 1000 }).catch((error) =>
    note(error.code),
  );
}

async function slow() {
  const stream = zlib.createDeflate({ chunkSize: 64 });
  stream.write(noise.subarray(0, 20_000), () => note('written'));
  stream.flush(() => note('flushed'));
  stream.params(9, zlib.constants.Z_DEFAULT_STRATEGY, () => note('changed'));
  stream.write('more');
  stream.end('last');
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  note('slow', size);
  const reset = zlib.createGzip();
  reset.on('data', (chunk) => note('reset', chunk.length));
  reset.write('x', () => {
    reset.reset();
    reset.close(() => note('closed'));
  });
  const cut = zlib.createGzip();
  cut.on('error', (error) => note('cut', error.message)).on('close', () => note('cut closed'));
  cut.write(text);
  cut.destroy(new Error('enough'));
}

void Promise.all([
  files(0),
  files(1),
  files(2),
  functions(0),
  functions(1),
  failures(),
  slow(),
]).then(() => {
  process.stdout.write('done\n');
  setTimeout(() => fs.rmSync(folder, { recursive: true }), 30);
});
