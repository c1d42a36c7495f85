import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { portableBrands } from '../src/canonical/brands.ts';
import { decodeCanonical, MalformedBytes } from '../src/index.ts';
import { jsonLike } from './support/arbitraries.ts';
import { canonical, canonicalHex, evidence } from './support/bytes.ts';

let ran: string[] = [];

afterEach(() => {
  ran = [];
});

function note(what: string): never {
  ran.push(what);
  throw new Error(`code of the program ran: ${what}`);
}

/** A handler whose every trap says that it ran. */
const traps: ProxyHandler<object> = new Proxy(
  {},
  { get: (_, trap) => () => note(`trap ${String(trap)}`) },
);

const opaque = (text: string): unknown => ({ type: 'opaque', text });

class Accessors {
  kept = 1;
  get on(): unknown {
    return note('on');
  }
  get fd(): unknown {
    return note('fd');
  }
  get [Symbol.toStringTag](): string {
    return note('toStringTag');
  }
  static get [Symbol.hasInstance](): unknown {
    return note('hasInstance');
  }
  toString(): string {
    return note('toString');
  }
  toJSON(): unknown {
    return note('toJSON');
  }
  valueOf(): unknown {
    return note('valueOf');
  }
}

class OwnMap extends Map<unknown, unknown> {
  override get size(): number {
    return note('size');
  }
  override forEach(): void {
    note('forEach');
  }
  override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
    return note('iterator');
  }
}

class OwnUrl extends URL {
  override get href(): string {
    return note('href');
  }
}

class OwnRegExp extends RegExp {
  override get source(): string {
    return note('source');
  }
  override get flags(): string {
    return note('flags');
  }
  override get global(): boolean {
    return note('global');
  }
}

class OwnBytes extends Uint8Array {
  override get length(): number {
    return note('length');
  }
  override get buffer(): ArrayBuffer {
    return note('buffer');
  }
}

/** What the tree of a JSON-like value must be. */
function tree(value: unknown): unknown {
  if (Array.isArray(value)) return { type: 'list', className: 'Array', items: value.map(tree) };
  if (typeof value === 'object' && value !== null) return record(value);
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (value === null) return { type: 'null', text: 'null' };
  return { type: typeof value, text: Object.is(value, -0) ? '-0' : String(value) };
}

function record(value: object): unknown {
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const nodes = entries.map(([key, item]) => ({ key: tree(key), value: tree(item) }));
  return { type: 'record', className: 'Object', entries: nodes };
}

function withGetter(owner: object, key: string): object {
  return Object.defineProperty(owner, key, { get: () => note(key), enumerable: true });
}

describe('canonical form: what has no data, and what fights back', () => {
  it('[CF13] functions are a tag, symbols their description', () => {
    expect(canonicalHex(() => 1)).toBe(canonicalHex(function named() {}));
    expect(canonicalHex(class {})).toBe(canonicalHex(() => 1));
    expect(evidence(Symbol('sign'))).toEqual({ type: 'symbol', text: 'sign' });
    expect(evidence(Symbol())).toEqual({ type: 'symbol', text: '' });
  });

  it('[CF13] what belongs to the world is its class', () => {
    class Socket {
      bytes = 1;
      on(): void {}
    }
    class File {
      readonly fd = 7;
    }
    expect(evidence(Promise.resolve(1))).toEqual(opaque('Promise'));
    expect(evidence(new AbortController().signal)).toEqual(opaque('AbortSignal'));
    expect(evidence(new ReadableStream())).toEqual(opaque('ReadableStream'));
    expect(evidence(new Socket())).toEqual(opaque('Socket'));
    expect(evidence(new File())).toEqual(opaque('File'));
  });

  it('[CF14] an instance is its class and its fields', () => {
    class Point {
      readonly x = 1;
    }
    expect(evidence(new Point())).toMatchObject({ type: 'record', className: 'Point' });
    expect(canonicalHex(new Point())).not.toBe(canonicalHex({ x: 1 }));
    const bare = Object.assign(Object.create(null), { x: 1 });
    expect(canonicalHex(bare)).toBe(canonicalHex({ x: 1 }));
  });

  it.each([
    ['a proxy', new Proxy({}, traps), 'Proxy'],
    ['a proxy of an array', new Proxy([], traps), 'Proxy'],
    ['a proxy of a map', new Proxy(new Map(), traps), 'Proxy'],
    ['an object below a proxy', Object.create(new Proxy({}, traps)), 'Proxy'],
    [
      'an instance of a class below a proxy',
      Object.create(Object.create(new Proxy({}, traps))),
      'Proxy',
    ],
  ])('[CF15] %s is opaque and none of its traps runs', (_, value, text) => {
    expect(evidence(value)).toEqual(opaque(text));
    expect(JSON.stringify(evidence({ deep: [value] }))).toContain(`"text":"${text}"`);
    expect(ran).toEqual([]);
  });

  it('[CF15] a proxy of a function is a function', () => {
    expect(evidence(new Proxy(() => 1, traps))).toEqual({ type: 'function', text: 'function' });
    expect(ran).toEqual([]);
  });

  it('[CF15] the class of an instance whose constructor is a proxy is not asked for', () => {
    class Hidden {
      readonly x = 1;
    }
    Object.defineProperty(Hidden.prototype, 'constructor', { value: new Proxy(Hidden, traps) });
    expect(evidence(new Hidden())).toMatchObject({ className: 'Object' });
    expect(ran).toEqual([]);
  });

  it.each([
    ['an object', withGetter({}, 'a')],
    ['an array', withGetter([0], '0')],
    ['an instance', withGetter(new Accessors(), 'a')],
  ])('[CF15] an accessor of %s is not run', (_, value) => {
    expect(JSON.stringify(evidence(value))).toContain(JSON.stringify(opaque('accessor')));
    expect(ran).toEqual([]);
  });

  it.each([
    ['Map', new OwnMap([['k', 1]]), new Map([['k', 1]])],
    ['URL', new OwnUrl('http://a/'), new URL('http://a/')],
    ['RegExp', new OwnRegExp('a', 'gi'), /a/gi],
  ] as const)('[CF15] a subclass of %s is read as it is, not as it says', (_, value, plain) => {
    expect(canonicalHex(value)).toBe(canonicalHex(plain));
    expect(ran).toEqual([]);
  });

  it('[CF15] bytes of a subclass, errors and dates with accessors are read without them', () => {
    expect(evidence(new OwnBytes([1, 2]))).toMatchObject({ className: 'OwnBytes', length: 2 });
    const own = withGetter(withGetter(Buffer.from([1, 2]), 'length'), 'buffer');
    expect(canonicalHex(own)).toBe(canonicalHex(Buffer.from([1, 2])));
    const error = withGetter(withGetter(new Error('a'), 'message'), 'code');
    expect(() => canonical(error)).not.toThrow();
    expect(() => canonical(withGetter(new Date(0), 'getTime'))).not.toThrow();
    expect(ran).toEqual([]);
  });

  it('[CF16] a detached buffer, a view beyond its buffer and a false URL do not throw', () => {
    const { buffer } = new Uint8Array(8);
    const views = [new Uint8Array(buffer), new DataView(buffer), buffer];
    structuredClone(buffer, { transfer: [buffer] });
    for (const view of views) expect(() => canonical({ view })).not.toThrow();
    expect(evidence(views[1])).toEqual(opaque('unreadable'));
    expect(evidence(Object.create(URL.prototype))).toEqual(opaque('unreadable'));
    expect(() => canonical(Object.create(Map.prototype))).not.toThrow();
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(evidence(revoked.proxy)).toEqual(opaque('Proxy'));
  });

  it('[CF16] what could not be read leaves nothing of itself behind', () => {
    const bad = Object.create(URL.prototype) as object;
    expect(canonicalHex([1, bad, 2])).toBe(canonicalHex([1, Object.create(URL.prototype), 2]));
    expect(evidence([1, bad, { a: 3 }])).toMatchObject({
      items: [{ text: '1' }, opaque('unreadable'), { type: 'record' }],
    });
  });

  it('[CF17] holes are counted and are not undefined', () => {
    // biome-ignore lint/suspicious/noSparseArray: holes are what is tested
    const sparse = [1, , , 2, ,];
    expect(evidence(sparse)).toEqual({
      type: 'list',
      className: 'Array',
      items: [
        { type: 'number', text: '1' },
        { type: 'undefined', text: '2 empty' },
        { type: 'number', text: '2' },
        { type: 'undefined', text: '1 empty' },
      ],
    });
    expect(canonicalHex(sparse)).not.toBe(canonicalHex([1, undefined, undefined, 2, undefined]));
  });

  it('[CF17] an array of four thousand million holes is written at once', () => {
    const huge: unknown[] = [];
    huge.length = 0xffff_ffff;
    huge[0xffff_fffe] = 'last';
    const from = performance.now();
    expect(evidence(huge)).toMatchObject({
      items: [{ text: '4294967294 empty' }, { text: 'last' }],
    });
    expect(performance.now() - from).toBeLessThan(5000);
  });

  it('[CF18] the tree of a generated value says what the value says', () => {
    fc.assert(
      fc.property(jsonLike, (value) => {
        expect(evidence(value)).toEqual(tree(value));
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['an unknown tag', '63'],
    ['a text that is not UTF-8', '0501000000ff'],
    ['half a UTF-16 unit', '050300008000d800'],
    ['more than one value', '0101'],
    ['more holes than the array has', '0d000000000100000017' + '02000000'],
    ['a run of no holes', '0d000000000100000017' + '00000000'],
    ['nesting without end', `${'0d0000000001000000'.repeat(40)}00`],
  ])('[CF18] %s is no canonical value', (_, bytes) => {
    expect(() => decodeCanonical(Buffer.from(bytes, 'hex'))).toThrow(MalformedBytes);
  });

  it('[CF18] a time that no date can have reads as invalid', () => {
    expect(decodeCanonical(Buffer.from('09ffffffffffffef7f', 'hex'))).toEqual({
      type: 'date',
      text: 'Invalid Date',
    });
  });

  it('[CF15] without a platform, built-in getters tell the same brands', () => {
    const values = [new Map(), new Set(), new Date(), /a/, new ArrayBuffer(1), {}, new Error('a')];
    const { isMap, isSet, isDate, isRegExp, isArrayBuffer } = portableBrands;
    const told = values.map((value) =>
      [isMap, isSet, isDate, isRegExp, isArrayBuffer].findIndex((is) => is(value)),
    );
    expect(told).toEqual([0, 1, 2, 3, 4, -1, -1]);
  });
});
