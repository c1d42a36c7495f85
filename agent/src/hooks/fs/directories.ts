/**
 * Open folders. `Dir` reads through native objects that cannot be reached in newer Nodes, so each `Dir` that
 * the program gets has methods of its own that pass the door: the leader's read its real folder, a
 * follower's `Dir` has none. Iteration goes through the same methods in both.
 */
import fs from 'node:fs';
import { apiId } from '@lockstep/protocol';
import { type CallRef, type Door, Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { callbackCall, type ResultsCodec } from '../callback-call.ts';
import { hide } from '../stdio/stream-writes.ts';
import type { DescriptorTable } from './descriptors.ts';
import { promiseCall } from './promise-call.ts';

const OPEN = apiId('fs.opendir');
const OPEN_SYNC = apiId('fs.opendirSync');
const OPEN_PROMISE = apiId('fs.promises.opendir');
const READ = apiId('Dir.read');
const READ_SYNC = apiId('Dir.readSync');
const CLOSE = apiId('Dir.close');
const CLOSE_SYNC = apiId('Dir.closeSync');

/** Replaces the functions that open folders. */
export function hookDirectories({ door, report }: HookContext, table: DescriptorTable): void {
  const directories = new Directories(door);
  patch(
    report,
    fs,
    'opendirSync',
    'fs.opendirSync',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const open = (): unknown => Reflect.apply(original, this, args);
        if (door.covered > 0) return open();
        let real: object | null = null;
        const make = (): string => {
          real = open() as object;
          return (real as fs.Dir).path;
        };
        const target = table.target('opendir', args);
        const path = door.value(OPEN_SYNC, target, args.slice(1), make, Missing.refuse);
        return directories.dressed(real, path);
      },
  );
  patch(
    report,
    fs,
    'opendir',
    'fs.opendir',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const callback = args.at(-1);
        if (door.covered > 0 || typeof callback !== 'function') {
          return Reflect.apply(original, this, args);
        }
        const given = args.slice(0, -1);
        const ref = door.begin(OPEN, table.target('opendir', given), given.slice(1));
        const start = (done: AnyFunction): unknown =>
          Reflect.apply(original, this, [...given, done]);
        const settle = (results: readonly unknown[]): unknown =>
          Reflect.apply(callback, undefined, results);
        return callbackCall(door, ref, start, settle, directories.results);
      },
  );
  patch(
    report,
    fs.promises,
    'opendir',
    'fs.promises.opendir',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const open = (): Promise<unknown> =>
          Reflect.apply(original, this, args) as Promise<unknown>;
        if (door.covered > 0) return open();
        const ref = door.begin(OPEN_PROMISE, table.target('opendir', args), args.slice(1));
        return promiseCall(door, ref, open, directories.codec, () => {});
      },
  );
}

/** Makes the folders that programs get. */
class Directories {
  readonly codec: { carry: (dir: unknown) => unknown; restore: (path: unknown) => unknown };
  readonly results: ResultsCodec;
  private readonly door: Door;

  constructor(door: Door) {
    this.door = door;
    this.codec = {
      carry: (dir) => this.dressed(dir as object, (dir as fs.Dir).path).path,
      restore: (path) => this.dressed(null, path as string),
    };
    this.results = {
      carry: ([error, dir]) => (error ? [error] : [null, this.codec.carry(dir)]),
      restore: ([error, path]) => (error ? [error] : [null, this.codec.restore(path)]),
    };
  }

  /** The leader's folder, or a follower's that stands for it, with methods that pass the door. */
  dressed(real: object | null, path: string): fs.Dir {
    const dir = (real ?? Object.create(fs.Dir.prototype)) as fs.Dir;
    if (real === null) Object.defineProperty(dir, 'path', { value: path, configurable: true });
    const { read, readSync, close, closeSync } = fs.Dir.prototype as unknown as Record<
      'read' | 'readSync' | 'close' | 'closeSync',
      AnyFunction
    >;
    const { door } = this;
    const synchronous = (api: number, original: AnyFunction) => (): unknown =>
      door.value(api, path, [], () => Reflect.apply(original, dir, []), Missing.refuse);
    hide(dir, 'read', asynchronous(door, dir, READ, read));
    hide(dir, 'readSync', synchronous(READ_SYNC, readSync));
    hide(dir, 'close', asynchronous(door, dir, CLOSE, close));
    hide(dir, 'closeSync', synchronous(CLOSE_SYNC, closeSync));
    hide(dir, 'entries', () => entries(dir));
    hide(dir, Symbol.asyncIterator, () => entries(dir));
    return dir;
  }
}

/** Callbacks that were handed to Node: it calls a method again with one when another call is under way. */
const handed: WeakSet<object> = new WeakSet();

/** With a callback or a promise. */
function asynchronous(door: Door, dir: fs.Dir, api: number, original: AnyFunction): AnyFunction {
  return (callback?: unknown): unknown => {
    if (typeof callback === 'function' && handed.has(callback)) {
      return Reflect.apply(original, dir, [callback]);
    }
    const ref: CallRef = door.begin(api, dir.path, []);
    if (typeof callback !== 'function') {
      const start = (): Promise<unknown> => Reflect.apply(original, dir, []) as Promise<unknown>;
      return promiseCall(door, ref, start, null, () => {});
    }
    const start = (done: AnyFunction): unknown => {
      handed.add(done);
      return Reflect.apply(original, dir, [done]);
    };
    return callbackCall(door, ref, start, (results) => Reflect.apply(callback, undefined, results));
  };
}

async function* entries(dir: fs.Dir): AsyncGenerator<fs.Dirent> {
  try {
    for (;;) {
      const entry = await dir.read();
      if (entry === null) return;
      yield entry;
    }
  } finally {
    await dir.close();
  }
}
