/**
 * The audit trail in MongoDB, without transactions, which a single server does not have: an entry
 * takes the next number by being inserted under it, and who comes second tries the number after. The
 * incident is computed from the trail afterwards; a crash between the two heals at the next start.
 */
import type { AuditEntry } from '../../ports.ts';
import { analystState } from '../analyst-state.ts';
import { type AuditContent, chainEntry } from '../audit-chain.ts';
import { AUDIT_ATTEMPTS } from '../limits.ts';
import { isDuplicate } from './connection.ts';
import type { AuditDocument, Collections } from './documents.ts';

/** Newest entries whose incidents are computed again at the start. */
const HEALED_ENTRIES = 64;

/** Appends one entry to the chain. */
export async function appendAudit(collections: Collections, content: AuditContent): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const [newest] = await newestEntries(collections, 1);
    const { sequence, ...rest } = chainEntry(content, newest ?? null);
    try {
      await collections.audit.insertOne({ _id: sequence, ...rest });
      return;
    } catch (cause) {
      if (!isDuplicate(cause) || attempt === AUDIT_ATTEMPTS) throw cause;
    }
  }
}

/** Entries after a sequence number, oldest first. */
export async function auditSince(
  collections: Collections,
  afterSequence: number,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const later = { _id: { $gt: afterSequence } };
  const found = await collections.audit.find(later, { sort: { _id: 1 }, limit }).toArray();
  return found.map(entryOf);
}

/** Entries about one subject, oldest first. */
export async function auditOf(
  collections: Collections,
  subject: string,
): Promise<readonly AuditEntry[]> {
  const found = await collections.audit.find({ subject }, { sort: { _id: 1 } }).toArray();
  return found.map(entryOf);
}

/**
 * Computes the analysts' part of an incident again from the trail. Never goes back: of two at once,
 * the one that saw more entries stays.
 */
export async function reviewIncident(
  collections: Collections,
  id: string,
  retentionMs: number,
): Promise<void> {
  const state = analystState(await auditOf(collections, id));
  const { status, resolvedAt, changedAt, sequence } = state;
  const fields = { status, resolvedAt, sequence, analyst: JSON.stringify(state) };
  const { matchedCount } = await collections.incidents.updateOne(
    { _id: id, sequence: { $lte: sequence } },
    { $set: fields, $max: { updatedAt: changedAt ?? '' } },
  );
  if (matchedCount > 0) await setExpiry(collections, id, resolvedAt, retentionMs);
}

/** Once resolved, an incident and its alerts get their time to go; opened again, they lose it. */
async function setExpiry(
  collections: Collections,
  id: string,
  resolvedAt: string | null,
  retentionMs: number,
): Promise<void> {
  const { incidents, alerts } = collections;
  if (resolvedAt === null) {
    await incidents.updateOne({ _id: id }, { $unset: { expireAt: 1 } });
    await alerts.updateMany({ incidentId: id }, { $unset: { expireAt: 1 } });
    return;
  }
  const expireAt = new Date(Date.parse(resolvedAt) + retentionMs);
  await incidents.updateOne({ _id: id }, { $set: { expireAt } });
  await alerts.updateMany({ incidentId: id }, { $set: { expireAt } });
}

/** Finishes what a crash may have left between an entry and its incident. */
export async function healIncidents(collections: Collections, retentionMs: number): Promise<void> {
  const newest = await newestEntries(collections, HEALED_ENTRIES);
  for (const subject of new Set(newest.map((entry) => entry.subject))) {
    await reviewIncident(collections, subject, retentionMs);
  }
}

async function newestEntries(
  collections: Collections,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const found = await collections.audit.find({}, { sort: { _id: -1 }, limit }).toArray();
  return found.map(entryOf);
}

function entryOf(document: AuditDocument): AuditEntry {
  const { _id, ...rest } = document;
  return { sequence: _id, ...rest };
}
