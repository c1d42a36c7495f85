/**
 * Indexes of the MongoDB store: one for every field that a list filters or sorts by, each ending in
 * the time and the identifier that break ties; one over the searched text; one that lets the server
 * remove what has expired. A test proves that no query reads a whole collection.
 */
import type { IndexDescription } from 'mongodb';
import { StoreError } from '../errors.ts';
import type { Collections } from './documents.ts';

/** Version of documents and indexes; a collector refuses a newer one. */
export const SCHEMA_VERSION = 1;

const expiry: IndexDescription = { key: { expireAt: 1 }, name: 'expireAt', expireAfterSeconds: 0 };
const searched: IndexDescription = { key: { text: 1 }, name: 'text' };

function listed(field: string): IndexDescription {
  const key = field === 'at' ? { at: 1, _id: 1 } : { [field]: 1, at: 1, _id: 1 };
  return { key, name: field };
}

const runIndexes = [...['at', 'service', 'status', 'endedAt'].map(listed), searched, expiry];

const alertIndexes = [
  ...['at', 'severity', 'kind', 'service', 'runId', 'incidentId', 'suspect', 'status'].map(listed),
  { key: { incidentId: 1, turn: 1, at: 1, _id: 1 }, name: 'first' },
  searched,
  expiry,
];

const incidentFields = ['at', 'updatedAt', 'severity', 'kind', 'service', 'runId', 'suspect'];
const incidentIndexes = [
  ...[...incidentFields, 'alerts', 'status', 'resolvedAt'].map(listed),
  searched,
  expiry,
];

const auditIndexes: IndexDescription[] = [
  { key: { subject: 1, _id: 1 }, name: 'subject' },
  { key: { previousHash: 1 }, name: 'one-successor', unique: true },
];

/** Makes what is missing and checks the version; safe to repeat. Throws `STORE_SCHEMA_NEWER`. */
export async function prepareCollections(collections: Collections, target: string): Promise<void> {
  const { runs, alerts, incidents, audit, meta } = collections;
  const schema = await meta.findOneAndUpdate(
    { _id: 'schema' },
    { $setOnInsert: { version: SCHEMA_VERSION } },
    { upsert: true, returnDocument: 'after' },
  );
  const found = schema?.version ?? SCHEMA_VERSION;
  if (found > SCHEMA_VERSION) {
    throw new StoreError('STORE_SCHEMA_NEWER', { target, found, known: SCHEMA_VERSION });
  }
  await runs.createIndexes(runIndexes);
  await alerts.createIndexes(alertIndexes);
  await incidents.createIndexes(incidentIndexes);
  await audit.createIndexes(auditIndexes);
}
