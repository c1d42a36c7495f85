/**
 * What a replica gets by its inherited descriptor (or a file), never by environment or argv; and the
 * labels under which keys are drawn from the seed: key = HKDF-SHA-256(seed, runId, `label:log name`).
 */
import * as v from 'valibot';
import { name, runId, sha256 } from './control/fields.ts';

/** The secrets of one replica. `seed`: 256 random bits, hexadecimal, the same in all replicas of a run. */
export interface ReplicaSecrets {
  readonly version: 1;
  readonly runId: string;
  readonly seed: string;
  readonly token: string;
}

const secrets: v.GenericSchema<unknown, ReplicaSecrets> = v.strictObject({
  version: v.literal(1),
  runId,
  seed: sha256,
  token: name,
});

/** The secrets that `text` holds, or null. */
export function parseSecrets(text: string): ReplicaSecrets | null {
  try {
    const result = v.safeParse(secrets, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** One label per use, so that no two uses share a key. */
export const KeyLabel = {
  /** 32 bytes, AES-256-GCM over log frames. */
  log: 'lockstep log key',
  /** 8 bytes, the xxHash64 seed of digests. */
  hash: 'lockstep hash seed',
  /** 32 bytes, HMAC-SHA-256 of strong digests. */
  mac: 'lockstep digest mac',
  /** 8 bytes, key of target hashes. */
  target: 'lockstep target key',
  /** 16 bytes, seed of `Math.random`. */
  random: 'lockstep math random',
  /** 8 bytes, compared at hello so that replicas with unequal seeds are refused. */
  check: 'lockstep seed check',
} as const;
export type KeyLabel = (typeof KeyLabel)[keyof typeof KeyLabel];

/**
 * The `info` of HKDF for a use and a log. Seed and run id are given to HKDF as the bytes that their
 * hexadecimal text stands for; a key that belongs to no log is that of `main`.
 */
export function keyInfo(label: KeyLabel, logName: string): string {
  return `${label}:${logName}`;
}
