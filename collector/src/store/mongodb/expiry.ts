/**
 * Retention of the MongoDB store. The server removes by itself what carries a time to go; this does
 * the same at once, and removes what only several collections together can tell: runs that no
 * incident needs any more.
 */
import { EXPIRE_BATCH } from '../limits.ts';
import type { Collections, RunDocument } from './documents.ts';

/** Removes what retention no longer holds; answers how many objects went. */
export async function expireBefore(collections: Collections, before: string): Promise<number> {
  return (await expireIncidents(collections, before)) + (await expireRuns(collections, before));
}

async function expireIncidents(collections: Collections, before: string): Promise<number> {
  const { incidents, alerts } = collections;
  let removed = 0;
  for (;;) {
    const batch = await incidents
      .find({ resolvedAt: { $lt: before } }, { projection: { _id: 1 }, limit: EXPIRE_BATCH })
      .toArray();
    if (batch.length === 0) return removed;
    const ids = batch.map(({ _id }) => _id);
    // alerts first: an interrupted expiry leaves an incident without alerts, never the reverse
    removed += (await alerts.deleteMany({ incidentId: { $in: ids } })).deletedCount;
    removed += (await incidents.deleteMany({ _id: { $in: ids } })).deletedCount;
  }
}

async function expireRuns(collections: Collections, before: string): Promise<number> {
  const { runs, incidents } = collections;
  let removed = 0;
  let batch = await endedRuns(collections, before, null);
  while (batch.length > 0) {
    const ids = batch.map(({ _id }) => _id);
    const needed = new Set(await incidents.distinct('runId', { runId: { $in: ids } }));
    const unneeded = ids.filter((id) => !needed.has(id));
    removed += (await runs.deleteMany({ _id: { $in: unneeded } })).deletedCount;
    batch = await endedRuns(collections, before, batch.at(-1) ?? null);
  }
  return removed;
}

type EndedRun = Pick<RunDocument, '_id' | 'at' | 'endedAt'>;

/** The next ended runs, behind the last one looked at: those that stay are not looked at again. */
function endedRuns(
  collections: Collections,
  before: string,
  last: EndedRun | null,
): Promise<EndedRun[]> {
  const { endedAt, at, _id } = last ?? { endedAt: '', at: '', _id: '' };
  const behind = [
    { endedAt: { $gt: endedAt } },
    { endedAt, at: { $gt: at } },
    { endedAt, at, _id: { $gt: _id } },
  ];
  return collections.runs
    .find({ endedAt: { $lt: before }, $or: behind })
    .project<EndedRun>({ endedAt: 1, at: 1 })
    .sort({ endedAt: 1, at: 1, _id: 1 })
    .limit(EXPIRE_BATCH)
    .toArray();
}
