/**
 * A bit of everything that a command does: randomness, clocks, timers, files in all three forms, streams
 * through zlib, children, and 500 promises at once that share a counter. Appends to journal.txt in the
 * folder it runs in, so that a second set of effects would be seen. Twin: mixed-work.cjs.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs, { promises as files } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

const { appendFileSync } = await import('node:fs');

const PROMISES = 500;
const ROUNDS = 4;
const shared = { counter: 0, order: [] };

function journal(line) {
  appendFileSync('journal.txt', `${line}\n`);
}

function useSynchronousFiles() {
  fs.mkdirSync('sync');
  const descriptor = fs.openSync('sync/file', 'w+');
  fs.writeSync(descriptor, `${randomUUID()} ${Math.random()}`);
  fs.closeSync(descriptor);
  const { mtimeMs, ino } = fs.statSync('sync/file');
  journal(
    `sync ${fs.readFileSync('sync/file', 'utf8')} ${mtimeMs} ${ino} ${fs.readdirSync('sync')}`,
  );
  fs.renameSync('sync/file', 'sync/renamed');
  journal(`absent ${fs.existsSync('sync/file')}`);
}

function useCallbackFiles() {
  return new Promise((resolve, reject) => {
    fs.writeFile('callback.txt', String(performance.now()), (error) => {
      if (error) return reject(error);
      return fs.readFile('callback.txt', 'utf8', (readError, text) => {
        if (readError) return reject(readError);
        journal(`callback ${text}`);
        return resolve();
      });
    });
  });
}

async function useFileHandles() {
  const handle = await files.open('handle.bin', 'w+');
  await handle.write(randomBytes(4096), 0, 4096, 0);
  const { buffer } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
  await handle.close();
  journal(`handle ${createHash('sha256').update(buffer).digest('hex')}`);
}

async function useStreams() {
  const text = Array.from({ length: 20_000 }, () => Math.random()).join('\n');
  await files.writeFile('plain.txt', text);
  await pipeline(
    fs.createReadStream('plain.txt'),
    zlib.createGzip(),
    fs.createWriteStream('plain.txt.gz'),
  );
  const back = await promisify(zlib.gunzip)(fs.readFileSync('plain.txt.gz'));
  journal(`streams ${back.toString() === text}`);
}

async function useChildren() {
  const { stdout } = await promisify(execFile)('sh', ['-c', 'echo $$; date +%N']);
  journal(`child ${stdout.trim().replace('\n', ' ')}`);
  journal(`spawned ${execFileSync('sh', ['-c', 'echo $$']).toString().trim()}`);
  const child = spawn('cat');
  child.stdin.end(randomUUID());
  let echoed = '';
  for await (const chunk of child.stdout) echoed += chunk;
  journal(`echo ${echoed}`);
}

async function strand(index) {
  for (let round = 0; round < ROUNDS; round += 1) {
    await sleep(Math.random() * 8);
    shared.counter += 1;
    if (shared.counter % 100 === 0) journal(`strand ${index} ${shared.counter} ${Date.now()}`);
    shared.order.push(index);
    if (shared.counter % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (round === 1) await files.writeFile(`strands/${index}`, randomUUID());
    if (round === 2) await files.stat(`strands/${index}`);
  }
}

journal(`start ${new Date().toISOString()} ${process.hrtime.bigint()}`);
useSynchronousFiles();
await useCallbackFiles();
await useFileHandles();
await useStreams();
await useChildren();
fs.mkdirSync('strands');
const ticker = setInterval(() => journal(`tick ${performance.now()}`), 10);
await Promise.all(Array.from({ length: PROMISES }, (_, index) => strand(index)));
clearInterval(ticker);
const order = createHash('sha256').update(shared.order.join()).digest('hex');
journal(`end ${shared.counter} ${order}`);
console.log(`counter ${shared.counter}`);
