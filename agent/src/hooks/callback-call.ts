/**
 * One call with a callback through the door, its results carried. For calls whose callback the native
 * side enters; what Node calls back on the next tick by itself is no delivery.
 */
import type { CallRef, Door } from '../core/door.ts';

/** Arguments of a callback. */
export type Results = readonly unknown[];

/** How results travel, where they cannot travel as they are. */
export interface ResultsCodec {
  readonly carry: (results: Results) => Results;
  readonly restore: (carried: Results) => Results;
}

const asTheyAre: ResultsCodec = { carry: (results) => results, restore: (carried) => carried };

/**
 * `start` runs in the leader only and gets the callback to hand on; `settle` is the program's callback.
 * Throws what `start` throws, in both roles.
 */
export function callbackCall(
  door: Door,
  ref: CallRef,
  start: (done: (...results: unknown[]) => void) => unknown,
  settle: (results: Results) => void,
  codec: ResultsCodec = asTheyAre,
): unknown {
  if (door.leads) {
    return door.attempt(ref, () =>
      start((...results) => door.deliver(ref, 0, codec.carry(results), () => settle(results))),
    );
  }
  door.attempt(ref, () => undefined);
  door.expect(ref, (_event, carried) => settle(codec.restore(carried as Results)));
  return undefined;
}
