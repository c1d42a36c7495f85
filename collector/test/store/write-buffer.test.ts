import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertView, RunView } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../../src/ports.ts';
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.ts';
import { StoreAway } from '../../src/store/errors.ts';
import { RETRY_LEAST_MS, RETRY_MOST_MS, STORE_LOOK_MS } from '../../src/store/limits.ts';
import {
  createWriteBuffer,
  JOURNAL_FILE,
  type StoreStatus,
  type WriteBuffer,
} from '../../src/store/write-buffer.ts';
import { alert, incident, run } from './fixtures.ts';
import { ManualClock } from './manual-clock.ts';

/** A store in memory that can be unplugged, and that remembers what it was asked. */
class FlakyStore extends EmbeddedStore {
  away: boolean = false;
  readonly attemptsMs: number[] = [];
  readonly asked: string[] = [];
  /** Resolves each write when the test says so; null lets them through. */
  gate: Promise<void> | null = null;

  constructor() {
    super('memory:');
  }

  override async ping(): Promise<void> {
    await this.#plugged('ping');
  }

  override async saveRuns(runs: readonly RunView[]): Promise<void> {
    await this.#plugged(`runs ${runs.map(({ runId }) => runId).join()}`);
    await super.saveRuns(runs);
  }

  override async saveAlerts(alerts: readonly AlertView[]): Promise<void> {
    await this.#plugged(`alerts ${alerts.map(({ id }) => id).join()}`);
    if (alerts.some(({ id }) => id === 'poison')) throw new Error('it is poison');
    await super.saveAlerts(alerts);
  }

  override async saveIncidents(incidents: Parameters<Store['saveIncidents']>[0]): Promise<void> {
    await this.#plugged(`incidents ${incidents.map(({ id }) => id).join()}`);
    await super.saveIncidents(incidents);
  }

  async #plugged(what: string): Promise<void> {
    this.attemptsMs.push(clock.now());
    if (this.away) throw new StoreAway('flaky', { cause: new Error('unplugged') });
    if (what !== 'ping') this.asked.push(what);
    await this.gate;
  }
}

let store: FlakyStore;
let clock: ManualClock;
let dataDir: string;
let buffer: WriteBuffer;
let states: StoreStatus[];

function start(options: { capacity?: number; inMemory?: boolean } = {}): void {
  const { inMemory = false, ...rest } = options;
  buffer = createWriteBuffer(store, { clock, ...rest, ...(inMemory ? {} : { dataDir }) });
  buffer.changes.subscribe((status) => states.push(status));
}

/** Lets time pass until `condition` holds; files are written by the real disk meanwhile. */
async function passing(condition: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      clock.advance(100);
      expect(condition()).toBe(true);
    },
    { timeout: 5000, interval: 2 },
  );
}

function journal(): string {
  return join(dataDir, JOURNAL_FILE);
}

beforeEach(async () => {
  store = new FlakyStore();
  await store.open();
  clock = new ManualClock();
  dataDir = mkdtempSync(join(tmpdir(), 'lockstep-buffer-'));
  states = [];
});

afterEach(async () => {
  store.away = false;
  await buffer.close();
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('while the store is ready', () => {
  it('gathers writes for a moment and hands them over once, newest state only, in order', async () => {
    start();
    void buffer.saveAlerts([alert({ id: 'a1' })]);
    void buffer.saveAlerts([alert({ id: 'a2' })]);
    void buffer.saveRuns([run({ calls: 1 })]);
    void buffer.saveIncidents([incident()]);
    const saved = buffer.saveRuns([run({ calls: 2 })]);
    expect(store.asked).toEqual([]);
    clock.advance(20);
    await saved;
    expect(store.asked).toEqual(['runs run-1', 'incidents incident-1', 'alerts a1,a2']);
    expect((await store.runs({ limit: 1 })).items[0]?.calls).toBe(2);
    expect(buffer.status()).toMatchObject({ state: 'ready', pendingWrites: 0, detail: null });
  });

  it('leaves the disk alone', async () => {
    start();
    const saved = buffer.saveAlerts([alert()]);
    clock.advance(20);
    await saved;
    expect(existsSync(journal())).toBe(false);
  });

  it('writes an object again that changed while it was being written', async () => {
    start();
    let open = (): void => undefined;
    store.gate = new Promise((resolve) => {
      open = resolve;
    });
    void buffer.saveAlerts([alert({ severity: 'low' })]);
    clock.advance(20);
    await vi.waitFor(() => expect(store.asked).toHaveLength(1));
    const again = buffer.saveAlerts([alert({ severity: 'critical' })]);
    store.gate = null;
    open();
    await passing(() => store.asked.length === 2);
    await again;
    expect(await store.alert('alert-1')).toMatchObject({ severity: 'critical' });
  });

  it('puts writes on disk when the store takes long, and calls them safe', async () => {
    start();
    let open = (): void => undefined;
    store.gate = new Promise((resolve) => {
      open = resolve;
    });
    const saved = buffer.saveAlerts([alert()]);
    clock.advance(20);
    clock.advance(250);
    await saved;
    expect(readFileSync(journal(), 'utf8')).toContain('"id":"alert-1"');
    open();
    await vi.waitFor(() => expect(existsSync(journal())).toBe(false));
  });

  it('settles for readers what was saved before', async () => {
    start();
    void buffer.saveAlerts([alert()]);
    await buffer.settle();
    expect(await store.alert('alert-1')).not.toBeNull();
  });

  it('drops an object that the store will never take, and says so, but none of the others', async () => {
    start();
    const saved = buffer.saveAlerts([alert(), alert({ id: 'poison' }), alert({ id: 'last' })]);
    clock.advance(20);
    await saved;
    expect((await store.alerts({ limit: 9 })).total).toBe(2);
    expect(buffer.status()).toMatchObject({
      state: 'ready',
      pendingWrites: 0,
      detail: '1 writes were dropped: it is poison',
    });
  });

  it('notices within one look that an idle store went away and came back', async () => {
    start();
    store.away = true;
    clock.advance(STORE_LOOK_MS);
    await vi.waitFor(() => expect(buffer.status().state).toBe('away'));
    store.away = false;
    await passing(() => buffer.status().state === 'ready');
    expect(states.map(({ state }) => state)).toEqual(['away', 'ready']);
    expect(states[0]?.detail).toMatch(/unplugged/);
  });
});

describe('while the store is away', () => {
  async function unplug(): Promise<void> {
    store.away = true;
    clock.advance(STORE_LOOK_MS);
    await vi.waitFor(() => expect(buffer.status().state).toBe('away'));
  }

  it('keeps writes on disk, never rejects, and writes all in order once it is back', async () => {
    start();
    await unplug();
    await buffer.saveAlerts([alert()]);
    await buffer.saveIncidents([incident()]);
    await buffer.saveRuns([run({ calls: 1 })]);
    await buffer.saveRuns([run({ calls: 2 })]);
    expect(buffer.status()).toMatchObject({ state: 'away', pendingWrites: 3 });
    expect(readFileSync(journal(), 'utf8').trim().split('\n')).toHaveLength(4);
    store.away = false;
    await passing(() => buffer.status().state === 'ready');
    expect(store.asked).toEqual(['runs run-1', 'incidents incident-1', 'alerts alert-1']);
    expect((await store.runs({ limit: 1 })).items[0]?.calls).toBe(2);
    await vi.waitFor(() => expect(existsSync(journal())).toBe(false));
  });

  it('loses nothing when the collector ends meanwhile, even in the middle of a line', async () => {
    start();
    await unplug();
    await buffer.saveAlerts([alert({ severity: 'low' }), alert({ id: 'other' })]);
    await buffer.saveAlerts([alert({ severity: 'critical' })]);
    await buffer.close();
    appendFileSync(journal(), '{"kind":"alert","id":"torn","item":{"id":"to');
    store.away = false;
    start();
    expect(buffer.status().pendingWrites).toBe(2);
    await passing(() => buffer.status().pendingWrites === 0);
    expect(await store.alert('alert-1')).toMatchObject({ severity: 'critical' });
    expect((await store.alerts({ limit: 9 })).total).toBe(2);
    await vi.waitFor(() => expect(existsSync(journal())).toBe(false));
  });

  it('does not let the file grow with every change of a run', async () => {
    start();
    await unplug();
    for (let calls = 0; calls < 1500; calls += 1) void buffer.saveRuns([run({ calls })]);
    await buffer.saveRuns([run({ calls: 9999 })]);
    const lines = readFileSync(journal(), 'utf8').trim().split('\n');
    expect(lines.length).toBeLessThan(1100);
    expect(lines.at(-1)).toContain('"calls":9999');
  });

  it('asks less and less often, down to a limit', async () => {
    start({ inMemory: true });
    await unplug();
    store.attemptsMs.length = 0;
    await passing(() => store.attemptsMs.length === 8);
    const pauses = store.attemptsMs
      .slice(1)
      .map((at, index) => at - (store.attemptsMs[index] ?? 0));
    const expected = [500, 1000, 2000, 4000, RETRY_MOST_MS, RETRY_MOST_MS, RETRY_MOST_MS];
    expect(RETRY_LEAST_MS * 2).toBe(expected[0]);
    for (const [index, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(expected[index] ?? 0);
      expect(pause).toBeLessThan((expected[index] ?? 0) + 300);
    }
  });

  it('keeps as many as its capacity and drops the first beyond it, saying so once', async () => {
    start({ capacity: 3, inMemory: true });
    await unplug();
    await buffer.saveAlerts([alert({ id: 'a1' }), alert({ id: 'a2' }), alert({ id: 'a3' })]);
    expect(buffer.status()).toMatchObject({ pendingWrites: 3 });
    expect(buffer.status().detail).not.toMatch(/dropped/);
    await buffer.saveAlerts([alert({ id: 'a4' }), alert({ id: 'a5' }), alert({ id: 'a1' })]);
    expect(buffer.status()).toMatchObject({ pendingWrites: 3 });
    expect(buffer.status().detail).toMatch(/^2 writes were dropped/);
    expect(states.filter(({ detail }) => detail?.includes('dropped'))).toHaveLength(1);
    store.away = false;
    await passing(() => buffer.status().state === 'ready');
    expect((await store.alerts({ limit: 9, order: 'asc' })).items.map(({ id }) => id)).toEqual([
      'a1',
      'a2',
      'a3',
    ]);
  });

  it('lets readers say that it is away, and does not make them wait', async () => {
    start();
    store.away = true;
    buffer.noteAway(new StoreAway('flaky', { cause: new Error('no answer') }));
    expect(buffer.status().state).toBe('away');
    await buffer.saveAlerts([alert()]);
    await buffer.settle();
    expect(buffer.status().pendingWrites).toBe(1);
  });
});

describe('the journal', () => {
  it('is refused by name when it cannot be read', () => {
    start();
    mkdirSync(journal());
    expect(() => createWriteBuffer(store, { clock, dataDir })).toThrow(
      /journal of pending writes ".*pending\.jsonl" cannot be used \(EISDIR/,
    );
  });
});
