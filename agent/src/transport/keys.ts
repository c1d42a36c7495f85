/** Keys of one run, drawn from its seed: HKDF-SHA-256(seed, runId, `label:log name`). */
import { hkdfSync } from 'node:crypto';
import type { ReplicaSecrets } from '@lockstep/protocol';

/** Name of the only log that this version has. */
export const MAIN_LOG = 'main';

/** `bytes` bytes of key for one use. `label` is one of `KeyLabel`. */
export function deriveKey(secrets: ReplicaSecrets, label: string, bytes: number): Buffer {
  const seed = Buffer.from(secrets.seed, 'hex');
  const salt = Buffer.from(secrets.runId, 'hex');
  return Buffer.from(hkdfSync('sha256', seed, salt, `${label}:${MAIN_LOG}`, bytes));
}
