import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callId,
  hex64,
  type LogSeed,
  logSeed,
  Mixer,
  mapKey,
  parseHex64,
  targetHash,
} from '../src/index.ts';

const mixer = new Mixer();
const main = logSeed('main');

interface Call {
  readonly log: LogSeed;
  readonly turn: number;
  readonly api: number;
  readonly lo: number;
  readonly hi: number;
  readonly nth: number;
}

const call: Call = { log: main, turn: 7, api: 110, lo: 1, hi: 2, nth: 0 };

function idOf({ log, turn, api, lo, hi, nth }: Call): string {
  callId(mixer, log, turn, api, lo, hi, nth);
  return hex64(mixer.lo, mixer.hi);
}

function hashOf(target: string, keyLo = 0x01020304, keyHi = 0x05060708): string {
  targetHash(mixer, keyLo, keyHi, target);
  return hex64(mixer.lo, mixer.hi);
}

const word32 = (value: bigint): bigint => value & 0xffff_ffffn;
const rotl = (value: bigint, bits: bigint): bigint =>
  word32(value << bits) | (value >> (32n - bits));

function finaliser(value: bigint): bigint {
  let x = value ^ (value >> 16n);
  x = word32(x * 0x85ebca6bn);
  x ^= x >> 13n;
  x = word32(x * 0xc2b2ae35n);
  return x ^ (x >> 16n);
}

/** The hash once more, as SPEC says it, in arithmetic that cannot overflow. */
function reference(seedLo: bigint, seedHi: bigint, words: readonly number[]): string {
  let [lo, hi] = [seedLo, seedHi];
  for (const word of words) {
    const k = word32(BigInt(word >>> 0) * 0xcc9e2d51n);
    const left = rotl(lo ^ word32(rotl(k, 15n) * 0x1b873593n), 13n);
    lo = word32(left * 5n + 0xe6546b64n + hi);
    const right = rotl(hi ^ word32(rotl(k, 16n) * 0xcc9e2d51n), 17n);
    hi = word32(right * 5n + 0x561ccd1bn + lo);
  }
  lo = finaliser(lo ^ hi);
  hi = finaliser(word32(hi + lo));
  return ((hi << 32n) | lo).toString(16).padStart(16, '0');
}

/** UTF-16 units, two a word, then their number. */
function textWords(text: string): number[] {
  const bytes = Buffer.from(text, 'utf16le');
  const padded = Buffer.concat([bytes, Buffer.alloc(bytes.length % 4)]);
  const words = Array.from({ length: padded.length / 4 }, (_, i) => padded.readUInt32LE(i * 4));
  return [...words, text.length];
}

/** Identifiers of a million calls whose inputs lie next to each other. */
function* neighbours(): Generator<LogSeed> {
  const api = 110;
  for (let turn = 0; turn < 1000; turn++) {
    for (let nth = 0; nth < 100; nth++) {
      for (let target = 0; target < 10; target++) {
        callId(mixer, main, turn, api + (target % 2), target, 0, nth);
        yield mixer;
      }
    }
  }
}

describe('call identifiers', () => {
  it('[CI1] the same call has the same identifier, whatever was computed before', () => {
    const first = idOf(call);
    idOf({ ...call, turn: 9 });
    expect(idOf(call)).toBe(first);
  });

  it('[CI1] a turn above 2^32 counts with its high word', () => {
    const turns = [7, 2 ** 32 + 7, 2 ** 33 + 7, 2 ** 52 + 7];
    expect(new Set(turns.map((turn) => idOf({ ...call, turn }))).size).toBe(turns.length);
  });

  it('[CI2] equal calls of one turn differ by n-th, equal calls of two turns by turn', () => {
    const ids = [0, 1, 2].flatMap((nth) => [7, 8].map((turn) => idOf({ ...call, nth, turn })));
    expect(new Set(ids).size).toBe(6);
  });

  it('[CI3] any one input that changes changes the identifier', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const fields = fc.record({
      turn: fc.maxSafeNat(),
      api: fc.integer({ min: 0, max: 0xffff }),
      lo: word,
      hi: word,
      nth: word,
    });
    fc.assert(
      fc.property(fields, fc.constantFrom('turn', 'api', 'lo', 'hi', 'nth'), (base, key) => {
        const changed = { ...base, [key]: base[key] === 0 ? 1 : base[key] - 1 };
        expect(idOf({ log: main, ...changed })).not.toBe(idOf({ log: main, ...base }));
      }),
    );
  });

  it('[CI3] a million neighbouring calls have a million identifiers', () => {
    const table = new BigUint64Array(1_000_000);
    let at = 0;
    for (const { lo, hi } of neighbours()) table[at++] = (BigInt(hi) << 32n) | BigInt(lo);
    table.sort();
    let equal = 0;
    for (let i = 1; i < table.length; i++) if (table[i] === table[i - 1]) equal++;
    expect(equal).toBe(0);
  });

  it('[CI3] every bit of the identifier is set in about half of the calls', () => {
    const counts = new Array<number>(64).fill(0);
    for (const { lo, hi } of neighbours()) {
      for (let bit = 0; bit < 32; bit++) {
        counts[bit] = (counts[bit] ?? 0) + ((lo >>> bit) & 1);
        counts[bit + 32] = (counts[bit + 32] ?? 0) + ((hi >>> bit) & 1);
      }
    }
    // Ten standard deviations of a fair coin thrown a million times.
    for (const count of counts) expect(Math.abs(count - 500_000)).toBeLessThan(5000);
  });

  it('[CI4] logs of different names have different seeds', () => {
    const names = ['', 'main', 'main ', 'worker 1', 'worker 2', 'größer'];
    const seeds = names.map((name) => logSeed(name));
    expect(new Set(seeds.map(({ lo, hi }) => hex64(lo, hi))).size).toBe(names.length);
    for (const name of names) {
      const { lo, hi } = logSeed(name);
      expect(hex64(lo, hi)).toBe(reference(0x4c6f636bn, 0x73746570n, textWords(name)));
    }
  });

  it('[CI5] a target hash depends on every unit, the length and the key', () => {
    const targets = ['', '\0', '\0\0', 'a', 'ab', 'ba', 'abc', 'ab\0', '/etc/hosts', '/etc/hostt'];
    expect(new Set(targets.map((target) => hashOf(target))).size).toBe(targets.length);
    expect(hashOf('/etc/hosts', 1, 2)).not.toBe(hashOf('/etc/hosts', 2, 1));
  });

  it('[CI5] generated targets that differ have hashes that differ', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(hashOf(a) === hashOf(b)).toBe(a === b);
      }),
    );
  });

  it('[CI8] identifiers and target hashes are those of the arithmetic that SPEC writes down', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.maxSafeNat(), word, word, word, fc.string(), (turn, lo, hi, nth, target) => {
        const words = [Number(BigInt(turn) & 0xffff_ffffn), Math.floor(turn / 2 ** 32)];
        const expected = reference(BigInt(main.lo), BigInt(main.hi), [...words, 110, lo, hi, nth]);
        expect(idOf({ log: main, turn, api: 110, lo, hi, nth })).toBe(expected);
        expect(hashOf(target, lo, hi)).toBe(reference(BigInt(lo), BigInt(hi), textWords(target)));
      }),
    );
  });

  it('[CI6] an identifier is read back from its text', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(word, word, (lo, hi) => {
        expect(parseHex64(hex64(lo, hi))).toEqual({ lo, hi });
      }),
    );
    expect(hex64(1, 0x8000_0000)).toBe('8000000000000001');
  });

  it.each([
    '',
    '0',
    '800000000000000',
    '80000000000000011',
    '800000000000000G',
    'ABCDEF0123456789',
  ])('[CI6] "%s" is no identifier', (text) => {
    expect(parseHex64(text)).toBeNull();
  });

  it('[CI7] a map key is the low 53 bits, exactly', () => {
    expect(mapKey(0xffffffff, 0xffffffff)).toBe(Number.MAX_SAFE_INTEGER);
    expect(mapKey(-1, 0)).toBe(0xffffffff);
    expect(mapKey(5, 0x0020_0001)).toBe(2 ** 32 + 5);
  });
});
