/**
 * Retention of the embedded store. What nobody has reviewed does not go: only incidents that were
 * resolved before the limit, with their alerts, and runs that ended before it and have no incident
 * left. The audit trail stays whole. The price: a store whose incidents nobody resolves grows.
 */
import { EXPIRE_BATCH } from '../limits.ts';
import type { EmbeddedDatabase } from './database.ts';

/** Alerts first: an interrupted expiry leaves an incident without alerts, never the reverse. */
const STEPS: readonly string[] = [
  `DELETE FROM alerts WHERE id IN (
     SELECT alerts.id FROM incidents JOIN alerts ON alerts.incidentId = incidents.id
     WHERE incidents.resolvedAt < ? LIMIT ${EXPIRE_BATCH})`,
  `DELETE FROM incidents WHERE id IN (
     SELECT id FROM incidents WHERE resolvedAt < ? LIMIT ${EXPIRE_BATCH})`,
  `DELETE FROM runs WHERE id IN (
     SELECT id FROM runs WHERE endedAt < ?
     AND NOT EXISTS (SELECT 1 FROM incidents WHERE incidents.runId = runs.id)
     LIMIT ${EXPIRE_BATCH})`,
];

/** Removes in batches what retention no longer holds; answers how many objects went. */
export function expireBefore(database: EmbeddedDatabase, before: string): number {
  let removed = 0;
  for (const step of STEPS) {
    let batch: number;
    do {
      batch = database.run(step, [before]);
      removed += batch;
    } while (batch === EXPIRE_BATCH);
  }
  return removed;
}
