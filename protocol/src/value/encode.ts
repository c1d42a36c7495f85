/**
 * Writes what an outside call gave the leader, so that a follower's program gets the same
 * (SPEC, section VC). Unlike the canonical form it is made to be read back into live values.
 * Classes that only a platform can build again (`Stats`, `Dirent`, file handles) pass through
 * `ForeignTypes`, so that this package knows no Node module.
 */
import type { ByteSink } from '../byte-sink.ts';
import { MAX_DEPTH } from '../limits.ts';
import { ValueTag } from './tags.ts';

/** How a platform's own classes are carried: by a name and plain fields. */
export interface ForeignTypes {
  /** Name and fields of a value of a foreign class; null for any other value. */
  dismantle(value: object): { readonly name: string; readonly fields: unknown } | null;
  /** The inverse. Throws `MalformedBytes` for a name that it does not know. */
  assemble(name: string, fields: unknown): unknown;
}

/** A value that has no encoding (a function, a symbol, a cycle deeper than the limit). */
export class UnencodableValue extends Error {
  override readonly name = 'UnencodableValue';
}

/** Appends one value. Throws `UnencodableValue`; the caller then treats the API as not followed. */
export function encodeValue(sink: ByteSink, value: unknown, foreign: ForeignTypes): void {
  encode(sink, value, foreign, 0);
}

function encode(sink: ByteSink, value: unknown, foreign: ForeignTypes, depth: number): void {
  switch (typeof value) {
    case 'string':
      sink.u8(ValueTag.string);
      sink.text(value);
      return;
    case 'number':
      encodeNumber(sink, value);
      return;
    case 'boolean':
      sink.u8(value ? ValueTag.true : ValueTag.false);
      return;
    case 'undefined':
      sink.u8(ValueTag.undefined);
      return;
    case 'bigint':
      sink.u8(ValueTag.bigint);
      sink.text(value.toString());
      return;
    case 'object':
      if (value === null) {
        sink.u8(ValueTag.null);
        return;
      }
      encodeObject(sink, value, foreign, depth);
      return;
    default:
      throw new UnencodableValue(`a ${typeof value} cannot be carried`);
  }
}

function encodeNumber(sink: ByteSink, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    sink.u8(ValueTag.int32);
    sink.u32(value >>> 0);
  } else {
    sink.u8(ValueTag.float64);
    sink.f64(value);
  }
}

function encodeObject(sink: ByteSink, value: object, foreign: ForeignTypes, depth: number): void {
  if (depth > MAX_DEPTH) throw new UnencodableValue('a value nested too deep cannot be carried');
  if (ArrayBuffer.isView(value)) {
    encodeView(sink, value);
    return;
  }
  if (Array.isArray(value)) {
    sink.u8(ValueTag.array);
    sink.u32(value.length);
    for (const item of value) encode(sink, item, foreign, depth + 1);
    return;
  }
  const parts = foreign.dismantle(value);
  if (parts !== null) {
    sink.u8(ValueTag.foreign);
    sink.text(parts.name);
    encode(sink, parts.fields, foreign, depth + 1);
    return;
  }
  encodeBuiltIn(sink, value, foreign, depth);
}

function encodeView(sink: ByteSink, value: ArrayBufferView): void {
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  sink.u8(value.constructor.name === 'Buffer' ? ValueTag.buffer : ValueTag.uint8Array);
  sink.u32(bytes.length);
  sink.raw(bytes);
}

function encodeBuiltIn(sink: ByteSink, value: object, foreign: ForeignTypes, depth: number): void {
  if (value instanceof Error) {
    encodeError(sink, value, foreign, depth);
    return;
  }
  if (value instanceof Map) {
    sink.u8(ValueTag.map);
    sink.u32(value.size);
    for (const [key, item] of value) {
      encode(sink, key, foreign, depth + 1);
      encode(sink, item, foreign, depth + 1);
    }
  } else if (value instanceof Set) {
    sink.u8(ValueTag.set);
    sink.u32(value.size);
    for (const item of value) encode(sink, item, foreign, depth + 1);
  } else if (value instanceof ArrayBuffer) {
    sink.u8(ValueTag.arrayBuffer);
    sink.u32(value.byteLength);
    sink.raw(new Uint8Array(value));
  } else if (Object.prototype.toString.call(value) === '[object Date]') {
    sink.u8(ValueTag.date);
    sink.f64(Date.prototype.getTime.call(value));
  } else {
    sink.u8(Object.getPrototypeOf(value) === null ? ValueTag.bareObject : ValueTag.object);
    encodeFields(sink, value, foreign, depth);
  }
}

/** Own fields that can be carried; functions and symbols stay behind, as in structured clones. */
function encodeFields(sink: ByteSink, value: object, foreign: ForeignTypes, depth: number): void {
  const fields = Object.entries(value).filter(([, item]) => isCarried(item));
  sink.u32(fields.length);
  for (const [key, item] of fields) {
    sink.text(key);
    encode(sink, item, foreign, depth + 1);
  }
}

function isCarried(value: unknown): boolean {
  return typeof value !== 'function' && typeof value !== 'symbol';
}

/** Class, message and own fields (`code`, `errno`, `syscall`, `path`, ...); the stack is the follower's. */
function encodeError(sink: ByteSink, value: Error, foreign: ForeignTypes, depth: number): void {
  sink.u8(ValueTag.error);
  sink.text(errorClass(value));
  sink.text(value.name);
  sink.text(value.message);
  encodeFields(sink, { ...value }, foreign, depth);
}

function errorClass(value: Error): string {
  for (const made of [TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError]) {
    if (value instanceof made) return made.name;
  }
  return 'Error';
}
