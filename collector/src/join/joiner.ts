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
import { type BatchQueue, NO_TURN } from './batch-queue.ts';
import { equalTurn, isCall } from './equal-turn.ts';
import type { Divergence, GapSeen, JoinEvent, TurnRange, VerdictBatch } from './events.ts';
import { JoinReplica } from './join-replica.ts';
import { certainDifferences, isOpenTurn } from './open-turn.ts';

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
  /** Divergences of the open turn that were reported. */
  private readonly reported: Set<string> = new Set();
  private arrivedBefore = -1;

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
    const isNews = this.divergences.length > 0 || this.gaps.length > 0;
    return isNews || this.decidedTurns !== before ? this.release() : null;
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
    const taking = replicas.filter((replica) => replica.takesPartIn(turn));
    for (const { queue } of replicas) queue.mark();
    if (isOpenTurn(turn, taking)) {
      this.lookAhead(turn, taking);
      return false;
    }
    this.decide(turn, taking);
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

  /** Turn of the first record that waits; what comes late, or of a turn without its replica, is unknown. */
  private nextTurn(replicas: readonly JoinReplica[]): number {
    let next = NO_TURN;
    for (const { queue } of replicas) {
      let record = queue.current();
      while (record !== undefined && record.turn < this.decidedTurns) {
        if (isCall(record.kind)) this.unknown++;
        queue.advance();
        record = queue.current();
      }
      next = Math.min(next, queue.turn());
    }
    return next;
  }

  /** Whether records came since an open turn was last looked at. */
  private hasNews(replicas: readonly JoinReplica[]): boolean {
    const arrived = replicas.reduce((sum, { queue }) => sum + queue.arrived, 0);
    const isNews = arrived !== this.arrivedBefore;
    this.arrivedBefore = arrived;
    return isNews;
  }

  /** Reports what is certain in a turn to which records may still come; the cursors stay. */
  private lookAhead(turn: number, taking: readonly JoinReplica[]): void {
    if (taking.length < MIN_COMPARED || taking.some((replica) => replica.hasGapIn(turn))) return;
    if (!this.hasNews(taking)) return;
    const queues = taking.map(({ queue }) => queue);
    const isEqual = equalTurn(queues, turn) >= 0;
    for (const queue of queues) queue.rewind();
    if (isEqual) return;
    const records = taking.map((replica) => takeRecords(replica, turn));
    for (const aligned of certainDifferences(alignTurn(this.seed, turn, records), taking)) {
      this.diverge(turn, aligned, divergenceOf(turn, aligned, records));
    }
    for (const queue of queues) queue.rewind();
  }

  private decide(turn: number, taking: readonly JoinReplica[]): void {
    const isWhole = taking.every((replica) => !replica.hasGapIn(turn));
    if (isWhole && taking.length >= MIN_COMPARED) {
      const queues = taking.map(({ queue }) => queue);
      const calls = equalTurn(queues, turn);
      if (calls >= 0) {
        this.countMatches(taking, calls);
        return;
      }
      for (const queue of queues) queue.rewind();
    }
    this.decideByCall(turn, taking);
    this.reported.clear();
  }

  private decideByCall(turn: number, taking: readonly JoinReplica[]): void {
    for (const replica of taking) this.gaps.push(...replica.meetGaps(turn));
    const compared = taking.filter((replica) => !replica.hasGapIn(turn));
    for (const { queue } of taking) queue.rewind();
    const records = compared.map((replica) => takeRecords(replica, turn));
    for (const { queue } of taking) passTurn(queue, turn);
    if (compared.length < MIN_COMPARED) {
      this.unknown += Math.max(0, ...records.map((side) => countCalls(side.records)));
      return;
    }
    const isPartial = compared.length < taking.length;
    for (const aligned of alignTurn(this.seed, turn, records)) {
      this.judge(turn, aligned, compared, records, isPartial);
    }
  }

  private judge(
    turn: number,
    aligned: Aligned,
    compared: readonly JoinReplica[],
    records: readonly TurnRecords[],
    isPartial: boolean,
  ): void {
    if (allAgree(aligned)) {
      if (isPartial) this.unknown++;
      else this.countAgreed(aligned, compared);
      return;
    }
    const lost = new Set(compared.filter((one) => one.wasLostIn(turn)).map(({ id }) => id));
    const divergence = divergenceOf(turn, aligned, records);
    const sides = divergence.sides.filter(
      (side) => side.digest !== null || !lost.has(side.replica),
    );
    const differs = sides.some(({ digest }) => digest !== sides[0]?.digest);
    if (differs) this.diverge(turn, aligned, { ...divergence, sides });
    else if (isCall(aligned.kind)) this.unknown++;
  }

  /** Reports a divergence once: an open turn is looked at again. */
  private diverge(turn: number, { callId: id }: Aligned, divergence: Divergence): void {
    const key = `${turn} ${id}`;
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.divergences.push(divergence);
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

/** Moves a cursor behind a turn. */
function passTurn(queue: BatchQueue, turn: number): void {
  while (queue.turn() === turn) queue.advance();
}

function countCalls(records: readonly CallRecord[]): number {
  return records.reduce((sum, { kind }) => sum + (isCall(kind) ? 1 : 0), 0);
}
