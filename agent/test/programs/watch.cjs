// Watchers of files and folders in every form, while many strands change what they watch.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watched-'));
const seen = [];
const say = (...words) => {
  seen.push(words.join(' '));
  if (seen.length % 3 === 0) fs.writeFileSync('/dev/null', seen.slice(-3).join());
};
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function strand(number) {
  const file = path.join(folder, `file-${number}`);
  for (let step = 0; step < 4; step++) {
    await fs.promises.writeFile(file, `${step}`);
    await wait(Math.random() * 8);
  }
  await fs.promises.rename(file, `${file}-done`);
}

async function iterated(signal) {
  try {
    for await (const { eventType, filename } of fs.promises.watch(folder, { signal })) {
      say('iterated', eventType, filename);
    }
  } catch (error) {
    say(error.name);
  }
}

async function main() {
  const watcher = fs.watch(folder, (event, name) => say('watched', event, name));
  watcher.on('close', () => say('closed'));
  const controller = new AbortController();
  const iterating = iterated(controller.signal);
  const polled = path.join(folder, 'file-1');
  fs.watchFile(polled, { interval: 20 }, (now, before) =>
    say('polled', now.size, before.size, now.mtimeMs > 0),
  );
  try {
    fs.watch(path.join(folder, 'nothing'));
  } catch (error) {
    say(error.code);
  }
  await Promise.all(Array.from({ length: 5 }, (_, number) => strand(number)));
  await wait(60);
  fs.unwatchFile(polled);
  watcher.close();
  controller.abort();
  await iterating;
  fs.writeFileSync('/dev/null', seen.join('\n'));
  fs.rmSync(folder, { recursive: true });
  console.log(seen.length > 20);
}
void main();
