// way in: fs,observers
// Open folders in every form while strands fill them, performance observers, blobs and web streams.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { PerformanceObserver, performance } = require('node:perf_hooks');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'listed-'));
const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 3 === 0) fs.writeFileSync('/dev/null', seen.slice(-3).join());
};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function fill(number) {
  for (let i = 0; i < 10; i++) {
    await fs.promises.writeFile(path.join(folder, `file-${number}-${i}`), '');
    await wait(Math.random() * 2);
  }
}

async function list(number) {
  await wait(number * 2);
  for await (const entry of await fs.promises.opendir(folder))
    say(number, entry.name, entry.isFile());
  const dir = fs.opendirSync(folder, { bufferSize: 2 });
  for (let entry = dir.readSync(); entry !== null; entry = dir.readSync())
    say('sync', entry.name, dir.path === folder);
  dir.closeSync();
  await new Promise((resolve) =>
    fs.opendir(folder, (_error, opened) =>
      opened.read((_failed, entry) => {
        say('callback', entry.name);
        opened.close(resolve);
      }),
    ),
  );
}

async function streams(number) {
  const blob = new Blob(['a'.repeat(number * 1000), new Uint8Array([1, 2, 3])]);
  say(
    'blob',
    blob.size,
    (await blob.arrayBuffer()).byteLength,
    (await blob.slice(2, 9).text()).length,
  );
  const zipped = blob.stream().pipeThrough(new CompressionStream('gzip'));
  const back = zipped
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream());
  let length = 0;
  for await (const text of back) length += text.length;
  const form = new FormData();
  form.append('file', blob, 'name.bin');
  say(
    'form',
    length,
    (await (await new Response(form).formData()).get('file').arrayBuffer()).byteLength,
  );
  say('clone', structuredClone({ number, when: new Date(number) }).when.getTime());
}

async function main() {
  const observer = new PerformanceObserver((given) => {
    for (const { name, duration, entryType } of given.getEntries())
      say('entry', name, duration, entryType);
  });
  observer.observe({ entryTypes: ['mark', 'measure', 'function'] });
  const timed = performance.timerify(function timed() {
    return 1;
  });
  performance.mark('start');
  await Promise.all([1, 2, 3].flatMap((number) => [fill(number), list(number), streams(number)]));
  timed();
  performance.measure('all', 'start');
  try {
    fs.opendirSync(path.join(folder, 'nothing'));
  } catch (error) {
    say(error.code);
  }
  if (fs.globSync) say(fs.globSync(path.join(folder, 'file-1-*')).length);
  if (fs.promises.glob)
    for await (const name of fs.promises.glob('file-2-*', { cwd: folder })) say('glob', name);
  await wait(5);
  observer.disconnect();
  fs.rmSync(folder, { recursive: true });
  fs.writeFileSync('/dev/null', seen.join('\n'));
  console.log(seen.length > 40);
}
void main();
