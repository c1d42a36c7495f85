/**
 * HOT. Calls from JavaScript into native objects that may call back before they return (a TLS connection that
 * is handed bytes, or torn down). A callback that comes by itself is a delivery; one that comes inside such
 * a call belongs to it: the call's answer is an in-turn value that lists what was called back meanwhile,
 * and a follower, whose native object does nothing, repeats the list before it answers.
 */
import { mapKey } from '@lockstep/protocol';
import type { CallRef, DeliveryHandler, Door } from '../../core/door.ts';

/** A callback made inside a call: whose it was, which, and what it brought. */
type Told = readonly [lo: number, hi: number, event: number, payload: unknown];

/** What the leader's call threw or gave, and what it called back meanwhile. */
type Answer = readonly [error: unknown, result: unknown, told: readonly Told[]];

/** How an answer travels; as it is when absent. */
export interface AnswerCodec {
  readonly carry: (result: unknown) => unknown;
  readonly restore: (carried: unknown) => unknown;
}

/** What `call` needs to know of a method. */
export interface NativeMethod {
  readonly api: number;
  /** The answer that is not worth a log entry. */
  readonly usual: unknown;
  readonly codec?: AnswerCodec | undefined;
}

/** One object a thread: callbacks of one native object may come inside a call of another. */
export class NativeCalls {
  readonly door: Door;
  /** Leader: what was called back since the innermost call began; null outside of any. */
  private told: Told[] | null = null;
  /** Follower: by the name of what a callback belongs to. */
  private readonly handlers: Map<number, DeliveryHandler> = new Map();

  constructor(door: Door) {
    this.door = door;
  }

  /** Leader: a call that may call back has not returned yet. */
  get isInside(): boolean {
    return this.told !== null;
  }

  /** Follower: what to do when the leader's object calls back. */
  expect(ref: CallRef, handler: DeliveryHandler, lasting = true): void {
    const once: DeliveryHandler = (event, payload) => {
      this.handlers.delete(ref.key);
      this.door.forget(ref);
      handler(event, payload);
    };
    this.handlers.set(ref.key, lasting ? handler : once);
    this.door.expect(ref, lasting ? handler : once, lasting);
  }

  /** Follower: nothing more will come. */
  forget(ref: CallRef): void {
    this.handlers.delete(ref.key);
    this.door.forget(ref);
  }

  /** JavaScript calls native code. `run` runs in the leader only. */
  call(method: NativeMethod, run: () => unknown): unknown {
    const { door } = this;
    door.identify(method.api, '');
    const ref = door.ref(method.api, '');
    return door.leads ? this.lead(ref, method, run) : this.repeat(ref, method);
  }

  /**
   * A call that hooks of its own answer: `run` runs in both roles, what was called back meanwhile is
   * carried besides.
   */
  during<T>(api: number, run: () => T): T {
    const { door } = this;
    door.identify(api, '');
    const ref = door.ref(api, '');
    if (!door.leads) {
      const result = run();
      this.repeat(ref, { api, usual: undefined });
      return result;
    }
    const outer = this.told;
    const told: Told[] = [];
    this.told = told;
    try {
      return run();
    } finally {
      this.told = outer;
      if (told.length > 0) this.answer(ref, [null, undefined, told]);
    }
  }

  /** Native code calls JavaScript, in the leader. */
  enter<T>(ref: CallRef, event: number, payload: unknown, run: () => T): T {
    const outer = this.told;
    if (outer === null) return this.door.deliver(ref, event, payload, run);
    outer.push([ref.lo, ref.hi, event, copied(payload)]);
    this.told = null;
    try {
      return run();
    } finally {
      this.told = outer;
    }
  }

  private lead(ref: CallRef, { usual, codec }: NativeMethod, run: () => unknown): unknown {
    const outer = this.told;
    const told: Told[] = [];
    this.told = told;
    let result: unknown;
    try {
      result = run();
    } catch (error) {
      this.answer(ref, [error, undefined, told]);
      throw error;
    } finally {
      this.told = outer;
    }
    if (result !== usual || told.length > 0) {
      this.answer(ref, [null, codec === undefined ? result : codec.carry(result), told]);
    }
    return result;
  }

  private answer(ref: CallRef, answer: Answer): void {
    this.door.fact<Answer | null>(ref, () => answer, null);
  }

  private repeat(ref: CallRef, { usual, codec }: NativeMethod): unknown {
    const answer = this.door.fact<Answer | null>(ref, () => null, null);
    if (answer === null) return usual;
    const [error, result, told] = answer;
    for (const [lo, hi, event, payload] of told) {
      this.handlers.get(mapKey(lo, hi))?.(event, payload);
    }
    if (error !== null) throw error;
    return codec === undefined ? result : codec.restore(result);
  }
}

/** The answer is written when the call is over; bytes may be somebody else's by then. */
function copied(payload: unknown): unknown {
  return payload instanceof Uint8Array ? Buffer.from(payload) : payload;
}
