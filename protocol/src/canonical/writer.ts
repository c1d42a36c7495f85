/**
 * HOT. Writes values in the canonical form (SPEC, section CF): equal data gives equal bytes, whatever the
 * order in which an object's keys were set, and different data gives different bytes.
 * It reads data only: own enumerable string keys, never an accessor, never a method of the value, for
 * it runs inside somebody else's program. What has no data of its own (functions, sockets, streams,
 * signals) is written by its class alone.
 */
import type { ByteSink } from '../byte-sink.ts';
import { MAX_CANONICAL_BYTES, MAX_DEPTH } from '../limits.ts';
import { Tag } from './tags.ts';

const NAN_LO = 0;
const NAN_HI = 0x7ff80000;

/** Classes written by name alone, whatever they hold: their state belongs to the world. */
const opaqueMethods = ['on', 'addEventListener', 'then', 'pipe', 'getReader'] as const;

/** Writes one value after another into a sink. Reusable; holds no reference between calls. */
export class CanonicalWriter {
  private readonly sink: ByteSink;
  private readonly ancestors: object[] = [];
  private limit = 0;

  constructor(sink: ByteSink) {
    this.sink = sink;
  }

  /** Appends the canonical bytes of `value`. Never throws: what cannot be read is opaque. */
  write(value: unknown): void {
    this.limit = this.sink.length + MAX_CANONICAL_BYTES;
    this.ancestors.length = 0;
    this.value(value);
    this.ancestors.length = 0;
  }

  /** Appends a list of values, as a call's arguments are written. */
  writeAll(values: readonly unknown[], from: number, to: number): void {
    this.limit = this.sink.length + MAX_CANONICAL_BYTES;
    this.sink.u8(Tag.array);
    this.sink.text('Array');
    this.sink.u32(to - from);
    for (let i = from; i < to; i++) this.value(values[i]);
    this.ancestors.length = 0;
  }

  private value(value: unknown): void {
    const { sink } = this;
    switch (typeof value) {
      case 'string':
        this.string(value);
        return;
      case 'number':
        this.number(value);
        return;
      case 'boolean':
        sink.u8(value ? Tag.true : Tag.false);
        return;
      case 'undefined':
        sink.u8(Tag.undefined);
        return;
      case 'bigint':
        sink.u8(Tag.bigint);
        sink.text(value.toString());
        return;
      case 'symbol':
        sink.u8(Tag.symbol);
        sink.text(value.description ?? '');
        return;
      case 'function':
        sink.u8(Tag.function);
        return;
      default:
        if (value === null) {
          sink.u8(Tag.null);
          return;
        }
        this.object(value as object);
        return;
    }
  }

  private string(value: string): void {
    if (value.length > this.limit - this.sink.length) {
      this.tooLong(value.length);
      return;
    }
    this.sink.u8(Tag.string);
    this.sink.text(value);
  }

  private number(value: number): void {
    this.sink.u8(Tag.number);
    if (Number.isNaN(value)) {
      this.sink.u32(NAN_LO);
      this.sink.u32(NAN_HI);
    } else {
      this.sink.f64(value);
    }
  }

  private tooLong(length: number): void {
    this.sink.u8(Tag.tooLong);
    this.sink.u64(length);
  }

  /** In place of the items that a list over the limit has no room for. */
  private rest(count: number): void {
    this.sink.u8(Tag.rest);
    this.sink.u64(count);
  }

  private object(value: object): void {
    if (ArrayBuffer.isView(value)) {
      this.bytes(value, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return;
    }
    const level = this.ancestors.indexOf(value);
    if (level >= 0) {
      this.sink.u8(Tag.ancestor);
      this.sink.u32(this.ancestors.length - level);
      return;
    }
    if (this.ancestors.length >= MAX_DEPTH) {
      this.sink.u8(Tag.tooDeep);
      return;
    }
    this.ancestors.push(value);
    const start = this.sink.length;
    try {
      this.container(value);
    } catch {
      // A proxy trap or a revoked proxy threw: its data cannot be read, and that is said.
      this.sink.length = start;
      this.opaque('unreadable');
    }
    this.ancestors.pop();
  }

  private bytes(owner: object, bytes: Uint8Array): void {
    if (bytes.length > this.limit - this.sink.length) {
      this.tooLong(bytes.length);
      return;
    }
    this.sink.u8(Tag.bytes);
    this.sink.text(className(owner));
    this.sink.u32(bytes.length);
    this.sink.raw(bytes);
  }

  private container(value: object): void {
    if (Array.isArray(value)) {
      this.array(value);
      return;
    }
    const proto = Object.getPrototypeOf(value) as object | null;
    if (proto === null || proto === Object.prototype) {
      this.record(value, 'Object');
      return;
    }
    if (this.builtIn(value)) return;
    if (isWorldly(value)) {
      this.opaque(className(value));
      return;
    }
    this.record(value, className(value));
  }

  private builtIn(value: object): boolean {
    const { sink } = this;
    if (value instanceof Error) {
      this.error(value);
    } else if (value instanceof Map) {
      this.map(value);
    } else if (value instanceof Set) {
      sink.u8(Tag.set);
      sink.u32(value.size);
      for (const item of value) this.value(item);
    } else if (Object.prototype.toString.call(value) === '[object Date]') {
      sink.u8(Tag.date);
      sink.f64(Date.prototype.getTime.call(value));
    } else if (value instanceof RegExp) {
      sink.u8(Tag.regexp);
      sink.text(value.source);
      sink.text(value.flags);
    } else {
      return this.platform(value);
    }
    return true;
  }

  private platform(value: object): boolean {
    if (value instanceof URL) {
      this.sink.u8(Tag.url);
      this.sink.text(value.href);
    } else if (value instanceof ArrayBuffer) {
      this.bytes(value, new Uint8Array(value));
    } else if (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer) {
      this.opaque('SharedArrayBuffer');
    } else {
      return false;
    }
    return true;
  }

  private array(value: readonly unknown[]): void {
    this.sink.u8(Tag.array);
    this.sink.text(className(value));
    this.sink.u32(value.length);
    for (let i = 0; i < value.length; i++) {
      if (this.sink.length > this.limit) {
        this.rest(value.length - i);
        return;
      }
      this.value(value[i]);
    }
  }

  private map(value: ReadonlyMap<unknown, unknown>): void {
    this.sink.u8(Tag.map);
    this.sink.u32(value.size);
    for (const [key, item] of value) {
      this.value(key);
      this.value(item);
    }
  }

  private error(value: Error): void {
    this.sink.u8(Tag.error);
    this.value(dataOf(value, 'name') ?? className(value));
    this.value(dataOf(value, 'message'));
    this.value(dataOf(value, 'code'));
  }

  private record(value: object, name: string): void {
    const keys = Object.keys(value).sort(byCodeUnits);
    this.sink.u8(Tag.object);
    this.sink.text(name);
    this.sink.u32(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      this.sink.text(key);
      if (this.sink.length > this.limit) this.tooLong(keys.length - i);
      else this.property(value, key);
    }
  }

  private property(owner: object, key: string): void {
    const slot = Object.getOwnPropertyDescriptor(owner, key);
    if (slot !== undefined && 'value' in slot) this.value(slot.value);
    else this.opaque('accessor');
  }

  private opaque(name: string): void {
    this.sink.u8(Tag.opaque);
    this.sink.text(name);
  }
}

/** Keys are unique, so no two are equal. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function dataOf(value: object, key: string): unknown {
  const slot = Object.getOwnPropertyDescriptor(value, key);
  return slot !== undefined && 'value' in slot ? (slot.value as unknown) : undefined;
}

function className(value: object): string {
  const proto = Object.getPrototypeOf(value) as object | null;
  const maker = proto === null ? undefined : dataOf(proto, 'constructor');
  if (typeof maker !== 'function') return 'Object';
  const name = dataOf(maker, 'name');
  return typeof name === 'string' ? name : 'Object';
}

function isWorldly(value: object): boolean {
  for (const method of opaqueMethods) {
    if (typeof (value as Record<string, unknown>)[method] === 'function') return true;
  }
  return typeof (value as { fd?: unknown }).fd === 'number';
}
