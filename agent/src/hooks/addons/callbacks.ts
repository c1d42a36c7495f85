/**
 * Callbacks that native code is given: as arguments, and within the plain objects and arrays among them.
 * During the call the leader's hold recorded ones in their place, and are put back after it: a copy would
 * hide what native code writes into them. Native code that keeps such an object and takes a callback from
 * it only later is not seen.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef } from '../../core/door.ts';
import { type AnyFunction, disguise } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import type { NativeCalls } from '../native/native-calls.ts';
import { type Carried, carryAll, restoreAll } from './carried.ts';
import type { MakeNative } from './stand-ins.ts';
import type { AddonCall } from './walk.ts';

const CALLBACK = apiId('native.addon.callback');
const { isProxy } = builtin('util').types;

/** How deep callbacks are looked for within an argument. */
const MAX_DEPTH = 6;

/** Items that are looked at within one argument; lists of data are longer, and hold no callbacks. */
const MAX_ITEMS = 4096;

/** Callbacks that may come again and again; the oldest are given up. */
const MAX_LASTING = 16_384;

/** One that may come again and again. */
interface Lasting {
  readonly ref: CallRef;
  readonly entered: AnyFunction;
  isGivenUp: boolean;
}

/** What the native call gets, and how the program's objects become what they were. */
export interface Given {
  readonly args: unknown[];
  readonly putBack: () => void;
}

export class GivenCallbacks {
  private readonly natives: NativeCalls;
  private readonly make: MakeNative;
  /** Native code may call each again and again, however it was given. */
  private readonly areLasting: boolean;
  private readonly known: WeakMap<AnyFunction, Lasting> = new WeakMap();
  private readonly lasting: Set<Lasting> = new Set();

  constructor(natives: NativeCalls, make: MakeNative, areLasting: boolean) {
    this.natives = natives;
    this.make = make;
    this.areLasting = areLasting;
  }

  /** The same in both roles, but that a follower's objects stay as they are. */
  of({ args, isNew, adopt }: AddonCall): Given {
    const undo: (() => void)[] = [];
    const given = args.map((arg, at) => {
      const isOnce = at === args.length - 1 && !isNew && !this.areLasting;
      if (typeof arg !== 'function') {
        this.within(arg, { adopt, undo, seen: new Set() }, 0);
        return arg;
      }
      const callback = arg as AnyFunction;
      if (isClass(callback)) return arg;
      return isOnce ? this.once(callback, adopt) : this.again(callback, adopt, false);
    });
    const putBack = (): void => {
      for (const restore of undo) restore();
    };
    return { args: given, putBack };
  }

  private within(value: unknown, search: Search, depth: number): void {
    if (!isPlain(value) || depth > MAX_DEPTH || search.seen.has(value)) return;
    if (search.seen.size > MAX_ITEMS || (Array.isArray(value) && value.length > MAX_ITEMS)) return;
    search.seen.add(value);
    for (const key of Object.keys(value)) {
      const slot = Object.getOwnPropertyDescriptor(value, key);
      const held: unknown = slot?.value;
      if (typeof held === 'function') this.callbackIn(value, key, held as AnyFunction, search);
      else if (isProxy(held)) this.guardIn(value, key, held as object, search);
      else this.within(held, search, depth + 1);
    }
  }

  private callbackIn(holder: object, key: string, callback: AnyFunction, search: Search): void {
    if (isClass(callback)) return;
    const entered = this.again(callback, search.adopt, true);
    if (this.natives.door.leads) this.swap(holder, key, entered, search);
  }

  /** What a proxy holds is not to be asked: native code may, and what it calls then ends following. */
  private guardIn(holder: object, key: string, held: object, search: Search): void {
    const { door } = this.natives;
    if (!door.leads) return;
    const get = (target: object, name: string | symbol): unknown => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return function (this: unknown, ...args: unknown[]): unknown {
        door.notFollowed(CALLBACK, 'a callback that native code took from a proxy is not followed');
        return Reflect.apply(value, this, args) as unknown;
      };
    };
    this.swap(holder, key, new Proxy(held, { get }), search);
  }

  /** Leader: until the call is over. */
  private swap(holder: object, key: string, entered: unknown, search: Search): void {
    const held: unknown = Reflect.get(holder, key);
    if (!Reflect.set(holder, key, entered)) {
      this.natives.door.notFollowed(CALLBACK, 'a callback in a frozen object is not followed');
      return;
    }
    search.undo.push(() => {
      if (Reflect.get(holder, key) === entered) Reflect.set(holder, key, held);
    });
  }

  private once(callback: AnyFunction, adopt: AddonCall['adopt']): AnyFunction {
    const ref = this.name();
    if (this.natives.door.leads) return this.entering(callback, ref, adopt, null);
    const run = (_event: number, carried: unknown): void => {
      Reflect.apply(callback, undefined, restoreAll(carried as Carried[], this.make));
    };
    this.natives.expect(ref, run, false);
    return callback;
  }

  private again(callback: AnyFunction, adopt: AddonCall['adopt'], isNested: boolean): AnyFunction {
    const before = this.known.get(callback);
    if (before !== undefined && !before.isGivenUp) return before.entered;
    const ref = this.name();
    const state = { isGivenUp: false };
    const { leads } = this.natives.door;
    const entered = leads ? this.entering(callback, ref, adopt, state) : callback;
    if (!leads) {
      const run = (_event: number, carried: unknown): void => {
        const args = restoreAll(carried as Carried[], this.make);
        if (isNested) heard(() => Reflect.apply(callback, undefined, args) as unknown);
        else Reflect.apply(callback, undefined, args);
      };
      this.natives.expect(ref, run, true);
    }
    const lasting: Lasting = Object.assign(state, { ref, entered });
    this.known.set(callback, lasting);
    this.lasting.add(lasting);
    if (this.lasting.size > MAX_LASTING) this.giveUpOldest();
    return entered;
  }

  private giveUpOldest(): void {
    for (const oldest of this.lasting) {
      this.lasting.delete(oldest);
      oldest.isGivenUp = true;
      if (!this.natives.door.leads) this.natives.forget(oldest.ref);
      return;
    }
  }

  private name(): CallRef {
    const { door } = this.natives;
    door.identify(CALLBACK, '');
    return door.ref(CALLBACK, '');
  }

  /** Leader: what native code gets. It may ask how many arguments that takes. */
  private entering(
    callback: AnyFunction,
    ref: CallRef,
    adopt: AddonCall['adopt'],
    state: { readonly isGivenUp: boolean } | null,
  ): AnyFunction {
    const { natives } = this;
    const entered = function (this: unknown, ...args: unknown[]): unknown {
      if (state?.isGivenUp === true) {
        natives.door.notFollowed(CALLBACK, `more than ${MAX_LASTING} callbacks are not followed`);
      }
      const given = args.map((arg) => adopt(arg));
      const run = (): unknown => Reflect.apply(callback, this, given) as unknown;
      return natives.enter(ref, 0, carryAll(given), run);
    };
    return disguise(entered, callback);
  }
}

interface Search {
  readonly adopt: AddonCall['adopt'];
  readonly undo: (() => void)[];
  readonly seen: Set<object>;
}

/** What such a callback throws or rejects with is native code's to handle, which a follower has not. */
function heard(run: () => unknown): void {
  try {
    const result = run();
    if (result instanceof Promise) result.then(ignored, ignored);
  } catch {
    ignored(); // The leader's native code got the same.
  }
}

function ignored(): void {}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype === Object.prototype;
}

/** Classes are handed over as well (errors that native code is to throw): they must stay what they are. */
export function isClass(callback: AnyFunction): boolean {
  const { prototype } = callback as { prototype?: object };
  return (
    prototype !== undefined && (prototype instanceof Error || /^class\b/.test(String(callback)))
  );
}
