import type { IncidentView, LiveFrame, LivePatch, LiveSnapshot } from '@lockstep/protocol';
import { LIVE_PATH } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { JudgedIncident } from '../../src/ports.ts';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.ts';
import { StoreAway } from '../../src/store/errors.ts';
import { type Harness, startHttp } from '../http/harness.ts';
import { alert, at, incident, run } from '../store/fixtures.ts';
import { ManualClock } from '../store/manual-clock.ts';

/** A dashboard that keeps every frame. */
class Viewer {
  readonly frames: LiveFrame[] = [];
  readonly socket: WebSocket;
  closed = false;

  constructor(port: number, options: WebSocket.ClientOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${LIVE_PATH}`, options);
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as LiveFrame));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Waits for `count` frames and gives the last of them. */
  async frame<T extends LiveFrame>(count: number): Promise<T> {
    await vi.waitFor(() => expect(this.frames.length).toBeGreaterThanOrEqual(count), 5000);
    return this.frames[count - 1] as T;
  }
}

let clock: ManualClock;
let harness: Harness;
const viewers: Viewer[] = [];

async function start(options: Parameters<typeof startHttp>[0] = {}): Promise<void> {
  harness = await startHttp({ clock, ...options });
}

async function view(options: WebSocket.ClientOptions = {}): Promise<Viewer> {
  const viewer = new Viewer(harness.port, options);
  viewers.push(viewer);
  await viewer.frame(1);
  return viewer;
}

/** An incident as judgement announces it: it knows nothing of analysts. */
function announced(fields: Partial<JudgedIncident> = {}): IncidentView {
  const { folded, surroundings, deliveries, evidence, ...head } = incident(fields);
  return { ...head, status: 'open', assignee: null, resolvedAt: null };
}

function patch(body: object): RequestInit {
  const headers = { 'content-type': 'application/json' };
  return { method: 'PATCH', headers, body: JSON.stringify(body) };
}

beforeEach(() => {
  clock = new ManualClock();
});

afterEach(async () => {
  for (const viewer of viewers.splice(0)) viewer.socket.terminate();
  await harness.stop();
});

describe('a dashboard that connects', () => {
  it('gets the whole picture first', async () => {
    await start();
    harness.model.current = [run()];
    harness.model.changes.next({ incidents: [announced()] });
    const snapshot = await (await view()).frame<LiveSnapshot>(1);
    expect(snapshot).toEqual({
      type: 'snapshot',
      sequence: 1,
      at: new Date(clock.now()).toISOString(),
      collector: expect.objectContaining({ version: '0.1.0' }),
      services: [{ name: 'shop', runs: [run()] }],
      incidents: [announced()],
    });
  });

  it('sees the newest 200 open incidents of the store, newest first, and no others', async () => {
    const store = new EmbeddedStore('memory:');
    await store.open();
    const many = Array.from({ length: 202 }, (_, index) =>
      incident({ id: `i${index}`, openedAt: at(index), updatedAt: at(index) }),
    );
    await store.saveIncidents(many);
    await store.patchIncident('i201', { status: 'resolved' }, 'ada', at(999));
    await start({ store });
    const { incidents } = await (await view()).frame<LiveSnapshot>(1);
    expect(incidents).toHaveLength(200);
    expect(incidents[0]?.id).toBe('i200');
    expect(incidents.at(-1)?.id).toBe('i1');
  });

  it('sees the store’s incidents once a store that was away is back', async () => {
    class LateStore extends EmbeddedStore {
      away: boolean = true;
      override async ping(): Promise<void> {
        if (this.away) throw new StoreAway('late', { cause: new Error('not yet') });
      }
      override incidents(
        query: Parameters<EmbeddedStore['incidents']>[0],
      ): ReturnType<EmbeddedStore['incidents']> {
        if (this.away) throw new StoreAway('late', { cause: new Error('not yet') });
        return super.incidents(query);
      }
    }
    const store = new LateStore('memory:');
    await store.open();
    await store.saveIncidents([incident()]);
    await start({ store });
    expect((await (await view()).frame<LiveSnapshot>(1)).incidents).toEqual([]);
    const advance = async (state: string): Promise<void> =>
      vi.waitFor(() => {
        clock.advance(500);
        expect(harness.buffer.status().state).toBe(state);
      }, 5000);
    await advance('away');
    store.away = false;
    await advance('ready');
    await vi.waitFor(async () => {
      expect((await (await view()).frame<LiveSnapshot>(1)).incidents).toMatchObject([
        { id: 'incident-1' },
      ]);
    });
  });
});

describe('what changes', () => {
  it('arrives at once for alerts and incidents, in order and without a hole', async () => {
    await start();
    const viewer = await view();
    harness.model.changes.next({ alerts: [alert()], incidents: [announced()] });
    harness.model.changes.next({ alerts: [alert({ id: 'alert-2' })] });
    await viewer.frame(3);
    expect(viewer.frames.slice(1)).toMatchObject([
      { type: 'patch', sequence: 1, alerts: [alert()], incidents: [announced()] },
      { type: 'patch', sequence: 2, alerts: [{ id: 'alert-2' }] },
    ]);
  });

  it('arrives gathered for runs, newest state of each, after a tenth of a second', async () => {
    await start();
    const viewer = await view();
    for (let calls = 0; calls < 50; calls += 1)
      harness.model.changes.next({ runs: [run({ calls })] });
    harness.model.changes.next({ runs: [run({ runId: 'run-2' })] });
    clock.advance(99);
    harness.model.changes.next({ alerts: [alert()] });
    expect(await viewer.frame<LivePatch>(2)).not.toHaveProperty('runs');
    clock.advance(1);
    const { runs, sequence } = await viewer.frame<LivePatch>(3);
    expect(sequence).toBe(2);
    expect(runs?.map(({ runId, calls }) => [runId, calls])).toEqual([
      ['run-1', 49],
      ['run-2', 300],
    ]);
    harness.model.changes.next({ runs: [run({ calls: 51 })] });
    clock.advance(100);
    expect((await viewer.frame<LivePatch>(4)).runs?.[0]?.calls).toBe(51);
  });

  it('reaches every dashboard in the same frames', async () => {
    await start();
    const first = await view();
    harness.model.changes.next({ alerts: [alert()] });
    await first.frame(2);
    const second = await view();
    expect((await second.frame<LiveSnapshot>(1)).sequence).toBe(1);
    harness.model.changes.next({ alerts: [alert({ id: 'alert-2' })] });
    expect(await second.frame(2)).toEqual(await first.frame(3));
  });

  it('includes what an analyst did, without the evidence', async () => {
    await start();
    await harness.store.saveIncidents([incident()]);
    const viewer = await view();
    await harness.get('/api/incidents/incident-1', patch({ assignee: 'ada' }));
    const { incidents } = await viewer.frame<LivePatch>(2);
    expect(incidents).toMatchObject([{ id: 'incident-1', assignee: 'ada' }]);
    expect(incidents?.[0]).not.toHaveProperty('evidence');
    expect(incidents?.[0]).not.toHaveProperty('surroundings');
  });

  it('keeps what an analyst did when judgement adds to the incident later', async () => {
    await start();
    await harness.store.saveIncidents([incident()]);
    await harness.get('/api/incidents/incident-1', patch({ status: 'resolved' }));
    const viewer = await view();
    harness.model.changes.next({ incidents: [announced({ alerts: 9 })] });
    const { incidents } = await viewer.frame<LivePatch>(2);
    expect(incidents).toMatchObject([{ alerts: 9, status: 'resolved' }]);
    expect((await (await view()).frame<LiveSnapshot>(1)).incidents).toEqual([]);
  });

  it('includes the store going away and coming back', async () => {
    await start();
    const viewer = await view();
    harness.buffer.noteAway(new StoreAway('db', { cause: new Error('unplugged') }));
    expect((await viewer.frame<LivePatch>(2)).collector?.store.state).toBe('away');
    await vi.waitFor(() => {
      clock.advance(50);
      expect(viewer.frames.length).toBeGreaterThan(2);
    });
    expect((await viewer.frame<LivePatch>(3)).collector?.store.state).toBe('ready');
  });
});

describe('a connection', () => {
  it('hears a heartbeat with the last sequence number every two seconds', async () => {
    await start();
    const viewer = await view();
    clock.advance(2000);
    const beats = (): LiveFrame[] => viewer.frames.filter(({ type }) => type === 'heartbeat');
    await vi.waitFor(() => expect(beats()).toHaveLength(1));
    clock.advance(1999);
    harness.model.changes.next({ alerts: [alert()] });
    clock.advance(1);
    await vi.waitFor(() => expect(beats()).toHaveLength(2));
    const last = viewer.frames.at(-2);
    expect(beats()[1]?.sequence).toBe(last?.sequence);
  });

  it('is cut off when it does not answer, while others stay', async () => {
    await start();
    const deaf = await view({ autoPong: false });
    const other = await view();
    for (let beat = 1; beat <= 4; beat += 1) {
      clock.advance(2000);
      await vi.waitFor(() =>
        expect(other.frames.filter(({ type }) => type === 'heartbeat')).toHaveLength(beat),
      );
      if (beat < 4) expect(deaf.closed).toBe(false);
      // the pong of the other one is on its way: let it arrive before the next beat
      other.socket.ping();
      await new Promise((resolve) => other.socket.once('pong', resolve));
    }
    await vi.waitFor(() => expect(deaf.closed).toBe(true));
    expect(other.closed).toBe(false);
  });

  it('is cut off when it does not keep up, and what waits for it stays bounded', async () => {
    await start();
    const slow = await view();
    const other = await view();
    slow.socket.pause();
    const heavy = alert({ summary: 'x'.repeat(1024 * 1024) });
    for (let sent = 1; sent <= 30; sent += 1) {
      harness.model.changes.next({ alerts: [heavy] });
      await other.frame(1 + sent);
    }
    slow.socket.resume();
    await vi.waitFor(() => expect(slow.closed).toBe(true), 5000);
    expect(slow.frames.length).toBeLessThan(30);
    expect(other.frames).toHaveLength(31);
    expect(other.closed).toBe(false);
  });

  it('that talks too much is closed', async () => {
    await start();
    const viewer = await view();
    viewer.socket.send('x'.repeat(1025));
    await vi.waitFor(() => expect(viewer.closed).toBe(true));
  });

  it('ends when the collector closes', async () => {
    await start();
    const viewer = await view();
    await harness.http.close();
    await vi.waitFor(() => expect(viewer.closed).toBe(true));
  });
});

describe('an upgrade', () => {
  function statusOf(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${harness.port}${path}`, { headers });
      socket.on('open', () => {
        resolve(101);
        socket.terminate();
      });
      socket.on('unexpected-response', (request, response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      socket.on('error', () => undefined);
    });
  }

  it('is refused to pages of another origin and under a foreign name', async () => {
    await start();
    const own = `http://127.0.0.1:${harness.port}`;
    expect(await statusOf(LIVE_PATH, {})).toBe(101);
    expect(await statusOf(LIVE_PATH, { Origin: own })).toBe(101);
    expect(await statusOf(LIVE_PATH, { Origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf(LIVE_PATH, { Origin: 'null' })).toBe(403);
    expect(await statusOf(LIVE_PATH, { Host: 'evil.example' })).toBe(403);
  });

  it('of another path is left to others', async () => {
    await start();
    harness.http.server.on('upgrade', (request, socket) => {
      if (request.url === '/agent') socket.end('HTTP/1.1 418 Ours\r\nConnection: close\r\n\r\n');
    });
    expect(await statusOf('/agent', {})).toBe(418);
  });
});
