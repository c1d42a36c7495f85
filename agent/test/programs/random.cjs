// Every way to draw a random number, in strands that share state: what is drawn steers what comes next.
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockstep-random-'));
const seen = [];
const note = (name, value) => {
  const text = Buffer.isBuffer(value) ? value.toString('hex') : String(value);
  seen.push(`${name} ${text}`);
  fs.writeFileSync(path.join(folder, `${name}-${seen.length % 7}`), text);
};

async function strand(n) {
  for (let i = 0; i < 6; i++) {
    note(`math${n}`, Math.random());
    note(`bytes${n}`, await promisify(crypto.randomBytes)(8 + n));
    note(`sync${n}`, crypto.randomBytes(4));
    note(`pseudo${n}`, crypto.pseudoRandomBytes(3));
    note(`uuid${n}`, crypto.randomUUID());
    note(`web${n}`, globalThis.crypto.randomUUID());
    note(`int${n}`, await promisify(crypto.randomInt)(1000));
    note(`intsync${n}`, crypto.randomInt(5, 500));
    const words = new Uint16Array(8);
    await promisify(crypto.randomFill)(words, 2, 4);
    note(`fill${n}`, words);
    note(`values${n}`, globalThis.crypto.getRandomValues(new Uint32Array(2)));
    note(`fillsync${n}`, crypto.randomFillSync(Buffer.alloc(9), 4).toString('base64'));
    if (Math.random() < 0.5) await new Promise((done) => setTimeout(done, crypto.randomInt(4)));
    else await new Promise((done) => setImmediate(done));
  }
}

function refusals() {
  for (const attempt of [
    () => crypto.randomBytes('x'),
    () => crypto.randomBytes(-1, () => {}),
    () => crypto.randomInt(5, 1),
    () => crypto.randomFillSync('x'),
    () => globalThis.crypto.getRandomValues(new Float64Array(2)),
    () => globalThis.crypto.getRandomValues(new Uint8Array(70_000)),
  ]) {
    try {
      attempt();
    } catch (error) {
      note('refused', `${error.name} ${error.code} ${error.message}`);
    }
  }
}

refusals();
void Promise.all([0, 1, 2, 3, 4].map(strand)).then(() => {
  note('all', crypto.createHash('sha1').update(seen.join('\n')).digest('hex'));
  fs.rmSync(folder, { recursive: true });
  crypto.randomBytes(0, (error, bytes) =>
    process.stdout.write(`${seen.length} ${error} ${bytes.length}\n`),
  );
});
