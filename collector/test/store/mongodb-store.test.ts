import { type Document, MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';
import type { ListQuery, Store } from '../../src/ports.ts';
import { openStore } from '../../src/store/open-store.ts';
import { storeContract } from './contract.ts';
import { alert, at, incident, run } from './fixtures.ts';
import { databaseUrl, startMongo } from './mongo-server.ts';

const server = await startMongo();
const url = databaseUrl(server?.uri ?? 'mongodb://127.0.0.1', `lockstep-test-${process.pid}`);
const client = new MongoClient(url);
const database = client.db();

/** Empties the collections rather than making new ones: building indexes is what takes long. */
async function freshStore(): Promise<Store> {
  const collections = await database.collections();
  await Promise.all(collections.map((collection) => collection.deleteMany({})));
  return openStore(url);
}

afterAll(async () => {
  if (server !== null) await database.dropDatabase();
  await client.close();
  await server?.stop();
});

describe.skipIf(server === null)('with a real mongod', () => {
  storeContract('mongodb', { fresh: freshStore, again: async () => openStore(url) });

  async function opened(use: (store: Store) => Promise<void>): Promise<void> {
    const store = await freshStore();
    await store.open();
    try {
      await use(store);
    } finally {
      await store.close();
    }
  }

  it('reads no whole collection for any list, look-up, change or expiry', () =>
    opened(async (store) => {
      await database.command({ profile: 2 });
      try {
        await useEverything(store);
      } finally {
        await database.command({ profile: 0 });
      }
      const profiled = await database
        .collection('system.profile')
        .find({ ns: { $not: /system\.profile$/ } })
        .toArray();
      await database.dropCollection('system.profile');
      const planned = profiled.filter((entry) => entry['planSummary'] !== undefined);
      const scans = planned.filter((entry) => /COLLSCAN/.test(String(entry['planSummary'])));
      expect(planned.length).toBeGreaterThan(100);
      expect(scans.map((entry) => JSON.stringify(entry['command']))).toEqual([]);
    }));

  it('lets the server remove what ended, by an index on the time to go', () =>
    opened(async (store) => {
      await store.saveRuns([run({ endedAt: at(0) }), run({ runId: 'needed', endedAt: at(0) })]);
      await store.saveIncidents([incident({ runId: 'needed' })]);
      await store.saveRuns([run({ runId: 'needed', endedAt: at(0) })]);
      await store.saveAlerts([alert()]);
      const day = 86_400_000;
      const expireAt = async (name: string, id: string): Promise<unknown> =>
        (await database.collection<Document & { _id: string }>(name).findOne({ _id: id }))?.[
          'expireAt'
        ];
      expect(await expireAt('runs', 'run-1')).toEqual(new Date(Date.parse(at(0)) + 30 * day));
      expect(await expireAt('runs', 'needed')).toBeUndefined();
      expect(await expireAt('alerts', 'alert-1')).toBeUndefined();
      await store.patchIncident('incident-1', { status: 'resolved' }, 'ada', at(20));
      const resolved = new Date(Date.parse(at(20)) + 30 * day);
      expect(await expireAt('incidents', 'incident-1')).toEqual(resolved);
      expect(await expireAt('alerts', 'alert-1')).toEqual(resolved);
      await store.saveAlerts([alert()]);
      expect(await expireAt('alerts', 'alert-1')).toEqual(resolved);
      await store.patchIncident('incident-1', { status: 'open' }, 'ada', at(30));
      expect(await expireAt('incidents', 'incident-1')).toBeUndefined();
      expect(await expireAt('alerts', 'alert-1')).toBeUndefined();
      for (const name of ['runs', 'alerts', 'incidents']) {
        const indexes = await database.collection(name).indexes();
        expect(indexes).toContainEqual(
          expect.objectContaining({ key: { expireAt: 1 }, expireAfterSeconds: 0 }),
        );
      }
    }));

  it('finishes at the start what a crash left between an audit entry and its incident', () =>
    opened(async (store) => {
      await store.saveIncidents([incident()]);
      const [before] = await database.collection('incidents').find().toArray();
      await store.patchIncident('incident-1', { status: 'acknowledged' }, 'ada', at(20));
      await database.collection('incidents').replaceOne({}, before ?? {});
      expect(await store.incident('incident-1')).toMatchObject({ status: 'open' });
      const restarted = openStore(url);
      await restarted.open();
      expect(await restarted.incident('incident-1')).toMatchObject({ status: 'acknowledged' });
      await restarted.close();
    }));

  it('refuses a database that a newer collector wrote', () =>
    opened(async () => {
      await database.collection('meta').updateOne({}, { $set: { version: 99 } });
      await expect(openStore(url).open()).rejects.toMatchObject({
        code: 'STORE_SCHEMA_NEWER',
        message: expect.stringContaining('schema version 99; this collector knows up to 1'),
      });
    }));

  it('refuses an entry of the audit trail whose place is taken', () =>
    opened(async (store) => {
      await store.saveIncidents([incident()]);
      await store.patchIncident('incident-1', { note: 'x' }, 'ada', at(20));
      const [entry] = await database.collection('audit').find().toArray();
      const forked = { ...entry, _id: 7 as unknown as NonNullable<typeof entry>['_id'] };
      await expect(database.collection('audit').insertOne(forked)).rejects.toMatchObject({
        code: 11_000,
      });
    }));
});

async function useEverything(store: Store): Promise<void> {
  await store.saveRuns([run(), run({ runId: 'run-2', endedAt: at(5) })]);
  await store.saveIncidents([incident(), incident({ id: 'incident-2', runId: 'run-2' })]);
  await store.saveAlerts([alert(), alert({ id: 'alert-2', at: at(11) })]);
  await store.patchIncident('incident-2', { status: 'resolved' }, 'ada', at(20));
  const filters = [
    {},
    { service: 'shop' },
    { runId: 'run-1' },
    { incidentId: 'incident-1' },
    { kind: 'digest-mismatch' },
    { severity: 'high' },
    { status: 'open' },
    { suspect: 'b' },
    { suspect: 'unattributed' },
    { text: 'orders' },
    { service: 'shop', severity: 'high', text: 'fs' },
  ];
  const sorts = ['at', 'updatedAt', 'severity', 'kind', 'service', 'alerts'];
  for (const sort of sorts) {
    for (const filter of filters) await listAll(store, { ...filter, sort, limit: 1 });
  }
  await store.incident('incident-1');
  await store.alert('alert-1');
  await store.audit(0, 10);
  await store.auditOf('incident-1');
  await store.expire(at(100));
}

/** The first and the second page of each list. */
async function listAll(store: Store, query: ListQuery): Promise<void> {
  for (const list of ['runs', 'alerts', 'incidents'] as const) {
    const { nextCursor } = await store[list](query);
    if (nextCursor !== null) await store[list]({ ...query, cursor: nextCursor });
  }
}
