/**
 * Servers. The leader's listens; a follower's is bound to nothing, and gets the connections that the
 * leader's got as sockets that live on the log alone. Each connection is a root of its own.
 */
import { apiId } from '@lockstep/protocol';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import { outcome } from './connecting.ts';
import { type HandleClasses, type NativeHandle, SOCKET_TYPE } from './handle-classes.ts';
import { HandleEvent, type HandleState, type HandleTable } from './handle-table.ts';

const SERVER = apiId('net.server');
const CONNECTION = apiId('net.connection');

/** Replaces `listen` of the handles. */
export function hookListening(
  table: HandleTable,
  classes: HandleClasses,
  report: CoverageReport,
): void {
  for (const [owner, label] of [
    [classes.tcp, 'TCP.listen'],
    [classes.pipe, 'Pipe.listen'],
  ] as const) {
    patch(report, owner, 'listen', label, (original) => listen(table, original));
  }
}

function listen(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    const handle = this as NativeHandle;
    const state = table.name(handle, SERVER, '');
    state.turn = -1;
    if (door.leads) accept(table, handle, state);
    return outcome(door, SERVER, () => Reflect.apply(original, this, args));
  };
}

/** Whoever takes a server over (`cluster` does) sets a callback of its own later: the property is ours. */
function accept(table: HandleTable, handle: NativeHandle, state: HandleState): void {
  let inner = handle.onconnection;
  const entered = function (this: unknown, ...given: unknown[]): unknown {
    const set = inner;
    if (set === undefined) return undefined;
    const client = given[1] as NativeHandle | undefined;
    const told = [given[0], client?.fd ?? -1];
    return table.door.deliver(state, HandleEvent.connection, told, () => {
      if (client !== undefined) table.name(client, CONNECTION, state.target, true);
      return Reflect.apply(set, this, given);
    });
  };
  Object.defineProperty(handle, 'onconnection', {
    get: () => (inner === undefined ? undefined : entered),
    set: (next: AnyFunction | undefined) => {
      inner = next;
    },
    configurable: true,
    enumerable: true,
  });
}

/** Follower: the leader accepted a connection, or failed to. */
export function runConnection(
  table: HandleTable,
  handle: NativeHandle,
  state: HandleState,
  payload: unknown,
): void {
  const [status, fd] = payload as [number, number];
  const { onconnection } = handle;
  if (onconnection === undefined) return;
  const client = status === 0 ? follow(table, handle, state, fd) : undefined;
  Reflect.apply(onconnection, handle, [status, client]);
}

function follow(
  table: HandleTable,
  server: NativeHandle,
  state: HandleState,
  fd: number,
): NativeHandle {
  return table.runOutside(() => {
    const client = new server.constructor(SOCKET_TYPE);
    table.name(client, CONNECTION, state.target, true).fd = fd;
    return client;
  });
}
