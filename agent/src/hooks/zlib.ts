/**
 * Compression streams. Every replica compresses by itself; only the turn in which a piece of work ends is
 * agreed. The hook stands at the handle below Node's stream (`write` starts work, a callback ends it), so
 * that what the stream does between the two is the same JavaScript in both roles: output that fills the
 * buffer, a reader that is slow, `flush`, `params`, `reset`, `close`. The convenience functions (`gzip`)
 * are such streams. Synchronous functions compute and are not recorded.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';
import { nativePrototype } from './native/binding.ts';

const TRANSFORM = apiId('zlib.transform');

/** Arguments of a handle's `write`, by position. */
const FLUSH_FLAG = 0;
const INPUT = 1;
const INPUT_OFFSET = 2;
const INPUT_LENGTH = 3;

/** Native classes, and what makes a stream over one where Node does not show it. */
const nativeClasses = [
  ['Zlib', 'createDeflate'],
  ['BrotliEncoder', 'createBrotliCompress'],
  ['BrotliDecoder', 'createBrotliDecompress'],
  ['ZstdCompress', 'createZstdCompress'],
  ['ZstdDecompress', 'createZstdDecompress'],
] as const;

type Gate = (run: () => void) => void;

/** What is known of one handle. */
interface Work {
  /** Set from the start of a piece of work to its end. */
  gate: Gate | null;
  /** Input of the piece before: more output of the same input is not recorded again. */
  input: unknown;
}

/** Replaces `init` and `write` of the handles of all compressors. */
export function hookZlib(context: HookContext): void {
  const { door, report } = context;
  const works: WeakMap<object, Work> = new WeakMap();
  for (const prototype of handlePrototypes()) {
    patch(report, prototype, 'init', 'zlib.transform', (original) => initialised(works, original));
    patch(report, prototype, 'write', 'zlib.transform', (original) =>
      written(door, works, original),
    );
  }
}

/** One stream of each family shows the class of its handle. */
function handlePrototypes(): Set<object> {
  const zlib = builtin('zlib') as unknown as Record<string, (() => unknown) | undefined>;
  const prototypes = new Set<object>();
  for (const [name, maker] of nativeClasses) {
    const prototype = prototypeOf(name) ?? prototypeMade(zlib[maker]);
    if (prototype !== null) prototypes.add(prototype);
  }
  return prototypes;
}

/** By Node's own name. Making a stream to look at its handle costs milliseconds of the start. */
function prototypeOf(name: string): object | null {
  try {
    return nativePrototype('zlib', name);
  } catch {
    return null; // this Node has no such class, or does not show it
  }
}

function prototypeMade(make: (() => unknown) | undefined): object | null {
  const stream = make?.() as { _handle: object; close: () => void } | undefined;
  if (stream === undefined) return null;
  stream.close();
  return Object.getPrototypeOf(stream._handle) as object;
}

/** Node hands the callback that ends each piece of work to `init`. */
function initialised(works: WeakMap<object, Work>, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const work: Work = { gate: null, input: null };
    works.set(this as object, work);
    const given = args.map((value) => {
      return typeof value === 'function' ? gated(work, value as AnyFunction) : value;
    });
    return Reflect.apply(original, this, given);
  };
}

/** A callback of the handle that waits for its turn when it ends a piece of work. */
function gated(work: Work, callback: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): void {
    const { gate } = work;
    work.gate = null;
    const run = (): void => {
      Reflect.apply(callback, this, args);
    };
    if (gate === null) run();
    else gate(run);
  };
}

function written(door: Door, works: WeakMap<object, Work>, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const work = works.get(this as object);
    if (door.covered > 0 || work === undefined) return Reflect.apply(original, this, args);
    const handle = this as Record<string, unknown>;
    gateErrors(handle, work);
    const target = handle['constructor'] instanceof Function ? handle['constructor'].name : '';
    if (work.input === args[INPUT] && Number(args[INPUT_OFFSET]) > 0)
      door.identify(TRANSFORM, target);
    else door.record(TRANSFORM, target, [args[FLUSH_FLAG], inputOf(args)]);
    work.input = args[INPUT];
    work.gate = door.compute(door.ref(TRANSFORM, target));
    return Reflect.apply(original, this, args);
  };
}

/** Work that fails ends in `onerror`, which Node sets once the handle is initialised. */
function gateErrors(handle: Record<string, unknown>, work: Work): void {
  const { onerror } = handle as { onerror?: AnyFunction };
  if (typeof onerror !== 'function' || gatedErrors.has(onerror)) return;
  const wrapped = gated(work, onerror);
  gatedErrors.add(wrapped);
  handle['onerror'] = wrapped;
}

const gatedErrors: WeakSet<AnyFunction> = new WeakSet();

function inputOf(args: readonly unknown[]): unknown {
  const input = args[INPUT];
  const offset = Number(args[INPUT_OFFSET]);
  return ArrayBuffer.isView(input)
    ? new Uint8Array(input.buffer, input.byteOffset + offset, Number(args[INPUT_LENGTH]))
    : null;
}
