/**
 * The audit trail: append-only, each entry bound to the one before by a hash. Whoever changes,
 * removes or inserts an entry must recompute all that follow, and the newest hash no longer fits
 * what was exported or written down earlier. It is no signature: who may write the whole store can
 * forge the whole chain.
 */
import { createHash } from 'node:crypto';
import type { AuditEntry } from '../ports.ts';
import { canonicalJson } from './canonical-json.ts';

/** What the first entry holds as the hash before it. */
export const FIRST_PREVIOUS_HASH: string = '0'.repeat(64);

/** What an entry says, before it is chained. */
export type AuditContent = Pick<AuditEntry, 'at' | 'actor' | 'action' | 'subject' | 'detail'>;

/** Whether a piece of the trail is intact, or the first entry that is not and why. */
export type AuditVerdict =
  | { readonly intact: true; readonly entries: number; readonly headHash: string }
  | { readonly intact: false; readonly sequence: number; readonly why: string };

/** Chains `content` to the newest entry, null for the first. */
export function chainEntry(content: AuditContent, newest: AuditEntry | null): AuditEntry {
  const { at, actor, action, subject, detail } = content;
  const sequence = (newest?.sequence ?? 0) + 1;
  const previousHash = newest?.hash ?? FIRST_PREVIOUS_HASH;
  const unhashed = { sequence, at, actor, action, subject, detail };
  return { ...unhashed, previousHash, hash: entryHash({ ...unhashed, previousHash }) };
}

/** Hexadecimal SHA-256 over the previous hash and the entry's canonical JSON without hashes. */
export function entryHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at, actor, action, subject, detail, previousHash } = entry;
  return createHash('sha256')
    .update(previousHash)
    .update(canonicalJson({ sequence, at, actor, action, subject, detail }))
    .digest('hex');
}

/**
 * Checks consecutive entries, oldest first. A piece may begin anywhere; the entry with sequence 1
 * must have no predecessor.
 *
 * @example
 * const verdict = verifyAudit(await store.audit(0, 1000));
 * if (!verdict.intact) console.error(`entry ${verdict.sequence}: ${verdict.why}`);
 */
export function verifyAudit(entries: readonly AuditEntry[]): AuditVerdict {
  let previous: AuditEntry | null = null;
  for (const entry of entries) {
    const why = faultOf(entry, previous);
    if (why !== null) return { intact: false, sequence: entry.sequence, why };
    previous = entry;
  }
  return {
    intact: true,
    entries: entries.length,
    headHash: previous?.hash ?? FIRST_PREVIOUS_HASH,
  };
}

function faultOf(entry: AuditEntry, previous: AuditEntry | null): string | null {
  if (entry.hash !== entryHash(entry)) return 'its content does not have its hash';
  if (entry.sequence === 1 && entry.previousHash !== FIRST_PREVIOUS_HASH) {
    return 'the first entry has a predecessor';
  }
  if (previous === null) return null;
  if (entry.sequence !== previous.sequence + 1) {
    return `entries between ${previous.sequence} and ${entry.sequence} are missing`;
  }
  return entry.previousHash === previous.hash ? null : 'it does not hold the hash before it';
}
