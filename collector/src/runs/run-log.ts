/**
 * One log of a run and everything judged within it: its replicas as they lead or follow this log, its
 * files, its join. The main log is that of the service's first process; each child that is followed has
 * one of its own. What is the run's as a whole (state, reason, limits, journal) stays there.
 */
import {
  MAIN_LOG,
  parentLogName,
  type Reason,
  type RegisteredReplica,
  Role,
} from '@lockstep/protocol';
import type { Clock } from '../clock.ts';
import type { LogRelay } from '../ingest/log-relay.ts';
import type { Finding } from '../judge/finding.ts';
import type { Limits } from '../limits.ts';
import type { ReplicaLine } from '../spool/journal.ts';
import type { LogFiles } from '../spool/log-files.ts';
import { Judgement } from './judgement.ts';
import { LagSamples } from './lag-samples.ts';
import { Replica } from './replica.ts';
import type { Run } from './run.ts';

export class RunLog {
  readonly run: Run;
  readonly name: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly files: LogFiles;
  readonly judgement: Judgement;
  readonly replicas: Map<string, Replica> = new Map();
  readonly relays: Map<string, LogRelay> = new Map();
  readonly lagSamples: LagSamples = new LagSamples();
  /** The log cannot be kept any more; records and log are dropped. */
  isFull: boolean = false;
  /** When all its replicas had ended: nothing more is decided. */
  overAt: number | null = null;
  /** Its files are let go of: nothing more is read or written. */
  isClosed: boolean = false;

  constructor(run: Run, name: string) {
    this.run = run;
    this.name = name;
    this.clock = run.clock;
    this.limits = run.limits;
    this.files = run.spool.open(name === MAIN_LOG ? null : name);
    this.judgement = new Judgement({
      log: name,
      book: run.book,
      files: this.files,
      replicas: this.replicas,
      limits: run.limits,
      clock: run.clock,
      leader: () => this.leader?.id ?? '',
      publish: (alerts, incidents) => run.publish(alerts, incidents),
      idle: () => run.checkSettled(),
      report: (what, cause) => run.report(what, cause),
    });
    this.judgement.isReplaying = run.isReplaying;
  }

  get isOver(): boolean {
    return this.overAt !== null;
  }

  get isMain(): boolean {
    return this.name === MAIN_LOG;
  }

  /** The log of the process or thread that started this one's; itself for the main one. */
  get parent(): RunLog {
    return this.run.logs.get(parentLogName(this.name)) ?? this.run.main;
  }

  get leader(): Replica | undefined {
    return this.all().find(({ role }) => role === Role.leader);
  }

  get followers(): readonly Replica[] {
    return this.all().filter(({ role }) => role === Role.follower);
  }

  /** Turns that the log has closed: what a follower could have finished. */
  get closedTurns(): number {
    const { closedTurns } = this.files.log;
    return closedTurns > 0 ? closedTurns : (this.leader?.finishedTurns ?? 0);
  }

  all(): readonly Replica[] {
    return [...this.replicas.values()];
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
    this.run.changed();
  }

  /** Writes down what happened to a replica; what comes after the run's end changes nothing any more. */
  write(replica: Replica, line: ReplicaLine): void {
    const entry = { at: this.clock.now(), replica: replica.id, line };
    this.run.note(this.isMain ? entry : { ...entry, log: this.name });
  }

  /** Notes why the run is no longer protected; a child is named. */
  blame(code: Reason, api: string | null, detail: string): void {
    this.run.blame(code, api, this.isMain ? detail : `${detail} (log ${this.name})`);
  }

  changed(): void {
    this.run.changed();
  }

  /** Whether a replica is known to have followed all that there was of this log. */
  isComplete({ bye, role, finishedTurns }: Replica): boolean {
    if (bye?.complete === true) return true;
    const { leader } = this;
    // Children are killed as a matter of course; what their log held has been followed then.
    if (this.isMain || leader === undefined || leader.bye !== null) return false;
    // One that was killed before it could say hello did nothing.
    if (leader.hello === null) return leader.exit?.signal != null;
    return role === Role.leader || finishedTurns >= this.files.log.closedTurns;
  }

  /** Lets go of the files once nobody asks for evidence any more; they stay on disk. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const relay of this.relays.values()) relay.stop();
    this.relays.clear();
    this.files.close();
  }
}
