// way in: zlib
// Streams and one-shot calls of every kind end in native threads, in an order of their own.
'use strict';
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');
const { promisify } = require('node:util');
const zlib = require('node:zlib');

const pairs = [
  [zlib.gzip, zlib.gunzip],
  [zlib.deflate, zlib.inflate],
  [zlib.deflateRaw, zlib.inflateRaw],
  [zlib.brotliCompress, zlib.brotliDecompress],
].map((pair) => pair.map(promisify));

const order = [];
const say = (...words) => order.push(words.join(' '));

async function strand(number) {
  const text = Buffer.from(`strand ${number} `.repeat(200 + ((number * 7919) % 4000)));
  for (let step = 0; step < 4; step++) {
    const [pack, unpack] = pairs[(number + step) % pairs.length];
    const packed = await pack(text);
    say(number, step, packed.length);
    const plain = await unpack(packed);
    say(number, step, plain.length, order.length % 7);
  }
  const sizes = [];
  await pipeline(
    Readable.from([text, text, text], { objectMode: false }),
    zlib.createGzip({ level: 1 + (number % 9) }),
    zlib.createGunzip(),
    async (chunks) => {
      for await (const chunk of chunks) {
        sizes.push(chunk.length);
        say(number, 'chunk', chunk.length);
      }
    },
  );
  say(number, sizes.length);
  await promisify(zlib.gunzip)(text).catch(({ code }) => say(number, code));
}

void Promise.all(Array.from({ length: 20 }, (_, number) => strand(number))).then(() => {
  console.log(order.length, order.join('\n'));
});
