/**
 * HOT. What arrives on a socket: bytes, its end, an error. A follower's sockets get what the leader's
 * got, in the same pieces; whether they are paused is decided by the same JavaScript in both.
 */
import { apiId } from '@lockstep/protocol';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { HandleClasses, NativeHandle } from './handle-classes.ts';
import { HandleEvent, type HandleState, type HandleTable } from './handle-table.ts';
import { describePassed, namePassed, placePassed, type WithHandle } from './passed-handles.ts';

const IPC = apiId('child_process.ipc');

/** Buffers that programs read into (`onread` option), by handle. */
const userBuffers: WeakMap<object, Uint8Array> = new WeakMap();

/** Replaces `readStart`, `readStop` and `useUserBuffer` of the handles. */
export function hookReading(
  table: HandleTable,
  { stream }: Pick<HandleClasses, 'stream'>,
  report: CoverageReport,
): void {
  const { leads } = table.door;
  patch(report, stream, 'readStart', 'Stream.readStart', (original) =>
    leads ? leaderStart(table, original) : inert(table, original),
  );
  if (!leads) {
    patch(report, stream, 'readStop', 'Stream.readStop', (original) => inert(table, original));
  }
  hookUserBuffer(stream, report);
}

function hookUserBuffer(stream: object, report: CoverageReport): void {
  patch(
    report,
    stream,
    'useUserBuffer',
    'Stream.useUserBuffer',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (args[0] instanceof Uint8Array) userBuffers.set(this as object, args[0]);
        return Reflect.apply(original, this, args);
      },
  );
}

function leaderStart(table: HandleTable, original: AnyFunction): AnyFunction {
  return function (this: unknown): unknown {
    const state = table.get(this as object);
    if (state !== undefined) watchRead(table, this as NativeHandle, state);
    return Reflect.apply(original, this, []);
  };
}

/** Leader: what the handle reads passes the door. A handle that takes a reading one over never starts. */
export function watchRead(table: HandleTable, handle: NativeHandle, state: HandleState): void {
  if (!state.wrapped) wrapRead(table, handle, state);
}

function inert(table: HandleTable, original: AnyFunction): AnyFunction {
  return function (this: unknown): unknown {
    return table.get(this as object) === undefined ? Reflect.apply(original, this, []) : 0;
  };
}

/**
 * The native side keeps the function that was set last, so ours stays there for good and the property
 * shows what the program's side set: newer Nodes exchange it while a pooled connection is idle.
 */
function wrapRead(table: HandleTable, handle: NativeHandle, state: HandleState): void {
  const { natives, slots } = table;
  let inner = handle.onread;
  state.wrapped = true;
  handle.onread = function (this: unknown, arrayBuffer: ArrayBuffer | undefined): unknown {
    if (inner === undefined) return undefined;
    const set = inner;
    const count = slots.state[slots.readBytes] ?? 0;
    if (count === 0) return Reflect.apply(set, this, [arrayBuffer]);
    const offset = slots.state[slots.arrayOffset] ?? 0;
    const passed = handle.pendingHandle ?? null;
    const bytes = count > 0 ? bytesOf(handle, arrayBuffer, offset, count) : count;
    const payload = passed === null ? bytes : withPassed(table, passed, bytes);
    return natives.enter(state, HandleEvent.read, payload, () => {
      if (passed !== null) namePassed(table, passed, state);
      slots.state[slots.readBytes] = count;
      slots.state[slots.arrayOffset] = offset;
      const next = Reflect.apply(set, this, [arrayBuffer]) as unknown;
      if (next instanceof Uint8Array) userBuffers.set(handle, next);
      return next;
    });
  };
  Object.defineProperty(handle, 'onread', {
    get: () => inner,
    set: (next: AnyFunction) => {
      inner = next;
    },
    configurable: true,
  });
}

function withPassed(table: HandleTable, passed: object, bytes: Uint8Array | number): unknown {
  const described = typeof bytes === 'number' ? null : describePassed(table, passed, bytes);
  if (described !== null) return described;
  table.door.notFollowed(IPC, 'a datagram socket came with a message, which is not followed yet');
  return bytes;
}

function bytesOf(
  handle: NativeHandle,
  arrayBuffer: ArrayBuffer | undefined,
  offset: number,
  count: number,
): Uint8Array {
  if (arrayBuffer !== undefined) return new Uint8Array(arrayBuffer, offset, count);
  return userBuffers.get(handle)?.subarray(0, count) ?? new Uint8Array(0);
}

/** Follower: hands over what the leader's handle read; a number is an error or the end. */
export function runRead(
  table: HandleTable,
  handle: NativeHandle,
  state: HandleState,
  payload: unknown,
): void {
  const { slots } = table;
  const { onread } = handle;
  if (onread === undefined) return;
  let arrayBuffer: ArrayBufferLike | undefined;
  if (Array.isArray(payload)) placePassed(table, handle, state, payload as unknown as WithHandle);
  if (typeof payload === 'number') {
    slots.state[slots.readBytes] = payload;
  } else {
    const bytes = (Array.isArray(payload) ? payload[0] : payload) as Uint8Array;
    arrayBuffer = place(handle, bytes);
    state.bytesRead += bytes.length;
    slots.state[slots.readBytes] = bytes.length;
    slots.state[slots.arrayOffset] = 0;
  }
  const next = Reflect.apply(onread, handle, [arrayBuffer]) as unknown;
  if (next instanceof Uint8Array) userBuffers.set(handle, next);
}

/** Into the program's own buffer when it gave one; else into an array buffer of their own. */
function place(handle: NativeHandle, bytes: Uint8Array): ArrayBufferLike | undefined {
  const own = userBuffers.get(handle);
  if (own === undefined) return new Uint8Array(bytes).buffer;
  own.set(bytes.subarray(0, own.length));
  return undefined;
}
