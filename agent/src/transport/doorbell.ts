/**
 * The wait, both sides of it. Waking a thread is a system call (30 us measured when it sleeps deeply), so
 * the bell is rung only while the transport thread says that it sleeps; it looks once more between saying
 * so and sleeping, and both sides store before they load, so no ring is lost.
 */
import { atomicAdd, atomicLoad, atomicNotify, atomicStore } from './originals.ts';
import { Slot } from './slots.ts';

/** HOT. Application thread: wakes the transport thread if it sleeps. */
export function ring(slots: Int32Array): void {
  if (atomicLoad(slots, Slot.sleeping) === 0) return;
  atomicStore(slots, Slot.sleeping, 0);
  atomicAdd(slots, Slot.bell, 1);
  atomicNotify(slots, Slot.bell, 1);
}

/** `Atomics.waitAsync`, which the library of ES2023 does not list; Node has it since 16. */
type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
) => { readonly async: boolean; readonly value: Promise<string> | string };

const { waitAsync } = Atomics as unknown as { readonly waitAsync: WaitAsync };

/**
 * Transport thread: sleeps without blocking its socket and calls `wake` on the event loop, at once when
 * `busy` finds something after the sleep was announced.
 */
export function sleep(slots: Int32Array, busy: () => boolean, wake: () => void): void {
  const seen = Atomics.load(slots, Slot.bell);
  Atomics.store(slots, Slot.sleeping, 1);
  if (busy()) {
    Atomics.store(slots, Slot.sleeping, 0);
    setImmediate(wake);
    return;
  }
  const outcome = waitAsync(slots, Slot.bell, seen);
  if (outcome.async) Promise.resolve(outcome.value).then(wake, wake);
  else setImmediate(wake);
}
