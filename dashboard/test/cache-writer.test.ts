/** What frames of the live feed do to the query cache. */
import type { AlertView, IncidentView, LiveFrame, LivePatch, Page } from '@lockstep/protocol';
import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';
import { queryKeys } from '../src/api/query-keys.ts';
import { PATCH_GATHER_MS, REFETCH_GATHER_MS } from '../src/limits.ts';
import { CacheWriter } from '../src/live/cache-writer.ts';
import type { LoadedPages } from '../src/model/list-pages.ts';
import { aDetail, anAlert, anIncident, aRun } from './support/builders.ts';
import { FakeClock } from './support/fake-clock.ts';

let clock: FakeClock;
let client: QueryClient;
let writer: CacheWriter;

function patch(content: Partial<LivePatch>): LiveFrame {
  return { type: 'patch', sequence: 1, at: '', ...content };
}

function loaded<T>(...items: T[]): LoadedPages<T> {
  const page: Page<T> = { items, nextCursor: null, total: items.length };
  return { pages: [page], pageParams: [null] };
}

function incidentIds(search: object): readonly string[] {
  const list = client.getQueryData<LoadedPages<IncidentView>>(queryKeys.incidents(search));
  return list?.pages.flatMap(({ items }) => items.map(({ id }) => id)) ?? [];
}

beforeEach(() => {
  clock = new FakeClock();
  client = new QueryClient();
  writer = new CacheWriter(client, clock);
});

describe('CacheWriter', () => {
  it('replaces services by a snapshot and marks every list as old', () => {
    const key = queryKeys.incidents({});
    client.setQueryData(key, loaded(anIncident()));
    client.setQueryData(queryKeys.services, [{ name: 'gone', runs: [] }]);
    writer.take({
      type: 'snapshot',
      sequence: 1,
      at: '',
      collector: {
        version: '1',
        startedAt: '',
        store: { kind: 'embedded', state: 'ready', pendingWrites: 0, since: '', detail: null },
        callsPerSecond: 0,
      },
      services: [{ name: 'orders', runs: [aRun()] }],
      incidents: [],
    });
    expect(client.getQueryData(queryKeys.services)).toMatchObject([{ name: 'orders' }]);
    expect(client.getQueryData(queryKeys.collector)).toMatchObject({ version: '1' });
    clock.advance(REFETCH_GATHER_MS);
    expect(client.getQueryState(key)?.isInvalidated).toBe(true);
  });

  it('puts a new incident into the lists that it fits, and no other', () => {
    const open = { status: 'open' };
    const resolved = { status: 'resolved' };
    client.setQueryData(queryKeys.incidents(open), loaded(anIncident({ id: 'old' })));
    client.setQueryData(queryKeys.incidents(resolved), loaded<IncidentView>());
    const fresh = anIncident({ id: 'new', openedAt: '2026-07-29T11:00:00.000Z' });
    writer.take(patch({ incidents: [fresh] }));
    clock.advance(PATCH_GATHER_MS);
    expect(incidentIds(open)).toEqual(['new', 'old']);
    expect(incidentIds(resolved)).toEqual([]);
  });

  it('takes an incident that was resolved out of the open ones', () => {
    const open = { status: 'open' };
    client.setQueryData(queryKeys.incidents(open), loaded(anIncident()));
    writer.take(patch({ incidents: [anIncident({ status: 'resolved' })] }));
    clock.advance(PATCH_GATHER_MS);
    expect(incidentIds(open)).toEqual([]);
  });

  it('asks the collector where a search decides', () => {
    const key = queryKeys.incidents({ q: 'upstream' });
    client.setQueryData(key, loaded<IncidentView>());
    writer.take(patch({ incidents: [anIncident()] }));
    clock.advance(PATCH_GATHER_MS + REFETCH_GATHER_MS);
    expect(incidentIds({ q: 'upstream' })).toEqual([]);
    expect(client.getQueryState(key)?.isInvalidated).toBe(true);
  });

  it('updates an open incident page and fetches what a patch does not carry', () => {
    const key = queryKeys.incident('i1');
    client.setQueryData(key, aDetail({ firstAlerts: [anAlert()] }));
    writer.take(
      patch({ incidents: [anIncident({ alerts: 9, updatedAt: '2026-07-29T11:00:00.000Z' })] }),
    );
    clock.advance(PATCH_GATHER_MS);
    expect(client.getQueryData(key)).toMatchObject({ alerts: 9, firstAlerts: [{ id: 'al1' }] });
    clock.advance(REFETCH_GATHER_MS);
    expect(client.getQueryState(key)?.isInvalidated).toBe(true);
  });

  it('does not let an older patch overwrite a newer answer', () => {
    const key = queryKeys.incident('i1');
    client.setQueryData(
      key,
      aDetail({ status: 'resolved', updatedAt: '2026-07-29T12:00:00.000Z' }),
    );
    writer.take(patch({ incidents: [anIncident({ status: 'open' })] }));
    clock.advance(PATCH_GATHER_MS);
    expect(client.getQueryData(key)).toMatchObject({ status: 'resolved' });
  });

  it('keeps nothing of a burst that nobody looks at', () => {
    const alerts = Array.from({ length: 500 }, (_, index) => anAlert({ id: `x${index}` }));
    writer.take(patch({ alerts }));
    clock.advance(PATCH_GATHER_MS);
    expect(client.getQueryCache().getAll()).toHaveLength(0);
  });

  it('writes a burst once, the last version of each alert', () => {
    const key = queryKeys.alerts({});
    client.setQueryData(key, loaded<AlertView>());
    let writes = 0;
    client.getQueryCache().subscribe((event) => {
      if (event.type === 'updated') writes += 1;
    });
    for (let index = 0; index < 100; index += 1) {
      writer.take(patch({ alerts: [anAlert({ target: String(index) })] }));
    }
    clock.advance(PATCH_GATHER_MS);
    const list = client.getQueryData<LoadedPages<AlertView>>(key);
    expect(list?.pages[0]).toMatchObject({ total: 1, items: [{ target: '99' }] });
    expect(writes).toBe(1);
  });

  it('puts a run under its service, newest first', () => {
    client.setQueryData(queryKeys.services, [{ name: 'orders', runs: [aRun()] }]);
    const newer = aRun({ runId: 'run-2', startedAt: '2026-07-29T12:00:00.000Z' });
    writer.take(
      patch({ runs: [newer, aRun({ calls: 5 }), aRun({ runId: 'run-9', service: 'other' })] }),
    );
    clock.advance(PATCH_GATHER_MS);
    expect(client.getQueryData(queryKeys.services)).toMatchObject([
      { name: 'orders', runs: [{ runId: 'run-2' }, { runId: 'run-1', calls: 5 }] },
      { name: 'other', runs: [{ runId: 'run-9' }] },
    ]);
  });
});
