/**
 * HOT. Writes batches of records in place: what `encodeBatch` of the protocol gives, without an object for
 * each record. A test holds the two against each other.
 */
import {
  FRAME_HEADER_BYTES,
  FrameKind,
  frameHeaderBytes,
  MAX_BATCH_RECORDS,
  RecordKind,
  STRONG,
} from '@lockstep/protocol';
import type { CallItem } from './call-item.ts';
import type { Digest } from './digests.ts';
import type { SpooledFrame } from './frame-queue.ts';

const RECORD_BYTES = 32;
const STRONG_RECORD_BYTES = 40;
const NO_PARENT_DISTANCE = -1;
const MAX_TURN_DISTANCE = 0xffff_ffff;

/** Collects records into a batch; finished batches go to `emit`. */
export class BatchWriter {
  /** Sequence number of the next record. */
  next = 0;
  /** Turns that the replica has finished, as of what was written so far. */
  finishedTurns = 0;
  private count = 0;
  private turnBase = 0;
  private readonly frame: Uint8Array;
  private readonly view: DataView;
  private readonly strong: boolean;
  private readonly recordBytes: number;
  private readonly digest: Digest;
  private readonly emit: (frame: SpooledFrame) => void;

  constructor(strong: boolean, digest: Digest, emit: (frame: SpooledFrame) => void) {
    this.strong = strong;
    this.recordBytes = strong ? STRONG_RECORD_BYTES : RECORD_BYTES;
    this.frame = new Uint8Array(FRAME_HEADER_BYTES + MAX_BATCH_RECORDS * this.recordBytes);
    this.view = new DataView(this.frame.buffer);
    this.digest = digest;
    this.emit = emit;
  }

  /** Appends a call; `digested` is what its digest is over. */
  add(call: CallItem, digested: Uint8Array): void {
    const at = this.begin(call.turn, call.targetLo, call.targetHi);
    this.digest(this.view, at + 8, digested);
    const tail = at + this.recordBytes - 16;
    const { view } = this;
    view.setUint32(tail, call.turn - this.turnBase, true);
    view.setUint32(tail + 4, call.parentDistance, true);
    view.setUint32(tail + 8, call.ordinal, true);
    view.setUint16(tail + 12, call.api, true);
    view.setUint8(tail + 14, call.kind);
    view.setUint8(tail + 15, call.flags);
  }

  /** Appends a gap: `records` were lost from `turn` on. */
  addGap(turn: number, records: number): void {
    const at = this.begin(turn, records, 0);
    const tail = at + this.recordBytes - 16;
    this.frame.fill(0, at + 8, at + this.recordBytes);
    this.view.setUint32(tail, turn - this.turnBase, true);
    this.view.setUint32(tail + 4, NO_PARENT_DISTANCE, true);
    this.view.setUint8(tail + 14, RecordKind.gap);
  }

  /** Emits the batch if it has records; false when it has none. */
  close(): boolean {
    const { count } = this;
    if (count === 0) return false;
    this.frame.set(this.header(this.next - count, count));
    this.count = 0;
    this.emit({
      next: this.next,
      bytes: this.frame.slice(0, FRAME_HEADER_BYTES + count * this.recordBytes),
    });
    return true;
  }

  /** A batch without records, which carries the watermark alone. */
  watermark(): Uint8Array {
    return this.header(this.next, 0);
  }

  private begin(turn: number, targetLo: number, targetHi: number): number {
    const distance = turn - this.turnBase;
    if (this.count === MAX_BATCH_RECORDS || distance < 0 || distance > MAX_TURN_DISTANCE) {
      this.close();
    }
    if (this.count === 0) this.turnBase = turn;
    const at = FRAME_HEADER_BYTES + this.count * this.recordBytes;
    this.count++;
    this.next++;
    this.view.setUint32(at, targetLo, true);
    this.view.setUint32(at + 4, targetHi, true);
    return at;
  }

  private header(first: number, count: number): Uint8Array {
    return frameHeaderBytes({
      kind: FrameKind.records,
      flags: this.strong ? STRONG : 0,
      stream: 0,
      first,
      count,
      finishedTurns: this.finishedTurns,
      total: this.next,
      turnBase: this.turnBase,
    });
  }
}
