import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSink, CanonicalWriter, MAX_CANONICAL_BYTES, MAX_DEPTH } from '../src/index.ts';
import { jsonLike } from './support/arbitraries.ts';
import { canonical, canonicalHex, evidence, hex } from './support/bytes.ts';

/** Whether two generated values are equal as data: keys in any order, -0 unlike 0. */
function isSameData(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = new Map(Object.entries(a));
  const right = new Map(Object.entries(b));
  if (left.size !== right.size) return false;
  return [...left].every(([key, item]) => right.has(key) && isSameData(item, right.get(key)));
}

/** The same data, every object's keys set in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value).reverse()) {
    Object.defineProperty(copy, key, {
      value: reversed(item),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

function nested(levels: number): unknown {
  let value: unknown = 'leaf';
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

describe('canonical form: data', () => {
  it('[CF1] equal data gives equal bytes', () => {
    fc.assert(
      fc.property(jsonLike, (value) => {
        expect(canonicalHex(structuredClone(value))).toBe(canonicalHex(value));
      }),
    );
  });

  it('[CF1] arguments are written as the list of them', () => {
    const sink = new ByteSink();
    new CanonicalWriter(sink).writeAll(['dropped', 1, { a: 2 }, 'dropped'], 1, 3);
    expect(hex(sink.bytes())).toBe(canonicalHex([1, { a: 2 }]));
  });

  it('[CF1] a writer that was used before writes the same', () => {
    const sink = new ByteSink();
    const writer = new CanonicalWriter(sink);
    const loop: unknown[] = [];
    loop.push(loop, nested(40));
    writer.write(loop);
    sink.reset();
    writer.write({ a: [1] });
    expect(hex(sink.bytes())).toBe(canonicalHex({ a: [1] }));
  });

  it('[CF2] values that differ as data have different bytes', () => {
    fc.assert(
      fc.property(jsonLike, jsonLike, (a, b) => {
        expect(canonicalHex(a) === canonicalHex(b)).toBe(isSameData(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it('[CF2] values that look alike have different bytes', () => {
    const values = [
      undefined,
      null,
      false,
      true,
      0,
      -0,
      1,
      '1',
      1n,
      '',
      'null',
      [],
      {},
      [[]],
      [{}],
      [undefined],
      [null],
      { a: undefined },
      { a: 1 },
      ['a', 1],
      new Map([['a', 1]]),
      new Set(['a', 1]),
      new Date(1),
      '1970-01-01T00:00:00.001Z',
      new URL('http://a/'),
      'http://a/',
      /a/,
      '/a/',
      new Error('a'),
      new TypeError('a'),
      { name: 'Error', message: 'a' },
      Buffer.from('a'),
      new Uint8Array([97]),
      new Uint8Array([97]).buffer,
      [97],
      { 0: 97 },
      Symbol('a'),
      () => 1,
      Number.NaN,
      'NaN',
      new Date(Number.NaN),
      Number.POSITIVE_INFINITY,
    ];
    expect(new Set(values.map(canonicalHex)).size).toBe(values.length);
  });

  it('[CF3] the order in which keys were set does not matter', () => {
    fc.assert(
      fc.property(jsonLike, (value) => {
        expect(canonicalHex(reversed(value))).toBe(canonicalHex(value));
      }),
    );
  });

  it('[CF3] keys that are symbols or not enumerable are no data', () => {
    const value = { a: 1, [Symbol('b')]: 2 };
    Object.defineProperty(value, 'c', { value: 3, enumerable: false });
    expect(canonicalHex(value)).toBe(canonicalHex({ a: 1 }));
  });

  it('[CF4] every NaN has one form, and -0 is not 0', () => {
    const odd = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0];
    expect(canonicalHex(odd)).toBe('04000000000000f87f');
    expect(canonicalHex(0 / 0)).toBe('04000000000000f87f');
    expect(canonicalHex(-0)).toBe('040000000000000080');
    expect(canonicalHex(0)).toBe('040000000000000000');
  });

  it('[CF4] a bigint beyond what a double holds keeps its last digit', () => {
    expect(canonicalHex(2n ** 64n)).not.toBe(canonicalHex(2n ** 64n + 1n));
    expect(evidence(-(2n ** 64n))).toEqual({ type: 'bigint', text: '-18446744073709551616' });
  });

  it('[CF5] no two texts have the same bytes', () => {
    const unit = fc.integer({ min: 0xd7fe, max: 0xe002 });
    const texts = fc.array(unit, { maxLength: 4 }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(canonicalHex(a) === canonicalHex(b)).toBe(a === b);
        expect(evidence(a)).toEqual({ type: 'string', text: a });
      }),
      { numRuns: 1000 },
    );
  });

  it('[CF5] a lone surrogate is not the replacement character', () => {
    expect(canonicalHex('\ud800')).toBe('050200008000d8');
    expect(canonicalHex('\ufffd')).toBe('0503000000efbfbd');
  });

  it('[CF6] the order of insertion into maps and sets is data', () => {
    const map = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    expect(canonicalHex(map)).not.toBe(canonicalHex(new Map([...map].reverse())));
    expect(canonicalHex(new Set([1, 2]))).not.toBe(canonicalHex(new Set([2, 1])));
    expect(canonicalHex(map)).toBe(canonicalHex(new Map(map)));
  });

  it('[CF7] a view shows its own part of its buffer, with its class', () => {
    const { buffer } = new Uint8Array([1, 2, 3, 4]);
    expect(canonicalHex(new Uint8Array(buffer, 1, 2))).toBe(canonicalHex(new Uint8Array([2, 3])));
    expect(evidence(new DataView(buffer, 3))).toMatchObject({ className: 'DataView', length: 1 });
    expect(evidence(new Float32Array(1))).toMatchObject({ className: 'Float32Array', length: 4 });
    expect(evidence(Buffer.from('abc'))).toEqual({
      type: 'bytes',
      className: 'Buffer',
      length: 3,
      base64: 'YWJj',
    });
  });

  it('[CF7] shared memory is opaque, for its bytes change while they are read', () => {
    const node = { type: 'opaque', text: 'SharedArrayBuffer' };
    expect(evidence(new SharedArrayBuffer(8))).toEqual(node);
  });

  it('[CF8] dates, URLs and regular expressions are their content', () => {
    expect(evidence(new Date(0))).toEqual({ type: 'date', text: '1970-01-01T00:00:00.000Z' });
    expect(canonicalHex(new Date(Number.NaN))).toBe('09000000000000f87f');
    expect(evidence(new Date(Number.NaN))).toEqual({ type: 'date', text: 'Invalid Date' });
    expect(evidence(new URL('HTTP://A/b c'))).toEqual({ type: 'url', text: 'http://a/b%20c' });
    expect(evidence(/a\/b/dgimsuy)).toEqual({ type: 'regexp', text: '/a\\/b/dgimsuy' });
    const sets: string = 'v';
    expect(evidence(new RegExp('[a]', sets))).toEqual({ type: 'regexp', text: '/[a]/v' });
  });

  it('[CF9] errors differ by name, message and code, and not by stack', () => {
    const error = (message: string, code?: string): Error =>
      Object.assign(new Error(message), code === undefined ? {} : { code });
    const values = [error('a'), error('b'), error('a', 'ENOENT'), error('a', 'EACCES')];
    expect(new Set(values.map(canonicalHex)).size).toBe(4);
    expect(canonicalHex(error('a'))).toBe(canonicalHex(error('a')));
    class OddError extends Error {}
    expect(canonicalHex(new OddError('a'))).not.toBe(canonicalHex(new Error('a')));
  });

  it('[CF9] an exception of the platform has its name and message', () => {
    const value = evidence(new DOMException('gone', 'AbortError'));
    expect(JSON.stringify(value)).toContain('gone');
    expect(JSON.stringify(value)).toContain('AbortError');
  });

  it('[CF10] an object that contains itself ends there', () => {
    const a: { b?: unknown } = {};
    a.b = [a];
    expect(JSON.stringify(evidence(a))).toContain('{"type":"reference","index":2}');
    const c: { b?: unknown } = {};
    c.b = [c.b];
    expect(canonicalHex(a)).not.toBe(canonicalHex(c));
  });

  it('[CF10] an object that stands twice side by side is no cycle', () => {
    const one = { x: 1 };
    expect(canonicalHex([one, one])).toBe(canonicalHex([{ x: 1 }, { x: 1 }]));
  });

  it('[CF11] the last level that is written and the first that is not', () => {
    expect(JSON.stringify(evidence(nested(MAX_DEPTH)))).toContain('leaf');
    const text = JSON.stringify(evidence(nested(MAX_DEPTH + 1)));
    expect(text).not.toContain('leaf');
    expect(text).toContain('nested too deep');
    expect(canonicalHex(nested(200))).toBe(canonicalHex(nested(300)));
  });

  it('[CF12] the longest bytes and text that are kept, and the first that are not', () => {
    const most = Buffer.alloc(MAX_CANONICAL_BYTES);
    expect(evidence(most)).toMatchObject({ type: 'bytes', length: MAX_CANONICAL_BYTES });
    expect(canonicalHex(Buffer.alloc(MAX_CANONICAL_BYTES + 1))).toBe('150100000200000000');
    expect(canonical('x'.repeat(MAX_CANONICAL_BYTES)).length).toBe(MAX_CANONICAL_BYTES + 5);
    expect(canonicalHex('x'.repeat(MAX_CANONICAL_BYTES + 1))).toBe('150100000200000000');
  });

  it.each([
    ['array', (big: unknown) => [big, 0, 1, 2], 3],
    ['set', (big: unknown) => new Set([big, 0, 1, 2]), 3],
    [
      'map',
      (big: unknown) =>
        new Map<unknown, unknown>([
          ['k', big],
          [0, 0],
          [1, 1],
        ]),
      2,
    ],
    ['object', (big: unknown) => ({ a: big, b: 1, c: 2, d: 3 }), 3],
    // biome-ignore lint/suspicious/noSparseArray: holes after the limit count as items left out
    ['array with holes', (big: unknown) => [, big, , 1], 2],
  ] as const)(
    '[CF12] a %s over the limit ends with the number of items left out',
    (_, make, left) => {
      const bytes = canonical(make(Buffer.alloc(MAX_CANONICAL_BYTES - 20)));
      const again = canonical(make(Buffer.alloc(MAX_CANONICAL_BYTES - 20)));
      expect(bytes.length).toBeLessThan(MAX_CANONICAL_BYTES + 60);
      expect(Buffer.compare(bytes, again)).toBe(0);
      const tail = Buffer.from(bytes.subarray(-9));
      expect([tail[0], tail.readBigUInt64LE(1)]).toEqual([22, BigInt(left)]);
    },
  );
});
