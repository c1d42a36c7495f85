/**
 * Datagrams. `dgram` runs for real in every replica; below it a follower's native object is bound to
 * nothing and sends nothing: codes, addresses, what arrives and how sending went are the leader's.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { builtin } from '../builtin.ts';
import { nativePrototype } from '../native/binding.ts';
import type { NativeCallback } from '../native/native-callbacks.ts';
import type { NativeMethod } from '../native/native-calls.ts';
import { address } from '../net/connecting.ts';
import type { NativeHandle, NativeRequest } from '../net/handle-classes.ts';
import { HandleEvent, type HandleTable } from '../net/handle-table.ts';
import { hookDatagramCalls } from './public-calls.ts';

const SOCKET = apiId('dgram.socket');
const CALL = apiId('dgram.socket.call');
const SEND = apiId('dgram.socket.send');

/** Methods that answer a code, mostly 0. */
const coded = [
  'addMembership',
  'addSourceSpecificMembership',
  'bind',
  'bind6',
  'connect',
  'connect6',
  'disconnect',
  'dropMembership',
  'dropSourceSpecificMembership',
  'getSendQueueCount',
  'getSendQueueSize',
  'recvStart',
  'recvStop',
  'setBroadcast',
  'setMulticastInterface',
  'setMulticastLoopback',
  'setMulticastTTL',
  'setTTL',
] as const;

const code: NativeMethod = { api: CALL, usual: 0 };
const answer: NativeMethod = { api: CALL, usual: undefined };

const callbacks: readonly NativeCallback[] = [
  {
    name: 'onmessage',
    event: HandleEvent.firstCallback,
    carry: ([size, , bytes, sender]) => [size, bytes, sender],
    restore: ([size, bytes, sender], handle) => [size, handle, bytes, sender],
  },
  {
    name: 'onerror',
    event: HandleEvent.firstCallback + 1,
    carry: ([size, , error]) => [size, error],
    restore: ([size, error], handle) => [size, handle, error],
  },
];

/** Hooks `dgram`; `handles` is null where sockets could not be hooked. */
export function hookDatagrams(context: HookContext, handles: HandleTable | null): void {
  const prototype = findPrototype();
  if (handles === null || typeof prototype === 'string') {
    context.report.miss('dgram', String(prototype));
    guard(context);
    return;
  }
  const { report } = context;
  for (const key of coded) hookMethod(handles, prototype, key, code, report);
  hookMethod(handles, prototype, 'bufferSize', answer, report);
  for (const key of ['getsockname', 'getpeername']) {
    patch(report, prototype, key, `UDP.${key}`, (original) => address(handles, original));
  }
  for (const key of ['send', 'send6']) {
    patch(report, prototype, key, `UDP.${key}`, (original) => sending(handles, original));
  }
  handles.addCallbacks(prototype, callbacks);
  hookDatagramCalls(context);
}

function findPrototype(): object | string {
  try {
    const prototype = nativePrototype('udp_wrap', 'UDP');
    const lost = [...coded, 'send'].find(
      (key) => typeof Reflect.get(prototype, key) !== 'function',
    );
    return lost === undefined ? prototype : `UDP has no ${lost}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function hookMethod(
  handles: HandleTable,
  prototype: object,
  key: string,
  method: NativeMethod,
  report: CoverageReport,
): void {
  patch(
    report,
    prototype,
    key,
    `UDP.${key}`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const run = (): unknown => Reflect.apply(original, this, args);
        if (handles.door.covered > 0) return run();
        handles.name(this as NativeHandle, SOCKET, '', true);
        return handles.natives.call(method, run);
      },
  );
}

/** What was sent at once says so by its code; for the rest the request is called back. */
function sending(handles: HandleTable, original: AnyFunction): AnyFunction {
  const { door, natives } = handles;
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    handles.name(this as NativeHandle, SOCKET, '', true);
    door.identify(SEND, '');
    const ref = door.ref(SEND, '');
    const req = args[0] as NativeRequest;
    const done = req.oncomplete;
    if (door.leads && done !== undefined) {
      req.oncomplete = function (this: unknown, ...given: unknown[]): unknown {
        return natives.enter(ref, 0, given, () => Reflect.apply(done, this, given));
      };
    } else if (done !== undefined) {
      const finish = (_event: number, given: unknown): void => {
        Reflect.apply(done, req, given as unknown[]);
      };
      natives.expect(ref, finish, false);
    }
    return natives.call(answer, () => Reflect.apply(original, this, args));
  };
}

/** Never with a guess: the first socket ends following. */
function guard({ door, report }: HookContext): void {
  const api = 'dgram.createSocket';
  patch(
    report,
    builtin('dgram'),
    'createSocket',
    api,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (!door.leads) throw refusal(api, '');
        door.notFollowed(apiId(api), 'datagrams are not followed on this Node');
        return Reflect.apply(original, this, args);
      },
  );
  report.exclude(api);
}
