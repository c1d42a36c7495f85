/**
 * One replica's records as its agent sent them, batch by batch. The join reads back from here what it
 * would not hold in memory, and evidence looks up the calls of a turn.
 */
import { type CallRecord, type FrameHeader, RecordBatch } from '@lockstep/protocol';
import { FramedFile } from './framed-file.ts';
import { SparseIndex } from './sparse-index.ts';

export class RecordSpool {
  /** Sequence number of the next record to come. */
  next = 0;
  finishedTurns = 0;
  private readonly file: FramedFile;
  private readonly bySequence: SparseIndex = new SparseIndex();
  private readonly byTurn: SparseIndex = new SparseIndex();
  /** Where the last read ended: reads are mostly in order. */
  private lastRead = { sequence: 0, offset: 0 };

  constructor(path: string) {
    this.file = FramedFile.open(path, (frame, offset) =>
      this.note(RecordBatch.decode(frame), offset),
    );
  }

  get bytes(): number {
    return this.file.size;
  }

  /**
   * Appends a batch and answers it over memory of its own. An idle heartbeat that tells nothing new
   * is not kept, so that an idle run does not grow. Throws `MalformedBytes` before anything is written.
   */
  append(frame: Uint8Array, header: FrameHeader): RecordBatch {
    const wrapped = FramedFile.wrap(frame);
    const batch = RecordBatch.decode(FramedFile.unwrap(wrapped));
    if (header.count === 0 && header.finishedTurns <= this.finishedTurns) return batch;
    const offset = this.file.size;
    this.file.append(wrapped);
    this.note(batch, offset);
    return batch;
  }

  /** Batches from record `sequence` on, about a chunk of them; none at the end. */
  read(sequence: number): readonly RecordBatch[] {
    const { lastRead } = this;
    let offset =
      lastRead.sequence === sequence ? lastRead.offset : this.bySequence.before(sequence);
    for (;;) {
      const chunk = this.file.read(offset);
      if (chunk.next === offset) return [];
      const batches = chunk.frames.map((frame) => RecordBatch.decode(frame));
      const wanted = batches.filter((batch) => batch.header.first >= sequence);
      const last = wanted.at(-1);
      offset = chunk.next;
      if (last === undefined) continue;
      this.lastRead = { sequence: last.header.first + last.count, offset };
      return wanted;
    }
  }

  /** All batches from the start, a chunk at a time. */
  *all(): Generator<RecordBatch> {
    let offset = 0;
    for (;;) {
      const chunk = this.file.read(offset);
      if (chunk.next === offset) return;
      for (const frame of chunk.frames) yield RecordBatch.decode(frame);
      offset = chunk.next;
    }
  }

  /** At most `limit` records of one turn. */
  turn(turn: number, limit: number): readonly CallRecord[] {
    const found: CallRecord[] = [];
    let offset = this.byTurn.before(turn);
    for (;;) {
      const chunk = this.file.read(offset);
      if (chunk.next === offset) return found;
      for (const frame of chunk.frames) {
        if (!collectTurn(RecordBatch.decode(frame), turn, limit, found)) return found;
      }
      offset = chunk.next;
    }
  }

  /** Skips records that the replica can no longer send; answers how many are lost. */
  skipTo(sequence: number): number {
    const lost = Math.max(0, sequence - this.next);
    this.next += lost;
    return lost;
  }

  close(): void {
    this.file.close();
  }

  private note(batch: RecordBatch, offset: number): void {
    const { first, count, finishedTurns } = batch.header;
    this.bySequence.note(first, offset);
    if (count > 0) this.byTurn.note(batch.select(0).turn, offset);
    this.next = first + count;
    this.finishedTurns = Math.max(this.finishedTurns, finishedTurns);
  }
}

/** False when the turn is past or the limit reached: nothing more is to be found. */
function collectTurn(
  batch: RecordBatch,
  turn: number,
  limit: number,
  found: CallRecord[],
): boolean {
  for (let i = 0; i < batch.count; i++) {
    const at = batch.select(i).turn;
    if (at > turn || found.length >= limit) return false;
    if (at === turn) found.push(batch.record());
  }
  return true;
}
