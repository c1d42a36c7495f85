/**
 * Answers that native code reads from a file. In the leader a native pipe carries the file into the stream and
 * calls back when it lets go of it; a follower's pipe carries nothing, and lets go when the log says so. The
 * call is compared; the bytes never pass JavaScript, in no replica.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef } from '../../core/door.ts';
import { type AnyFunction, define } from '../../core/patch.ts';
import { internalBinding } from '../native/internal-binding.ts';
import type { HandleTable } from '../net/handle-table.ts';

const PIPE = apiId('http2.pipe');

/** What happens to a pipe. */
const PipeEvent = { released: 0, read: 1 } as const;

/** A pipe and its source, as far as Node's own code uses them. */
interface Pipe {
  source: { onread: AnyFunction | undefined };
  onunpipe: AnyFunction | undefined;
}

type PipeClass = new (source: Pipe['source'], sink: object) => Pipe;

/**
 * Replaces the classes before Node's own code takes them. Answers why it cannot, or null. Call it covered.
 */
export function hookFiles(table: HandleTable): string | null {
  try {
    const pipes = internalBinding('stream_pipe');
    const files = internalBinding('fs');
    const { StreamPipe: pipe } = pipes;
    const { FileHandle: file } = files;
    if (typeof pipe !== 'function' || typeof file !== 'function')
      return 'http2 reads no files here';
    const made = table.door.leads ? leaderPipe : followerPipe;
    define(
      pipes,
      'StreamPipe',
      constructed(pipe as AnyFunction, (args) => made(table, pipe as unknown as PipeClass, args)),
    );
    if (!table.door.leads) define(files, 'FileHandle', constructed(file as AnyFunction, sourceOf));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A class whose objects `make` makes; null leaves it to the class itself. */
function constructed(
  original: AnyFunction,
  make: (args: readonly unknown[]) => object | null,
): AnyFunction {
  return new Proxy(original, {
    construct: (target, args: unknown[], newTarget) =>
      make(args) ?? (Reflect.construct(target, args, newTarget) as object),
  });
}

function leaderPipe(table: HandleTable, pipes: PipeClass, args: readonly unknown[]): object {
  const [source, sink] = args as [Pipe['source'], object];
  const { natives, slots } = table;
  const ref = nameOf(table);
  const { onread } = source;
  source.onread = function (this: unknown, ...given: unknown[]): unknown {
    if (onread === undefined) return undefined;
    const count = slots.state[slots.readBytes] ?? 0;
    return natives.enter(ref, PipeEvent.read, count, () => {
      slots.state[slots.readBytes] = count;
      return Reflect.apply(onread, this, given);
    });
  };
  const pipe = new pipes(source, sink);
  let set: AnyFunction | undefined;
  const entered = function (this: unknown, ...given: unknown[]): unknown {
    const run = set;
    if (run === undefined) return undefined;
    return natives.enter(ref, PipeEvent.released, null, () => Reflect.apply(run, this, given));
  };
  Object.defineProperty(pipe, 'onunpipe', {
    get: () => (set === undefined ? undefined : entered),
    set: (next: AnyFunction | undefined) => {
      set = next;
    },
    configurable: true,
    enumerable: true,
  });
  return pipe;
}

function followerPipe(table: HandleTable, _pipes: PipeClass, args: readonly unknown[]): object {
  const [source, sink] = args as [Pipe['source'], object];
  const { natives, slots } = table;
  const ref = nameOf(table);
  const pipe = { source, sink, onunpipe: undefined as AnyFunction | undefined, start: () => 0 };
  natives.expect(ref, (event, payload) => {
    if (event === PipeEvent.released) {
      if (pipe.onunpipe !== undefined) Reflect.apply(pipe.onunpipe, pipe, []);
      return;
    }
    slots.state[slots.readBytes] = payload as number;
    if (source.onread !== undefined) Reflect.apply(source.onread, source, []);
  });
  return pipe;
}

function nameOf({ door }: HandleTable): CallRef {
  door.identify(PIPE, '');
  return door.ref(PIPE, '');
}

/** Follower: a source of nothing. Only HTTP/2 says from where and how much of a descriptor is read. */
function sourceOf(args: readonly unknown[]): object | null {
  if (args.length < 3) return null;
  return { onread: undefined, close: () => Promise.resolve(), releaseFD: () => args[0] };
}
