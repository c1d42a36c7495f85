/**
 * HOT. The records of one replica that are not yet judged, as a cursor over batches. It holds a bounded
 * number of bytes; what arrives beyond is read back from the spool when its time comes, so a replica
 * that waits for a slower one costs disk, not memory, and nothing is lost.
 */
import type { RecordBatch } from '@lockstep/protocol';

/** Reads batches back, from the record with this sequence number on. */
export type Refill = (sequence: number) => readonly RecordBatch[];

/** What a held batch costs besides its records, bytes. */
const BATCH_OVERHEAD_BYTES = 300;
const RECORD_BYTES = 40;
/** Released batches after which the array is compacted. */
const COMPACT_AFTER = 256;

/** Turn of the current record when there is none. */
export const NO_TURN: number = Number.POSITIVE_INFINITY;

function cost(batch: RecordBatch): number {
  return BATCH_OVERHEAD_BYTES + batch.count * RECORD_BYTES;
}

export class BatchQueue {
  private readonly refill: Refill;
  private readonly limitBytes: number;
  private batches: RecordBatch[] = [];
  private heldBytes = 0;
  /** Sequence number after the last held batch, and after the last one that arrived. */
  private heldEnd = 0;
  private arrivedEnd = 0;
  /** Where the cursor stands, and where the turn being judged began. */
  private batchAt = 0;
  private recordAt = 0;
  private markBatch = 0;
  private markRecord = 0;

  constructor(refill: Refill, limitBytes: number) {
    this.refill = refill;
    this.limitBytes = limitBytes;
  }

  push(batch: RecordBatch): void {
    if (batch.count === 0) return;
    const spilled = this.heldEnd < this.arrivedEnd;
    const { first } = batch.header;
    this.arrivedEnd = first + batch.count;
    if (spilled || this.heldBytes + cost(batch) > this.limitBytes) {
      if (!spilled) this.heldEnd = first;
      return;
    }
    this.hold(batch);
  }

  /** The batch under the cursor, its own cursor on the current record; undefined at the end. */
  current(): RecordBatch | undefined {
    const batch = this.batches[this.batchAt] ?? this.readBack();
    return batch?.select(this.recordAt);
  }

  /** Turn of the current record, or `NO_TURN`. */
  turn(): number {
    return this.current()?.turn ?? NO_TURN;
  }

  /** Sequence number of the current record, or of the next one to arrive. */
  sequence(): number {
    const batch = this.current();
    return batch === undefined ? this.arrivedEnd : batch.header.first + this.recordAt;
  }

  advance(): void {
    const batch = this.batches[this.batchAt];
    if (batch === undefined) return;
    this.recordAt++;
    if (this.recordAt < batch.count) return;
    this.recordAt = 0;
    this.batchAt++;
  }

  /** Releases what lies before the cursor; `rewind` will come back to here. */
  mark(): void {
    for (let i = this.markBatch; i < this.batchAt; i++) {
      const batch = this.batches[i];
      if (batch !== undefined) this.heldBytes -= cost(batch);
    }
    if (this.batchAt > COMPACT_AFTER || this.batchAt === this.batches.length) {
      this.batches = this.batches.slice(this.batchAt);
      this.batchAt = 0;
    }
    this.markBatch = this.batchAt;
    this.markRecord = this.recordAt;
  }

  rewind(): void {
    this.batchAt = this.markBatch;
    this.recordAt = this.markRecord;
  }

  /** Records that have arrived so far. */
  get arrived(): number {
    return this.arrivedEnd;
  }

  /** Bytes held in memory, about. */
  get bytes(): number {
    return this.heldBytes;
  }

  private hold(batch: RecordBatch): void {
    this.batches.push(batch);
    this.heldBytes += cost(batch);
    this.heldEnd = batch.header.first + batch.count;
  }

  private readBack(): RecordBatch | undefined {
    if (this.heldEnd >= this.arrivedEnd) return undefined;
    for (const batch of this.refill(this.heldEnd)) if (batch.count > 0) this.hold(batch);
    return this.batches[this.batchAt];
  }
}
