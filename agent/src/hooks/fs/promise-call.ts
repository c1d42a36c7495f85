/**
 * One promise-returning call through the door. The leader's program gets a promise derived from the real
 * one, settled in the delivery: handing out the real promise with a second reader on it would hide
 * rejections that nobody handles.
 */
import type { CallRef, Door } from '../../core/door.ts';

/** How a result travels, and how a follower makes it again. Identity when absent. */
export interface ResultCodec {
  readonly carry: (value: unknown) => unknown;
  readonly restore: (payload: unknown) => unknown;
}

/** `start` runs in the leader only. `onValue` sees what the program gets, in both roles. */
export function promiseCall(
  door: Door,
  ref: CallRef,
  start: () => Promise<unknown>,
  codec: ResultCodec | null,
  onValue: (value: unknown) => void,
): Promise<unknown> {
  if (!door.leads) return followPromise(door, ref, codec, onValue);
  const real = door.attempt(ref, start) as Promise<unknown>;
  return real.then(
    (value) => {
      const payload = [null, codec === null ? value : codec.carry(value)];
      return door.deliver(ref, 0, payload, () => {
        onValue(value);
        return value;
      });
    },
    (error: unknown) =>
      door.deliver(ref, 0, [error], () => {
        throw error;
      }),
  );
}

function followPromise(
  door: Door,
  ref: CallRef,
  codec: ResultCodec | null,
  onValue: (value: unknown) => void,
): Promise<unknown> {
  door.attempt(ref, () => undefined);
  return new Promise((resolve, reject) => {
    door.expect(ref, (_event, payload) => {
      const [error, carried] = payload as [unknown, unknown];
      if (error !== null) return reject(error);
      const value = codec === null ? carried : codec.restore(carried);
      onValue(value);
      resolve(value);
    });
  });
}
