import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportedIncident, verifyExport } from '../../src/http/incident-export.ts';
import { alert, at, incident, run } from '../store/fixtures.ts';
import { type Harness, startHttp } from './harness.ts';
import { type BodyCheck, type Document, readDocument } from './openapi.ts';

let harness: Harness;
let document: Document;
let check: BodyCheck;

beforeAll(async () => {
  harness = await startHttp();
  ({ document, check } = await readDocument(harness));
  const { store, model } = harness;
  model.current = [run(), run({ runId: 'run-2', service: 'bank' })];
  await store.saveRuns([
    run({ calls: 1 }),
    run({ runId: 'run-0', endedAt: at(5), state: 'ended' }),
  ]);
  await store.saveIncidents([
    incident(),
    incident({ id: 'incident/2', severity: 'critical', suspect: null, runId: 'run-2' }),
  ]);
  await store.saveAlerts(
    Array.from({ length: 12 }, (_, index) => alert({ id: `alert-${index}`, at: at(index) })),
  );
});

afterAll(() => harness.stop());

interface Body {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** Asks, holds the answer to the served document, and gives the body. */
async function ask<T = Body>(path: string, route = path.split('?', 1)[0] ?? path): Promise<T> {
  const response = await harness.get(path);
  const body: unknown = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  expect(check({ route, status: 200, body })).toBeNull();
  return body as T;
}

/** Asks for what must be refused; gives the problem. */
async function refused(
  status: number,
  path: string,
  init?: RequestInit,
): Promise<Record<string, string>> {
  const response = await harness.get(path, init);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const body = (await response.json()) as Record<string, string>;
  expect(new Set(Object.keys(body))).toEqual(new Set(['code', 'message']));
  return body;
}

function patch(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

describe('the document', () => {
  it('describes every route of the API with schemas for what it takes and answers', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toHaveLength(11);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/alerts',
        '/api/alerts/{id}',
        '/api/incidents',
        '/api/incidents/{id}',
        '/api/incidents/{id}/export',
        '/api/replicas',
        '/api/runs',
        '/api/services',
        '/healthz',
        '/metrics',
        '/readyz',
      ]),
    );
    const patchRoute = ['paths', '/api/incidents/{id}', 'patch'];
    for (const part of ['requestBody', 'parameters', 'responses']) {
      expect(document).toHaveProperty([...patchRoute, part]);
    }
  });

  it('tells answers apart that do not fit it', () => {
    const items = [{ ...alert(), surprise: 1 }];
    const body = { items, nextCursor: null, total: 1 };
    expect(check({ route: '/api/alerts', status: 200, body })).toMatch(/additional properties/);
    expect(check({ route: '/api/alerts', status: 200, body: { items: [] } })).toMatch(/required/);
  });
});

describe('reading', () => {
  it('lists services with their current runs', async () => {
    const { items } = await ask('/api/services');
    expect(items.map(({ name }) => name)).toEqual(['shop', 'bank']);
    expect((await ask('/api/services?service=bank')).items).toHaveLength(1);
  });

  it('lists replicas of current runs, narrowed', async () => {
    expect((await ask('/api/replicas')).total).toBe(4);
    expect((await ask('/api/replicas?service=bank&runId=run-2')).total).toBe(2);
    expect((await ask('/api/replicas?state=lagging')).total).toBe(0);
  });

  it('lists all kept runs, current ones as they are now', async () => {
    const { items } = await ask('/api/runs?sort=startedAt&order=asc');
    expect(items.map(({ runId, calls }) => [runId, calls])).toEqual([
      ['run-0', 300],
      ['run-1', 300],
    ]);
    expect((await ask('/api/runs?status=ended')).total).toBe(1);
  });

  it('pages through alerts', async () => {
    const first = await ask('/api/alerts?limit=10&service=shop');
    expect(first).toMatchObject({ total: 12, nextCursor: expect.any(String) });
    const rest = await ask(`/api/alerts?limit=10&service=shop&cursor=${first.nextCursor}`);
    expect(rest.items.map(({ id }) => id)).toEqual(['alert-1', 'alert-0']);
    expect(rest.nextCursor).toBeNull();
  });

  it('finds incidents by text and by nobody being suspected', async () => {
    expect((await ask('/api/incidents?q=ORDERS')).total).toBe(2);
    const { items } = await ask('/api/incidents?suspect=unattributed&sort=severity');
    expect(items.map(({ id }) => id)).toEqual(['incident/2']);
  });

  it('gives one alert and one incident, whatever their identifiers hold', async () => {
    expect(await ask('/api/alerts/alert-3', '/api/alerts/{id}')).toEqual(
      alert({ id: 'alert-3', at: at(3) }),
    );
    const found = await ask<{ id: string }>('/api/incidents/incident%2F2', '/api/incidents/{id}');
    expect(found.id).toBe('incident/2');
  });

  it('shows an incident that was announced but is still on its way to the store', async () => {
    void harness.buffer.saveIncidents([incident({ id: 'announced' })]);
    const found = await ask<{ id: string }>('/api/incidents/announced', '/api/incidents/{id}');
    expect(found.id).toBe('announced');
  });
});

describe('refusing', () => {
  it.each([
    ['/api/nope', 404, 'HTTP_ROUTE_UNKNOWN', /There is no GET \/api\/nope/],
    ['/api/incidents/nope', 404, 'HTTP_INCIDENT_UNKNOWN', /There is no incident "nope"/],
    ['/api/alerts/nope', 404, 'HTTP_ALERT_UNKNOWN', /There is no alert "nope"/],
    ['/api/incidents/nope/export', 404, 'HTTP_INCIDENT_UNKNOWN', /There is no incident "nope"/],
    ['/api/alerts?limit=0', 400, 'HTTP_REQUEST_INVALID', /querystring\.limit must be >= 1/],
    ['/api/alerts?limit=501', 400, 'HTTP_REQUEST_INVALID', /querystring\.limit must be <= 500/],
    ['/api/alerts?limit=x', 400, 'HTTP_REQUEST_INVALID', /querystring\.limit must be integer/],
    ['/api/alerts?kind=x', 400, 'HTTP_REQUEST_INVALID', /must be one of digest-mismatch, /],
    ['/api/alerts?sort=secret', 400, 'HTTP_REQUEST_INVALID', /must be one of at, severity/],
    ['/api/alerts?page=2', 400, 'HTTP_REQUEST_INVALID', /does not take "page"/],
    ['/api/alerts?service=', 400, 'HTTP_REQUEST_INVALID', /querystring\.service/],
    ['/api/alerts?cursor=zzz', 400, 'STORE_CURSOR_INVALID', /Leave `cursor` out/],
  ])('%s with %i %s and a remedy', async (path, status, code, message) => {
    const problem = await refused(status, path);
    expect(problem).toEqual({ code, message: expect.stringMatching(message) });
  });

  it('takes the largest page that it offers', async () => {
    expect((await ask('/api/alerts?limit=500')).items).toHaveLength(12);
  });
});

describe('changing an incident', () => {
  const path = '/api/incidents/incident-1';

  it('applies the patch in the name of the actor and answers the incident', async () => {
    const headers = { 'x-lockstep-actor': encodeURIComponent('Ada Møller') };
    const response = await harness.get(
      path,
      patch({ status: 'acknowledged', note: 'seen' }, headers),
    );
    const body = (await response.json()) as Record<string, unknown>;
    expect(check({ route: '/api/incidents/{id}', method: 'patch', status: 200, body })).toBeNull();
    expect(body).toMatchObject({ status: 'acknowledged' });
    const [entry] = (await harness.store.auditOf('incident-1')).slice(-1);
    expect(entry).toMatchObject({ actor: 'Ada Møller', action: 'incident.patch' });
  });

  it('names the local user when no actor is given, and can take an assignee away', async () => {
    await harness.get(path, patch({ assignee: 'ada' }));
    const response = await harness.get(path, patch({ assignee: null }));
    expect(await response.json()).toMatchObject({ assignee: null });
    expect((await harness.store.auditOf('incident-1')).at(-1)).toMatchObject({ actor: 'local' });
  });

  it.each([
    [{}, /fewer than 1/],
    [{ status: 'closed' }, /must be one of open, acknowledged, resolved/],
    [{ severity: 'low' }, /does not take "severity"/],
    [{ note: '' }, /fewer than 1 characters/],
    [{ note: 'x'.repeat(10_001) }, /more than 10000 characters/],
    [{ assignee: 'x'.repeat(101) }, /body\.assignee/],
    [[], /must be object/],
  ])('refuses %j', async (body, message) => {
    const problem = await refused(400, path, patch(body));
    expect(problem).toEqual({
      code: 'HTTP_REQUEST_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('takes the longest note that it allows', async () => {
    expect((await harness.get(path, patch({ note: 'x'.repeat(10_000) }))).status).toBe(200);
  });

  it.each(['%20', '%00', 'x'.repeat(101), encodeURIComponent('a\u202eb')])(
    'refuses the actor %j',
    async (actor) => {
      const problem = await refused(400, path, patch({ note: 'x' }, { 'x-lockstep-actor': actor }));
      expect(problem).toMatchObject({ code: 'HTTP_ACTOR_INVALID' });
    },
  );

  it.each([
    ['not JSON', '{', 'application/json', 400],
    ['another type', 'note=x', 'application/x-www-form-urlencoded', 400],
    ['plain text', '{"note":"x"}', 'text/plain', 400],
    ['more than 64 KiB', JSON.stringify({ note: 'x'.repeat(70_000) }), 'application/json', 400],
  ])('refuses a body that is %s', async (_, body, type, status) => {
    const init = { method: 'PATCH', headers: { 'content-type': type }, body };
    expect(await refused(status, path, init)).toMatchObject({ code: 'HTTP_REQUEST_UNREADABLE' });
  });

  it('refuses an unknown incident', async () => {
    const problem = await refused(404, '/api/incidents/nope', patch({ note: 'x' }));
    expect(problem).toMatchObject({ code: 'HTTP_INCIDENT_UNKNOWN' });
  });
});

describe('the exported incident', () => {
  it('is one file that verifies without a collector, and shows any change', async () => {
    const path = '/api/incidents/incident-1/export';
    const response = await harness.get(path);
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="incident-incident-1.json"',
    );
    const file = (await response.json()) as ExportedIncident;
    expect(check({ route: '/api/incidents/{id}/export', status: 200, body: file })).toBeNull();
    expect(file.alerts).toHaveLength(12);
    expect(file.audit.length).toBeGreaterThan(0);
    expect(verifyExport(file)).toEqual({ intact: true });
    expect(verifyExport({ ...file, exportedAt: at(1) })).toMatchObject({ intact: false });
    const [alertOne, ...others] = file.alerts;
    const forged = {
      ...file,
      alerts: [{ ...alertOne, suspect: 'a' }, ...others] as typeof file.alerts,
    };
    expect(verifyExport(forged)).toMatchObject({ intact: false });
  });
});
