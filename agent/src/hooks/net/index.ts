/**
 * Sockets and servers, TCP and Unix. `net` itself runs unchanged in every replica; the hooks stand at the
 * handles below it (where the world comes in) and at the public calls above it (what is compared).
 */
import type { HookContext } from '../../core/hook-context.ts';
import { builtin } from '../builtin.ts';
import type { NativeCalls } from '../native/native-calls.ts';
import { hookClosing, runClosed } from './closing.ts';
import { hookConnecting, runConnected } from './connecting.ts';
import { hookInherited } from './excluded.ts';
import { findHandleClasses } from './handle-classes.ts';
import { HandleEvent, HandleTable } from './handle-table.ts';
import { hookListening, runConnection } from './listening.ts';
import { hookReading, runRead } from './reading.ts';
import { hookServerCalls, hookSocketCalls } from './socket-calls.ts';
import { hookTimeouts } from './timeouts.ts';
import { guardUnhooked } from './unhooked.ts';
import { hookWriting } from './writing.ts';

/** Hooks sockets; answers the table of handles, or null when this Node cannot be followed here. */
export function hookNet(context: HookContext, natives: NativeCalls): HandleTable | null {
  const { door, report } = context;
  const { Server, Socket } = builtin('net');
  const classes = findHandleClasses();
  if (typeof classes === 'string') {
    report.miss('net', classes);
    guardUnhooked(context, classes);
    return null;
  }
  const table = new HandleTable(natives, classes.slots);
  table.kinds.set('tcp', classes.tcp).set('pipe', classes.pipe);
  table.onDelivery = (handle, state, event, payload) => {
    switch (event) {
      case HandleEvent.connected:
        return runConnected(state, payload);
      case HandleEvent.read:
        return runRead(table, handle, state, payload);
      case HandleEvent.closed:
        return runClosed(table, state);
      case HandleEvent.connection:
        return runConnection(table, handle, state, payload);
      default:
        return table.callBack(handle, event, payload);
    }
  };
  hookConnecting(table, classes, report);
  hookReading(table, classes, report);
  hookWriting(table, classes, report);
  hookClosing(table, classes, report);
  hookListening(table, classes, report);
  hookInherited(context, classes);
  hookTimeouts(table, Socket.prototype, report);
  hookSocketCalls(table, Socket.prototype, report);
  hookServerCalls(door, Server.prototype, report);
  return table;
}
