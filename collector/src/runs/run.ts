/**
 * One run: its replicas, its logs and what they share. What is done with a log stands in files beside this
 * one: `intake` (frames), `greeting` (hellos), `endings` (how replicas end), `watch` (silence and lag),
 * `history` (after a restart), `outcome` (how it came out), `run-view` (what people see).
 */
import {
  type AlertView,
  MAIN_LOG,
  parentLogName,
  Reason,
  type RegisteredReplica,
  type Role,
  RunState,
  type RunStateFrame,
  type RunView,
} from '@lockstep/protocol';
import type { Clock } from '../clock.ts';
import type { Incident, RunFacts } from '../judge/incident.ts';
import { IncidentBook } from '../judge/incident-book.ts';
import type { Limits } from '../limits.ts';
import { SpoolUnwritable } from '../spool/append-whole.ts';
import type { JournalLine, KeptRegister } from '../spool/journal.ts';
import { RunSpool } from '../spool/run-spool.ts';
import { loseLog } from './endings.ts';
import type { Replica } from './replica.ts';
import { RunLog } from './run-log.ts';
import { viewOf } from './run-view.ts';

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
  readonly book: IncidentBook;
  /** By name, parents before their children. */
  readonly logs: Map<string, RunLog> = new Map();
  readonly main: RunLog;
  /** Told when the run's state changes. */
  readonly launchers: Set<(frame: RunStateFrame) => void> = new Set();
  readonly report: RunOptions['report'];
  private readonly options: RunOptions;
  private readonly waiters: Set<(isLate: boolean) => void> = new Set();
  startedAt: number;
  command: readonly string[] = [];
  allowDrills: boolean = false;
  registered: KeptRegister | null = null;
  reason: RunReason | null = null;
  /** Why some of the run's children are not followed; its other processes are. */
  limited: RunReason | null = null;
  endedAt: number | null = null;
  /** The launcher said that nothing more will come, at this time. */
  dismissedAt: number | null = null;
  isDirty: boolean = true;
  /** While history is judged again nothing is published and nobody asked. */
  isReplaying: boolean = false;
  /** All is said and done: nothing more is read or written. */
  isClosed: boolean = false;
  private pushedState: string = '';

  constructor(options: RunOptions) {
    const { runId, service, directory, limits, clock, report } = options;
    this.options = options;
    this.runId = runId;
    this.service = service;
    this.clock = clock;
    this.limits = limits;
    this.report = report;
    this.startedAt = clock.now();
    this.facts = { runId, service, drill: false };
    this.spool = new RunSpool(directory, limits);
    this.book = new IncidentBook(this.facts, limits.alertsPerIncident);
    this.main = new RunLog(this, MAIN_LOG);
    this.logs.set(MAIN_LOG, this.main);
  }

  /** The replicas, as they lead and follow the main log. */
  get replicas(): ReadonlyMap<string, Replica> {
    return this.main.replicas;
  }

  get leader(): Replica | undefined {
    return this.main.leader;
  }

  get followers(): readonly Replica[] {
    return this.main.followers;
  }

  get isOver(): boolean {
    return this.endedAt !== null;
  }

  all(): readonly Replica[] {
    return this.main.all();
  }

  /** The replicas once for each log that they lead or follow. */
  members(): readonly Replica[] {
    return [...this.logs.values()].flatMap((log) => log.all());
  }

  /** A count of the judgement, over all logs. */
  sum(count: 'matched' | 'unknown' | 'gaps' | 'diverged' | 'gathering'): number {
    let sum = 0;
    for (const { judgement } of this.logs.values()) sum += judgement[count];
    return sum;
  }

  /** Takes a launcher's word on what the run is; doing so again changes nothing. */
  register(frame: KeptRegister): void {
    this.registered = frame;
    this.command = frame.command;
    this.allowDrills = frame.allowDrills;
    this.noteDrill(frame.drill);
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
  ): Replica {
    return this.main.addReplica(id, role, variant, tokenHash);
  }

  /**
   * The log of a child, opened when it is first heard of: whoever follows its parent is expected to follow
   * it as well. Null when the run has as many as it may.
   */
  openLog(name: string): RunLog | null {
    const known = this.logs.get(name);
    if (known !== undefined) return known;
    if (this.isOver) return null;
    if (this.logs.size >= this.limits.logsPerRun) {
      this.limitReached();
      return null;
    }
    const parent = this.logs.get(parentLogName(name)) ?? this.main;
    const expected = parent.all().filter((replica) => !replica.isExcused && !replica.isLost);
    if (expected.length === 0) return null;
    const log = this.reopenLog(name);
    for (const { id, role, variant, tokenHash } of expected) {
      log.addReplica(id, role, variant, tokenHash);
    }
    const replicas = expected.map(({ id }) => id);
    this.note({ at: this.clock.now(), opened: name, replicas });
    this.changed();
    return log;
  }

  /** The log of a child as it was before a restart; who is in it is told by the journal. */
  reopenLog(name: string): RunLog {
    const log = new RunLog(this, name);
    this.logs.set(name, log);
    return log;
  }

  noteDrill(isDrill: boolean): void {
    this.facts.drill ||= isDrill;
  }

  /** What the judgement of a log has raised or changed. */
  publish(alerts: readonly AlertView[], incidents: readonly Incident[]): void {
    this.isDirty = true;
    this.options.publish(this, alerts, incidents);
  }

  /** Appends to the journal; a disk that takes nothing more ends following, never the collector. */
  note(line: JournalLine): void {
    if (this.isClosed || this.isReplaying) return;
    try {
      this.spool.journal.append(line);
    } catch (error) {
      if (!(error instanceof SpoolUnwritable)) throw error;
      loseLog(this.main, Reason.spoolFull, error.message);
    }
  }

  /** Notes why the run is no longer protected; the first reason stands. */
  blame(code: Reason, api: string | null, detail: string): void {
    this.reason ??= { code, api, detail };
    this.changed();
  }

  private limitReached(): void {
    if (this.limited !== null) return;
    const detail = `a run has at most ${this.limits.logsPerRun} logs`;
    this.limited = { code: Reason.tooManyLogs, api: null, detail };
    this.changed();
  }

  /** Something that views show has changed; launchers hear of a changed state. */
  changed(): void {
    this.isDirty = true;
    if (this.isReplaying) return;
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
    return viewOf(this);
  }

  /** A log is over; the run is when all are. */
  finish(): void {
    if (this.isOver || [...this.logs.values()].some(({ isOver }) => !isOver)) return;
    this.endedAt = this.clock.now();
    if (this.isReplaying) return;
    this.note({ at: this.endedAt, over: true });
    this.checkSettled();
  }

  /** Calls back once all replicas have ended and all evidence has come, or it is waited for in vain. */
  onSettled(waiter: (isLate: boolean) => void): void {
    this.waiters.add(waiter);
    this.checkSettled();
  }

  checkSettled(): void {
    if (!this.isOver || this.sum('gathering') > 0) return;
    this.settle(false);
    for (const { link } of this.members()) link?.finish();
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
    for (const log of this.logs.values()) log.close();
    this.spool.close();
  }

  shownReason(state: RunState): RunReason | null {
    if (state === RunState.protected || state === RunState.starting) return this.limited;
    if (this.reason !== null) return this.reason;
    if (state === RunState.ended) return this.limited;
    if (this.leader?.isSilent) {
      return { code: Reason.replicaSilent, api: null, detail: 'nothing is heard of the leader' };
    }
    return { code: Reason.noFollowers, api: null, detail: 'no follower is running' };
  }
}
