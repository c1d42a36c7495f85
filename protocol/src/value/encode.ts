/**
 * Writes what an outside call gave the leader, so that a follower's program gets the same
 * (SPEC, section VC). Unlike the canonical form it is made to be read back into live values.
 * Classes that only a platform can build again (`Stats`, `Dirent`, file handles) pass through
 * `ForeignTypes`, so that this package knows no Node module. What could only come back as something
 * else is refused: a run that is not followed is better than one that is followed wrongly.
 */
import type { ByteSink } from '../byte-sink.ts';
import { MAX_DEPTH, MAX_LOG_ENTRY_BYTES } from '../limits.ts';
import { MAX_BIGINT_CHARS, ValueTag } from './tags.ts';

/** How a platform's own classes are carried: by a name and plain fields. */
export interface ForeignTypes {
  /** Name and fields of a value of a foreign class; null for any other value. */
  dismantle(value: object): { readonly name: string; readonly fields: unknown } | null;
  /** The inverse. Throws `MalformedBytes` for a name that it does not know. */
  assemble(name: string, fields: unknown): unknown;
}

/** A value that has no encoding: a function, a promise, a cycle, more than one log entry holds. */
export class UnencodableValue extends Error {
  override readonly name = 'UnencodableValue';
}

/** Built-in classes whose state is not in their fields: as plain objects they would come back empty. */
const refusedTags: ReadonlySet<string> = new Set(
  ['Promise', 'RegExp', 'URL', 'SharedArrayBuffer', 'WeakMap', 'WeakRef', 'WeakSet'].map(
    (name) => `[object ${name}]`,
  ),
);

const errorClasses = [TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError];

/**
 * Appends one value. Throws `UnencodableValue` and leaves the sink as it was; the caller then treats
 * the API as not followed.
 */
export function encodeValue(sink: ByteSink, value: unknown, foreign: ForeignTypes): void {
  // Clocks and timers, most of what enters: not worth a writer.
  if (typeof value === 'number') {
    writeNumber(sink, value);
    return;
  }
  if (value === undefined) {
    sink.u8(ValueTag.undefined);
    return;
  }
  const start = sink.length;
  try {
    new ValueWriter(sink, foreign).value(value, 0);
  } catch (cause) {
    sink.length = start;
    if (cause instanceof UnencodableValue) throw cause;
    throw new UnencodableValue('a value that throws when it is read cannot be carried', { cause });
  }
}

function writeNumber(sink: ByteSink, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) {
    sink.u8(ValueTag.int32);
    sink.u32(value >>> 0);
  } else {
    sink.u8(ValueTag.float64);
    sink.f64(value);
  }
}

class ValueWriter {
  private readonly sink: ByteSink;
  private readonly foreign: ForeignTypes;
  private readonly limit: number;

  constructor(sink: ByteSink, foreign: ForeignTypes) {
    this.sink = sink;
    this.foreign = foreign;
    this.limit = sink.length + MAX_LOG_ENTRY_BYTES;
  }

  value(value: unknown, depth: number): void {
    const { sink } = this;
    switch (typeof value) {
      case 'string':
        this.reserve(value.length);
        sink.u8(ValueTag.string);
        sink.text(value);
        break;
      case 'number':
        writeNumber(sink, value);
        break;
      case 'boolean':
        sink.u8(value ? ValueTag.true : ValueTag.false);
        break;
      case 'undefined':
        sink.u8(ValueTag.undefined);
        break;
      case 'bigint':
        this.bigint(value);
        break;
      case 'object':
        if (value === null) sink.u8(ValueTag.null);
        else this.object(value, depth);
        break;
      default:
        throw new UnencodableValue(`a ${typeof value} cannot be carried`);
    }
    this.reserve(0);
  }

  /** Also what ends a cycle: it would be written for ever otherwise. */
  private reserve(more: number): void {
    if (this.sink.length + more > this.limit) {
      throw new UnencodableValue(`a value above ${MAX_LOG_ENTRY_BYTES} bytes cannot be carried`);
    }
  }

  private bigint(value: bigint): void {
    const text = value.toString();
    if (text.length > MAX_BIGINT_CHARS) {
      throw new UnencodableValue(`a bigint of ${text.length} digits cannot be carried`);
    }
    this.sink.u8(ValueTag.bigint);
    this.sink.text(text);
  }

  private object(value: object, depth: number): void {
    if (depth > MAX_DEPTH) throw new UnencodableValue('a value nested too deep cannot be carried');
    if (ArrayBuffer.isView(value)) this.view(value);
    else if (Array.isArray(value)) this.array(value, depth);
    else if (!this.foreignObject(value, depth) && !this.collection(value, depth)) {
      this.builtIn(value, depth);
    }
  }

  private foreignObject(value: object, depth: number): boolean {
    const parts = this.foreign.dismantle(value);
    if (parts === null) return false;
    this.sink.u8(ValueTag.foreign);
    this.sink.text(parts.name);
    this.value(parts.fields, depth + 1);
    return true;
  }

  private array(value: readonly unknown[], depth: number): void {
    const { length } = value;
    this.sink.u8(ValueTag.array);
    this.sink.u32(length);
    for (let i = 0; i < length; i++) this.value(value[i], depth + 1);
  }

  private view(value: ArrayBufferView): void {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const className = value.constructor.name;
    if (className === 'Buffer' || className === 'Uint8Array') {
      this.bytes(className === 'Buffer' ? ValueTag.buffer : ValueTag.uint8Array, bytes);
    } else {
      this.sink.u8(ValueTag.view);
      this.sink.text(viewClass(value));
      this.bytes(ValueTag.arrayBuffer, bytes);
    }
  }

  private bytes(tag: ValueTag, bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.sink.u8(tag);
    this.sink.u32(bytes.length);
    this.sink.raw(bytes);
  }

  private collection(value: object, depth: number): boolean {
    if (value instanceof Map) {
      this.sink.u8(ValueTag.map);
      this.sink.u32(value.size);
      for (const [key, item] of value) {
        this.value(key, depth + 1);
        this.value(item, depth + 1);
      }
      return true;
    }
    if (value instanceof Set) {
      this.sink.u8(ValueTag.set);
      this.sink.u32(value.size);
      for (const item of value) this.value(item, depth + 1);
      return true;
    }
    return false;
  }

  private builtIn(value: object, depth: number): void {
    const tag = Object.prototype.toString.call(value);
    if (refusedTags.has(tag)) throw new UnencodableValue(`an ${tag} cannot be carried`);
    if (value instanceof Error) {
      this.error(value, depth);
    } else if (value instanceof ArrayBuffer) {
      this.bytes(ValueTag.arrayBuffer, new Uint8Array(value));
    } else if (tag === '[object Date]') {
      this.sink.u8(ValueTag.date);
      this.sink.f64(Date.prototype.getTime.call(value));
    } else {
      const isBare = Object.getPrototypeOf(value) === null;
      this.sink.u8(isBare ? ValueTag.bareObject : ValueTag.object);
      this.fields(value, depth);
    }
  }

  /** Own fields that can be carried; functions and symbols stay behind. */
  private fields(value: object, depth: number): void {
    const fields = Object.entries(value).filter(([, item]) => isCarried(item));
    this.sink.u32(fields.length);
    for (const [key, item] of fields) {
      this.sink.text(key);
      this.value(item, depth + 1);
    }
  }

  /** Class, message, own fields (`code`, `errno`, `syscall`, `path`, ...); the stack is the follower's. */
  private error(value: Error, depth: number): void {
    this.sink.u8(ValueTag.error);
    this.sink.text(errorClass(value));
    this.sink.text(value.name);
    this.sink.text(value.message);
    this.fields(value, depth);
  }
}

function isCarried(value: unknown): boolean {
  return typeof value !== 'function' && typeof value !== 'symbol';
}

function viewClass(value: ArrayBufferView): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function errorClass(value: Error): string {
  return errorClasses.find((made) => value instanceof made)?.name ?? 'Error';
}
