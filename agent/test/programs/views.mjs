// Named imports of what is hooked, taken before anything runs, and top-level await over it.
import { exec, spawnSync } from 'node:child_process';
import {
  generateKeyPairSync,
  pbkdf2,
  randomBytes,
  randomInt,
  randomUUID,
  sign,
  webcrypto,
} from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { memoryUsage, pid, stderr, stdout } from 'node:process';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gunzip, gzip } from 'node:zlib';

const file = `${tmpdir()}/lockstep-views-${pid}`;
const note = (...values) => appendFileSync(file, `${values.join(' ')}\n`);

note(pid, hostname(), memoryUsage().rss, stdout.isTTY, stderr.fd);
note(
  randomUUID(),
  randomInt(9),
  randomBytes(4).toString('hex'),
  Math.random(),
  webcrypto.randomUUID(),
);
const packed = await promisify(gzip)('text');
note(
  packed.length,
  await promisify(gunzip)(packed),
  (await promisify(pbkdf2)('a', 'b', 9, 8, 'sha1')).toString('hex'),
);
note(
  (await promisify(exec)('cat /proc/sys/kernel/random/uuid')).stdout,
  String(spawnSync('date', ['+%N']).stdout),
);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
note(
  sign('sha256', packed, privateKey).toString('hex'),
  runInContext('Date.now() + Math.random()', createContext({})),
);
note(Buffer.from(await webcrypto.subtle.digest('SHA-1', packed)).toString('hex'));
process.once('SIGUSR2', () => note('signal'));
process.kill(pid, 'SIGUSR2');
await new Promise((resolve) => setTimeout(resolve, 20));
rmSync(file);
stdout.write('done\n');
