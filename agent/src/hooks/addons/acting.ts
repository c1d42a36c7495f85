/**
 * Add-ons that may act outside JavaScript: the leader's does, a follower does not load it. Each call's
 * answer is an in-turn value; callbacks that native code makes within a call are repeated with it, those
 * that it makes later, and promises, are deliveries.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef, Door } from '../../core/door.ts';
import { type AnyFunction, disguise } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { promiseCall } from '../fs/promise-call.ts';
import type { AnswerCodec, NativeCalls } from '../native/native-calls.ts';
import { type Carried, carry } from './shapes.ts';
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

/** Makes the object that stands for one of a native class; a follower has it. */
export type MakeNative = (
  carried: Extract<Carried, { kind: 'native' }>,
  args: readonly unknown[],
) => object;

/** What is known of the callbacks that native code is given. */
export interface CallbackHabits {
  /** It may call each again and again, however it was given. */
  readonly lasting: boolean;
  /** It takes some from the fields of plain objects. */
  readonly nested: boolean;
}

const usualHabits: CallbackHabits = { lasting: false, nested: false };

/** What stands in the place of a call, in both roles. */
export function acting(
  natives: NativeCalls,
  file: string,
  make: MakeNative,
  habits: CallbackHabits = usualHabits,
): OnCall {
  const { door } = natives;
  const classes = new GivenClasses();
  return (call: AddonCall): unknown => {
    if (door.covered > 0 && door.leads) return call.run(call.args);
    const target = `${file} ${call.name}`;
    const isRead = call.name.startsWith('get ');
    if (!isRead) door.record(CALL, target, call.args);
    const given = call.args.map((arg, at) => {
      const isOnce = at === call.args.length - 1 && !call.isNew && !habits.lasting;
      if (typeof arg === 'function') return entering(natives, arg as AnyFunction, isOnce);
      return habits.nested ? enteringWithin(natives, arg) : arg;
    });
    const late: { promise: Promise<unknown> | null } = { promise: null };
    const codec = codecOf(call, late, make);
    const run = (): unknown => {
      const before = call.args.map(contentOf);
      const result = call.run(given);
      const written = writtenTo(call.args, before);
      if (result instanceof Promise) late.promise = result;
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

interface Answered {
  readonly result: unknown;
  readonly written: Outcome['written'];
}

/** Follower: the leader's call gave a promise. */
const PROMISED: unique symbol = Symbol('promised');

function codecOf(
  { receiver, args }: AddonCall,
  late: { promise: Promise<unknown> | null },
  make: MakeNative,
): AnswerCodec {
  return {
    carry: (answer): Outcome => {
      const { result, written } = answer as Answered;
      return { result: late.promise === null ? carry(result, receiver, args) : 'promise', written };
    },
    restore: (carried): Answered => {
      const { result, written } = carried as Outcome;
      for (const [at, content] of written) fill(args[at], content);
      const restored = result === 'promise' ? PROMISED : restore(result, receiver, args, make);
      return { result: restored, written };
    },
  };
}

function restore(
  carried: Carried,
  receiver: unknown,
  args: readonly unknown[],
  make: MakeNative,
): unknown {
  switch (carried.kind) {
    case 'receiver':
      return receiver;
    case 'argument':
      return args[carried.at];
    case 'native':
      return make(carried, args);
    case 'value':
      return carried.value;
  }
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

/** A callback of the program as native code gets it. */
function entering(natives: NativeCalls, callback: AnyFunction, isOnce: boolean): AnyFunction {
  const { door } = natives;
  door.identify(CALLBACK, '');
  const ref: CallRef = door.ref(CALLBACK, '');
  if (!door.leads) {
    const run = (_event: number, given: unknown): void => {
      Reflect.apply(callback, undefined, given as unknown[]);
    };
    natives.expect(ref, run, !isOnce);
    return callback;
  }
  const entered = function (this: unknown, ...given: unknown[]): unknown {
    return natives.enter(ref, 0, given, () => Reflect.apply(callback, this, given) as unknown);
  };
  // Classes are handed over as well (errors that native code is to throw): they must stay what they are.
  if (isClass(callback)) return callback;
  // Native code may ask how many arguments it takes.
  return disguise(entered, callback);
}

/** A plain object with callbacks in it, as native code gets it. */
function enteringWithin(natives: NativeCalls, arg: unknown): unknown {
  if (typeof arg !== 'object' || arg === null) return arg;
  const prototype = Object.getPrototypeOf(arg) as object | null;
  if (prototype !== Object.prototype && prototype !== null) return arg;
  const fields = Object.entries(arg).map(([key, field]): [string, unknown] => {
    const isCallback = typeof field === 'function';
    return [key, isCallback ? entering(natives, field as AnyFunction, false) : field];
  });
  if (fields.every(([, field]) => typeof field !== 'function')) return arg;
  return Object.assign(Object.create(prototype) as object, Object.fromEntries(fields));
}

function isClass(callback: AnyFunction): boolean {
  const { prototype } = callback as { prototype?: object };
  return (
    prototype !== undefined && (prototype instanceof Error || /^class\b/.test(String(callback)))
  );
}

function settling(
  door: Door,
  promise: Promise<unknown> | null,
  { receiver, args }: AddonCall,
  make: MakeNative,
): Promise<unknown> {
  door.identify(CALLBACK, '');
  const ref = door.ref(CALLBACK, '');
  const codec = {
    carry: (value: unknown): unknown => carry(value, receiver, args),
    restore: (carried: unknown): unknown => restore(carried as Carried, receiver, args, make),
  };
  return promiseCall(
    door,
    ref,
    () => promise as Promise<unknown>,
    codec,
    () => {},
  );
}

/** A copy of an argument that native code may write into. */
function contentOf(value: unknown): Content | null {
  if (Array.isArray(value)) return [...(value as unknown[])];
  if (!(value instanceof Uint8Array) || value.length > MAX_WATCHED_BYTES) return null;
  return Buffer.from(value);
}

function writtenTo(
  args: readonly unknown[],
  before: readonly (Content | null)[],
): [number, Content][] {
  return before.flatMap((content, at): [number, Content][] => {
    if (content === null || isSame(content, args[at] as Content)) return [];
    const now = contentOf(args[at]);
    return now === null ? [] : [[at, now]];
  });
}

function isSame(before: Content, now: Content): boolean {
  if (before.length !== now.length) return false;
  return before instanceof Uint8Array
    ? Buffer.compare(before, now as Uint8Array) === 0
    : before.every((item, at) => Object.is(item, now[at]));
}

function fill(target: unknown, content: Content): void {
  if (Array.isArray(target)) target.splice(0, target.length, ...content);
  else (target as Uint8Array).set(content as Uint8Array);
}
