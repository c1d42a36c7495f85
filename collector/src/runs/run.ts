/**
 * One run: its replicas, its spool and its judgement. What is done with it stands in files beside this
 * one: `intake` (frames), `greeting` (hellos), `endings` (how replicas end), `watch` (silence and lag),
 * `history` (after a restart), `outcome` (how it came out).
 */
import {
  type AlertView,
  Reason,
  type RegisteredReplica,
  Role,
  RunState,
  type RunStateFrame,
  type RunView,
} from '@lockstep/protocol';
import type { Clock } from '../clock.ts';
import type { LogRelay } from '../ingest/log-relay.ts';
import type { Finding } from '../judge/finding.ts';
import type { Incident, RunFacts } from '../judge/incident.ts';
import type { Limits } from '../limits.ts';
import { SpoolUnwritable } from '../spool/append-whole.ts';
import type { JournalLine, KeptRegister, ReplicaLine } from '../spool/journal.ts';
import { RunSpool } from '../spool/run-spool.ts';
import { loseLog } from './endings.ts';
import { isoTime } from './iso-time.ts';
import { Judgement } from './judgement.ts';
import { LagSamples } from './lag-samples.ts';
import { Replica } from './replica.ts';

/** Name of the log that all runs have. */
const MAIN_LOG = 'main';

export interface RunOptions {
  readonly runId: string;
  readonly service: string;
  readonly directory: string;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly publish: (
    run: Run,
    alerts: readonly AlertView[],
    incidents: readonly Incident[],
  ) => void;
  /** Something of ours failed; the run goes on. */
  readonly report: (what: string, cause: unknown) => void;
}

export type RunReason = NonNullable<RunView['reason']>;

export class Run {
  readonly runId: string;
  readonly service: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly facts: RunFacts;
  readonly spool: RunSpool;
  readonly judgement: Judgement;
  readonly replicas: Map<string, Replica> = new Map();
  readonly relays: Map<string, LogRelay> = new Map();
  readonly lagSamples: LagSamples = new LagSamples();
  /** Told when the run's state changes. */
  readonly launchers: Set<(frame: RunStateFrame) => void> = new Set();
  private readonly waiters: Set<(isLate: boolean) => void> = new Set();
  startedAt: number;
  command: readonly string[] = [];
  allowDrills: boolean = false;
  registered: KeptRegister | null = null;
  reason: RunReason | null = null;
  endedAt: number | null = null;
  /** The launcher said that nothing more will come, at this time. */
  dismissedAt: number | null = null;
  /** The log cannot be kept any more; records and log are dropped. */
  isFull: boolean = false;
  isDirty: boolean = true;
  /** All is said and done: nothing more is read or written. */
  isClosed: boolean = false;
  private pushedState: string = '';

  constructor(options: RunOptions) {
    const { runId, service, directory, limits, clock, publish } = options;
    this.runId = runId;
    this.service = service;
    this.clock = clock;
    this.limits = limits;
    this.startedAt = clock.now();
    this.facts = { runId, service, log: MAIN_LOG, drill: false };
    this.spool = new RunSpool(directory, limits);
    this.judgement = new Judgement({
      facts: this.facts,
      spool: this.spool,
      replicas: this.replicas,
      limits,
      clock,
      leader: () => this.leader?.id ?? '',
      publish: (alerts, incidents) => {
        this.isDirty = true;
        publish(this, alerts, incidents);
      },
      idle: () => this.checkSettled(),
      report: options.report,
    });
  }

  get leader(): Replica | undefined {
    return this.all().find(({ role }) => role === Role.leader);
  }

  get followers(): readonly Replica[] {
    return this.all().filter(({ role }) => role === Role.follower);
  }

  get isOver(): boolean {
    return this.endedAt !== null;
  }

  /** Turns that the log has closed: what a follower could have finished. */
  get closedTurns(): number {
    const { closedTurns } = this.spool.log;
    return closedTurns > 0 ? closedTurns : (this.leader?.finishedTurns ?? 0);
  }

  all(): readonly Replica[] {
    return [...this.replicas.values()];
  }

  /** Takes a launcher's word on what the run is; doing so again changes nothing. */
  register(frame: KeptRegister): void {
    this.registered = frame;
    this.command = frame.command;
    this.allowDrills = frame.allowDrills;
    this.facts.drill ||= frame.drill;
    const startedAt = Date.parse(frame.startedAt);
    if (!Number.isNaN(startedAt)) this.startedAt = startedAt;
    for (const { id, role, variant, tokenHash } of frame.replicas) {
      this.addReplica(id, role, variant, tokenHash);
    }
    this.changed();
  }

  addReplica(
    id: string,
    role: Role,
    variant: string,
    tokenHash: RegisteredReplica['tokenHash'] | null,
    absences: readonly { from: number; until: number }[] = [],
  ): Replica {
    const known = this.replicas.get(id);
    if (known !== undefined) return known;
    const replica = new Replica(id, role, variant, tokenHash, this.clock.now());
    this.replicas.set(id, replica);
    this.judgement.events.next({ type: 'joined', replica: id, role, absences });
    return replica;
  }

  raise(findings: readonly Finding[]): void {
    this.judgement.raise(findings);
    this.changed();
  }

  /** Writes down what happened to a replica; what comes after the run's end changes nothing any more. */
  write(replica: Replica, line: ReplicaLine): void {
    this.note({ at: this.clock.now(), replica: replica.id, line });
  }

  /** Appends to the journal; a disk that takes nothing more ends following, never the collector. */
  note(line: JournalLine): void {
    if (this.isClosed) return;
    try {
      this.spool.journal.append(line);
    } catch (error) {
      if (!(error instanceof SpoolUnwritable)) throw error;
      loseLog(this, Reason.spoolFull, error.message);
    }
  }

  /** Notes why the run is no longer protected; the first reason stands. */
  blame(code: Reason, api: string | null, detail: string): void {
    this.reason ??= { code, api, detail };
    this.changed();
  }

  /** Something that views show has changed; launchers hear of a changed state. */
  changed(): void {
    this.isDirty = true;
    if (this.judgement.isReplaying) return;
    const state = this.state();
    const reason = this.shownReason(state);
    const told = `${state} ${reason?.code} ${reason?.api}`;
    if (told === this.pushedState) return;
    this.pushedState = told;
    for (const tell of this.launchers) tell(this.stateFrame());
  }

  stateFrame(): RunStateFrame {
    const state = this.state();
    const { code, api, detail } = this.shownReason(state) ?? { code: null, api: null, detail: '' };
    return { type: 'run-state', state, code, api, detail };
  }

  state(): RunState {
    if (this.isOver) return RunState.ended;
    if (this.followers.some(({ isLive }) => isLive) && this.leader?.isLive) {
      return RunState.protected;
    }
    const isStarting = (replica: Replica): boolean => replica.hello === null && !replica.hasEnded;
    if (this.reason === null && this.all().some(isStarting)) return RunState.starting;
    return RunState.unprotected;
  }

  view(): RunView {
    const { judgement, replicas, closedTurns } = this;
    const now = this.clock.now();
    const incidents = judgement.book.all();
    const state = this.state();
    return {
      runId: this.runId,
      service: this.service,
      startedAt: isoTime(this.startedAt),
      endedAt: this.endedAt === null ? null : isoTime(this.endedAt),
      state,
      reason: this.shownReason(state),
      drill: this.facts.drill,
      command: this.command,
      calls: Math.max(this.leader?.calls ?? 0, judgement.matched + judgement.diverged),
      matched: judgement.matched,
      noise: 0,
      openIncidents: incidents.filter(({ isOpen }) => isOpen).length,
      replicas: [...replicas.values()].map((replica) =>
        replica.view(this.runId, this.service, closedTurns, now),
      ),
    };
  }

  /** Calls back once all replicas have ended and all evidence has come, or it is waited for in vain. */
  onSettled(waiter: (isLate: boolean) => void): void {
    this.waiters.add(waiter);
    this.checkSettled();
  }

  checkSettled(): void {
    if (!this.isOver || this.judgement.gathering > 0) return;
    this.settle(false);
    for (const { link } of this.all()) link?.finish();
    this.close();
  }

  settle(isLate: boolean): void {
    for (const waiter of this.waiters) waiter(isLate);
    this.waiters.clear();
  }

  /** Lets go of the files; the spool stays on disk. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const relay of this.relays.values()) relay.stop();
    this.relays.clear();
    this.spool.close();
  }

  private shownReason(state: RunState): RunReason | null {
    if (state === RunState.protected || state === RunState.starting) return null;
    if (this.reason !== null || state === RunState.ended) return this.reason;
    if (this.leader?.isSilent) {
      return { code: Reason.replicaSilent, api: null, detail: 'nothing is heard of the leader' };
    }
    return { code: Reason.noFollowers, api: null, detail: 'no follower is running' };
  }
}
