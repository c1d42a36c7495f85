/** One replica as the join sees it: how far it has come, which turns it takes part in, what it lost. */
import { type RecordBatch, RecordKind, type Role } from '@lockstep/protocol';
import { BatchQueue, NO_TURN, type Refill } from './batch-queue.ts';
import type { GapSeen, TurnRange } from './events.ts';

/** Records lost before the record `first`, from turn `turn` on. */
interface Gap {
  readonly turn: number;
  readonly first: number;
  /** Turn of the record `first`: the last that may miss something; `NO_TURN` until it came. */
  until: number;
}

export class JoinReplica {
  readonly id: string;
  readonly role: Role;
  readonly queue: BatchQueue;
  /** Turns that its watermarks finished. */
  finished = 0;
  ended: boolean = false;
  /** It takes part in turns below this one; known once it ended. */
  endTurn: number = NO_TURN;
  private lastTurn = -1;
  private isLost: boolean = false;
  private readonly absences: TurnRange[];
  private gaps: Gap[] = [];

  constructor(
    id: string,
    role: Role,
    absences: readonly TurnRange[],
    refill: Refill,
    openBytes: number,
  ) {
    this.id = id;
    this.role = role;
    this.absences = [...absences];
    this.queue = new BatchQueue(refill, openBytes);
  }

  push(batch: RecordBatch): void {
    this.queue.push(batch);
    this.finished = Math.max(this.finished, batch.header.finishedTurns);
    if (batch.count > 0) this.lastTurn = batch.select(batch.count - 1).turn;
  }

  end(how: 'complete' | 'early' | 'lost'): void {
    this.ended = true;
    this.isLost = how === 'lost';
    if (how === 'lost') this.endTurn = this.finished;
    else if (how === 'early') this.endTurn = this.lastSeenTurn();
    else this.endTurn = NO_TURN;
  }

  /** The turn behind everything that it sent or finished. */
  lastSeenTurn(): number {
    return Math.max(this.finished, this.lastTurn + 1);
  }

  /** Whether it may still do something in this turn although it finished it: its exit handlers run there. */
  isOpenIn(turn: number): boolean {
    return !this.ended && this.lastSeenTurn() <= turn + 1;
  }

  /** Whether it was lost in this turn: what it did not do there is not held against it. */
  wasLostIn(turn: number): boolean {
    return this.isLost && this.lastSeenTurn() <= turn + 1;
  }

  leave(turn: number): void {
    if (!this.isAway()) this.absences.push({ from: turn, until: NO_TURN });
  }

  comeBack(turn: number): void {
    const last = this.absences.at(-1);
    if (last === undefined || last.until !== NO_TURN) return;
    this.absences[this.absences.length - 1] = { from: last.from, until: turn };
  }

  isAway(): boolean {
    return this.absences.at(-1)?.until === NO_TURN;
  }

  takesPartIn(turn: number): boolean {
    if (turn >= this.endTurn) return false;
    return !this.absences.some(({ from, until }) => from <= turn && turn < until);
  }

  /** Whether its records of this turn are still to come. */
  holdsUp(turn: number): boolean {
    return !this.ended && this.finished <= turn && this.takesPartIn(turn);
  }

  lose(turn: number, first: number): void {
    this.gaps.push({ turn, first, until: NO_TURN });
  }

  /** Takes note of gap records at the cursor; answers those it met. */
  meetGaps(turn: number): readonly GapSeen[] {
    const met: GapSeen[] = [];
    for (;;) {
      const record = this.queue.current();
      if (record === undefined || record.turn !== turn) return met;
      if (record.kind === RecordKind.gap) {
        this.lose(turn, this.queue.sequence() + 1);
        met.push({ replica: this.id, turn, records: record.targetLo });
      }
      this.queue.advance();
    }
  }

  /** Whether lost records may belong to this turn: it lies between a gap and what came after it. */
  hasGapIn(turn: number): boolean {
    if (this.gaps.length === 0) return false;
    const record = this.queue.current();
    const sequence = this.queue.sequence();
    for (const gap of this.gaps) {
      const isOver = gap.until === NO_TURN && record !== undefined && sequence >= gap.first;
      if (isOver) gap.until = Math.max(gap.turn, record.turn);
    }
    this.gaps = this.gaps.filter((gap) => turn <= gap.until);
    return this.gaps.some((gap) => gap.turn <= turn);
  }
}
