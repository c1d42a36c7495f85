/** Connecting and binding: what the kernel answered at once is an in-turn value, the rest a delivery. */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { HandleClasses, NativeHandle, NativeRequest } from './handle-classes.ts';
import { HandleEvent, type HandleState, type HandleTable } from './handle-table.ts';

const SOCKET = apiId('net.socket');
const BIND = apiId('net.socket.bind');
const ADDRESS = apiId('net.socket.address');
const OPTION = apiId('net.socket.setOption');

/** `EBADF`: what an object without a descriptor answers when the log has no answer for it. */
const UV_EBADF = -9;

/** Replaces `connect`, `connect6`, `bind`, `bind6` and the address getters of the handles. */
export function hookConnecting(
  table: HandleTable,
  classes: HandleClasses,
  report: CoverageReport,
): void {
  const { door } = table;
  const connect = door.leads ? leaderConnect : followerConnect;
  for (const key of ['connect', 'connect6']) {
    patch(report, classes.tcp, key, `TCP.${key}`, (original) => connect(table, original));
  }
  patch(report, classes.pipe, 'connect', 'Pipe.connect', (original) => connect(table, original));
  for (const key of ['bind', 'bind6']) {
    patch(report, classes.tcp, key, `TCP.${key}`, (original) => binding(table, original));
  }
  patch(report, classes.pipe, 'bind', 'Pipe.bind', (original) => binding(table, original));
  patch(report, classes.pipe, 'fchmod', 'Pipe.fchmod', (original) => binding(table, original));
  for (const key of ['setTypeOfService', 'getTypeOfService']) {
    patch(report, classes.tcp, key, `TCP.${key}`, (original) => option(table, original));
  }
  for (const key of ['getsockname', 'getpeername']) {
    patch(report, classes.tcp, key, `TCP.${key}`, (original) => address(table, original));
  }
}

/** Runs what answers with a code; only a failure is logged. In a follower nothing runs. */
export function outcome(door: Door, api: number, make: () => unknown): unknown {
  door.identify(api, '');
  if (!door.leads) return door.fact<unknown>(door.ref(api, ''), () => 0, 0);
  const code = make();
  if (typeof code === 'number' && code !== 0) door.fact(door.ref(api, ''), () => code, 0);
  return code;
}

/** `host:port`, or the path of a Unix socket. */
function peerText(address: unknown, port: unknown): string {
  return typeof port === 'number' ? `${String(address)}:${port}` : String(address);
}

function leaderConnect(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    const handle = this as NativeHandle;
    const req = args[0] as NativeRequest;
    const state = table.name(handle, SOCKET, peerText(args[1], args[2]));
    const done = req.oncomplete;
    if (done !== undefined) {
      req.oncomplete = function (this: unknown, ...given: unknown[]): unknown {
        const told = [given[0], given[3], given[4], handle.fd];
        // Back in its place first: printed stacks name the function by the property that holds it.
        req.oncomplete = done;
        const run = (): unknown => Reflect.apply(done, this, given);
        return door.deliver(state, HandleEvent.connected, told, run);
      };
    }
    return outcome(door, SOCKET, () => Reflect.apply(original, this, args));
  };
}

function followerConnect(table: HandleTable, _original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    const handle = this as NativeHandle;
    const req = args[0] as NativeRequest;
    const state = table.name(handle, SOCKET, peerText(args[1], args[2]));
    state.onConnected = (status: number, readable: boolean, writable: boolean): void => {
      const done = req.oncomplete;
      if (done !== undefined) Reflect.apply(done, req, [status, handle, req, readable, writable]);
    };
    return outcome(door, SOCKET, () => 0);
  };
}

/** Follower: the connection is made, or is not. */
export function runConnected(state: HandleState, payload: unknown): void {
  const [status, readable, writable, fd] = payload as [number, boolean, boolean, number];
  state.fd = fd;
  state.onConnected?.(status, readable, writable);
}

function binding(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    table.name(this as NativeHandle, SOCKET, peerText(args[0], args[1]));
    return outcome(door, BIND, () => Reflect.apply(original, this, args));
  };
}

/** Answers a code or a number, which Node's own code looks at. */
function option(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(original, this, args);
    if (door.covered > 0 || table.get(this as object) === undefined) return run();
    return outcome(door, OPTION, run);
  };
}

/** `getsockname` and its kin fill an object and answer a code. */
export function address(table: HandleTable, original: AnyFunction): AnyFunction {
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    const [out] = args as [Record<string, unknown>];
    if (door.covered > 0 || table.get(this as object) === undefined) {
      return Reflect.apply(original, this, args);
    }
    const [code, info] = door.local<[number, object]>(ADDRESS, () => {
      if (!door.leads) return [UV_EBADF, {}];
      const real: Record<string, unknown> = {};
      return [Reflect.apply(original, this, [real]) as number, real];
    });
    Object.assign(out, info);
    return code;
  };
}
