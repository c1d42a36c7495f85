import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COMPRESSED,
  FRAME_HEADER_BYTES,
  type FrameHeader,
  FrameKind,
  frameHeaderBytes,
  MAX_MESSAGE_BYTES,
  MAX_STREAMS,
  MalformedBytes,
  readFrameHeader,
  STRONG,
} from '../src/index.ts';
import { hex } from './support/bytes.ts';

const header: FrameHeader = {
  kind: FrameKind.records,
  flags: STRONG,
  stream: 0x0102,
  first: 0x1_0000_0003,
  count: 5,
  finishedTurns: 6,
  total: 7,
  turnBase: 8,
};

const last = { ...header, first: 0, count: 0, turnBase: 0 };

function patched(offset: number, byte: number): Buffer {
  const bytes = Buffer.from(frameHeaderBytes(header));
  bytes[offset] = byte;
  return bytes;
}

describe('frame headers', () => {
  it('[BF1] the header stands as 48 bytes in this order', () => {
    const bytes = frameHeaderBytes(header);
    expect(bytes.length).toBe(FRAME_HEADER_BYTES);
    expect(hex(bytes)).toBe(
      ['01', '01', '0100', '02010000', '0300000001000000', '05000000', '00000000'].join('') +
        ['0600000000000000', '0700000000000000', '0800000000000000'].join(''),
    );
  });

  it('[BF1] generated headers come back', () => {
    const number = fc.integer({ min: 0, max: 2 ** 52 });
    const headers = fc.record({
      kind: fc.constantFrom(FrameKind.records, FrameKind.log),
      stream: fc.integer({ min: 0, max: MAX_STREAMS - 1 }),
      count: fc.integer({ min: 0, max: 0xffffffff }),
      first: number,
      finishedTurns: fc.maxSafeNat(),
      total: fc.maxSafeNat(),
      turnBase: number,
    });
    fc.assert(
      fc.property(headers, fc.boolean(), (fields, flagged) => {
        const flag = fields.kind === FrameKind.records ? STRONG : COMPRESSED;
        const given = { ...fields, flags: flagged ? flag : 0 };
        expect(readFrameHeader(frameHeaderBytes(given))).toEqual(given);
      }),
    );
  });

  it.each([0, 3, 255])('[BF2] kind %d is refused', (kind) => {
    expect(() => readFrameHeader(patched(0, kind))).toThrow(MalformedBytes);
  });

  it.each([0, 2, 255])(
    '[VR2] version %d of a binary frame is refused, whatever its kind',
    (version) => {
      expect(() => readFrameHeader(patched(1, version))).toThrow(`frame version ${version}`);
      const other = patched(1, version);
      other[0] = 99;
      expect(() => readFrameHeader(other)).toThrow(`frame version ${version}`);
    },
  );

  it('[BF3] each kind has its own flag and no other', () => {
    const flags = [0, STRONG, COMPRESSED, STRONG | COMPRESSED, 4, 0x8000];
    const accepted = (kind: FrameKind): number[] =>
      flags.filter((flag) => {
        try {
          return readFrameHeader(frameHeaderBytes({ ...header, kind, flags: flag })).flags === flag;
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytes);
          return false;
        }
      });
    expect(accepted(FrameKind.records)).toEqual([0, STRONG]);
    expect(accepted(FrameKind.log)).toEqual([0, COMPRESSED]);
  });

  it.each([20, 21, 22, 23])('[BF4] reserved byte %d must be zero', (offset) => {
    expect(() => readFrameHeader(patched(offset, 1))).toThrow('reserved');
  });

  it.each([
    ['stream', { stream: MAX_STREAMS - 1 }, { stream: MAX_STREAMS }],
    ['total', { total: 2 ** 53 - 1 }, { total: 2 ** 53 }],
    ['finishedTurns', { finishedTurns: 2 ** 53 - 1 }, { finishedTurns: 2 ** 53 }],
    ['first', { first: 2 ** 53 - 1 }, { first: 2 ** 53 - 1, count: 1 }],
    ['turnBase', { turnBase: 2 ** 53 - 2 ** 32 }, { turnBase: 2 ** 53 - 2 ** 32 + 1 }],
  ])('[BF5] the last %s is accepted, the next refused', (_, good, bad) => {
    expect(readFrameHeader(frameHeaderBytes({ ...last, ...good }))).toMatchObject(good);
    expect(() => readFrameHeader(frameHeaderBytes({ ...last, ...bad }))).toThrow(MalformedBytes);
  });

  it('[BF6] the longest message is accepted, one byte more is refused', () => {
    const message = new Uint8Array(MAX_MESSAGE_BYTES + 1);
    message.set(frameHeaderBytes(header));
    expect(readFrameHeader(message.subarray(0, MAX_MESSAGE_BYTES))).toEqual(header);
    expect(() => readFrameHeader(message)).toThrow(MalformedBytes);
  });
});
