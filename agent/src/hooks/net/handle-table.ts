/**
 * HOT. Which handles are sockets of the program, and what names them. A handle gets its name when it is
 * connected, bound or accepted; whatever has none (children's pipes, terminals) is not ours and passes.
 *
 * A follower's handle is a real object of the same class that never gets a descriptor: the native side
 * has nothing to do for it, its events come from the log.
 */
import type { CallRef, Door } from '../../core/door.ts';
import { originals } from '../../core/originals.ts';
import type { AnyFunction } from '../../core/patch.ts';
import { type NativeCallback, NativeCallbacks } from '../native/native-callbacks.ts';
import type { NativeCalls } from '../native/native-calls.ts';
import type { NativeHandle, StreamSlots } from './handle-classes.ts';

/** What happens on a handle; callbacks of its own class have numbers from `firstCallback` on. */
export const HandleEvent = {
  connected: 0,
  read: 1,
  closed: 2,
  connection: 3,
  firstCallback: 16,
} as const;
export type HandleEvent = (typeof HandleEvent)[keyof typeof HandleEvent];

/** One handle of the program; as a `CallRef` it names the handle's deliveries. */
export class HandleState implements CallRef {
  readonly api: number;
  readonly lo: number;
  readonly hi: number;
  readonly key: number;
  /** The turn that what arrives next goes back to: of the last write, so that a pooled connection's
   * answers lead to the request that asked. -1: what arrives is a root. */
  turn: number;
  readonly target: string;
  /** The handle was accepted by a server. */
  readonly inbound: boolean;
  /** An HTTP server took the socket over: its responses are recorded, not their bytes. */
  http: boolean = false;
  /** Leader: `onread` is ours. Follower: nothing more is delivered. */
  wrapped: boolean = false;
  closing: boolean = false;
  fd = -1;
  bytesRead = 0;
  bytesWritten = 0;
  writeQueueSize = 0;
  /** Follower: what the program waits for. */
  onConnected: AnyFunction | null = null;
  onClosed: AnyFunction | null = null;

  constructor(ref: CallRef, inbound: boolean) {
    this.api = ref.api;
    this.lo = ref.lo;
    this.hi = ref.hi;
    this.key = ref.key;
    this.turn = inbound ? -1 : ref.turn;
    this.target = ref.target;
    this.inbound = inbound;
  }
}

/** What a follower does when the log delivers for a handle. */
export type HandleDelivery = (
  handle: NativeHandle,
  state: HandleState,
  event: number,
  payload: unknown,
) => void;

/** All named handles of this thread. */
export class HandleTable {
  readonly door: Door;
  readonly slots: StreamSlots;
  readonly natives: NativeCalls;
  /** Prototypes of the classes that travel between processes, by a name. */
  readonly kinds: Map<string, object> = new Map();
  /** Follower: set by the hooks before anything is delivered. */
  onDelivery: HandleDelivery = () => {};
  private readonly states: WeakMap<object, HandleState> = new WeakMap();
  private readonly classes: { prototype: object; callbacks: NativeCallbacks }[] = [];
  /** A scope without the program's context: accepted handles are made outside any call of its. */
  private readonly outside: InstanceType<typeof originals.AsyncResource>;

  constructor(natives: NativeCalls, slots: StreamSlots) {
    const { door } = natives;
    this.door = door;
    this.slots = slots;
    this.natives = natives;
    this.outside = new originals.AsyncResource('LOCKSTEP');
  }

  get(handle: object): HandleState | undefined {
    return this.states.get(handle);
  }

  /** The handle's state; it is named now if it is not yet. */
  name(handle: NativeHandle, api: number, target: string, inbound = false): HandleState {
    const known = this.states.get(handle);
    if (known !== undefined) return known;
    const { door } = this;
    door.identify(api, target);
    const state = new HandleState(door.ref(api, target), inbound);
    this.states.set(handle, state);
    if (!door.leads) this.follow(handle, state);
    return state;
  }

  /** Callbacks that native code finds on objects of a class. */
  addCallbacks(prototype: object, callbacks: readonly NativeCallback[]): NativeCallbacks {
    const made = new NativeCallbacks(this, callbacks);
    made.install(prototype);
    this.classes.push({ prototype, callbacks: made });
    return made;
  }

  /** Follower: the leader's object called back. */
  callBack(handle: object, event: number, payload: unknown): void {
    const found = this.classes.find(({ prototype }) =>
      Object.prototype.isPrototypeOf.call(prototype, handle),
    );
    found?.callbacks.run(handle, event, payload);
  }

  /** Runs `make` where no context of the program is in force. */
  runOutside<T>(make: () => T): T {
    return this.outside.runInAsyncScope(make);
  }

  private follow(handle: NativeHandle, state: HandleState): void {
    for (const key of ['fd', 'bytesRead', 'bytesWritten', 'writeQueueSize'] as const) {
      Object.defineProperty(handle, key, { get: () => state[key], configurable: true });
    }
    this.natives.expect(state, (event, payload) => this.onDelivery(handle, state, event, payload));
  }
}
