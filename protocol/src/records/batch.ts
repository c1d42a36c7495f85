/**
 * HOT. Batches of records (SPEC, section RB): one record a call, 32 bytes (40 with strong digests), in the
 * order in which the replica made them. Read through `RecordBatch`, a cursor that allocates nothing per
 * record, for a collector reads millions a second.
 */
import { ByteSink } from '../byte-sink.ts';
import { MalformedBytes } from '../byte-source.ts';
import {
  FRAME_HEADER_BYTES,
  type FrameHeader,
  FrameKind,
  readFrameHeader,
  STRONG,
  writeFrameHeader,
} from '../frames.ts';
import { MAX_BATCH_RECORDS } from '../limits.ts';

/** What a record is about. */
export const RecordKind = {
  /** A call the program made. */
  call: 0,
  /** A delivery began a turn; the target is its key, the API that of the completed call. */
  turn: 1,
  /** A module was loaded; the digest is that of its bytes. */
  code: 2,
  /** What a follower's own look at a file gave (verified reads). */
  outcome: 3,
  /** What the service answered: status, headers, body. */
  response: 4,
  /** The replica ended; the digest is that of its exit code. */
  exit: 5,
  /** Records were lost: `targetLo` of them, from turn `turn` on. */
  gap: 6,
  /** A call of a higher layer, for people to read. */
  note: 7,
} as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

const RECORD_BYTES = 32;
const STRONG_RECORD_BYTES = 40;

/** A record's fields, for writers and tests; readers on the hot path use the cursor. */
export interface CallRecord {
  readonly targetLo: number;
  readonly targetHi: number;
  readonly digestLo: number;
  readonly digestHi: number;
  /** Second half of a strong digest; 0 otherwise. */
  readonly digestLo2: number;
  readonly digestHi2: number;
  readonly turn: number;
  /** The turn in which the call was made that this turn's delivery completes; -1: none. */
  readonly parentTurn: number;
  /** Position of the call in its turn, from 0. */
  readonly ordinal: number;
  readonly api: number;
  readonly kind: RecordKind;
  readonly flags: number;
}

/** `parentTurn` on the wire for "none". */
const NO_PARENT_DISTANCE = 0xffff_ffff;

/**
 * Encodes one batch. Throws `RangeError` for records that a batch cannot hold: more than
 * `MAX_BATCH_RECORDS`, a turn before `turnBase` or 2^32 turns after it, a parent that is not before.
 */
export function encodeBatch(
  header: Omit<FrameHeader, 'kind' | 'count'>,
  records: readonly CallRecord[],
): Uint8Array {
  if (records.length > MAX_BATCH_RECORDS)
    throw new RangeError(`${records.length} records in one batch, at most ${MAX_BATCH_RECORDS}`);
  const sink = new ByteSink(FRAME_HEADER_BYTES + records.length * STRONG_RECORD_BYTES);
  writeFrameHeader(sink, { ...header, kind: FrameKind.records, count: records.length });
  const strong = (header.flags & STRONG) !== 0;
  for (const record of records) writeRecord(sink, record, header.turnBase, strong);
  return sink.bytes().slice();
}

function writeRecord(sink: ByteSink, record: CallRecord, turnBase: number, strong: boolean): void {
  const turnOffset = record.turn - turnBase;
  if (turnOffset < 0 || turnOffset > 0xffff_ffff)
    throw new RangeError(`turn ${record.turn} in a batch from turn ${turnBase}`);
  if (record.parentTurn >= record.turn)
    throw new RangeError(`turn ${record.turn} with parent ${record.parentTurn}`);
  sink.u32(record.targetLo);
  sink.u32(record.targetHi);
  sink.u32(record.digestLo);
  sink.u32(record.digestHi);
  if (strong) {
    sink.u32(record.digestLo2);
    sink.u32(record.digestHi2);
  }
  sink.u32(turnOffset);
  sink.u32(record.parentTurn < 0 ? NO_PARENT_DISTANCE : record.turn - record.parentTurn);
  sink.u32(record.ordinal);
  sink.u16(record.api);
  sink.u8(record.kind);
  sink.u8(record.flags);
}

/** A received batch: `select(i)` puts the cursor on a record, the getters read it. */
export class RecordBatch {
  readonly header: FrameHeader;
  readonly strong: boolean;
  private readonly view: DataView;
  private readonly recordBytes: number;
  private at: number = FRAME_HEADER_BYTES;

  private constructor(header: FrameHeader, frame: Uint8Array) {
    this.header = header;
    this.strong = (header.flags & STRONG) !== 0;
    this.recordBytes = this.strong ? STRONG_RECORD_BYTES : RECORD_BYTES;
    this.view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  }

  /** Checks a frame whole and wraps it. Throws `MalformedBytes`. */
  static decode(frame: Uint8Array): RecordBatch {
    const header = readFrameHeader(frame);
    if (header.kind !== FrameKind.records) throw new MalformedBytes('not a batch of records', 0);
    if (header.count > MAX_BATCH_RECORDS)
      throw new MalformedBytes(`${header.count} records in one batch`, 16);
    const batch = new RecordBatch(header, frame);
    const expected = FRAME_HEADER_BYTES + header.count * batch.recordBytes;
    if (frame.length !== expected) {
      throw new MalformedBytes(
        `batch has ${frame.length} bytes, its header says ${expected}`,
        frame.length,
      );
    }
    for (let i = 0; i < header.count; i++) batch.select(i).check();
    return batch;
  }

  get count(): number {
    return this.header.count;
  }

  select(index: number): this {
    this.at = FRAME_HEADER_BYTES + index * this.recordBytes;
    return this;
  }

  get targetLo(): number {
    return this.view.getUint32(this.at, true);
  }
  get targetHi(): number {
    return this.view.getUint32(this.at + 4, true);
  }
  get digestLo(): number {
    return this.view.getUint32(this.at + 8, true);
  }
  get digestHi(): number {
    return this.view.getUint32(this.at + 12, true);
  }
  get digestLo2(): number {
    return this.strong ? this.view.getUint32(this.at + 16, true) : 0;
  }
  get digestHi2(): number {
    return this.strong ? this.view.getUint32(this.at + 20, true) : 0;
  }
  get turn(): number {
    return this.header.turnBase + this.view.getUint32(this.tail, true);
  }
  get parentTurn(): number {
    const distance = this.view.getUint32(this.tail + 4, true);
    return distance === NO_PARENT_DISTANCE ? -1 : this.turn - distance;
  }
  get ordinal(): number {
    return this.view.getUint32(this.tail + 8, true);
  }
  get api(): number {
    return this.view.getUint16(this.tail + 12, true);
  }
  get kind(): RecordKind {
    return this.view.getUint8(this.tail + 14) as RecordKind;
  }
  get flags(): number {
    return this.view.getUint8(this.tail + 15);
  }

  /** The selected record as an object. */
  record(): CallRecord {
    const { targetLo, targetHi, digestLo, digestHi, digestLo2, digestHi2 } = this;
    const { turn, parentTurn, ordinal, api, kind, flags } = this;
    return {
      targetLo,
      targetHi,
      digestLo,
      digestHi,
      digestLo2,
      digestHi2,
      turn,
      parentTurn,
      ordinal,
      api,
      kind,
      flags,
    };
  }

  private get tail(): number {
    return this.at + (this.strong ? 24 : 16);
  }

  private check(): void {
    const { kind } = this;
    if (kind > RecordKind.note) throw new MalformedBytes(`record kind ${kind}`, this.tail + 14);
    const distance = this.view.getUint32(this.tail + 4, true);
    if (distance !== NO_PARENT_DISTANCE && (distance === 0 || distance > this.turn))
      throw new MalformedBytes('parent is not a turn before', this.tail + 4);
  }
}
