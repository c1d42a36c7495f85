/**
 * Callback file calls: the completion is a delivery. Node's own functions call public ones again from
 * their callbacks (`writeFile` calls `write` and `close`, `realpath` calls `lstat`): a callback that was
 * handed over under cover runs under cover, so that the outer call alone is recorded.
 */
import fs from 'node:fs';
import { apiId, apiTable } from '@lockstep/protocol';
import type { CallRef, Door } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, disguise, patch } from '../../core/patch.ts';
import {
  type DescriptorTable,
  fillBuffers,
  readBytes,
  readTarget,
  readvBytes,
  recordedArguments,
} from './descriptors.ts';

/**
 * Not callback functions, or live objects that are not carried yet; and `realpath`, which is JavaScript
 * over the public `lstat` and `readlink`, a tick later: those are recorded.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'realpath',
  'openAsBlob',
  'opendir',
  'watch',
  'watchFile',
  'unwatchFile',
  'glob',
]);

/** Bytes that `fs.read` allocates when no buffer is given (Node's documented default). */
const DEFAULT_READ_BYTES = 16_384;

/** Replaces every callback function of `fs` in the API table. */
export function hookCallbacks(context: HookContext, table: DescriptorTable): void {
  const { door, report } = context;
  for (const { id, name } of apiTable) {
    const key = /^fs\.([a-z]+)$/i.exec(name)?.[1];
    if (key === undefined || key.endsWith('Sync') || LEFT_OUT.has(key)) continue;
    patch(report, fs, key, name, (original) => callbackCall(door, table, id, key, original));
  }
  const { native } = fs.realpath;
  const api = apiId('fs.realpath.native');
  fs.realpath.native = disguise(
    callbackCall(door, table, api, 'realpath.native', native as AnyFunction),
    native as AnyFunction,
  ) as typeof native;
}

function callbackCall(
  door: Door,
  table: DescriptorTable,
  api: number,
  key: string,
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const callback = args.at(-1);
    if (typeof callback !== 'function') return Reflect.apply(original, this, args);
    const given = args.slice(0, -1);
    if (door.covered > 0 || table.isInside(key, given[0])) {
      const inside = stayCovered(door, table, key, callback as AnyFunction);
      return Reflect.apply(original, this, [...given, inside]);
    }
    const target = table.target(key, given);
    const ref = door.begin(api, target, recordedArguments(key, given));
    if (key === 'close') table.closed(given[0]);
    const settle = (results: readonly unknown[]): void => {
      if (key === 'open' && !results[0]) table.opened(results[1], target);
      Reflect.apply(callback, undefined, results);
    };
    if (door.leads) {
      const arrived = (...results: unknown[]): void =>
        door.deliver(ref, 0, carried(key, given, results), () => settle(results));
      return door.attempt(ref, () => Reflect.apply(original, this, [...given, arrived]));
    }
    follow(door, ref, key, given, settle);
    return undefined;
  };
}

function follow(
  door: Door,
  ref: CallRef,
  key: string,
  given: readonly unknown[],
  settle: (results: readonly unknown[]) => void,
): void {
  door.attempt(ref, () => undefined);
  door.expect(ref, (_event, payload) => settle(restored(key, given, payload as unknown[])));
}

function stayCovered(
  door: Door,
  table: DescriptorTable,
  key: string,
  callback: AnyFunction,
): AnyFunction {
  return function (this: unknown, ...results: unknown[]): unknown {
    if (key === 'open' && !results[0]) table.openedInside(results[1]);
    return door.cover(() => Reflect.apply(callback, this, results));
  };
}

/** What the callback got, as it travels: buffers that the caller gave are not sent back whole. */
function carried(key: string, given: readonly unknown[], results: readonly unknown[]): unknown {
  const [error, count, buffer] = results;
  if (error) return [error, count];
  switch (key) {
    case 'read': {
      const { offset } = readTarget(given);
      return [error, readBytes(viewIn(buffer), offset, count as number)];
    }
    case 'readv':
      return [error, readvBytes(given[1], count as number)];
    case 'write':
    case 'writev':
      return [error, count];
    default:
      return results;
  }
}

function viewIn(buffer: unknown): Uint8Array | null {
  if (!ArrayBuffer.isView(buffer)) return null;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** The follower's side of `carried`. */
function restored(key: string, given: readonly unknown[], payload: unknown[]): readonly unknown[] {
  const [error, value] = payload;
  if (error) return payload;
  switch (key) {
    case 'read': {
      const { offset } = readTarget(given);
      const buffer = givenBuffer(given) ?? Buffer.alloc(DEFAULT_READ_BYTES);
      const bytes = value as Uint8Array;
      (viewIn(buffer) as Uint8Array).set(bytes, offset);
      return [error, bytes.length, buffer];
    }
    case 'readv':
      fillBuffers(given[1], value as Uint8Array);
      return [error, (value as Uint8Array).length, given[1]];
    case 'write':
    case 'writev':
      return [error, value, given[1]];
    default:
      return payload;
  }
}

function givenBuffer(given: readonly unknown[]): ArrayBufferView | null {
  const [, second] = given;
  if (ArrayBuffer.isView(second)) return second;
  const buffer = (second as { buffer?: unknown } | undefined)?.buffer;
  return ArrayBuffer.isView(buffer) ? buffer : null;
}
