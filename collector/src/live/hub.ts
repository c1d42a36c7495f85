/**
 * The live feed: one picture, many dashboards. A client gets a snapshot and then every change, with
 * sequence numbers that are the hub's own, so that each frame is written once for all. Alerts and
 * incidents leave at once; runs, which change with every batch, are gathered for a moment.
 */
import type {
  CollectorStatus,
  IncidentDetail,
  IncidentView,
  LiveFrame,
  LivePatch,
  RunView,
} from '@lockstep/protocol';
import { IncidentStatus } from '@lockstep/protocol';
import { filter, type Subscription, take } from 'rxjs';
import type { WebSocket } from 'ws';
import type { Clock, TimerHandle } from '../clock.ts';
import type { ModelChange, RunModel, Store } from '../ports.ts';
import { StoreAway } from '../store/errors.ts';
import type { WriteBuffer } from '../store/write-buffer.ts';
import { LiveClient } from './client.ts';
import { IncidentBoard } from './incident-board.ts';
import { LIVE_HEARTBEAT_MS, MAX_SNAPSHOT_INCIDENTS, RUN_PATCH_MS } from './limits.ts';

/** What the hub publishes. */
export interface LiveHubOptions {
  readonly model: RunModel;
  readonly store: Store;
  readonly buffer: WriteBuffer;
  readonly collectorStatus: () => CollectorStatus;
  readonly clock: Clock;
}

type PatchContent = Omit<LivePatch, 'type' | 'sequence' | 'at'>;

/** See the head of this file. */
export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #board = new IncidentBoard();
  readonly #clients = new Set<LiveClient>();
  readonly #runs = new Map<string, RunView>();
  readonly #subscriptions: Subscription[] = [];
  #sequence = 0;
  #runTimer: TimerHandle | null = null;
  #heartbeat: TimerHandle | null = null;
  #lastStatus = '';

  constructor(options: LiveHubOptions) {
    this.#options = options;
  }

  /** Open connections. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Begins to publish. A store that is away is read when it is back. */
  async start(): Promise<void> {
    const { model, buffer } = this.#options;
    this.#subscriptions.push(model.changes.subscribe((change) => this.#changed(change)));
    this.#subscriptions.push(buffer.changes.subscribe(() => this.#publishStatus()));
    this.#beat();
    await this.#load();
  }

  /** Takes a connection that the edge let in. */
  join(socket: WebSocket): void {
    const client = new LiveClient(socket);
    socket.on('close', () => this.#clients.delete(client));
    this.#clients.add(client);
    this.#send(client, this.#snapshot());
  }

  /** Publishes what an analyst changed. */
  patched(incident: IncidentDetail): void {
    const view = viewOf(incident);
    this.#board.stored(view);
    this.#publish({ incidents: [view] });
  }

  /** Cuts all clients off and publishes nothing more. */
  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    const { clock } = this.#options;
    if (this.#runTimer !== null) clock.stopTimer(this.#runTimer);
    if (this.#heartbeat !== null) clock.stopTimer(this.#heartbeat);
    for (const client of this.#clients) client.cut();
  }

  async #load(): Promise<void> {
    const { store, buffer } = this.#options;
    try {
      for (const status of Object.values(IncidentStatus)) {
        const page = await store.incidents({ status, limit: MAX_SNAPSHOT_INCIDENTS });
        for (const incident of page.items) this.#board.stored(incident);
      }
    } catch (cause) {
      if (!(cause instanceof StoreAway)) throw cause;
      const back = buffer.changes.pipe(
        filter((status) => status.state === 'ready'),
        take(1),
      );
      this.#subscriptions.push(back.subscribe(() => void this.#load()));
    }
  }

  #changed(change: ModelChange): void {
    for (const run of change.runs ?? []) this.#runs.set(run.runId, run);
    const { alerts = [] } = change;
    const incidents = (change.incidents ?? []).map((incident) => this.#board.judged(incident));
    if (alerts.length + incidents.length > 0) {
      this.#publish({
        ...(alerts.length > 0 ? { alerts } : {}),
        ...(incidents.length > 0 ? { incidents } : {}),
      });
    }
    if (this.#runs.size > 0) this.#gatherRuns();
  }

  #gatherRuns(): void {
    this.#runTimer ??= this.#options.clock.startTimer(() => {
      this.#runTimer = null;
      const runs = [...this.#runs.values()];
      this.#runs.clear();
      this.#publish({ runs });
    }, RUN_PATCH_MS);
  }

  #beat(): void {
    this.#heartbeat = this.#options.clock.startTimer(() => {
      this.#publishStatus();
      this.#broadcast({ type: 'heartbeat', sequence: this.#sequence, at: this.#now() });
      for (const client of this.#clients) client.probe();
      this.#beat();
    }, LIVE_HEARTBEAT_MS);
  }

  /** The collector's own state changes with every call; it is told when it differs, at most at a beat. */
  #publishStatus(): void {
    const collector = this.#options.collectorStatus();
    const text = JSON.stringify(collector);
    if (text === this.#lastStatus) return;
    this.#lastStatus = text;
    this.#publish({ collector });
  }

  #publish(content: PatchContent): void {
    this.#sequence += 1;
    this.#broadcast({ type: 'patch', sequence: this.#sequence, at: this.#now(), ...content });
  }

  #broadcast(frame: LiveFrame): void {
    if (this.#clients.size === 0) return;
    const text = JSON.stringify(frame);
    for (const client of this.#clients) client.send(text);
  }

  #send(client: LiveClient, frame: LiveFrame): void {
    client.send(JSON.stringify(frame));
  }

  #snapshot(): LiveFrame {
    return {
      type: 'snapshot',
      sequence: this.#sequence,
      at: this.#now(),
      collector: this.#options.collectorStatus(),
      services: this.#options.model.services(),
      incidents: this.#board.open(),
    };
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

/** The list's part of an incident: patches carry no evidence. */
function viewOf(incident: IncidentDetail): IncidentView {
  const { firstAlerts, folded, activity, replicas, surroundings, deliveries, evidence, ...view } =
    incident;
  return view;
}
