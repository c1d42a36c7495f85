import { createDecipheriv } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ByteSink,
  ByteSource,
  beginDelivery,
  beginEnd,
  beginValue,
  COMPRESSED,
  decodeEntry,
  decodeValue,
  encodeValue,
  endEntry,
  FRAME_HEADER_BYTES,
  JOINED,
  LOG_FRAME_TARGET_BYTES,
  LOG_TAG_BYTES,
  type LogEntry,
  logNonce,
  MAX_LOG_ENTRY_BYTES,
  MAX_MESSAGE_BYTES,
  MalformedBytes,
  NO_PARENT,
  readFrameHeader,
  THREW,
  writeFlush,
  writeNotFollowed,
} from '../src/index.ts';
import { carried } from './support/arbitraries.ts';
import { hex } from './support/bytes.ts';
import { deriveKey, sealedSample } from './support/golden.ts';
import { logHeader, plainEntries, sealFrame } from './support/samples.ts';
import { testPlatform } from './support/test-platform.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });
const api = fc.integer({ min: 0, max: 0xffff });

/** Reads entries as a follower does: a delivery's number is one more than the last. */
function* entriesOf(
  plain: Uint8Array,
  turnBase: number,
): Generator<{ turn: number; entry: LogEntry }> {
  const source = new ByteSource(plain);
  let turn = turnBase;
  while (source.left > 0) {
    const entry = decodeEntry(new ByteSource(source.raw(source.u32())), turn + 1);
    if (entry.kind === 1) turn++;
    yield { turn, entry };
  }
}

function only(sink: ByteSink, turn = 1): LogEntry {
  const [first, second] = [...entriesOf(sink.bytes(), turn - 1)];
  if (first === undefined || second !== undefined) throw new Error('not one entry');
  return first.entry;
}

function delivery(flags: number, distance: number): Uint8Array {
  const sink = new ByteSink();
  const at = beginDelivery(sink, flags, 1, 2, 3, 4, distance, 5);
  endEntry(sink, at);
  return sink.bytes().slice(4);
}

function open(key: Uint8Array, frame: Uint8Array): Buffer {
  const header = readFrameHeader(frame);
  const body = frame.length - LOG_TAG_BYTES;
  const nonce = logNonce(header.first, header.stream);
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: LOG_TAG_BYTES });
  cipher.setAAD(frame.subarray(0, FRAME_HEADER_BYTES));
  cipher.setAuthTag(frame.subarray(body));
  return Buffer.concat([cipher.update(frame.subarray(FRAME_HEADER_BYTES, body)), cipher.final()]);
}

describe('log entries', () => {
  it.each(['00', '06', 'ff'])('[LG1] an entry of kind 0x%s is refused', (kind) => {
    expect(() => decodeEntry(new ByteSource(Buffer.from(kind, 'hex')), 1)).toThrow(MalformedBytes);
  });

  it('[LG1] the length says where the next entry begins', () => {
    const kinds = [...entriesOf(plainEntries(), 4)].map(({ entry }) => entry.kind);
    expect(kinds).toEqual([1, 1, 2, 2, 3, 5, 4]);
  });

  it('[LG2] a delivery gives back its fields and its value', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        api,
        word,
        word,
        word,
        fc.double(),
        carried,
        (joined, ...fields) => {
          const [number, lo, hi, event, time, value] = fields;
          const sink = new ByteSink();
          const at = beginDelivery(sink, joined ? JOINED : 0, number, lo, hi, event, 3, time);
          encodeValue(sink, value, testPlatform);
          endEntry(sink, at);
          const entry = only(sink, 10);
          expect(entry).toMatchObject({ kind: 1, joined, api: number, lo, hi, event, time });
          if (entry.kind !== 1) return;
          expect(entry.parentTurn).toBe(7);
          expect(decodeValue(entry.payload, testPlatform)).toStrictEqual(value);
          expect(entry.payload.left).toBe(0);
        },
      ),
    );
  });

  it('[LG3] a value gives back its fields and what the call gave', () => {
    fc.assert(
      fc.property(fc.boolean(), api, word, word, carried, (threw, number, lo, hi, value) => {
        const sink = new ByteSink();
        const at = beginValue(sink, threw ? THREW : 0, number, lo, hi);
        encodeValue(sink, value, testPlatform);
        endEntry(sink, at);
        const entry = only(sink);
        expect(entry).toMatchObject({ kind: 2, threw, api: number, lo, hi });
        if (entry.kind !== 2) return;
        expect(decodeValue(entry.payload, testPlatform)).toStrictEqual(value);
      }),
    );
  });

  it('[LG4] deliveries are numbered from the frame on, and parents counted back', () => {
    const turns = [...entriesOf(plainEntries(), 4)].map(({ turn }) => turn);
    expect(turns).toEqual([5, 6, 6, 6, 6, 6, 6]);
    const parentOf = (distance: number): number => {
      const entry = decodeEntry(new ByteSource(delivery(0, distance)), 9);
      return entry.kind === 1 ? entry.parentTurn : Number.NaN;
    };
    expect([1, 8, 9, NO_PARENT].map(parentOf)).toEqual([8, 1, 0, -1]);
  });

  it.each([0, 10, 11, 0xffff_fffe])(
    '[LG4] a parent %d turns before turn 9 is refused',
    (distance) => {
      const source = new ByteSource(delivery(0, distance));
      expect(() => decodeEntry(source, 9)).toThrow(MalformedBytes);
    },
  );

  it('[LG5] a flush is its kind alone', () => {
    const sink = new ByteSink();
    writeFlush(sink);
    expect(hex(sink.bytes())).toBe('0100000003');
    expect(only(sink)).toEqual({ kind: 3 });
    expect(() => decodeEntry(new ByteSource(Buffer.from('0300', 'hex')), 1)).toThrow(
      MalformedBytes,
    );
  });

  it('[LG6] the end carries the exit code', () => {
    const sink = new ByteSink();
    const at = beginEnd(sink);
    encodeValue(sink, 143, testPlatform);
    endEntry(sink, at);
    const entry = only(sink);
    expect(entry.kind === 4 && decodeValue(entry.payload, testPlatform)).toBe(143);
  });

  it('[LG7] a not-followed entry names the API', () => {
    const sink = new ByteSink();
    writeNotFollowed(sink, 1120, 'tls.connect at größer');
    expect(only(sink)).toEqual({ kind: 5, api: 1120, detail: 'tls.connect at größer' });
    const longer = Buffer.concat([sink.bytes().subarray(4), Buffer.from([0])]);
    expect(() => decodeEntry(new ByteSource(longer), 1)).toThrow(MalformedBytes);
  });

  it.each([2, 4, 128, 255])('[LG8] flags %d of a delivery or value are refused', (flags) => {
    expect(() => decodeEntry(new ByteSource(delivery(flags, 1)), 1)).toThrow(MalformedBytes);
    const sink = new ByteSink();
    endEntry(sink, beginValue(sink, flags, 1, 2, 3));
    expect(() => only(sink)).toThrow(MalformedBytes);
  });

  it('[LG14] values follow the delivery of their turn, a flush or the end closes it', () => {
    const sink = new ByteSink();
    const value = (lo: number): void => endEntry(sink, beginValue(sink, 0, 1, lo, 0));
    value(1);
    endEntry(sink, beginDelivery(sink, 0, 1, 9, 9, 0, NO_PARENT, 0));
    value(2);
    value(3);
    endEntry(sink, beginDelivery(sink, 0, 1, 9, 9, 0, 1, 0));
    value(4);
    writeFlush(sink);
    const seen = [...entriesOf(sink.bytes(), 0)].map(({ turn, entry }) => [
      turn,
      entry.kind === 2 ? entry.lo : -entry.kind,
    ]);
    expect(seen).toEqual([
      [0, 1],
      [1, -1],
      [1, 2],
      [1, 3],
      [2, -1],
      [2, 4],
      [2, -3],
    ]);
  });
});

describe('log frames', () => {
  const key = deriveKey('log', 'worker 1');
  const frame = sealedSample();

  it('[LG9] a frame holds as many whole entries as its header says', () => {
    const entries = [...entriesOf(open(key, frame), readFrameHeader(frame).turnBase)];
    expect(entries).toHaveLength(readFrameHeader(frame).count);
  });

  it('[LG10] the plain entries come back with the key of their log only', () => {
    expect(hex(open(key, frame))).toBe(hex(plainEntries()));
    expect(frame.length).toBe(FRAME_HEADER_BYTES + plainEntries().length + LOG_TAG_BYTES);
    expect(() => open(deriveKey('log', 'main'), frame)).toThrow();
  });

  it('[LG10] no bit of header, cipher text or tag can change', () => {
    fc.assert(
      fc.property(fc.nat({ max: frame.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(frame);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => open(key, changed)).toThrow();
      }),
    );
  });

  it('[LG11] the nonce is number and stream, and no two frames share one', () => {
    expect(hex(logNonce(0x0102030405, 6))).toBe('050403020100000006000000');
    const number = fc.maxSafeNat();
    fc.assert(
      fc.property(number, word, number, word, (a, s, b, t) => {
        expect(hex(logNonce(a, s)) === hex(logNonce(b, t))).toBe(a === b && s === t);
      }),
    );
  });

  it('[LG12] a frame that is sealed again is the same bytes', () => {
    expect(hex(sealFrame(key, logHeader, plainEntries()))).toBe(hex(frame));
  });

  it('[LG13] a compressed frame says so, and its entries come back', () => {
    const header = { ...logHeader, flags: COMPRESSED };
    const packed = sealFrame(key, header, deflateRawSync(plainEntries()));
    expect(readFrameHeader(packed).flags).toBe(COMPRESSED);
    const plain = inflateRawSync(open(key, packed), { maxOutputLength: MAX_MESSAGE_BYTES });
    expect(hex(plain)).toBe(hex(plainEntries()));
  });

  it('[BF6] a frame with the largest entry after a full one fits into a message', () => {
    const plain = LOG_FRAME_TARGET_BYTES + MAX_LOG_ENTRY_BYTES;
    expect(plain + FRAME_HEADER_BYTES + LOG_TAG_BYTES).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
  });
});
