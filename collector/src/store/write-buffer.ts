/**
 * Stands between judgement and the store, so that a store that goes away is nobody's problem: writes
 * never fail, are kept in memory (and on disk when a folder is given), and are repeated in order
 * until the store has them.
 *
 *   ready -> away    a write, a look or a read was not answered
 *   away -> ready    a write or a look was answered
 *
 * While ready, a write waits a moment for its siblings and then goes straight to the store; the disk
 * is used only when the store takes long or is away.
 */
import { join } from 'node:path';
import type { AlertView, CollectorStatus, RunView } from '@lockstep/protocol';
import { type Observable, Subject } from 'rxjs';
import { type Clock, systemClock, type TimerHandle } from '../clock.ts';
import type { JudgedIncident, Store } from '../ports.ts';
import { reasonOf, StoreAway } from './errors.ts';
import {
  JOURNAL_AFTER_MS,
  MAX_PENDING_WRITES,
  RETRY_LEAST_MS,
  RETRY_MOST_MS,
  STORE_LOOK_MS,
  WRITE_BATCH,
  WRITE_DELAY_MS,
} from './limits.ts';
import { PendingJournal } from './pending-journal.ts';
import { type PendingWrite, PendingWrites } from './pending-writes.ts';

/** How the store is doing, as the collector reports it. */
export type StoreStatus = CollectorStatus['store'];

/** Options of a write buffer. */
export interface WriteBufferOptions {
  readonly clock?: Clock;
  /** Folder for the journal of pending writes; without one they live in memory only. */
  readonly dataDir?: string;
  /** Most objects kept while the store is away; later ones are dropped and counted. */
  readonly capacity?: number;
}

/** Name of the journal inside the data folder. */
export const JOURNAL_FILE = 'pending.jsonl';

/** A buffer before `store`. Reads what an earlier one left; throws `STORE_JOURNAL_UNUSABLE`. */
export function createWriteBuffer(store: Store, options: WriteBufferOptions = {}): WriteBuffer {
  return new WriteBuffer(store, options);
}

/** See the head of this file. `save...` resolve when the objects are safe, and never reject. */
export class WriteBuffer {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #journal: PendingJournal | null;
  readonly #pending: PendingWrites;
  readonly #changes = new Subject<StoreStatus>();
  #state: StoreStatus['state'] = 'ready';
  #since: string;
  #detail: string | null = null;
  #dropped = 0;
  #fresh: PendingWrite[] = [];
  #waiting: (() => void)[] = [];
  #round: Promise<void> | null = null;
  #timer: TimerHandle | null = null;
  #retryMs = RETRY_LEAST_MS;
  #closed: boolean = false;

  constructor(store: Store, options: WriteBufferOptions) {
    this.#store = store;
    this.#clock = options.clock ?? systemClock;
    this.#pending = new PendingWrites(options.capacity ?? MAX_PENDING_WRITES);
    this.#since = this.#now();
    const { dataDir } = options;
    this.#journal = dataDir === undefined ? null : new PendingJournal(join(dataDir, JOURNAL_FILE));
    for (const write of this.#journal?.load() ?? []) this.#pending.put(write);
    this.#schedule(this.#pending.size > 0 ? 0 : STORE_LOOK_MS);
  }

  /** Emits after every change of state, and when writes had to be dropped. */
  get changes(): Observable<StoreStatus> {
    return this.#changes;
  }

  status(): StoreStatus {
    return {
      kind: this.#store.kind,
      state: this.#state,
      pendingWrites: this.#pending.size,
      since: this.#since,
      detail: this.#dropped === 0 ? this.#detail : this.#dropDetail(),
    };
  }

  saveRuns(runs: readonly RunView[]): Promise<void> {
    return this.#save(runs.map((item) => ({ kind: 'run', id: item.runId, item })));
  }

  saveAlerts(alerts: readonly AlertView[]): Promise<void> {
    return this.#save(alerts.map((item) => ({ kind: 'alert', id: item.id, item })));
  }

  saveIncidents(incidents: readonly JudgedIncident[]): Promise<void> {
    return this.#save(incidents.map((item) => ({ kind: 'incident', id: item.id, item })));
  }

  /** Tries now to write what is pending; resolves when that was tried. */
  async flush(): Promise<void> {
    if (this.#round !== null) await this.#round;
    if (this.#pending.size > 0) await this.#startRound();
  }

  /** For readers: what was saved before this call is in the store, unless the store is away. */
  async settle(): Promise<void> {
    if (this.#state === 'ready' && this.#pending.size > 0) await this.flush();
  }

  /** For readers whom the store did not answer: looks after it now rather than later. */
  noteAway(cause: StoreAway): void {
    if (this.#state === 'away' || this.#closed) return;
    this.#enter('away', cause.message);
    this.#schedule(this.#retryMs);
  }

  /** Writes what is pending a last time; what the store does not take stays in the journal. */
  async close(): Promise<void> {
    await this.flush();
    this.#closed = true;
    if (this.#timer !== null) this.#clock.stopTimer(this.#timer);
    await this.#writeJournal();
    this.#changes.complete();
  }

  #save(writes: readonly PendingWrite[]): Promise<void> {
    if (writes.length === 0) return Promise.resolve();
    for (const write of writes) this.#keep(write);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#state === 'ready') this.#schedule(WRITE_DELAY_MS);
      const mustJournal = this.#state === 'away' || this.#closed || this.#journal?.used === true;
      if (mustJournal) void this.#writeJournal();
    });
  }

  #keep(write: PendingWrite): void {
    if (this.#pending.put(write)) {
      if (this.#journal !== null) this.#fresh.push(write);
      return;
    }
    this.#dropped += 1;
    if (this.#dropped === 1) this.#changes.next(this.status());
  }

  /** Sets the one timer; a round that is running sets it again at its end. */
  #schedule(delayMs: number): void {
    if (this.#closed || this.#round !== null) return;
    if (this.#timer !== null) this.#clock.stopTimer(this.#timer);
    this.#timer = this.#clock.startTimer(() => void this.#startRound(), delayMs);
  }

  #startRound(): Promise<void> {
    this.#round ??= this.#runRound().finally(() => {
      this.#round = null;
      this.#schedule(this.#pauseMs());
    });
    return this.#round;
  }

  #pauseMs(): number {
    if (this.#state === 'away') return this.#retryMs;
    return this.#pending.size > 0 ? WRITE_DELAY_MS : STORE_LOOK_MS;
  }

  async #runRound(): Promise<void> {
    const slow = this.#clock.startTimer(() => void this.#writeJournal(), JOURNAL_AFTER_MS);
    try {
      if (this.#pending.size === 0) await this.#store.ping();
      for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
        await this.#write(batch);
        this.#pending.settle(batch);
      }
      await this.#allWritten();
    } catch (cause) {
      await this.#notWritten(cause);
    } finally {
      this.#clock.stopTimer(slow);
    }
  }

  #next(): readonly PendingWrite[] {
    return this.#pending.next(WRITE_BATCH);
  }

  async #allWritten(): Promise<void> {
    this.#fresh = [];
    this.#retryMs = RETRY_LEAST_MS;
    if (this.#state === 'away') this.#enter('ready', null);
    this.#release();
    if (this.#journal?.used !== true) return;
    await this.#journal.clear().catch((cause: unknown) => {
      this.#detail = reasonOf(cause); // what is written again at the next start changes nothing
    });
  }

  async #notWritten(cause: unknown): Promise<void> {
    if (this.#state === 'ready') this.#enter('away', reasonOf(cause));
    else this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MOST_MS);
    await this.#writeJournal();
  }

  async #write(batch: readonly PendingWrite[]): Promise<void> {
    try {
      await writeTogether(this.#store, batch);
    } catch (cause) {
      if (cause instanceof StoreAway) throw cause;
      if (batch.length > 1) return this.#writeSingly(batch);
      // an object that the store will never take must not hold up all that follow
      this.#dropped += 1;
      this.#detail = reasonOf(cause);
      this.#changes.next(this.status());
    }
  }

  async #writeSingly(batch: readonly PendingWrite[]): Promise<void> {
    for (const write of batch) await this.#write([write]);
  }

  async #writeJournal(): Promise<void> {
    const fresh = this.#fresh;
    const waiting = this.#waiting;
    this.#fresh = [];
    this.#waiting = [];
    try {
      if (fresh.length > 0) await this.#journal?.append(fresh, this.#pending.all());
    } catch (cause) {
      // memory is all there is now; say so, and try the disk again with the next write
      this.#fresh = [...this.#pending.all()];
      this.#detail = reasonOf(cause);
    }
    for (const resolve of waiting) resolve();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #enter(state: StoreStatus['state'], detail: string | null): void {
    this.#state = state;
    this.#detail = detail;
    this.#since = this.#now();
    this.#changes.next(this.status());
  }

  #dropDetail(): string {
    const reason = this.#detail ?? 'too many were pending';
    return `${this.#dropped} writes were dropped: ${reason}`;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function writeTogether(store: Store, batch: readonly PendingWrite[]): Promise<void> {
  const runs: RunView[] = [];
  const incidents: JudgedIncident[] = [];
  const alerts: AlertView[] = [];
  for (const write of batch) {
    if (write.kind === 'run') runs.push(write.item);
    else if (write.kind === 'incident') incidents.push(write.item);
    else alerts.push(write.item);
  }
  if (runs.length > 0) return store.saveRuns(runs);
  if (incidents.length > 0) return store.saveIncidents(incidents);
  return store.saveAlerts(alerts);
}
