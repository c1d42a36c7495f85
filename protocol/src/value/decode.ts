/**
 * Reads values that `encodeValue` wrote. Buffers are copies: the program owns what it gets.
 */
import { type ByteSource, MalformedBytes } from '../byte-source.ts';
import { MAX_DEPTH } from '../limits.ts';
import type { ForeignTypes } from './encode.ts';
import { MAX_BIGINT_CHARS, ValueTag } from './tags.ts';

/** What the platform adds: its foreign classes, and how it makes a `Buffer` of copied bytes. */
export interface ValuePlatform extends ForeignTypes {
  /** A `Buffer` (or what stands for one) that holds a copy of `bytes`. */
  buffer(bytes: Uint8Array): Uint8Array;
}

/** A map, for names come from outside: an object would answer to `constructor` too. */
const errorClasses: ReadonlyMap<string, ErrorConstructor> = new Map(
  [Error, TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError].map((made) => [
    made.name,
    made,
  ]),
);

type ViewMaker = new (buffer: ArrayBuffer) => ArrayBufferView;

/** Views beside `Buffer` and `Uint8Array`, by class. */
const viewClasses: ReadonlyMap<string, ViewMaker> = new Map(
  [
    DataView,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((made) => [made.name, made]),
);

/**
 * Reads one value; bytes after it are left to the caller. Throws `MalformedBytes` when the bytes are
 * none, also when the platform or a constructor refuses what they say.
 */
export function decodeValue(source: ByteSource, platform: ValuePlatform): unknown {
  const start = source.at;
  try {
    return decode(source, platform, 0);
  } catch (cause) {
    throw MalformedBytes.because(cause, 'a value that cannot be built', start);
  }
}

function decode(source: ByteSource, platform: ValuePlatform, depth: number): unknown {
  if (depth > MAX_DEPTH + 1) throw new MalformedBytes('nesting too deep', source.at);
  const tag = source.u8();
  switch (tag) {
    case ValueTag.undefined:
      return undefined;
    case ValueTag.null:
      return null;
    case ValueTag.false:
      return false;
    case ValueTag.true:
      return true;
    case ValueTag.int32:
      return source.u32() | 0;
    case ValueTag.float64:
      return source.f64();
    case ValueTag.string:
      return source.text();
    case ValueTag.bigint:
      return bigintOf(source);
    case ValueTag.date:
      return new Date(source.f64());
    default:
      return decodeBytes(source, platform, tag) ?? decodeContainer(source, platform, tag, depth);
  }
}

function bigintOf(source: ByteSource): bigint {
  const text = source.text();
  if (text.length > MAX_BIGINT_CHARS) throw new MalformedBytes('bigint too long', source.at);
  if (!/^-?[0-9]+$/.test(text)) throw new MalformedBytes('not a bigint', source.at);
  return BigInt(text);
}

function decodeBytes(source: ByteSource, platform: ValuePlatform, tag: number): unknown {
  switch (tag) {
    case ValueTag.buffer:
      return platform.buffer(source.raw(source.u32()));
    case ValueTag.uint8Array:
      return source.raw(source.u32()).slice();
    case ValueTag.arrayBuffer:
      return copyOf(source);
    case ValueTag.view:
      return decodeView(source);
    default:
      return undefined;
  }
}

function decodeView(source: ByteSource): ArrayBufferView {
  const made = viewClasses.get(source.text());
  if (made === undefined) throw new MalformedBytes('unknown class of view', source.at);
  if (source.u8() !== ValueTag.arrayBuffer) throw new MalformedBytes('not a buffer', source.at - 1);
  return new made(copyOf(source));
}

function copyOf(source: ByteSource): ArrayBuffer {
  return source.raw(source.u32()).slice().buffer;
}

function decodeContainer(
  source: ByteSource,
  platform: ValuePlatform,
  tag: number,
  depth: number,
): unknown {
  switch (tag) {
    case ValueTag.array:
      return decodeItems(source, platform, depth);
    case ValueTag.set:
      return new Set(decodeItems(source, platform, depth));
    case ValueTag.map:
      return decodeMap(source, platform, depth);
    case ValueTag.object:
      return decodeFields({}, source, platform, depth);
    case ValueTag.bareObject:
      return decodeFields(Object.create(null) as object, source, platform, depth);
    case ValueTag.error:
      return decodeError(source, platform, depth);
    case ValueTag.foreign:
      return platform.assemble(source.text(), decode(source, platform, depth + 1));
    default:
      throw new MalformedBytes(`unknown tag ${tag}`, source.at - 1);
  }
}

function countOf(source: ByteSource): number {
  const count = source.u32();
  if (count > source.left)
    throw new MalformedBytes(`count ${count} exceeds what is left`, source.at);
  return count;
}

function decodeItems(source: ByteSource, platform: ValuePlatform, depth: number): unknown[] {
  const count = countOf(source);
  const items: unknown[] = [];
  for (let i = 0; i < count; i++) items.push(decode(source, platform, depth + 1));
  return items;
}

function decodeMap(
  source: ByteSource,
  platform: ValuePlatform,
  depth: number,
): Map<unknown, unknown> {
  const count = countOf(source);
  const map = new Map<unknown, unknown>();
  for (let i = 0; i < count; i++) {
    const key = decode(source, platform, depth + 1);
    map.set(key, decode(source, platform, depth + 1));
  }
  return map;
}

function decodeFields<T extends object>(
  target: T,
  source: ByteSource,
  platform: ValuePlatform,
  depth: number,
): T {
  const count = countOf(source);
  for (let i = 0; i < count; i++) {
    const key = source.text();
    const value = decode(source, platform, depth + 1);
    Object.defineProperty(target, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return target;
}

function decodeError(source: ByteSource, platform: ValuePlatform, depth: number): Error {
  const made = errorClasses.get(source.text()) ?? Error;
  const name = source.text();
  const error = new made(source.text());
  if (name !== error.name) {
    Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
  }
  return decodeFields(error, source, platform, depth);
}
