/**
 * The end of a handle. The native side closes it a moment later, in a loop phase of its own, and then
 * calls back: that is where `close` events come from, so it is a delivery.
 */
import { apiId } from '@lockstep/protocol';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import { outcome } from './connecting.ts';
import type { HandleClasses } from './handle-classes.ts';
import { HandleEvent, type HandleState, type HandleTable } from './handle-table.ts';

const RESET = apiId('net.socket.reset');

/** Replaces `close` of all handles and `reset` of TCP handles. */
export function hookClosing(
  table: HandleTable,
  classes: HandleClasses,
  report: CoverageReport,
): void {
  patch(
    report,
    classes.handle,
    'close',
    'Handle.close',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const state = table.get(this as object);
        if (state === undefined) return Reflect.apply(original, this, args);
        return close(table, state, this, args[0], original);
      },
  );
  patch(
    report,
    classes.tcp,
    'reset',
    'TCP.reset',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const state = table.get(this as object);
        if (state === undefined) return Reflect.apply(original, this, args);
        return reset(table, state, this, args[0], original);
      },
  );
}

function reset(
  table: HandleTable,
  state: HandleState,
  handle: unknown,
  callback: unknown,
  original: AnyFunction,
): unknown {
  const code = outcome(table.door, RESET, () =>
    Reflect.apply(original, handle, [closed(table, state, callback)]),
  );
  if (!table.door.leads && code === 0) follow(table, state, handle, callback);
  return code;
}

function close(
  table: HandleTable,
  state: HandleState,
  handle: unknown,
  callback: unknown,
  original: AnyFunction,
): unknown {
  if (table.door.leads) {
    return Reflect.apply(original, handle, [closed(table, state, callback)]);
  }
  follow(table, state, handle, callback);
  return Reflect.apply(original, handle, []);
}

/** Leader: the native side's call back as a delivery. */
function closed(table: HandleTable, state: HandleState, callback: unknown): unknown {
  if (typeof callback !== 'function') return callback;
  return function (this: unknown, ...given: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(callback, this, given);
    return table.door.deliver(state, HandleEvent.closed, undefined, run);
  };
}

/** Follower: waits for the leader's call back; without one nothing more can come. */
function follow(table: HandleTable, state: HandleState, handle: unknown, callback: unknown): void {
  if (state.closing) return;
  state.closing = true;
  if (typeof callback === 'function') state.onClosed = () => Reflect.apply(callback, handle, []);
  else table.natives.forget(state);
}

/** Follower: the leader's handle is closed. */
export function runClosed(table: HandleTable, state: HandleState): void {
  table.natives.forget(state);
  state.onClosed?.();
}
