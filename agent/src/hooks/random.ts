/**
 * Cryptographic randomness is the leader's: followers get its bytes. Calls are recorded with sizes only,
 * the bytes travel encrypted in the log and never as evidence.
 */
import { apiId } from '@lockstep/protocol';
import { Missing } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { originals } from '../core/originals.ts';
import { type AnyFunction, define, patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';
import { callbackCall } from './callback-call.ts';

const RANDOM_BYTES = apiId('crypto.randomBytes');
const RANDOM_FILL = apiId('crypto.randomFill');
const RANDOM_FILL_SYNC = apiId('crypto.randomFillSync');
const RANDOM_INT = apiId('crypto.randomInt');
const RANDOM_UUID = apiId('crypto.randomUUID');
const GET_RANDOM_VALUES = apiId('crypto.getRandomValues');

/** Replaces what draws randomness in `crypto` and on `Crypto.prototype`. */
export function hookRandom(context: HookContext): void {
  hookRandomBytes(context);
  hookRandomFill(context);
  hookRandomFillSync(context);
  hookRandomInt(context);
  hookRandomValue(context, builtin('crypto'), 'randomUUID');
  hookWebRandom(context);
}

function hookRandomBytes({ door, report }: HookContext): void {
  const crypto = builtin('crypto');
  const made = (original: AnyFunction): AnyFunction =>
    function randomBytes(this: unknown, size: unknown, callback?: unknown): unknown {
      if (door.covered > 0) return original(size, callback);
      if (callback === undefined) {
        return door.value(RANDOM_BYTES, '', [size], () => original(size) as unknown, Missing.local);
      }
      // Drawing here checks the arguments as Node does; nothing comes in by itself.
      if (typeof callback !== 'function' || size === 0) return original(size, callback);
      const ref = door.begin(RANDOM_BYTES, '', [size]);
      return callbackCall(
        door,
        ref,
        (done) => original(size, done),
        (results) => Reflect.apply(callback, undefined, results),
      );
    };
  patch(report, crypto, 'randomBytes', 'crypto.randomBytes', made);
  // The deprecated names are the same function.
  for (const name of ['pseudoRandomBytes', 'prng', 'rng']) {
    if (name in crypto) define(crypto, name, crypto.randomBytes);
  }
}

function hookRandomFill({ door, report }: HookContext): void {
  const made = (original: AnyFunction): AnyFunction =>
    function randomFill(this: unknown, ...args: unknown[]): unknown {
      const [buffer] = args;
      const callback = args.at(-1);
      const bytes = fillRange(args.slice(0, -1));
      if (door.covered > 0 || typeof callback !== 'function' || !bytes?.length) {
        return original(...args);
      }
      const ref = door.begin(RANDOM_FILL, '', [bytes.length]);
      const given = args.slice(0, -1);
      return callbackCall(
        door,
        ref,
        (done) => original(...given, done),
        (results) => Reflect.apply(callback, undefined, results),
        {
          carry: ([error]) => (error ? [error] : [null, bytes]),
          restore: ([error, carried]) => {
            if (error) return [error];
            bytes.set(carried as Uint8Array);
            return [null, buffer];
          },
        },
      );
    };
  patch(report, builtin('crypto'), 'randomFill', 'crypto.randomFill', made);
}

function hookRandomFillSync({ door, report }: HookContext): void {
  const made = (original: AnyFunction): AnyFunction =>
    function randomFillSync(this: unknown, ...args: unknown[]): unknown {
      const bytes = fillRange(args);
      if (door.covered > 0 || !bytes?.length) return original(...args);
      const fill = (): Uint8Array => {
        original(...args);
        return bytes;
      };
      const size = bytes.length;
      const carried = door.value(RANDOM_FILL_SYNC, '', [size], fill, Missing.local);
      if (carried !== bytes) bytes.set(carried);
      return args[0];
    };
  patch(report, builtin('crypto'), 'randomFillSync', 'crypto.randomFillSync', made);
}

/**
 * With a callback Node draws from a cache and answers on the next tick, or, when the cache is empty,
 * later. Drawing at once and answering on the next tick in both roles spares that difference a delivery.
 */
function hookRandomInt({ door, report }: HookContext): void {
  const made = (original: AnyFunction): AnyFunction =>
    function randomInt(this: unknown, ...args: unknown[]): unknown {
      if (door.covered > 0) return original(...args);
      const callback = args.at(-1);
      const bounds = typeof callback === 'function' ? args.slice(0, -1) : args;
      const draw = (): unknown => original(...bounds);
      const value = door.value(RANDOM_INT, '', bounds, draw, Missing.local);
      if (typeof callback !== 'function') return value;
      originals.nextTick(callback as (error: undefined, value: unknown) => void, undefined, value);
      return undefined;
    };
  patch(report, builtin('crypto'), 'randomInt', 'crypto.randomInt', made);
}

function hookRandomValue({ door, report }: HookContext, owner: object, key: string): void {
  patch(
    report,
    owner,
    key,
    `crypto.${key}`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const make = (): unknown => Reflect.apply(original, this, args);
        return door.covered > 0 ? make() : door.value(RANDOM_UUID, '', [], make, Missing.local);
      },
  );
}

/** `crypto.webcrypto` and `globalThis.crypto` are one object; libraries also take the prototype's. */
function hookWebRandom(context: HookContext): void {
  const { door, report } = context;
  const prototype = Object.getPrototypeOf(builtin('crypto').webcrypto) as object;
  hookRandomValue(context, prototype, 'randomUUID');
  const made = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      const bytes = fillRange([args[0]]);
      if (door.covered > 0 || !bytes?.length) return Reflect.apply(original, this, args);
      const fill = (): Uint8Array => {
        Reflect.apply(original, this, args);
        return bytes;
      };
      const size = bytes.length;
      const carried = door.value(GET_RANDOM_VALUES, '', [size], fill, Missing.local);
      if (carried !== bytes) bytes.set(carried);
      return args[0];
    };
  patch(report, prototype, 'getRandomValues', 'crypto.getRandomValues', made);
}

/**
 * The bytes that `(buffer, offset, size)` names, counted in the buffer's elements as Node does; null for
 * arguments that Node refuses.
 */
function fillRange(args: readonly unknown[]): Uint8Array | null {
  const [buffer, offset = 0, size] = args;
  const view = ArrayBuffer.isView(buffer);
  if (!view && !isAnyArrayBuffer(buffer)) return null;
  const unit = (buffer as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const from = Number(offset) * unit;
  const length = size === undefined ? buffer.byteLength - from : Number(size) * unit;
  if (!(from >= 0 && length >= 0 && from + length <= buffer.byteLength)) return null;
  return view
    ? new Uint8Array(buffer.buffer, buffer.byteOffset + from, length)
    : new Uint8Array(buffer, from, length);
}

function isAnyArrayBuffer(value: unknown): value is ArrayBuffer {
  return builtin('util').types.isAnyArrayBuffer(value);
}
