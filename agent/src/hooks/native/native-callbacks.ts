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
  /** The property is a symbol that Node keeps to itself: each object is adopted when it has one. */
  readonly isSymbol?: true;
  /** Only what a follower needs; all arguments when absent. */
  readonly carry?: (args: readonly unknown[], handle: object) => readonly unknown[];
  readonly restore?: (carried: readonly unknown[], handle: object) => readonly unknown[];
}

/** What Node's code set, and what native code finds. */
interface Slot {
  readonly set: unknown;
  readonly entered: unknown;
}

/** What is set on one object, by the number of the callback. */
type Slots = Map<number, Slot>;

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
      const { name, event, isSymbol } = callback;
      if (isSymbol === true) continue;
      const { slots } = this;
      const enter = this.enter.bind(this, callback);
      Object.defineProperty(prototype, name, {
        configurable: true,
        enumerable: false,
        get(this: object): unknown {
          return slots.get(this)?.get(event)?.entered;
        },
        set(this: object, set: unknown) {
          const entered = typeof set === 'function' ? enter(this, set as AnyFunction) : set;
          keep(slots, this, event, { set, entered });
        },
      });
    }
  }

  /** Takes over what stands under a symbol on one object. */
  adopt(handle: object, name: string): void {
    const callback = this.callbacks.find((one) => one.name === name);
    const symbols = Object.getOwnPropertySymbols(handle);
    const symbol = symbols.find((own) => own.description === name);
    if (callback === undefined || symbol === undefined) return;
    const set: unknown = Reflect.get(handle, symbol);
    if (typeof set !== 'function') return;
    const entered = this.enter(callback, handle, set as AnyFunction);
    keep(this.slots, handle, callback.event, { set, entered });
    Reflect.set(handle, symbol, entered);
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

function keep(all: WeakMap<object, Slots>, handle: object, event: number, slot: Slot): void {
  const own: Slots = all.get(handle) ?? new Map();
  all.set(handle, own);
  own.set(event, slot);
}
