/**
 * Callbacks that Node's own code sets on native objects (`handle.onwrite = ...`). Accessors on the class
 * stand for the properties: Node's code gets back what it set, native code gets a function that enters
 * through the door.
 */
import type { AnyFunction } from '../../core/patch.ts';
import type { HandleState, HandleTable } from '../net/handle-table.ts';

/** One callback: its property, its number among the object's happenings, how its arguments travel. */
export interface NativeCallback {
  readonly name: string;
  readonly event: number;
  /** Only what a follower needs; all arguments when absent. */
  readonly carry?: (args: readonly unknown[], handle: object) => readonly unknown[];
  readonly restore?: (carried: readonly unknown[], handle: object) => readonly unknown[];
}

/** What is set on one object, by the number of the callback. */
type Slots = Map<number, { readonly set: unknown; readonly entered: unknown }>;

/** The callbacks of one native class. */
export class NativeCallbacks {
  private readonly table: HandleTable;
  private readonly callbacks: readonly NativeCallback[];
  private readonly slots: WeakMap<object, Slots> = new WeakMap();

  constructor(table: HandleTable, callbacks: readonly NativeCallback[]) {
    this.table = table;
    this.callbacks = callbacks;
  }

  /** Puts accessors on the class. */
  install(prototype: object): void {
    for (const callback of this.callbacks) {
      const { name, event } = callback;
      const { slots } = this;
      const enter = this.enter.bind(this, callback);
      Object.defineProperty(prototype, name, {
        configurable: true,
        enumerable: false,
        get(this: object): unknown {
          return slots.get(this)?.get(event)?.entered;
        },
        set(this: object, set: unknown) {
          const own: Slots = slots.get(this) ?? new Map();
          slots.set(this, own);
          const entered = typeof set === 'function' ? enter(this, set as AnyFunction) : set;
          own.set(event, { set, entered });
        },
      });
    }
  }

  /** Follower: the leader's object called back. */
  run(handle: object, event: number, payload: unknown): void {
    const callback = this.callbacks.find((one) => one.event === event);
    const set = this.slots.get(handle)?.get(event)?.set;
    if (callback === undefined || typeof set !== 'function') return;
    const args = payload as readonly unknown[];
    Reflect.apply(set as AnyFunction, handle, callback.restore?.(args, handle) ?? args);
  }

  /** Leader: what native code finds in the place of `set`. */
  private enter(callback: NativeCallback, handle: object, set: AnyFunction): AnyFunction {
    const { table } = this;
    if (!table.door.leads) return set;
    const { event, carry } = callback;
    return function (this: unknown, ...args: unknown[]): unknown {
      const state: HandleState | undefined = table.get(handle);
      if (state === undefined || table.door.covered > 0) return Reflect.apply(set, this, args);
      const payload = carry?.(args, handle) ?? args;
      return table.natives.enter(state, event, payload, () => Reflect.apply(set, this, args));
    };
  }
}
