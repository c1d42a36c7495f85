import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallRecord,
  encodeBatch,
  FRAME_HEADER_BYTES,
  MAX_BATCH_RECORDS,
  MalformedBytes,
  RecordBatch,
  RecordKind,
  STRONG,
} from '../src/index.ts';
import { hex } from './support/bytes.ts';
import { batchHeader, record, records, strongHeader } from './support/samples.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });

const anyRecord = (turnBase: number, strong: boolean): fc.Arbitrary<CallRecord> =>
  fc
    .record({
      targetLo: word,
      targetHi: word,
      digestLo: word,
      digestHi: word,
      digestLo2: strong ? word : fc.constant(0),
      digestHi2: strong ? word : fc.constant(0),
      turn: word.map((offset) => turnBase + offset),
      ordinal: word,
      api: fc.integer({ min: 0, max: 0xffff }),
      kind: fc.constantFrom(...Object.values(RecordKind)),
      flags: fc.integer({ min: 0, max: 255 }),
      distance: fc.integer({ min: 0, max: 0xfffffffe }),
    })
    .map(({ distance, ...rest }) => ({
      ...rest,
      parentTurn: distance === 0 || distance > rest.turn ? -1 : rest.turn - distance,
    }));

const read = (frame: Uint8Array): CallRecord[] => {
  const batch = RecordBatch.decode(frame);
  return Array.from({ length: batch.count }, (_, i) => batch.select(i).record());
};

/** A batch of one record with one of its numbers set by hand. */
function patched(offset: number, value: number): Buffer {
  const frame = Buffer.from(encodeBatch(batchHeader, [record]));
  frame.writeUInt32LE(value, FRAME_HEADER_BYTES + offset);
  return frame;
}

const many = (count: number): CallRecord[] => new Array<CallRecord>(count).fill(record);

describe('record batches', () => {
  it('[RB1] a record stands as 32 bytes in this order', () => {
    const body = encodeBatch(batchHeader, [record]).subarray(FRAME_HEADER_BYTES);
    expect(hex(body)).toBe(
      [
        '11111111',
        '22222222',
        '33333333',
        '44444444',
        '05000000',
        '05000000',
        '02000000',
        '6e000000',
      ].join(''),
    );
  });

  it('[RB2] a strong record stands as 40 bytes, the digest whole', () => {
    const strong = { ...record, digestLo2: 0x55555555, digestHi2: 0x66666666 };
    const body = encodeBatch(strongHeader, [strong]).subarray(FRAME_HEADER_BYTES);
    expect(body.length).toBe(40);
    expect(hex(body.subarray(8, 24))).toBe('33333333444444445555555566666666');
  });

  it.each([false, true])('[RB1] [RB2] generated records come back (strong: %s)', (strong) => {
    const batches = fc
      .integer({ min: 0, max: 2 ** 52 })
      .chain((turnBase) =>
        fc.tuple(fc.constant(turnBase), fc.array(anyRecord(turnBase, strong), { maxLength: 20 })),
      );
    fc.assert(
      fc.property(batches, ([turnBase, list]) => {
        const frame = encodeBatch({ ...batchHeader, turnBase, flags: strong ? STRONG : 0 }, list);
        expect(read(frame)).toEqual(list);
      }),
    );
  });

  it('[RB1] a frame that is a part of a larger buffer is read in its place', () => {
    const frame = encodeBatch(batchHeader, records);
    const larger = Buffer.concat([Buffer.alloc(13, 0xff), frame, Buffer.alloc(7, 0xff)]);
    expect(read(larger.subarray(13, 13 + frame.length))).toEqual(records);
  });

  it.each([-33, -32, -1, 1, 32])('[RB3] a batch with %d bytes more is refused', (more) => {
    const frame = encodeBatch(batchHeader, records);
    const other = new Uint8Array(frame.length + more);
    other.set(frame.subarray(0, other.length));
    expect(() => RecordBatch.decode(other)).toThrow(MalformedBytes);
  });

  it('[RB3] strong records under a plain header are refused', () => {
    const frame = encodeBatch(strongHeader, records.slice(0, 3));
    frame[2] = 0;
    expect(() => RecordBatch.decode(frame)).toThrow(MalformedBytes);
  });

  it('[RB4] the largest batch is accepted, one record more is refused', () => {
    expect(read(encodeBatch(batchHeader, many(MAX_BATCH_RECORDS)))).toHaveLength(MAX_BATCH_RECORDS);
    expect(() => encodeBatch(batchHeader, many(MAX_BATCH_RECORDS + 1))).toThrow(RangeError);
    const frame = Buffer.alloc(FRAME_HEADER_BYTES + (MAX_BATCH_RECORDS + 1) * 32);
    frame.set(encodeBatch(batchHeader, []));
    frame.writeUInt32LE(MAX_BATCH_RECORDS + 1, 16);
    expect(() => RecordBatch.decode(frame)).toThrow(`${MAX_BATCH_RECORDS + 1} records`);
  });

  it('[RB5] the last kind is accepted and the next refused', () => {
    const last = RecordKind.note << 16;
    expect(read(patched(28, last))[0]?.kind).toBe(RecordKind.note);
    expect(() => RecordBatch.decode(patched(28, last + (1 << 16)))).toThrow(MalformedBytes);
    expect(Object.values(RecordKind)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('[RB6] turns count from the base, up to 2^32 - 1 after it', () => {
    const turn = batchHeader.turnBase + 0xffff_ffff;
    const [back] = read(encodeBatch(batchHeader, [{ ...record, turn, parentTurn: -1 }]));
    expect(back?.turn).toBe(turn);
    for (const bad of [turn + 1, batchHeader.turnBase - 1]) {
      const list = [{ ...record, turn: bad, parentTurn: -1 }];
      expect(() => encodeBatch(batchHeader, list)).toThrow(RangeError);
    }
  });

  it('[RB7] a parent may be the entry, and nothing before it', () => {
    expect(read(patched(20, 1005))[0]?.parentTurn).toBe(0);
    expect(read(patched(20, 0xffff_ffff))[0]?.parentTurn).toBe(-1);
    for (const distance of [0, 1006, 0xffff_fffe]) {
      expect(() => RecordBatch.decode(patched(20, distance))).toThrow(MalformedBytes);
    }
    const itself = [{ ...record, parentTurn: record.turn }];
    expect(() => encodeBatch(batchHeader, itself)).toThrow(RangeError);
  });

  it('[RB8] a batch without records carries the watermark', () => {
    const batch = RecordBatch.decode(encodeBatch(batchHeader, []));
    expect(batch.count).toBe(0);
    expect(batch.header).toMatchObject({ finishedTurns: 1005, total: 70_008 });
  });

  it('[RB9] the number of the first record shows what was sent twice and what is missing', () => {
    const sent = [0, 3, 5].map((first) => encodeBatch({ ...batchHeader, first }, many(3)));
    const gaps: number[] = [];
    let next = 0;
    for (const frame of sent) {
      const { first, count } = RecordBatch.decode(frame).header;
      gaps.push(first - next);
      next = first + count;
    }
    expect(gaps).toEqual([0, 0, -1]);
  });

  it('[RB10] a gap says how many records are missing, and from which turn', () => {
    const gap = { ...record, kind: RecordKind.gap, targetLo: 512, turn: 1001, parentTurn: -1 };
    const [back] = read(encodeBatch(batchHeader, [gap]));
    expect([back?.kind, back?.targetLo, back?.turn]).toEqual([6, 512, 1001]);
  });
});
