/** Every golden file by name, with the bytes that today's code gives for it. */
import { createHmac, hkdfSync } from 'node:crypto';
// biome-ignore lint/correctness/noUnresolvedImports: the linter does not see the default export of its types
import xxhash from 'xxhash-wasm';
import {
  apiId,
  apiTable,
  ByteSink,
  CanonicalWriter,
  callId,
  digestPrefix,
  hex64,
  KeyLabel,
  keyInfo,
  logSeed,
  Mixer,
  targetHash,
} from '../../src/index.ts';
import { hex } from './bytes.ts';
import {
  agentFrames,
  collectorFrames,
  launcherFrames,
  launcherReplies,
} from './control-samples.ts';
import {
  batchSample,
  canonicalSample,
  canonicalSamples,
  entryBytes,
  entrySamples,
  errorSample,
  logHeader,
  plainEntries,
  runId,
  sealFrame,
  seed,
  strongSample,
  valueSample,
  valueSamples,
} from './samples.ts';

export const goldenFolder: URL = new URL('../../golden/v1/', import.meta.url);

/** Bytes of each key (KD3). */
export const keyBytes: Readonly<Record<keyof typeof KeyLabel, number>> = {
  log: 32,
  hash: 8,
  mac: 32,
  target: 8,
  random: 16,
  check: 8,
};

export function deriveKey(use: keyof typeof KeyLabel, log: string): Buffer {
  const info = keyInfo(KeyLabel[use], log);
  const material = [Buffer.from(seed, 'hex'), Buffer.from(runId, 'hex')] as const;
  return Buffer.from(hkdfSync('sha256', ...material, info, keyBytes[use]));
}

const json = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, null, 1)}\n`);

function callIds(): unknown {
  const mixer = new Mixer();
  return ['main', 'worker 1'].flatMap((log) =>
    [0, 1, 2 ** 32, 2 ** 40 + 7].flatMap((turn) =>
      ['', '/etc/hosts', 'größer'].map((target, nth) => {
        targetHash(mixer, 0x01020304, 0xf0e0d0c0, target);
        const { lo, hi } = mixer;
        callId(mixer, logSeed(log), turn, 110, lo, hi, nth);
        return { log, turn, target, nth, hash: hex64(lo, hi), id: hex64(mixer.lo, mixer.hi) };
      }),
    ),
  );
}

/** What is digested for a call with these arguments. */
export function digestedBytes(api: string, args: readonly unknown[]): Uint8Array {
  const sink = new ByteSink();
  sink.raw(digestPrefix(apiId(api)));
  new CanonicalWriter(sink).writeAll(args, 0, args.length);
  return sink.bytes().slice();
}

async function digests(): Promise<unknown> {
  const { h64Raw } = await xxhash();
  const hashSeed = deriveKey('hash', 'main').readBigUInt64LE();
  const calls: readonly (readonly [string, readonly unknown[]])[] = [
    ['fs.readFile', ['/etc/hosts', { encoding: 'utf8' }]],
    ['fs.stat', ['/etc/hosts', { encoding: 'utf8' }]],
    ['process.exit', [0]],
    ['Date.now', []],
  ];
  return calls.map(([api, args]) => {
    const bytes = digestedBytes(api, args);
    const digest = h64Raw(bytes, hashSeed).toString(16).padStart(16, '0');
    const mac = createHmac('sha256', deriveKey('mac', 'main')).update(bytes).digest();
    return { api, args, bytes: hex(bytes), digest, strong: hex(mac.subarray(0, 16)) };
  });
}

function keys(): unknown {
  const uses = Object.keys(KeyLabel) as (keyof typeof KeyLabel)[];
  return uses.map((use) => ({
    use,
    main: hex(deriveKey(use, 'main')),
    other: hex(deriveKey(use, 'worker 1')),
  }));
}

export function sealedSample(): Uint8Array {
  return sealFrame(deriveKey('log', 'worker 1'), logHeader, plainEntries());
}

/** File name to bytes. `apis.json` is apart: it may grow. */
export async function goldenFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>([
    ['frame-records.bin', batchSample()],
    ['frame-records-strong.bin', strongSample()],
    ['frame-log.bin', sealedSample()],
    ['value-error.bin', errorSample()],
    ['call-ids.json', json(callIds())],
    ['digests.json', json(await digests())],
    ['keys.json', json(keys())],
  ]);
  for (const name of Object.keys(entrySamples)) files.set(`entry-${name}.bin`, entryBytes(name));
  for (const name of Object.keys(canonicalSamples)) {
    files.set(`canonical-${name}.bin`, canonicalSample(name));
  }
  for (const name of Object.keys(valueSamples)) files.set(`value-${name}.bin`, valueSample(name));
  for (const [kind, frames] of [
    ['agent', agentFrames],
    ['collector', collectorFrames],
    ['launcher', launcherFrames],
    ['reply', launcherReplies],
  ] as const) {
    for (const frame of frames) {
      files.set(`control-${kind}-${frame.type}.json`, Buffer.from(JSON.stringify(frame)));
    }
  }
  return files;
}

/** Numbers and names of today's APIs. */
export function apiNames(): readonly (readonly [number, string])[] {
  return apiTable.map((api) => [api.id, api.name] as const);
}
