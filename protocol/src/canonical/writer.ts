/**
 * HOT. Writes values in the canonical form (SPEC, section CF): equal data gives equal bytes, whatever the
 * order in which an object's keys were set, and different data gives different bytes.
 * It reads data only: own enumerable string keys, never an accessor, never a method or a trap of the
 * value, for it runs inside somebody else's program. What has no data of its own (functions, sockets,
 * streams, signals) is written by its class alone.
 */
import type { ByteSink } from '../byte-sink.ts';
import { MAX_CANONICAL_BYTES, MAX_DEPTH } from '../limits.ts';
import {
  brands,
  byteLengthOf,
  bytesUnder,
  dateTime,
  domText,
  flagsOf,
  mapForEach,
  mapSize,
  regexpSource,
  setForEach,
  setSize,
  symbolDescription,
  urlHref,
} from './brands.ts';
import { className, hasProxyAbove, inherits, isWorldly, ownData } from './plain-data.ts';
import { Tag } from './tags.ts';

const NAN_LO = 0;
const NAN_HI = 0x7ff80000;

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
    this.value(value);
  }

  /** Appends a list of values, as a call's arguments are written. Never throws. */
  writeAll(values: readonly unknown[], from: number, to: number): void {
    this.limit = this.sink.length + MAX_CANONICAL_BYTES;
    this.sink.u8(Tag.array);
    this.sink.text('Array');
    this.sink.u32(to - from);
    for (let i = from; i < to; i++) this.value(values[i]);
  }

  private value(value: unknown): void {
    switch (typeof value) {
      case 'string':
        this.string(value);
        break;
      case 'number':
        this.sink.u8(Tag.number);
        this.double(value);
        break;
      case 'object':
        if (value === null) this.sink.u8(Tag.null);
        else this.object(value);
        break;
      default:
        this.scalar(value);
    }
  }

  private scalar(value: unknown): void {
    const { sink } = this;
    switch (typeof value) {
      case 'boolean':
        sink.u8(value ? Tag.true : Tag.false);
        break;
      case 'undefined':
        sink.u8(Tag.undefined);
        break;
      case 'bigint':
        sink.u8(Tag.bigint);
        sink.text(`${value}`);
        break;
      case 'symbol':
        sink.u8(Tag.symbol);
        sink.text(symbolDescription.call(value) ?? '');
        break;
      default:
        sink.u8(Tag.function);
    }
  }

  private string(value: string): void {
    if (this.hasRoom(value.length)) {
      this.sink.u8(Tag.string);
      this.sink.text(value);
    } else {
      this.tooLong(value.length);
    }
  }

  /** NaN has many bit patterns and one form. */
  private double(value: number): void {
    if (Number.isNaN(value)) {
      this.sink.u32(NAN_LO);
      this.sink.u32(NAN_HI);
    } else {
      this.sink.f64(value);
    }
  }

  private hasRoom(more: number): boolean {
    return this.sink.length + more <= this.limit;
  }

  private tooLong(length: number): void {
    this.sink.u8(Tag.tooLong);
    this.sink.u64(length);
  }

  /** In place of the items that a container over the limit has no room for. */
  private rest(count: number): void {
    this.sink.u8(Tag.rest);
    this.sink.u64(count);
  }

  private opaque(name: string): void {
    this.sink.u8(Tag.opaque);
    this.sink.text(name);
  }

  private object(value: object): void {
    const start = this.sink.length;
    const level = this.ancestors.length;
    try {
      if (brands.isProxy(value)) this.opaque('Proxy');
      else if (ArrayBuffer.isView(value)) this.bytes(value, bytesUnder(value), byteLengthOf(value));
      else this.nested(value);
    } catch {
      // A detached buffer, a module that is not linked yet: there is no data to read, and that is said.
      this.sink.length = start;
      this.opaque('unreadable');
    }
    this.ancestors.length = level;
  }

  private nested(value: object): void {
    const level = this.ancestors.indexOf(value);
    if (level >= 0) {
      this.sink.u8(Tag.ancestor);
      this.sink.u32(this.ancestors.length - level);
    } else if (this.ancestors.length >= MAX_DEPTH) {
      this.sink.u8(Tag.tooDeep);
    } else {
      this.ancestors.push(value);
      this.container(value);
    }
  }

  private bytes(owner: object, bytes: Uint8Array, length: number): void {
    if (this.hasRoom(length)) {
      this.sink.u8(Tag.bytes);
      this.sink.text(className(owner));
      this.sink.u32(length);
      this.sink.raw(bytes, length);
    } else {
      this.tooLong(length);
    }
  }

  private container(value: object): void {
    const proto = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value)) this.array(value);
    else if (proto === null || proto === Object.prototype) this.record(value, 'Object');
    else if (hasProxyAbove(value)) this.opaque('Proxy');
    else if (!this.collection(value) && !this.builtIn(value)) {
      if (isWorldly(value)) this.opaque(className(value));
      else this.record(value, className(value));
    }
  }

  private collection(value: object): boolean {
    if (brands.isMap(value)) this.map(value as Map<unknown, unknown>);
    else if (brands.isSet(value)) this.set(value as Set<unknown>);
    else return false;
    return true;
  }

  private builtIn(value: object): boolean {
    const { sink } = this;
    if (brands.isNativeError(value) || inherits(value, Error.prototype)) {
      this.error(value);
    } else if (brands.isDate(value)) {
      sink.u8(Tag.date);
      this.double(dateTime.call(value as Date));
    } else if (brands.isRegExp(value)) {
      sink.u8(Tag.regexp);
      sink.text(regexpSource.call(value));
      sink.text(flagsOf(value));
    } else if (brands.isArrayBuffer(value)) {
      const bytes = new Uint8Array(value as ArrayBuffer);
      this.bytes(value, bytes, bytes.length);
    } else if (inherits(value, URL.prototype)) {
      const href = urlHref.call(value);
      sink.u8(Tag.url);
      sink.text(href);
    } else if (brands.isSharedArrayBuffer(value)) {
      this.opaque('SharedArrayBuffer');
    } else {
      return false;
    }
    return true;
  }

  private array(value: readonly unknown[]): void {
    const { length } = value;
    this.sink.u8(Tag.array);
    this.sink.text(className(value));
    this.sink.u32(length);
    for (let i = 0; i < length; i++) {
      if (!this.hasRoom(1)) {
        this.rest(length - i);
        return;
      }
      const slot = Object.getOwnPropertyDescriptor(value, i);
      if (slot === undefined) {
        this.sparse(value, i);
        return;
      }
      this.slot(slot);
    }
  }

  /** From the first hole on. Holes are counted, not walked: a sparse array may have four thousand million. */
  private sparse(value: readonly unknown[], from: number): void {
    const keys = Object.keys(value);
    let at = from;
    for (let i = 0; i < keys.length && this.hasRoom(1); i++) {
      const key = keys[i] as string;
      const index = Number(key) >>> 0;
      if (`${index}` !== key || index >= value.length) break;
      if (index < from) continue;
      this.holes(index - at);
      this.property(value, key);
      at = index + 1;
    }
    if (this.hasRoom(1)) this.holes(value.length - at);
    else if (at < value.length) this.rest(value.length - at);
  }

  private holes(count: number): void {
    if (count === 0) return;
    this.sink.u8(Tag.holes);
    this.sink.u32(count);
  }

  private map(value: Map<unknown, unknown>): void {
    let left = mapSize.call(value);
    this.sink.u8(Tag.map);
    this.sink.u32(left);
    mapForEach.call(value, (item, key) => {
      if (left === 0) return;
      if (this.hasRoom(1)) {
        left--;
        this.value(key);
        this.value(item);
      } else {
        this.sink.u8(Tag.undefined);
        this.rest(left);
        left = 0;
      }
    });
  }

  private set(value: Set<unknown>): void {
    let left = setSize.call(value);
    this.sink.u8(Tag.set);
    this.sink.u32(left);
    setForEach.call(value, (item) => {
      if (left === 0) return;
      if (this.hasRoom(1)) {
        left--;
        this.value(item);
      } else {
        this.rest(left);
        left = 0;
      }
    });
  }

  private error(value: object): void {
    this.sink.u8(Tag.error);
    this.value(ownData(value, 'name') ?? domText(value, 'name') ?? className(value));
    this.value(ownData(value, 'message') ?? domText(value, 'message'));
    this.value(ownData(value, 'code'));
  }

  private record(value: object, name: string): void {
    const keys = Object.keys(value).sort(byCodeUnits);
    this.sink.u8(Tag.object);
    this.sink.text(name);
    this.sink.u32(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      if (!this.hasRoom(key.length + 1)) {
        this.sink.text('');
        this.rest(keys.length - i);
        return;
      }
      this.sink.text(key);
      this.property(value, key);
    }
  }

  private property(owner: object, key: string): void {
    const slot = Object.getOwnPropertyDescriptor(owner, key);
    if (slot === undefined) this.opaque('accessor');
    else this.slot(slot);
  }

  private slot(slot: PropertyDescriptor): void {
    if ('value' in slot) this.value(slot.value);
    else this.opaque('accessor');
  }
}

/** Keys are unique, so no two are equal. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : 1;
}
