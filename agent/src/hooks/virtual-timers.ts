/**
 * A follower's timers: objects that look like Node's and fire when the log delivers. Nothing here touches
 * the event loop.
 */
import type { CallRef, Door } from '../core/door.ts';
import { originals } from '../core/originals.ts';
import type { AnyFunction } from '../core/patch.ts';

interface VirtualTimer {
  readonly ref: CallRef;
  readonly arm: () => void;
  armed: boolean;
  /** Its number, once the program asked for it. */
  id: number | null;
  referenced: boolean;
}

interface Kind {
  readonly name: string;
  readonly api: number;
  readonly repeats: boolean;
}

/** Makes and clears the timers of one follower. */
export class VirtualTimers {
  private readonly door: Door;
  private readonly timers: WeakMap<object, VirtualTimer> = new WeakMap();
  private readonly byId: Map<number, object> = new Map();
  private readonly timeoutPrototype: object;
  private readonly immediatePrototype: object;

  constructor(door: Door) {
    this.door = door;
    const timeout = originals.setTimeout(() => {}, 1);
    originals.clearTimeout(timeout);
    const immediate = originals.setImmediate(() => {});
    clearImmediate(immediate);
    this.timeoutPrototype = Object.getPrototypeOf(timeout) as object;
    this.immediatePrototype = Object.getPrototypeOf(immediate) as object;
  }

  /** The function that stands for `setTimeout`, `setInterval` or `setImmediate`. */
  setter(kind: Kind, original: AnyFunction): AnyFunction {
    const { door } = this;
    const immediate = kind.name === 'setImmediate';
    return (...args: unknown[]) => {
      const [callback] = args;
      if (typeof callback !== 'function') return Reflect.apply(original, undefined, args);
      if (door.covered > 0) return Reflect.apply(original, undefined, args);
      const ref = door.begin(kind.api, '', immediate ? [] : [args[1]]);
      const passed = args.slice(immediate ? 1 : 2);
      return this.make(ref, kind, callback as AnyFunction, passed, args[1]);
    };
  }

  /** Clears a timer of ours, given as object or id; false when it is none. */
  clear(given: unknown): boolean {
    const timer = this.find(given);
    if (timer === null) return false;
    this.disarm(timer);
    this.door.forget(timer.ref);
    return true;
  }

  private disarm(timer: VirtualTimer): void {
    timer.armed = false;
    if (timer.id !== null) this.byId.delete(timer.id);
  }

  /** Remembers the id under which the program may clear a timer. */
  name(id: number, timer: object): void {
    const state = this.timers.get(timer);
    if (state === undefined) return;
    state.id = id;
    this.byId.set(id, timer);
  }

  private find(given: unknown): VirtualTimer | null {
    if (typeof given === 'object' && given !== null) return this.timers.get(given) ?? null;
    const timer = this.byId.get(Number(given));
    return timer === undefined ? null : (this.timers.get(timer) ?? null);
  }

  private make(
    ref: CallRef,
    kind: Kind,
    callback: AnyFunction,
    passed: unknown[],
    delay: unknown,
  ): object {
    const { door } = this;
    const immediate = kind.name === 'setImmediate';
    const shown = Object.create(
      immediate ? this.immediatePrototype : this.timeoutPrototype,
    ) as object;
    const state: VirtualTimer = { ref, armed: false, id: null, referenced: true, arm: () => arm() };
    const arm = (): void => {
      state.armed = true;
      door.expect(ref, () => fire(), kind.repeats);
    };
    const fire = (): void => {
      if (!state.armed) return;
      if (!kind.repeats) this.disarm(state);
      Reflect.apply(callback, shown, passed);
    };
    this.timers.set(shown, state);
    this.dress(shown, state, immediate ? null : callback, delay, kind.repeats);
    arm();
    return shown;
  }

  /** Own methods in place of the class's, which would put the timer into Node's lists. */
  private dress(
    shown: object,
    state: VirtualTimer,
    callback: AnyFunction | null,
    delay: unknown,
    repeats: boolean,
  ): void {
    const methods: Record<string, AnyFunction> = {
      ref: () => setReferenced(true),
      unref: () => setReferenced(false),
      hasRef: () => state.referenced,
    };
    const setReferenced = (referenced: boolean): object => {
      state.referenced = referenced;
      return shown;
    };
    if (callback !== null) {
      methods['refresh'] = () => {
        if (!state.armed) state.arm();
        return shown;
      };
      methods['close'] = () => {
        this.clear(shown);
        return shown;
      };
      const milliseconds = Math.max(Number(delay) || 1, 1);
      Object.assign(shown, { _idleTimeout: milliseconds, _onTimeout: callback });
      Object.assign(shown, { _repeat: repeats ? milliseconds : null, _destroyed: false });
    }
    for (const [name, value] of Object.entries(methods)) hide(shown, name, value);
    const dispose = Reflect.get(Symbol, 'dispose') as symbol | undefined;
    if (dispose !== undefined) hide(shown, dispose, () => void this.clear(shown));
  }
}

function hide(owner: object, key: PropertyKey, value: AnyFunction): void {
  Object.defineProperty(owner, key, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
