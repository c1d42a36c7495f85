/**
 * What the golden files were recorded from: one of each binary frame, log entry, canonical value, carried
 * value and control frame. Appended to, never changed: a changed sample would hide a changed format.
 */
import { createCipheriv } from 'node:crypto';
import {
  ByteSink,
  beginDelivery,
  beginEnd,
  beginValue,
  type CallRecord,
  encodeBatch,
  encodeValue,
  endEntry,
  type FrameHeader,
  FrameKind,
  frameHeaderBytes,
  JOINED,
  logNonce,
  NO_PARENT,
  RecordKind,
  STRONG,
  THREW,
  writeFlush,
  writeNotFollowed,
} from '../../src/index.ts';
import { canonical, valueBytes } from './bytes.ts';
import { Handle, testPlatform } from './test-platform.ts';

export const runId = '000102030405060708090a0b0c0d0e0f';
export const seed = '40'.repeat(32);

export const record: CallRecord = {
  targetLo: 0x11111111,
  targetHi: 0x22222222,
  digestLo: 0x33333333,
  digestHi: 0x44444444,
  digestLo2: 0,
  digestHi2: 0,
  turn: 1005,
  parentTurn: 1000,
  ordinal: 2,
  api: 110,
  kind: RecordKind.call,
  flags: 0,
};

export const records: readonly CallRecord[] = Object.values(RecordKind).map((kind) => ({
  ...record,
  kind,
  ordinal: kind,
  parentTurn: kind === RecordKind.gap ? -1 : 1000 + (kind % 4),
}));

export const batchHeader = {
  flags: 0,
  stream: 3,
  first: 70_000,
  finishedTurns: 1005,
  total: 70_008,
  turnBase: 1000,
} as const;

export const strongHeader = { ...batchHeader, flags: STRONG } as const;
export const strongRecords: readonly CallRecord[] = records.map((item) => ({
  ...item,
  digestLo2: 0x55555555,
  digestHi2: 0x66666666,
}));

export const entrySamples: Readonly<Record<string, (sink: ByteSink) => void>> = {
  delivery(sink) {
    const at = beginDelivery(sink, 0, 110, 0xdeadbeef, 0x01020304, 0, 1, 1_700_000_000_000);
    encodeValue(sink, Buffer.from('read'), testPlatform);
    endEntry(sink, at);
  },
  'delivery-joined'(sink) {
    const at = beginDelivery(sink, JOINED, 500, 7, 8, 3, NO_PARENT, 1_700_000_000_001.5);
    encodeValue(sink, undefined, testPlatform);
    endEntry(sink, at);
  },
  value(sink) {
    const at = beginValue(sink, 0, 550, 1, 2);
    encodeValue(sink, 1_700_000_000_002, testPlatform);
    endEntry(sink, at);
  },
  'value-threw'(sink) {
    const at = beginValue(sink, THREW, 210, 3, 4);
    const error = new Error("ENOENT: no such file or directory, open '/x'");
    encodeValue(sink, Object.assign(error, { errno: -2, code: 'ENOENT' }), testPlatform);
    endEntry(sink, at);
  },
  flush: writeFlush,
  'not-followed'(sink) {
    writeNotFollowed(sink, 1120, 'tls.connect');
  },
  end(sink) {
    const at = beginEnd(sink);
    encodeValue(sink, 0, testPlatform);
    endEntry(sink, at);
  },
};

export function entryBytes(name: string): Uint8Array {
  const sink = new ByteSink(64);
  entrySamples[name]?.(sink);
  return sink.bytes().slice();
}

export const logHeader = {
  kind: FrameKind.log,
  flags: 0,
  stream: 1,
  first: 12,
  count: Object.keys(entrySamples).length,
  finishedTurns: 6,
  total: 90,
  turnBase: 4,
} as const;

/** A log frame: header, cipher text, tag. */
export function sealFrame(key: Uint8Array, header: FrameHeader, plain: Uint8Array): Buffer {
  const head = frameHeaderBytes(header);
  const cipher = createCipheriv('aes-256-gcm', key, logNonce(header.first, header.stream));
  cipher.setAAD(head);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([head, body, cipher.getAuthTag()]);
}

export const plainEntries = (): Buffer =>
  Buffer.concat(Object.keys(entrySamples).map((name) => entryBytes(name)));

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

const loop: { name: string; self?: unknown } = { name: 'loop' };
loop.self = loop;

export const canonicalSamples: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  booleans: [true, false],
  numbers: [0, -0, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 53],
  strings: ['', 'plain', 'größer 🜁', 'lone \ud800 surrogate', 'x'.repeat(100)],
  bigint: -(2n ** 70n),
  symbol: Symbol('sign'),
  function: () => 1,
  object: { b: 1, a: { ä: [null], __proto__: null } },
  bare: Object.assign(Object.create(null), { k: 'v' }),
  instance: new Point(4),
  collections: [
    new Map<unknown, unknown>([
      ['k', 1],
      [{ o: 1 }, 2],
    ]),
    new Set([3, 1, 2]),
  ],
  buffers: [Buffer.from('abc'), new Uint16Array([1, 2]), new Uint8Array([9]).buffer],
  view: new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
  dates: [new Date(1_700_000_000_123), new Date(Number.NaN)],
  url: new URL('https://user@example.org:8443/a%20b?q=1#f'),
  regexp: /a\/b+/giu,
  error: Object.assign(new TypeError('not so'), { code: 'ERR_NOT_SO' }),
  cycle: loop,
  opaque: [Promise.resolve(), new AbortController().signal],
  // biome-ignore lint/suspicious/noSparseArray: holes are what this sample is about
  holes: [1, , , undefined, ,],
};

export const canonicalSample = (name: string): Uint8Array => canonical(canonicalSamples[name]);

export const valueSamples: Readonly<Record<string, unknown>> = {
  scalars: [undefined, null, true, false, 0, -1, 2 ** 31, -0, 0.1, 'text', 'lone \udc00', 12n],
  buffers: [Buffer.from('abc'), new Uint8Array([1]), new Uint8Array([2]).buffer],
  views: [new Float64Array([0.5]), new DataView(new Uint8Array([1, 2]).buffer)],
  collections: [new Map([['k', new Set([1])]]), { a: {} }, Object.create(null)],
  date: new Date(1_700_000_000_123),
  handle: new Handle(17),
};

export const valueSample = (name: string): Uint8Array => valueBytes(valueSamples[name]);

/** Errors print a stack of where they are made, so they are compared field by field. */
export const errorSample = (): Uint8Array =>
  valueBytes(Object.assign(new RangeError('too far'), { code: 'ERR_FAR', errno: -34 }));

export const batchSample = (): Uint8Array => encodeBatch(batchHeader, records);
export const strongSample = (): Uint8Array => encodeBatch(strongHeader, strongRecords);
