import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ByteSource,
  decodeCanonical,
  decodeEntry,
  decodeValue,
  MalformedBytes,
  parseAgentFrame,
  parseCollectorFrame,
  parseLauncherFrame,
  parseLauncherReply,
  parseSecrets,
  RecordBatch,
  readFrameHeader,
} from '../src/index.ts';
import { jsonLike } from './support/arbitraries.ts';
import { goldenFiles } from './support/golden.ts';
import { testPlatform } from './support/test-platform.ts';

/** Longest time that one decoding of a few kilobytes may take on a busy machine, milliseconds. */
const MAX_DECODE_MS = 2000;

const files = await goldenFiles();

const golden = (prefix: string): readonly Uint8Array[] =>
  [...files].filter(([name]) => name.startsWith(prefix)).map(([, bytes]) => bytes);

interface Decoder {
  readonly name: string;
  readonly rule: string;
  readonly valid: readonly Uint8Array[];
  readonly decode: (bytes: Uint8Array) => unknown;
}

const decoders: readonly Decoder[] = [
  { name: 'readFrameHeader', rule: 'BF1', valid: golden('frame-'), decode: readFrameHeader },
  {
    name: 'RecordBatch.decode',
    rule: 'RB3',
    valid: golden('frame-records'),
    decode: (bytes) => {
      const batch = RecordBatch.decode(bytes);
      for (let i = 0; i < batch.count; i++) batch.select(i).record();
    },
  },
  {
    name: 'decodeEntry',
    rule: 'LG1',
    valid: golden('entry-').map((bytes) => bytes.subarray(4)),
    decode: (bytes) => {
      const entry = decodeEntry(new ByteSource(bytes), 7);
      if ('payload' in entry) decodeValue(entry.payload, testPlatform);
    },
  },
  {
    name: 'decodeValue',
    rule: 'VC8',
    valid: golden('value-'),
    decode: (bytes) => decodeValue(new ByteSource(bytes), testPlatform),
  },
  { name: 'decodeCanonical', rule: 'CF18', valid: golden('canonical-'), decode: decodeCanonical },
];

/** Whether the bytes were refused; any other exception, or a long time, fails the test. */
function isRefused(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  const from = performance.now();
  try {
    decode(bytes);
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedBytes);
    return true;
  } finally {
    expect(performance.now() - from).toBeLessThan(MAX_DECODE_MS);
  }
}

const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
  minLength: 1,
  maxLength: 6,
});

function flipped(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
  const copy = bytes.slice();
  for (const [at, mask] of changes) {
    const place = at % copy.length;
    copy[place] = (copy[place] ?? 0) ^ mask;
  }
  return copy;
}

describe('decoders refuse and never crash', () => {
  it.each(decoders)('[$rule] $name reads what is valid', ({ valid, decode }) => {
    expect(valid.length).toBeGreaterThan(1);
    for (const bytes of valid) expect(isRefused(decode, bytes)).toBe(false);
  });

  it.each(decoders)('[$rule] $name refuses random bytes', ({ decode }) => {
    let refused = 0;
    const anyBytes = fc.uint8Array({ maxLength: 300, size: 'max' });
    const check = fc.property(anyBytes, (bytes) => {
      if (isRefused(decode, bytes)) refused++;
    });
    fc.assert(check, { numRuns: 2000 });
    expect(refused).toBeGreaterThan(500);
  });

  it.each(decoders)('[$rule] $name survives flipped bits', ({ valid, decode }) => {
    let refused = 0;
    const check = fc.property(fc.constantFrom(...valid), flips, (bytes, changes) => {
      if (isRefused(decode, flipped(bytes, changes))) refused++;
    });
    fc.assert(check, { numRuns: 2000 });
    expect(refused).toBeGreaterThan(100);
  });

  it.each(decoders)('[$rule] $name refuses every truncation', ({ name, valid, decode }) => {
    for (const bytes of valid) {
      // A header does not know how long the body after it is.
      const end = name === 'readFrameHeader' ? 48 : bytes.length;
      for (let length = 0; length < end; length++) {
        expect(isRefused(decode, bytes.subarray(0, length))).toBe(true);
      }
    }
  });

  it.each(decoders)(
    '[$rule] $name survives counts and lengths at their extremes',
    ({ valid, decode }) => {
      for (const bytes of valid) {
        for (let at = 0; at + 4 <= Math.min(bytes.length, 400); at++) {
          for (const extreme of [0xffff_ffff, 0x7fff_ffff, 0x8000_0000]) {
            const changed = Buffer.from(bytes);
            changed.writeUInt32LE(extreme, at);
            isRefused(decode, changed);
          }
        }
      }
    },
  );

  const parsers = [parseAgentFrame, parseCollectorFrame, parseLauncherFrame, parseLauncherReply];
  const controls = golden('control-').map((bytes) => Buffer.from(bytes).toString());

  it('[CT8] parsers give a frame or a refusal for any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      fc.constantFrom(...controls),
    );
    fc.assert(
      fc.property(text, (input) => {
        for (const parse of parsers) expect(parse(input).ok).toBeTypeOf('boolean');
        expect(parseSecrets(input)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('[CT8] parsers give a frame or a refusal when one field is anything', () => {
    const frames = controls.map((text) => JSON.parse(text) as Record<string, unknown>);
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(), jsonLike, (frame, pick, value) => {
        const keys = Object.keys(frame);
        const changed = JSON.stringify({ ...frame, [keys[pick % keys.length] ?? 'type']: value });
        for (const parse of parsers) expect(parse(changed).ok).toBeTypeOf('boolean');
      }),
      { numRuns: 1000 },
    );
  });

  it('[CT8] parsers refuse every truncation', () => {
    for (const text of controls) {
      for (let length = 0; length < text.length; length++) {
        for (const parse of parsers) expect(parse(text.slice(0, length)).ok).toBe(false);
      }
    }
  });
});
