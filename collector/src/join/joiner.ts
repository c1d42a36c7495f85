/**
 * HOT. The join of one log: turn by turn, as soon as every replica that takes part has finished the turn,
 * what they did is compared and released. Decided by watermarks, never by a clock. A replica that is
 * stopped therefore holds the verdicts up (their records wait on disk) until it goes on or is ended:
 * the price for never calling a slow replica wrong.
 */
import {
  type CallRecord,
  type LogSeed,
  logSeed,
  type RecordBatch,
  RecordKind,
  Role,
} from '@lockstep/protocol';
import { MAX_ALIGNED_RECORDS } from '../limits.ts';
import { type Aligned, alignTurn, allAgree, divergenceOf, type TurnRecords } from './align-turn.ts';
import { NO_TURN } from './batch-queue.ts';
import { equalTurn, isCall } from './equal-turn.ts';
import type { Divergence, GapSeen, JoinEvent, TurnRange, VerdictBatch } from './events.ts';
import { JoinReplica } from './join-replica.ts';

export interface JoinOptions {
  /** Name of the log: it seeds the call identifiers. */
  readonly log: string;
  /** Bytes of waiting records that one replica may hold in memory. */
  readonly openBytes: number;
  /** Reads a replica's batches back, from the record with this sequence number on. */
  readonly readBack: (replica: string, sequence: number) => readonly RecordBatch[];
}

type ReplicaEvent = Exclude<JoinEvent, { readonly type: 'over' | 'joined' }>;

/** Fewer replicas than this have nothing to compare. */
const MIN_COMPARED = 2;

export class Joiner {
  private readonly options: JoinOptions;
  private readonly seed: LogSeed;
  private readonly replicas: Map<string, JoinReplica> = new Map();
  private decidedTurns = 0;
  private matched = 0;
  private unknown = 0;
  private matchedBy: Map<string, number> = new Map();
  private divergences: Divergence[] = [];
  private gaps: GapSeen[] = [];

  constructor(options: JoinOptions) {
    this.options = options;
    this.seed = logSeed(options.log);
  }

  /** Takes one event in; answers what it let the join decide, or null. */
  take(event: JoinEvent): VerdictBatch | null {
    this.apply(event);
    const before = this.decidedTurns;
    while (this.decideNext()) {
      // each step decides one turn
    }
    return this.decidedTurns === before && this.gaps.length === 0 ? null : this.release();
  }

  private apply(event: JoinEvent): void {
    if (event.type === 'over') {
      this.replicas.clear();
      return;
    }
    if (event.type === 'joined') {
      this.join(event.replica, event.role, event.absences);
      return;
    }
    const replica = this.replicas.get(event.replica);
    if (replica !== undefined) this.applyTo(replica, event);
  }

  private applyTo(replica: JoinReplica, event: ReplicaEvent): void {
    switch (event.type) {
      case 'batch':
        replica.push(event.batch);
        break;
      case 'away':
        replica.leave(this.decidedTurns);
        break;
      case 'back':
        replica.comeBack(this.decidedTurns);
        break;
      case 'lost':
        this.gaps.push({ replica: replica.id, turn: event.turn, records: event.records });
        replica.lose(event.turn, event.first);
        break;
      case 'ended':
        replica.end(event.how);
        break;
    }
  }

  private join(id: string, role: Role, absences: readonly TurnRange[]): void {
    if (this.replicas.has(id)) return;
    const { openBytes, readBack } = this.options;
    const refill = (sequence: number): readonly RecordBatch[] => readBack(id, sequence);
    this.replicas.set(id, new JoinReplica(id, role, absences, refill, openBytes));
  }

  /** Decides the next turn in which somebody did something; false when it has to wait. */
  private decideNext(): boolean {
    const replicas = [...this.replicas.values()];
    const bound = this.decidableTurns(replicas);
    if (bound <= this.decidedTurns) return false;
    const turn = this.nextTurn(replicas);
    if (turn >= bound) {
      if (bound !== NO_TURN) this.decidedTurns = bound;
      return false;
    }
    this.decide(turn, replicas);
    for (const replica of replicas) replica.queue.mark();
    this.decidedTurns = turn + 1;
    return true;
  }

  /** Turns below this one can be decided now. */
  private decidableTurns(replicas: readonly JoinReplica[]): number {
    const leader = replicas.find(({ role }) => role === Role.leader);
    const next = this.decidedTurns;
    if (leader === undefined) return 0;
    if (replicas.filter((replica) => replica.takesPartIn(next)).length < MIN_COMPARED) return 0;
    let bound = leader.ended ? Math.min(leader.lastSeenTurn(), leader.endTurn) : NO_TURN;
    for (const replica of replicas) {
      if (replica.ended || replica.isAway()) continue;
      bound = Math.min(bound, replica.finished);
    }
    return bound;
  }

  private nextTurn(replicas: readonly JoinReplica[]): number {
    let next = NO_TURN;
    for (const { queue } of replicas) {
      while (queue.turn() < this.decidedTurns) queue.advance();
      next = Math.min(next, queue.turn());
    }
    return next;
  }

  private decide(turn: number, replicas: readonly JoinReplica[]): void {
    const taking = replicas.filter((replica) => replica.takesPartIn(turn));
    for (const replica of replicas) replica.queue.mark();
    const whole = taking.every((replica) => !replica.hasGapIn(turn));
    if (whole && taking.length >= MIN_COMPARED) {
      const calls = equalTurn(
        taking.map(({ queue }) => queue),
        turn,
      );
      if (calls >= 0) {
        this.countMatches(taking, calls);
        return;
      }
      for (const { queue } of taking) queue.rewind();
    }
    this.decideByCall(turn, taking);
  }

  private decideByCall(turn: number, taking: readonly JoinReplica[]): void {
    for (const replica of taking) {
      this.gaps.push(...replica.meetGaps(turn));
    }
    const compared = taking.filter((replica) => !replica.hasGapIn(turn));
    for (const { queue } of taking) queue.rewind();
    const records = compared.map((replica) => takeRecords(replica, turn));
    if (compared.length < MIN_COMPARED) {
      this.unknown += Math.max(0, ...records.map((side) => countCalls(side.records)));
      return;
    }
    const undecided = compared.length < taking.length;
    for (const aligned of alignTurn(this.seed, turn, records)) {
      if (!allAgree(aligned)) this.divergences.push(divergenceOf(turn, aligned, records));
      else if (undecided) this.unknown++;
      else this.countAgreed(aligned, compared);
    }
  }

  private countAgreed(aligned: Aligned, compared: readonly JoinReplica[]): void {
    if (isCall(aligned.kind)) this.countMatches(compared, 1);
  }

  private countMatches(replicas: readonly JoinReplica[], calls: number): void {
    this.matched += calls;
    for (const { id } of replicas) this.matchedBy.set(id, (this.matchedBy.get(id) ?? 0) + calls);
  }

  private release(): VerdictBatch {
    const { decidedTurns, matched, unknown, matchedBy, divergences, gaps } = this;
    this.matched = 0;
    this.unknown = 0;
    this.matchedBy = new Map();
    this.divergences = [];
    this.gaps = [];
    return { decidedTurns, matched, unknown, matchedBy, divergences, gaps };
  }
}

/** The records of a turn, bounded; the cursor moves behind the turn. */
function takeRecords(replica: JoinReplica, turn: number): TurnRecords {
  const records: CallRecord[] = [];
  const { queue } = replica;
  for (;;) {
    const record = queue.current();
    if (record === undefined || record.turn !== turn) return { replica: replica.id, records };
    if (records.length < MAX_ALIGNED_RECORDS && record.kind !== RecordKind.gap) {
      records.push(record.record());
    }
    queue.advance();
  }
}

function countCalls(records: readonly CallRecord[]): number {
  return records.reduce((sum, { kind }) => sum + (isCall(kind) ? 1 : 0), 0);
}
