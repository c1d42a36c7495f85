/**
 * What must be equal in all replicas at their start, field by field, so that the collector can name the
 * field that differs. Values of the environment and the seed go as keyed hashes: they are private.
 */
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import { AGENT_VERSION } from './transport/version.ts';

/** Variables that the kernel or a shell sets by itself for each process. */
const OWN_TO_A_PROCESS: ReadonlySet<string> = new Set(['_', 'SHLVL', 'OLDPWD', 'INVOCATION_ID']);

/** Hexadecimal digits of a hash that are sent: enough to tell two values apart. */
const SHOWN_DIGITS = 16;

/** The setting of this process. `checkKey` hides values; `options` are those that change what is recorded. */
export function initialSetting(
  checkKey: Buffer,
  env: NodeJS.ProcessEnv,
  options: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const hash = (text: string | Buffer): string =>
    createHmac('sha256', checkKey).update(text).digest('hex').slice(0, SHOWN_DIGITS);
  const setting: Record<string, string> = {
    agent: AGENT_VERSION,
    argv: hash(JSON.stringify(process.argv.slice(1))),
    code: hash(mainFileBytes()),
    cwd: process.cwd(),
    execArgv: hash(JSON.stringify(process.execArgv)),
    node: process.version,
    options: JSON.stringify(options),
    platform: `${process.platform}-${process.arch}`,
    seed: checkKey.toString('hex'),
  };
  for (const [key, value] of Object.entries(env)) {
    if (!(OWN_TO_A_PROCESS.has(key) || key.startsWith('LOCKSTEP_')))
      setting[`env ${key}`] = hash(value ?? '');
  }
  return setting;
}

/** The main script's bytes; a command without a file (`node -e`) has none. */
function mainFileBytes(): Buffer {
  const [, file] = process.argv;
  try {
    return file === undefined ? Buffer.alloc(0) : fs.readFileSync(file);
  } catch {
    return Buffer.alloc(0); // Node itself will say that there is no such file
  }
}
