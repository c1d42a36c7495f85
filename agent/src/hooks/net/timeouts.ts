/**
 * `socket.setTimeout`. Node's own timers count in every replica, but only the leader's may fire: in a
 * follower the moment comes from the log, with what the native side said of unsent bytes then.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef } from '../../core/door.ts';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { NativeHandle } from './handle-classes.ts';
import type { HandleTable } from './handle-table.ts';

const TIMEOUT = apiId('net.socket.timeout');

/** Replaces `setTimeout`, `_onTimeout` and `_destroy` of `net.Socket`. */
export function hookTimeouts(
  table: HandleTable,
  socketPrototype: object,
  report: CoverageReport,
): void {
  const refs: WeakMap<object, CallRef> = new WeakMap();
  const { door } = table;
  const fire = patch(report, socketPrototype, '_onTimeout', 'Socket._onTimeout', (original) =>
    door.leads ? leaderFire(table, refs, original) : followerFire(refs, original),
  );
  if (fire === null) return;
  patch(
    report,
    socketPrototype,
    'setTimeout',
    'Socket.setTimeout',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const socket = this as object;
        if (door.covered === 0 && !refs.has(socket)) {
          door.identify(TIMEOUT, '');
          const ref = door.ref(TIMEOUT, '');
          refs.set(socket, ref);
          if (!door.leads) {
            door.expect(ref, (_event, size) => runFire(table, socket, fire, size as number), true);
          }
        }
        return Reflect.apply(original, this, args);
      },
  );
  forgetWhenDestroyed(table, refs, socketPrototype, report);
}

function handleOf(socket: object): NativeHandle | null {
  return (socket as { _handle?: NativeHandle | null })._handle ?? null;
}

function leaderFire(
  table: HandleTable,
  refs: WeakMap<object, CallRef>,
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown): unknown {
    const ref = refs.get(this as object);
    if (ref === undefined) return Reflect.apply(original, this, []);
    const size = handleOf(this as object)?.writeQueueSize ?? 0;
    return table.door.deliver(ref, 0, size, () => Reflect.apply(original, this, []));
  };
}

/** A follower's own timer says nothing. */
function followerFire(refs: WeakMap<object, CallRef>, original: AnyFunction): AnyFunction {
  return function (this: unknown): unknown {
    return refs.has(this as object) ? undefined : Reflect.apply(original, this, []);
  };
}

function runFire(table: HandleTable, socket: object, fire: AnyFunction, size: number): void {
  const handle = handleOf(socket);
  const state = handle === null ? undefined : table.get(handle);
  if (state !== undefined) state.writeQueueSize = size;
  Reflect.apply(fire, socket, []);
}

function forgetWhenDestroyed(
  table: HandleTable,
  refs: WeakMap<object, CallRef>,
  socketPrototype: object,
  report: CoverageReport,
): void {
  patch(
    report,
    socketPrototype,
    '_destroy',
    'Socket._destroy',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const ref = refs.get(this as object);
        if (ref !== undefined) {
          refs.delete(this as object);
          table.door.forget(ref);
        }
        return Reflect.apply(original, this, args);
      },
  );
}
