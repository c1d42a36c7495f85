/** What every store must do. Each implementation runs the whole of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListQuery, Store } from '../../src/ports.ts';
import { verifyAudit } from '../../src/store/audit-chain.ts';
import { StoreAway, StoreError } from '../../src/store/errors.ts';
import { alert, at, incident, replica, run } from './fixtures.ts';

/** Where a contract run gets its stores from. */
export interface StoreMaker {
  /** A store that nobody has written to, not opened. */
  fresh(): Promise<Store>;
  /** Another store object over the same data, not opened. */
  again(): Promise<Store>;
}

/** Runs the contract over the stores of `maker`. */
export function storeContract(name: string, maker: StoreMaker): void {
  let store: Store;
  beforeEach(async () => {
    store = await maker.fresh();
    await store.open();
  });
  afterEach(() => store.close());

  describe(`${name}: keeping`, () => {
    it('gives back a run as it was saved', async () => {
      const saved = run({ reason: { code: 'not-followed', api: 'http2.connect', detail: 'x' } });
      await store.saveRuns([saved]);
      const page = await store.runs({ limit: 10 });
      expect(page).toEqual({ items: [saved], nextCursor: null, total: 1 });
    });

    it('gives back an alert as it was saved', async () => {
      await store.saveAlerts([alert()]);
      expect(await store.alert('alert-1')).toEqual(alert());
      expect(await store.alert('alert-2')).toBeNull();
    });

    it('gives back an incident with its alerts, replicas, evidence and derived history', async () => {
      await store.saveRuns([run()]);
      await store.saveIncidents([incident()]);
      await store.saveAlerts([alert()]);
      const found = await store.incident('incident-1');
      expect(found).toEqual({
        ...incident(),
        status: 'open',
        assignee: null,
        resolvedAt: null,
        firstAlerts: [alert()],
        replicas: run().replicas,
        activity: [
          { at: at(10), actor: 'lockstep', action: 'opened', text: 'digest-mismatch fs.writeFile' },
          {
            at: at(11),
            actor: 'lockstep',
            action: 'evidence',
            text: 'replica a: 1 of 1 calls found',
          },
        ],
      });
      expect(await store.incident('incident-2')).toBeNull();
    });

    it('shows the first alerts in log order, those without a turn last', async () => {
      await store.saveIncidents([incident()]);
      await store.saveAlerts([
        alert({ id: 'c', turn: null, at: at(1) }),
        alert({ id: 'b', turn: 9, at: at(2) }),
        alert({ id: 'a', turn: 3, at: at(3) }),
      ]);
      const found = await store.incident('incident-1');
      expect(found?.firstAlerts.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    });

    it('changes nothing when a write is repeated', async () => {
      for (const _ of [1, 2, 3]) {
        await store.saveRuns([run()]);
        await store.saveIncidents([incident()]);
        await store.saveAlerts([alert()]);
      }
      expect((await store.runs({ limit: 10 })).total).toBe(1);
      expect((await store.incidents({ limit: 10 })).total).toBe(1);
      expect((await store.alerts({ limit: 10 })).total).toBe(1);
    });

    it('replaces an object by the newer one with its identifier', async () => {
      await store.saveRuns([run()]);
      await store.saveRuns([run({ state: 'ended', endedAt: at(99), replicas: [replica()] })]);
      expect((await store.runs({ limit: 10, status: 'ended' })).items[0]?.replicas).toHaveLength(1);
      await store.saveAlerts([alert()]);
      await store.saveAlerts([alert({ target: '/etc/passwd', resolvedAt: at(20) })]);
      expect(await store.alert('alert-1')).toMatchObject({ target: '/etc/passwd' });
      expect((await store.alerts({ limit: 10, status: 'open' })).total).toBe(0);
    });

    it('takes the same object twice in one write, the later one counting', async () => {
      await store.saveAlerts([alert({ severity: 'low' }), alert({ severity: 'critical' })]);
      expect(await store.alert('alert-1')).toMatchObject({ severity: 'critical' });
    });

    it('keeps everything when it is closed and opened again', async () => {
      await store.saveRuns([run()]);
      await store.saveIncidents([incident()]);
      await store.patchIncident('incident-1', { assignee: 'ada' }, 'ada', at(20));
      const before = await store.incident('incident-1');
      await store.close();
      store = await maker.again();
      await store.open();
      expect(await store.incident('incident-1')).toEqual(before);
    });

    it('takes empty writes', async () => {
      await Promise.all([store.saveRuns([]), store.saveAlerts([]), store.saveIncidents([])]);
      expect((await store.alerts({ limit: 1 })).total).toBe(0);
    });

    it('answers a ping while open and rejects with StoreAway once closed', async () => {
      await store.ping();
      await store.close();
      await expect(store.ping()).rejects.toBeInstanceOf(StoreAway);
      await expect(store.saveRuns([run()])).rejects.toBeInstanceOf(StoreAway);
      await expect(store.alerts({ limit: 1 })).rejects.toBeInstanceOf(StoreAway);
    });
  });

  describe(`${name}: analysts and judgement`, () => {
    beforeEach(() => store.saveIncidents([incident()]));

    it('applies status, assignee and note and writes them into the history', async () => {
      const patch = { status: 'acknowledged', assignee: 'ada', note: 'looks real' } as const;
      const patched = await store.patchIncident('incident-1', patch, 'bob', at(20));
      expect(patched).toMatchObject({
        status: 'acknowledged',
        assignee: 'ada',
        resolvedAt: null,
        updatedAt: at(20),
      });
      expect(patched?.activity.slice(2)).toEqual([
        { at: at(20), actor: 'bob', action: 'status', text: 'acknowledged' },
        { at: at(20), actor: 'bob', action: 'assignee', text: 'ada' },
        { at: at(20), actor: 'bob', action: 'note', text: 'looks real' },
      ]);
      expect(await store.incident('incident-1')).toEqual(patched);
    });

    it('keeps what analysts did when judgement saves the incident again', async () => {
      await store.patchIncident('incident-1', { status: 'resolved', note: 'known' }, 'ada', at(20));
      await store.saveIncidents([incident({ alerts: 7, severity: 'critical', updatedAt: at(15) })]);
      expect(await store.incident('incident-1')).toMatchObject({
        alerts: 7,
        severity: 'critical',
        status: 'resolved',
        resolvedAt: at(20),
        updatedAt: at(20),
        activity: [{}, {}, { action: 'status' }, { action: 'note', text: 'known' }],
      });
      const listed = await store.incidents({ status: 'resolved', limit: 10 });
      expect(listed.items).toMatchObject([{ alerts: 7, status: 'resolved', updatedAt: at(20) }]);
    });

    it('keeps what judgement found when an analyst changes the incident', async () => {
      await store.patchIncident('incident-1', { assignee: 'ada' }, 'ada', at(20));
      const { activity, ...found } = (await store.incident('incident-1')) ?? { activity: [] };
      expect(activity).toHaveLength(3);
      expect(found).toMatchObject({ ...incident(), updatedAt: at(20) });
    });

    it('shows the later of both changes as the time of the update', async () => {
      await store.patchIncident('incident-1', { note: 'x' }, 'ada', at(20));
      await store.saveIncidents([incident({ updatedAt: at(30) })]);
      expect(await store.incident('incident-1')).toMatchObject({ updatedAt: at(30) });
    });

    it('takes the resolution back when an incident is opened again', async () => {
      await store.patchIncident('incident-1', { status: 'resolved' }, 'ada', at(20));
      await store.patchIncident('incident-1', { status: 'open', assignee: null }, 'ada', at(30));
      expect(await store.incident('incident-1')).toMatchObject({
        status: 'open',
        resolvedAt: null,
      });
    });

    it('answers null for an unknown incident and leaves no trace of it', async () => {
      expect(await store.patchIncident('nope', { note: 'x' }, 'ada', at(20))).toBeNull();
      expect(await store.audit(0, 10)).toEqual([]);
    });

    it('chains every change into an audit trail that verifies', async () => {
      await store.saveIncidents([incident({ id: 'incident-2' })]);
      await store.patchIncident('incident-1', { note: 'one' }, 'ada', at(20));
      await store.patchIncident('incident-2', { note: 'two' }, 'bob', at(21));
      await store.patchIncident('incident-1', { status: 'resolved' }, 'ada', at(22));
      const trail = await store.audit(0, 10);
      expect(
        trail.map(({ sequence, actor, subject, detail }) => [sequence, actor, subject, detail]),
      ).toEqual([
        [1, 'ada', 'incident-1', '{"note":"one"}'],
        [2, 'bob', 'incident-2', '{"note":"two"}'],
        [3, 'ada', 'incident-1', '{"status":"resolved"}'],
      ]);
      expect(verifyAudit(trail)).toMatchObject({ intact: true, entries: 3 });
      expect(await store.audit(1, 1)).toEqual([trail[1]]);
      expect(await store.auditOf('incident-1')).toEqual([trail[0], trail[2]]);
    });

    it('loses no change when twenty arrive at once', async () => {
      const notes = Array.from({ length: 20 }, (_, index) => `note ${index}`);
      await Promise.all(
        notes.map((note) => store.patchIncident('incident-1', { note }, 'ada', at(20))),
      );
      const found = await store.incident('incident-1');
      const kept = found?.activity
        .filter(({ action }) => action === 'note')
        .map(({ text }) => text);
      expect(new Set(kept)).toEqual(new Set(notes));
      expect(kept).toHaveLength(20);
      expect(verifyAudit(await store.audit(0, 100))).toMatchObject({ intact: true, entries: 20 });
    });
  });

  describe(`${name}: lists`, () => {
    const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
    const kinds = ['extra-call', 'missing-call', 'digest-mismatch'] as const;
    const alerts = Array.from({ length: 30 }, (_, index) =>
      alert({
        id: `alert-${String(index).padStart(2, '0')}`,
        at: at(Math.floor(index / 2)),
        severity: severities[index % 5] ?? 'info',
        kind: kinds[index % 3] ?? 'extra-call',
        service: index % 2 === 0 ? 'shop' : 'bank',
        suspect: index % 4 === 0 ? null : 'c',
        summary: index === 17 ? 'Replica c wrote /etc/100%_SURE' : 'nothing special',
      }),
    );
    beforeEach(() => store.saveAlerts(alerts));

    async function walk(query: ListQuery): Promise<string[]> {
      const ids: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await store.alerts(cursor === undefined ? query : { ...query, cursor });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      return ids;
    }

    for (const sort of ['at', 'severity', 'kind', 'service']) {
      for (const order of ['asc', 'desc'] as const) {
        it(`walks all pages by ${sort} ${order}, each object once`, async () => {
          const ids = await walk({ sort, order, limit: 7 });
          const whole = await store.alerts({ sort, order, limit: 100 });
          expect(ids).toEqual(whole.items.map(({ id }) => id));
          expect(new Set(ids).size).toBe(30);
        });
      }
    }

    it('sorts by rank of severity, then newest first', async () => {
      const page = await store.alerts({ sort: 'severity', limit: 7 });
      expect(page.items.map(({ severity }) => severity)).toEqual([
        ...Array.from({ length: 6 }, () => 'critical'),
        'high',
      ]);
      expect(page.items[0]?.id).toBe('alert-29');
    });

    it('shows newest first when no sort is asked for', async () => {
      const page = await store.alerts({ limit: 3 });
      expect(page.items.map(({ id }) => id)).toEqual(['alert-29', 'alert-28', 'alert-27']);
    });

    it('goes on where it was although newer and older objects arrived between pages', async () => {
      const first = await store.alerts({ limit: 10 });
      await store.saveAlerts([
        alert({ id: 'newest', at: at(99) }),
        alert({ id: 'oldest', at: at(-9) }),
      ]);
      const rest = await walk({ limit: 10, cursor: first.nextCursor ?? '' });
      expect(rest).toEqual([
        ...alerts
          .toReversed()
          .slice(10)
          .map(({ id }) => id),
        'oldest',
      ]);
    });

    it.each([
      [{ service: 'bank' }, 15],
      [{ severity: 'critical' }, 6],
      [{ kind: 'extra-call' }, 10],
      [{ suspect: 'c' }, 22],
      [{ suspect: 'unattributed' }, 8],
      [{ incidentId: 'incident-1', runId: 'run-1', status: 'open' }, 30],
      [{ incidentId: 'incident-2' }, 0],
      [{ service: 'bank', severity: 'critical' }, 3],
      [{ text: '/ETC/100%_sure' }, 1],
      [{ text: '.*' }, 0],
      [{ text: 'fs.writefile', service: 'shop' }, 15],
    ])('narrows by %o to %i and counts them all', async (filter, total) => {
      const page = await store.alerts({ ...filter, limit: 5 });
      expect(page.total).toBe(total);
      expect(page.items).toHaveLength(Math.min(5, total));
      expect(await walk({ ...filter, limit: 4 })).toHaveLength(total);
    });

    it('has no next page after a page that ends exactly at the end', async () => {
      const page = await store.alerts({ service: 'bank', limit: 15 });
      expect(page.items).toHaveLength(15);
      expect(page.nextCursor).toBeNull();
    });

    it.each(['', 'nonsense', 'W10', Buffer.from('[1,2,3,4,5]').toString('base64url')])(
      'refuses the cursor %j by name',
      async (cursor) => {
        const failure = store.alerts({ limit: 5, cursor });
        await expect(failure).rejects.toMatchObject({ code: 'STORE_CURSOR_INVALID' });
        await expect(failure).rejects.toBeInstanceOf(StoreError);
      },
    );

    it('refuses the cursor of another sort', async () => {
      const page = await store.alerts({ sort: 'kind', limit: 5 });
      const failure = store.alerts({ sort: 'severity', limit: 5, cursor: page.nextCursor ?? '' });
      await expect(failure).rejects.toMatchObject({ code: 'STORE_CURSOR_INVALID' });
    });

    it('sorts and narrows incidents by what analysts and judgement know', async () => {
      await store.saveIncidents([
        incident({ id: 'i1', alerts: 3, openedAt: at(1), severity: 'low' }),
        incident({ id: 'i2', alerts: 9, openedAt: at(2), suspect: null }),
        incident({ id: 'i3', alerts: 1, openedAt: at(3), service: 'bank' }),
      ]);
      await store.patchIncident('i1', { status: 'acknowledged' }, 'ada', at(50));
      const ids = async (query: Omit<ListQuery, 'limit'>): Promise<string[]> =>
        (await store.incidents({ ...query, limit: 10 })).items.map(({ id }) => id);
      expect(await ids({ sort: 'alerts' })).toEqual(['i2', 'i1', 'i3']);
      expect(await ids({ sort: 'updatedAt' })).toEqual(['i1', 'i3', 'i2']);
      expect(await ids({ sort: 'openedAt', order: 'asc' })).toEqual(['i1', 'i2', 'i3']);
      expect(await ids({ sort: 'severity' })).toEqual(['i3', 'i2', 'i1']);
      expect(await ids({ status: 'open' })).toEqual(['i3', 'i2']);
      expect(await ids({ suspect: 'unattributed' })).toEqual(['i2']);
      expect(await ids({ text: 'orders.JSON', service: 'bank' })).toEqual(['i3']);
    });
  });

  describe(`${name}: retention`, () => {
    it('removes ended runs and resolved incidents with their alerts, and nothing else', async () => {
      await store.saveRuns([
        run({ runId: 'old', endedAt: at(5) }),
        run({ runId: 'old-with-open-incident', endedAt: at(5) }),
        run({ runId: 'running' }),
        run({ runId: 'young', endedAt: at(500) }),
      ]);
      await store.saveIncidents([
        incident({ id: 'resolved', runId: 'old' }),
        incident({ id: 'open', runId: 'old-with-open-incident' }),
      ]);
      await store.saveAlerts([
        alert({ id: 'a1', incidentId: 'resolved' }),
        alert({ id: 'a2', incidentId: 'open' }),
      ]);
      await store.patchIncident('resolved', { status: 'resolved' }, 'ada', at(20));
      await store.saveAlerts([alert({ id: 'a3', incidentId: 'resolved' })]);
      expect(await store.expire(at(20))).toBe(0);
      expect(await store.expire(at(100))).toBe(4);
      const runs = await store.runs({ limit: 10, sort: 'at', order: 'asc' });
      expect(runs.items.map(({ runId }) => runId)).toEqual([
        'old-with-open-incident',
        'running',
        'young',
      ]);
      expect((await store.incidents({ limit: 10 })).items.map(({ id }) => id)).toEqual(['open']);
      expect((await store.alerts({ limit: 10 })).items.map(({ id }) => id)).toEqual(['a2']);
      expect(verifyAudit(await store.audit(0, 10))).toMatchObject({ intact: true, entries: 1 });
    });

    it('removes more than one batch', async () => {
      const many = Array.from({ length: 450 }, (_, index) =>
        run({ runId: `run-${index}`, endedAt: at(1) }),
      );
      await store.saveRuns(many);
      expect(await store.expire(at(2))).toBe(450);
      expect((await store.runs({ limit: 1 })).total).toBe(0);
    });
  });
}
