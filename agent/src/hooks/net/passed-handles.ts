/**
 * Sockets and servers that come with a message from another process: the leader's native side has them at
 * hand when the message's bytes arrive; a follower gets one of the same class without a descriptor. How
 * `cluster` shares a port, or deals out its connections, is JavaScript above this and runs for real.
 */
import { apiId } from '@lockstep/protocol';
import { type NativeHandle, SOCKET_TYPE } from './handle-classes.ts';
import type { HandleState, HandleTable } from './handle-table.ts';

const PASSED = apiId('net.connection');

/** Bytes that a handle came with: its class by name, and the leader's descriptor. */
export type WithHandle = readonly [bytes: Uint8Array, kind: string, fd: number];

/** Leader: what travels for a handle that came; null for a class that is not followed. */
export function describePassed(
  table: HandleTable,
  passed: object,
  bytes: Uint8Array,
): WithHandle | null {
  const proto = Object.getPrototypeOf(passed) as unknown;
  for (const [kind, prototype] of table.kinds) {
    if (prototype === proto) return [bytes, kind, (passed as NativeHandle).fd];
  }
  return null;
}

/** Leader: what arrives on the handle goes back to the message that brought it. */
export function namePassed(table: HandleTable, passed: object, channel: HandleState): void {
  table.name(passed as NativeHandle, PASSED, channel.target, true);
}

/** Follower: puts the handle where Node's code looks for it. */
export function placePassed(
  table: HandleTable,
  channel: NativeHandle,
  state: HandleState,
  [, kind, fd]: WithHandle,
): void {
  const prototype = table.kinds.get(kind) as Pick<NativeHandle, 'constructor'> | undefined;
  if (prototype === undefined) return;
  const passed = table.runOutside(() => new prototype.constructor(SOCKET_TYPE));
  table.name(passed, PASSED, state.target, true).fd = fd;
  Reflect.set(channel, 'pendingHandle', passed);
}
