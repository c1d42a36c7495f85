// Files in all three forms, handles and streams, from many strands that share state.
const fs = require('node:fs');
const fsp = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-fs-'));
let counter = 0;
const log = [];

async function strand(i) {
  const file = path.join(dir, `f${i % 7}`);
  await new Promise((r) => setTimeout(r, (i * 7) % 13));
  counter++;
  await fsp.writeFile(`${file}.${i}`, `hello ${i} ${counter} ${Date.now()}`);
  const text = await fsp.readFile(`${file}.${i}`, 'utf8');
  const stat = await fsp.stat(`${file}.${i}`);
  log.push(`${i} ${counter} ${text.length} ${stat.size} ${stat.mtimeMs}`);
  await new Promise((resolve, reject) =>
    fs.appendFile(path.join(dir, 'all.log'), `${log.length} ${process.hrtime.bigint()}\n`, (e) =>
      e ? reject(e) : resolve(),
    ),
  );
  const handle = await fsp.open(`${file}.${i}`, 'r+');
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(16), 0, 16, 0);
  await handle.write(`#${counter}`, 0);
  await handle.close();
  log.push(`${bytesRead} ${buffer.toString('hex')}`);
  fs.readFile(path.join(dir, 'missing'), (e) => log.push(e.code));
  await fsp
    .access(path.join(dir, 'nope'))
    .catch((e) => log.push(`${e.code} ${e.syscall} ${e.message}`));
}

(async () => {
  await Promise.all(Array.from({ length: 60 }, (_, i) => strand(i)));
  await pipeline(
    fs.createReadStream(path.join(dir, 'all.log')),
    fs.createWriteStream(path.join(dir, 'copy.log')),
  );
  const fd = fs.openSync(path.join(dir, 'all.log'), 'r');
  const b = Buffer.alloc(100);
  const n = fs.readSync(fd, b, 0, 50, 0);
  fs.closeSync(fd);
  log.push(n, b.toString());
  for (const e of fs.readdirSync(dir, { withFileTypes: true })) log.push(`${e.name} ${e.isFile()}`);
  try {
    fs.readFileSync('/nope');
  } catch (e) {
    log.push(e.message);
  }
  try {
    fs.readFile(12.5, () => {});
  } catch (e) {
    log.push(e.code);
  }
  fs.realpath(dir, (_e, p) => {
    fs.writeFileSync(path.join(dir, 'result'), log.join('\n') + p);
    fs.truncate(path.join(dir, 'copy.log'), 3, () => {
      fs.cp(dir, `${dir}-2`, { recursive: true }, () => {
        fs.rm(dir, { recursive: true }, (err) => {
          fs.rmSync(`${dir}-2`, { recursive: true });
          fs.writeFileSync('/dev/null', `done ${err} ${log.length}`);
        });
      });
    });
  });
})();
