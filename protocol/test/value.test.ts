import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  ByteSink,
  ByteSource,
  decodeValue,
  encodeValue,
  MAX_DEPTH,
  MAX_LOG_ENTRY_BYTES,
  MalformedBytes,
  UnencodableValue,
} from '../src/index.ts';
import { carried } from './support/arbitraries.ts';
import { decoded, hex, roundTrip, valueBytes } from './support/bytes.ts';
import { Handle, testPlatform } from './support/test-platform.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-value-'));
writeFileSync(join(folder, 'file'), 'x');
symlinkSync('file', join(folder, 'link'));
afterAll(() => rmSync(folder, { recursive: true }));

function nested(levels: number): unknown {
  let value: unknown = 'leaf';
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

const encodedError = (made: string): Buffer => {
  const sink = new ByteSink();
  sink.u8(17);
  for (const text of [made, 'Odd', 'message']) sink.text(text);
  sink.u32(0);
  return Buffer.from(sink.bytes());
};

describe('value codec', () => {
  it('[VC1] what is decoded equals what was encoded', () => {
    fc.assert(
      fc.property(carried, (value) => {
        expect(roundTrip(value)).toStrictEqual(value);
      }),
      { numRuns: 1000 },
    );
  });

  it('[VC1] -0, NaN, lone surrogates and big numbers keep what they are', () => {
    const values = [
      -0,
      Number.NaN,
      2 ** 53,
      -(2 ** 31),
      2 ** 31,
      '\ud800x',
      '\udfff',
      -(2n ** 80n),
    ];
    for (const value of values) expect(Object.is(roundTrip(value), value)).toBe(true);
    expect(Object.getPrototypeOf(roundTrip(Object.create(null)))).toBeNull();
  });

  it.each([
    [0, '0400000000'],
    [-1, '04ffffffff'],
    [2 ** 31 - 1, '04ffffff7f'],
    [-(2 ** 31), '0400000080'],
    [2 ** 31, '05000000000000e041'],
    [-(2 ** 31) - 1, '05000020000000e0c1'],
    [-0, '050000000000000080'],
    [0.5, '05000000000000e03f'],
  ])('[VC2] %d is written as %s', (value, bytes) => {
    expect(hex(valueBytes(value))).toBe(bytes);
  });

  it('[VC3] every class of bytes comes back in its class', () => {
    const values = [
      Buffer.from('ab'),
      new Uint8Array([1]),
      new Uint8ClampedArray([2]),
      new Int8Array([-3]),
      new Uint16Array([4]),
      new Int16Array([-5]),
      new Uint32Array([6]),
      new Int32Array([-7]),
      new Float32Array([0.5]),
      new Float64Array([0.25]),
      new BigInt64Array([-8n]),
      new BigUint64Array([9n]),
      new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
      new Uint8Array([10]).buffer,
    ];
    for (const value of values) expect(roundTrip(value)).toStrictEqual(value);
  });

  it('[VC3] what is decoded shares no memory with what it was decoded from', () => {
    for (const value of [Buffer.from('ab'), new Uint8Array([1, 2]), new Uint16Array([1])]) {
      const bytes = Buffer.from(valueBytes(value));
      const back = decoded(bytes);
      bytes.fill(0xff);
      expect(back).toStrictEqual(value);
    }
  });

  it.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError])(
    '[VC4] %o comes back in its class',
    (made) => {
      const error = roundTrip(Object.assign(new made('why'), { code: 'ERR_X' })) as Error;
      expect(Object.getPrototypeOf(error)).toBe(made.prototype);
      expect(error).toMatchObject({ name: made.name, message: 'why', code: 'ERR_X' });
      expect(Object.keys(error)).toEqual(['code']);
    },
  );

  it('[VC4] the error of a real call has its errno, code, syscall and path', () => {
    try {
      statSync(join(folder, 'none'));
      expect.unreachable();
    } catch (error) {
      const back = roundTrip(error) as Error;
      expect({ ...back }).toEqual({ ...(error as Error) });
      expect(back.message).toBe((error as Error).message);
      expect(back).toMatchObject({ code: 'ENOENT', syscall: 'stat' });
    }
  });

  it('[VC4] a name of its own stays, and is not listed', () => {
    const error = new Error('gone');
    error.name = 'AbortError';
    Object.defineProperty(error, 'name', { enumerable: false });
    const back = roundTrip(error) as Error;
    expect(back.name).toBe('AbortError');
    expect(Object.keys(back)).toEqual([]);
    expect(`${back}`).toBe('AbortError: gone');
  });

  it.each(['Nothing', 'constructor', 'toString', '__proto__', 'hasOwnProperty', ''])(
    '[VC4] a class named "%s" comes back as Error',
    (made) => {
      const error = decoded(encodedError(made)) as Error;
      expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
      expect(error).toMatchObject({ name: 'Odd', message: 'message' });
    },
  );

  it('[VC5] file states answer as they did', () => {
    const state = statSync(join(folder, 'file'));
    const back = roundTrip(state) as typeof state;
    expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(state));
    expect([back.isFile(), back.size, back.mtimeMs, back.mtime]).toEqual([
      true,
      1,
      state.mtimeMs,
      state.mtime,
    ]);
    const big = statSync(join(folder, 'file'), { bigint: true });
    const bigBack = roundTrip(big) as typeof big;
    expect(Object.getPrototypeOf(bigBack)).toBe(Object.getPrototypeOf(big));
    expect([bigBack.mtimeNs, bigBack.isFile()]).toEqual([big.mtimeNs, true]);
  });

  it('[VC5] entries of a folder and handles answer as they did', () => {
    const entries = readdirSync(folder, { withFileTypes: true });
    const back = roundTrip(entries) as typeof entries;
    expect(back.map((entry) => [entry.name, entry.isFile(), entry.isSymbolicLink()])).toEqual([
      ['file', true, false],
      ['link', false, true],
    ]);
    expect((roundTrip(new Handle(17)) as Handle).close()).toBe(17);
  });

  it('[VC5] a foreign class that the platform does not know is refused', () => {
    const sink = new ByteSink();
    sink.u8(18);
    sink.text('Unheard');
    sink.u8(0);
    expect(() => decoded(sink.bytes())).toThrow(MalformedBytes);
  });

  it('[VC6] functions stay behind and instances come back plain', () => {
    class Point {
      readonly x = 1;
      readonly grow = (): number => 2;
    }
    expect(roundTrip(new Point())).toStrictEqual({ x: 1 });
    expect(roundTrip({ a: Symbol('a'), b: 1 })).toStrictEqual({ b: 1 });
  });

  it('[VC6] a key __proto__ is a field and changes no prototype', () => {
    const value = JSON.parse('{"__proto__": {"admin": true}}') as object;
    const back = roundTrip(value) as object;
    expect(Object.keys(back)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect('admin' in back).toBe(false);
  });

  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('a')],
    ['a function in a list', [() => 1]],
    ['a promise', { deep: Promise.resolve() }],
    ['a regular expression', /a/],
    ['a URL', new URL('http://a/')],
    ['a weak map', new WeakMap()],
    ['shared memory', new SharedArrayBuffer(1)],
    ['a bigint without end', 1n << 300_000n],
    ['one level too many', nested(MAX_DEPTH + 2)],
  ])('[VC7] %s is not carried and leaves nothing behind', (_, value) => {
    const sink = new ByteSink();
    sink.u32(7);
    expect(() => encodeValue(sink, [1, value], testPlatform)).toThrow(UnencodableValue);
    expect(hex(sink.bytes())).toBe('07000000');
  });

  it('[VC7] a value that throws when it is read is not carried, and says why', () => {
    const value = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('mine');
      },
    });
    expect(() => valueBytes(value)).toThrow(
      expect.objectContaining({ name: 'UnencodableValue', cause: new Error('mine') }),
    );
  });

  it('[VC7] the deepest value that is carried, and cycles', () => {
    expect(roundTrip(nested(MAX_DEPTH + 1))).toEqual(nested(MAX_DEPTH + 1));
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => valueBytes(loop)).toThrow(UnencodableValue);
  });

  it('[VC7] a cycle that doubles at every level ends in bounded time', () => {
    const wide: unknown[] = [];
    // A buffer makes each visit count, as the size is what bounds it.
    wide.push(Buffer.alloc(100_000), wide, wide);
    const from = performance.now();
    expect(() => valueBytes(wide)).toThrow(UnencodableValue);
    expect(performance.now() - from).toBeLessThan(5000);
  });

  it('[VC7] the largest entry that is carried and the first that is not', () => {
    const most = MAX_LOG_ENTRY_BYTES - 5;
    expect(valueBytes(Buffer.alloc(most)).length).toBe(MAX_LOG_ENTRY_BYTES);
    expect(() => valueBytes(Buffer.alloc(most + 1))).toThrow(UnencodableValue);
  });

  it('[VC8] what follows a value is left unread', () => {
    const source = new ByteSource(Buffer.concat([valueBytes('a'), valueBytes(2)]));
    expect(decodeValue(source, testPlatform)).toBe('a');
    expect(decodeValue(source, testPlatform)).toBe(2);
    expect(source.left).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['an unknown tag', '14'],
    ['a text longer than the bytes', '0605000000616263'],
    ['a bigint that is none', '0702000000316e'],
    ['more items than bytes', '0bffffffff00'],
    ['a view of an unknown class', '1303000000466f6f0a00000000'],
    ['a view whose bytes do not divide', '130b00000055696e743136417272617' + '90a0100000000'],
    ['nesting without end', `${'0b01000000'.repeat(50)}00`],
  ])('[VC8] %s is refused', (_, bytes) => {
    expect(() => decoded(Buffer.from(bytes, 'hex'))).toThrow(MalformedBytes);
  });

  it('[VC8] a platform that throws something else is refused all the same', () => {
    const platform = {
      ...testPlatform,
      assemble: () => {
        throw new TypeError('not mine');
      },
    };
    const source = new ByteSource(valueBytes(new Handle(1)));
    expect(() => decodeValue(source, platform)).toThrow(MalformedBytes);
  });
});
