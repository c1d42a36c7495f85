/**
 * The collector, composed: sockets and HTTP in front, runs with their spools and judgement in the middle,
 * the model that publishes, the store behind its buffer. `lockstep up` and `lockstep check` both start one.
 */
import { mkdirSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { CollectorStatus } from '@lockstep/protocol';
import { type Clock, systemClock, type TimerHandle } from './clock.ts';
import { createHttp, type HttpSide } from './http/server.ts';
import { attachIngest, type Ingest } from './ingest/attach-ingest.ts';
import { ServiceTokens } from './ingest/tokens.ts';
import { defaultLimits, type Limits, TICK_MS } from './limits.ts';
import type { RunModel, RunOutcome, Store } from './ports.ts';
import { type DrillAnswer, strike } from './runs/drill.ts';
import { isoTime } from './runs/iso-time.ts';
import { Model } from './runs/model.ts';
import { outcomeOf } from './runs/outcome.ts';
import { Runs } from './runs/runs.ts';
import { watch } from './runs/watch.ts';
import { startRetention } from './store/retention.ts';
import { createWriteBuffer, type WriteBuffer } from './store/write-buffer.ts';
import { COLLECTOR_VERSION } from './version.ts';

/** Where a collector listens: a TCP port (0 chooses a free one) or a Unix socket. */
export type ListenOn =
  | { readonly host: string; readonly port: number }
  | { readonly socketPath: string };

export interface CollectorOptions {
  readonly listen: ListenOn;
  /** Folder for spools and pending writes; made when absent. */
  readonly dataDir: string;
  /** Not yet opened; the collector opens and closes it. */
  readonly store: Store;
  /** Tokens of launchers, and of agents that start alone. */
  readonly serviceTokens: readonly string[];
  /** Folder of the built dashboard, or null. */
  readonly dashboardDir?: string | null;
  /** Further DNS names by which the collector may be called. */
  readonly allowedHosts?: readonly string[];
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
  /** Told, in one line, what failed unexpectedly; the collector goes on. */
  readonly report?: (what: string) => void;
}

export interface Collector {
  readonly model: RunModel;
  readonly store: Store;
  /**
   * Opens the store, rebuilds runs from their spools, listens. Rejects when it cannot. `url` is an HTTP
   * origin, or `ws+unix:PATH`, to which `:/agent` is appended.
   */
  start(): Promise<{ readonly url: string }>;
  /** Tells all peers to come back later, writes what is pending, closes everything. */
  stop(): Promise<void>;
  status(): CollectorStatus;
  /**
   * Resolves when all replicas of a run have ended and its judgement is done; some seconds after the
   * leader's end at the latest. A run that nobody has registered yet is waited for.
   */
  settled(runId: string): Promise<RunOutcome>;
  /** Has a replica of a running service load a payload, where drills are allowed. */
  drill(service: string, replica: string | null, file: string): DrillAnswer;
}

/** How often ended runs and old spools are looked through, milliseconds. */
const RETIRE_MS = 60_000;

/** How long after a restart replicas get to reconnect before they are asked for old evidence. */
const GATHER_LATER_MS = 2000;

/**
 * Makes a collector; `start` starts it.
 *
 * @example
 * const collector = createCollector({ listen: { host: '127.0.0.1', port: 4600 }, dataDir: '.lockstep',
 *   store: openStore('.lockstep/store'), serviceTokens: [token] });
 * const { url } = await collector.start();
 */
export function createCollector(options: CollectorOptions): Collector {
  return new LocalCollector(options);
}

class LocalCollector implements Collector {
  readonly store: Store;
  readonly model: Model;
  private readonly options: CollectorOptions;
  private readonly clock: Clock;
  private readonly limits: Limits;
  private readonly runs: Runs;
  private readonly buffer: WriteBuffer;
  private readonly startedAt: number;
  private http: HttpSide | null = null;
  private ingest: Ingest | null = null;
  private retention: { stop(): void } | null = null;
  private timer: TimerHandle | null = null;
  private retiredAt: number;
  private tickedAt: number;

  constructor(options: CollectorOptions) {
    const { store, dataDir, clock = systemClock } = options;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.options = options;
    this.store = store;
    this.clock = clock;
    this.limits = { ...defaultLimits, ...options.limits };
    this.startedAt = clock.now();
    this.retiredAt = this.startedAt;
    this.tickedAt = this.startedAt;
    this.buffer = createWriteBuffer(store, { clock, dataDir });
    this.runs = new Runs({
      directory: join(dataDir, 'spool'),
      limits: this.limits,
      clock,
      publish: (run, alerts, incidents) => this.model.publish(run, alerts, incidents),
      retired: (run) => this.model.forget(run),
      report: (what, cause) => this.report(what, cause),
    });
    this.model = new Model(this.runs, this.buffer, clock);
  }

  async start(): Promise<{ readonly url: string }> {
    const { options, clock, model, store, buffer, limits } = this;
    await store.open();
    await this.runs.recover(store);
    const { listen, dashboardDir = null, allowedHosts = [] } = options;
    this.http = await createHttp({
      model,
      store,
      buffer,
      collectorStatus: () => this.status(),
      dashboardDir,
      allowedHosts,
      clock,
      onPatched: (incident) => this.runs.review(incident),
      report: (what) => options.report?.(what),
      ...('host' in listen ? { host: listen.host } : {}),
    });
    const tokens = new ServiceTokens(options.serviceTokens);
    const report = (what: string, cause: unknown): void => this.report(what, cause);
    this.ingest = attachIngest(this.http.server, {
      runs: this.runs,
      tokens,
      clock,
      limits,
      report,
    });
    const url = await bind(this.http.server, listen);
    this.retention = startRetention(store, { clock, report: (line) => options.report?.(line) });
    this.tickedAt = clock.now();
    this.tick();
    clock.startTimer(() => {
      for (const run of this.runs.all()) {
        for (const { judgement } of run.logs.values()) judgement.gatherLater(run.isOver);
      }
    }, GATHER_LATER_MS);
    return { url };
  }

  async stop(): Promise<void> {
    if (this.timer !== null) this.clock.stopTimer(this.timer);
    this.ingest?.close();
    this.retention?.stop();
    await this.http?.close();
    this.model.publishDirty();
    this.runs.close();
    await this.buffer.close();
    await this.store.close();
  }

  status(): CollectorStatus {
    return {
      version: COLLECTOR_VERSION,
      startedAt: isoTime(this.startedAt),
      store: this.buffer.status(),
      callsPerSecond: this.model.callsPerSecond(),
    };
  }

  async settled(runId: string): Promise<RunOutcome> {
    const run = await this.runs.whenKnown(runId);
    const isLate = await new Promise<boolean>((resolve) => run.onSettled(resolve));
    return outcomeOf(run, isLate);
  }

  drill(service: string, replica: string | null, file: string): DrillAnswer {
    return strike(this.runs.all(), service, replica, file);
  }

  private tick(): void {
    const now = this.clock.now();
    const pausedMs = Math.max(0, now - this.tickedAt - 2 * TICK_MS);
    this.tickedAt = now;
    for (const run of this.runs.all()) watch(run, pausedMs);
    this.model.publishDirty();
    if (now - this.retiredAt >= RETIRE_MS) {
      this.retiredAt = now;
      this.runs.retire();
    }
    this.timer = this.clock.startTimer(() => this.tick(), TICK_MS);
  }

  private report(what: string, cause: unknown): void {
    this.options.report?.(cause instanceof Error ? `${what}: ${cause.message}` : what);
  }
}

/** Listens, and answers under which address. */
function bind(server: Server, listen: ListenOn): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listening = (): void => {
      server.off('error', reject);
      resolve(addressOf(server, listen));
    };
    if ('socketPath' in listen) server.listen(listen.socketPath, listening);
    else server.listen(listen.port, listen.host, listening);
  });
}

function addressOf(server: Server, listen: ListenOn): string {
  if ('socketPath' in listen) return `ws+unix:${listen.socketPath}`;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : listen.port;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return `http://${host}:${port}`;
}
