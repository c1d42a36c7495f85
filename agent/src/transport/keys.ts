/** Keys of one log of a run, drawn from the run's seed: HKDF-SHA-256(seed, runId, `label:log name`). */
import { hkdfSync } from 'node:crypto';
import { type KeyLabel, keyInfo, type ReplicaSecrets } from '@lockstep/protocol';

/** Name of the log of a replica's first process; keys that belong to no log are its keys. */
export const MAIN_LOG = 'main';

/** Whose keys are wanted. */
export interface KeySource {
  readonly secrets: ReplicaSecrets;
  readonly logName: string;
}

/** `bytes` bytes of key for one use. */
export function deriveKey({ secrets, logName }: KeySource, label: KeyLabel, bytes: number): Buffer {
  const seed = Buffer.from(secrets.seed, 'hex');
  const salt = Buffer.from(secrets.runId, 'hex');
  return Buffer.from(hkdfSync('sha256', seed, salt, keyInfo(label, logName), bytes));
}
