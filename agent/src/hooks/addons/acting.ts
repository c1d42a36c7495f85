/**
 * Add-ons that may act outside JavaScript: the leader's does, a follower does not load it. Each call's
 * answer is an in-turn value; callbacks that native code makes within a call are repeated with it, those
 * that it makes later, and promises, are deliveries.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import type { AnyFunction } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { promiseCall } from '../fs/promise-call.ts';
import type { AnswerCodec, NativeCalls } from '../native/native-calls.ts';
import { type Given, GivenCallbacks, isClass } from './callbacks.ts';
import { type Carried, carry, restore } from './carried.ts';
import type { MakeNative } from './stand-ins.ts';
import type { AddonCall, OnCall } from './walk.ts';

const CALL = apiId('native.addon.call');
const ANSWER = apiId('native.addon');
const CALLBACK = apiId('native.addon.callback');

/** Bytes of an argument that are looked at for being written to. */
const MAX_WATCHED_BYTES = 1024 * 1024;

/** An answer with what was written into bytes and arrays that the call was given. */
interface Outcome {
  readonly result: Carried | 'promise';
  readonly written: readonly (readonly [at: number, content: Content])[];
}

/** What an argument held: bytes, or the items of an array. */
type Content = Uint8Array | readonly unknown[];

/** What stands in the place of a call, in both roles. */
export function acting(
  natives: NativeCalls,
  file: string,
  make: MakeNative,
  areCallbacksLasting = false,
): OnCall {
  const { door } = natives;
  const classes = new GivenClasses();
  const callbacks = new GivenCallbacks(natives, make, areCallbacksLasting);
  return (call: AddonCall): unknown => {
    if (door.covered > 0 && door.leads) return call.run(call.args);
    const target = `${file} ${call.name}`;
    const isRead = call.name.startsWith('get ');
    if (!isRead) door.record(CALL, target, call.args);
    const given = callbacks.of(call);
    const late: { promise: Promise<unknown> | null } = { promise: null };
    const codec = codecOf(call, late, make);
    const run = (): unknown => {
      const before = call.args.map(contentOf);
      const result = runGiven(call, given);
      const written = writtenTo(call.args, before);
      if (result instanceof Promise) late.promise = result;
      if (typeof result === 'function') {
        door.notFollowed(ANSWER, `${call.name} gave a function, which is not followed`);
      }
      return { result, written } satisfies { result: unknown; written: Outcome['written'] };
    };
    classes.note(call.args);
    const method = { api: ANSWER, usual: undefined, codec };
    const answer = classes.restoring(() => natives.call(method, run)) as Answered | undefined;
    if (answer === undefined) throw refusal('native.addon', target);
    if (answer.result !== PROMISED && late.promise === null) return answer.result;
    return settling(door, late.promise, call, make);
  };
}

function runGiven({ run }: AddonCall, { args, putBack }: Given): unknown {
  try {
    return run(args);
  } finally {
    putBack();
  }
}

interface Answered {
  readonly result: unknown;
  readonly written: Outcome['written'];
}

/** Follower: the leader's call gave a promise. */
const PROMISED: unique symbol = Symbol('promised');

function codecOf(
  call: AddonCall,
  late: { promise: Promise<unknown> | null },
  make: MakeNative,
): AnswerCodec {
  return {
    carry: (answer): Outcome => {
      const { result, written } = answer as Answered;
      return { result: late.promise === null ? carry(result, call) : 'promise', written };
    },
    restore: (carried): Answered => {
      const { result, written } = carried as Outcome;
      for (const [at, content] of written) fill(call.args[at], content);
      const restored = result === 'promise' ? PROMISED : restore(result, make, call);
      return { result: restored, written };
    },
  };
}

/** Classes of errors that native code was given to throw: what a follower throws must be of them, too. */
class GivenClasses {
  private readonly classes: AnyFunction[] = [];

  note(args: readonly unknown[]): void {
    for (const arg of args) {
      if (typeof arg === 'function' && isClass(arg as AnyFunction)) {
        this.classes.push(arg as AnyFunction);
      }
    }
  }

  restoring(run: () => unknown): unknown {
    try {
      return run();
    } catch (error) {
      const { name } = error as { name?: unknown };
      const made = this.classes.find((one) => one.name === name);
      if (made !== undefined && !(error instanceof made)) {
        Object.setPrototypeOf(error, made.prototype as object);
      }
      throw error;
    }
  }
}

function settling(
  door: Door,
  promise: Promise<unknown> | null,
  call: AddonCall,
  make: MakeNative,
): Promise<unknown> {
  door.identify(CALLBACK, '');
  const ref = door.ref(CALLBACK, '');
  const codec = {
    carry: (value: unknown): unknown => carry(value, call),
    restore: (carried: unknown): unknown => restore(carried as Carried, make, call),
  };
  return promiseCall(
    door,
    ref,
    () => (promise as Promise<unknown>).then(call.adopt),
    codec,
    () => {},
  );
}

/** A copy of an argument that native code may write into. */
function contentOf(value: unknown): Content | null {
  if (Array.isArray(value)) return [...(value as unknown[])];
  const bytes = bytesOf(value);
  return bytes === null || bytes.length > MAX_WATCHED_BYTES ? null : Buffer.from(bytes);
}

/** The memory behind an argument. */
function bytesOf(value: unknown): Uint8Array | null {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value)) return null;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function writtenTo(
  args: readonly unknown[],
  before: readonly (Content | null)[],
): [number, Content][] {
  return before.flatMap((content, at): [number, Content][] => {
    if (content === null || isSame(content, args[at])) return [];
    const now = contentOf(args[at]);
    return now === null ? [] : [[at, now]];
  });
}

function isSame(before: Content, value: unknown): boolean {
  if (before instanceof Uint8Array) {
    const now = bytesOf(value);
    return now !== null && Buffer.compare(before, now) === 0;
  }
  const now = value as readonly unknown[];
  return before.length === now.length && before.every((item, at) => Object.is(item, now[at]));
}

function fill(target: unknown, content: Content): void {
  if (Array.isArray(target)) target.splice(0, target.length, ...content);
  else bytesOf(target)?.set(content as Uint8Array);
}
