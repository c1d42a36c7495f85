/** Keys of one log of a run: HKDF-SHA-256(seed, runId, `label:log name`); those of no log are `main`'s. */
import { hkdfSync } from 'node:crypto';
import { type KeyLabel, keyInfo, type ReplicaSecrets } from '@lockstep/protocol';

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
