/**
 * Identifiers of alerts and incidents are drawn from what they are about, so that a restarted collector
 * that judges the same records again raises nothing twice.
 */
import { createHash } from 'node:crypto';

/** 128 bits, hexadecimal, of the parts in order. */
export function deterministicId(...parts: readonly (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
