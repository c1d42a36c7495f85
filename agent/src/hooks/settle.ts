/**
 * Promises of work that every replica does itself. Work that ends natively enters JavaScript from outside
 * and is held to its turn. Work that never leaves JavaScript (refused arguments, a key that is imported at
 * once) settles in the turn that began it, in every replica alike, and must not be held: microtasks that
 * wait beside it would be set apart.
 */
import type { CallRef, Door } from '../core/door.ts';
import { originals } from '../core/originals.ts';

/**
 * Microtasks after which a promise that has not settled waits for the native side. Node's own functions
 * need fewer than ten to refuse an argument.
 */
const EARLY_MICROTASKS = 24;

/** How a result that draws randomness travels. */
export interface PromiseCodec {
  readonly carry: (value: unknown) => unknown;
  readonly restore: (carried: unknown) => unknown;
}

type Settle = (run: () => void, failed: boolean, value: unknown) => void;

/**
 * Settles as `start`'s promise does: held to its turn, and with the leader's result when a `codec` is
 * given. Both roles run `start`, which must touch nothing outside.
 */
export function settleInTurn(
  door: Door,
  ref: CallRef,
  start: () => Promise<unknown>,
  codec: PromiseCodec | null = null,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = lateSettling(door, ref, codec, { resolve, reject });
    let isEarly = true;
    const settled = (failed: boolean, value: unknown): void => {
      const run = (): void => (failed ? reject(value as Error) : resolve(value));
      if (isEarly) {
        door.forget(ref);
        run();
      } else {
        late(run, failed, value);
      }
    };
    door.cover(start).then(
      (value) => settled(false, value),
      (error: unknown) => settled(true, error),
    );
    afterMicrotasks(EARLY_MICROTASKS, () => {
      isEarly = false;
    });
  });
}

/** What settles the program's promise once the native side is done. */
function lateSettling(
  door: Door,
  ref: CallRef,
  codec: PromiseCodec | null,
  promise: { resolve: (value: unknown) => void; reject: (error: unknown) => void },
): Settle {
  if (codec === null) {
    const gate = door.compute(ref);
    return (run) => gate(run);
  }
  if (door.leads) {
    return (run, failed, value) =>
      door.deliver(ref, 0, failed ? [value] : [null, codec.carry(value)], run);
  }
  door.expect(ref, (_event, payload) => {
    const [error, carried] = payload as [unknown, unknown];
    if (error === null) promise.resolve(codec.restore(carried));
    else promise.reject(error);
  });
  // The leader's result counts, not this one.
  return () => {};
}

function afterMicrotasks(count: number, then: () => void): void {
  originals.queueMicrotask(count === 0 ? then : () => afterMicrotasks(count - 1, then));
}
