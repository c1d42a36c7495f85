/** One replica of a run as the collector knows it: what it said of itself, how far it is, how it ended. */
import {
  type ByeFrame,
  Isolation,
  type ReplicaExitFrame,
  ReplicaState,
  type ReplicaView,
  type Role,
  type StoppedFrame,
} from '@lockstep/protocol';
import type { KeptHello } from '../spool/journal.ts';
import type { AgentLink } from './agent-link.ts';
import { isoTime } from './iso-time.ts';
import { Rate } from './rate.ts';

export class Replica {
  readonly id: string;
  readonly role: Role;
  readonly variant: string;
  /** SHA-256 of the token that its launcher registered; null for one that started alone. */
  tokenHash: string | null;
  hello: KeptHello | null = null;
  link: AgentLink | null = null;
  connectedAt: number | null = null;
  /** Last time its connection came, went or said something; its registration before that. */
  heardAt: number;
  /** Last time it finished a turn or sent a record, or had nothing to finish. */
  progressAt: number;
  finishedTurns = 0;
  calls = 0;
  matched = 0;
  gaps = 0;
  lagMs: number | null = null;
  counters: Readonly<Record<string, number>> = {};
  readonly rate: Rate = new Rate();
  stopped: StoppedFrame | null = null;
  bye: ByeFrame | null = null;
  exit: ReplicaExitFrame | null = null;
  /** Ended by the collector, and why. */
  dismissed: StoppedFrame['code'] | null = null;
  /** No verdict will need more of it: it said bye, or is known to be gone. */
  endedAt: number | null = null;
  /** It sent a record of its own exit. */
  hasExitRecord: boolean = false;
  isRefused: boolean = false;
  isLagging: boolean = false;
  isSilent: boolean = false;
  /** How often it fell silent or behind: tells one alert from the next. */
  silences = 0;
  lags = 0;

  constructor(id: string, role: Role, variant: string, tokenHash: string | null, at: number) {
    this.id = id;
    this.role = role;
    this.variant = variant;
    this.tokenHash = tokenHash;
    this.heardAt = at;
    this.progressAt = at;
  }

  get hasEnded(): boolean {
    return this.endedAt !== null;
  }

  /** It takes part in the run now. */
  get isLive(): boolean {
    return this.hello !== null && !this.hasEnded && !this.isSilent && this.dismissed === null;
  }

  /** That it ended, or made no further calls, says nothing about it. */
  get isExcused(): boolean {
    return this.stopped !== null || this.dismissed !== null;
  }

  /** It ended in order, or for a reason that is known. */
  private get saidSo(): boolean {
    return this.bye !== null || this.isExcused;
  }

  /** It is gone without a word. */
  get isLost(): boolean {
    return this.hasEnded && !this.saidSo;
  }

  get exitCode(): number | null {
    return this.bye?.exitCode ?? this.exit?.exitCode ?? null;
  }

  state(): ReplicaState {
    if (this.isRefused) return ReplicaState.refused;
    if (this.hasEnded) return this.saidSo ? ReplicaState.ended : ReplicaState.lost;
    if (this.isSilent) return ReplicaState.silent;
    if (this.hello === null) return ReplicaState.starting;
    return this.isLagging ? ReplicaState.lagging : ReplicaState.running;
  }

  view(runId: string, service: string, closedTurns: number, now: number): ReplicaView {
    const { hello } = this;
    return {
      id: this.id,
      runId,
      service,
      pid: hello?.pid ?? null,
      role: this.role,
      variant: this.variant,
      state: this.state(),
      isolation: hello?.isolation ?? Isolation.none,
      host: hello?.host ?? '',
      nodeVersion: hello?.nodeVersion ?? '',
      connectedAt: this.connectedAt === null ? null : isoTime(this.connectedAt),
      endedAt: this.endedAt === null ? null : isoTime(this.endedAt),
      exitCode: this.exitCode,
      exitSignal: this.exit?.signal ?? null,
      calls: this.calls,
      matched: this.matched,
      callsPerSecond: this.hasEnded ? 0 : this.rate.perSecond(this.calls, now),
      lagTurns: this.hasEnded ? 0 : Math.max(0, closedTurns - this.finishedTurns),
      lagMs: this.lagMs,
      gaps: this.gaps,
      counters: this.counters,
    };
  }
}
