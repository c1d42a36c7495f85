/**
 * Finds the classes behind `net`: `TCP`, `Pipe`, and what both inherit. The door of sockets stands here,
 * one step below the public API, and on purpose: everything above (`net`, `http`, happy eyeballs,
 * half-close, the order of events) is JavaScript that then runs for real in every replica, instead of
 * being imitated by a virtual socket. The price is that these methods are Node's own and may change: each
 * is looked for at start, and one that is missing is said in the coverage and ends following.
 */
import type { AnyFunction } from '../../core/patch.ts';
import { binding, nativePrototype } from '../native/binding.ts';

/** A `TCP` or `Pipe` object as far as the hooks use it. */
export interface NativeHandle {
  onread: AnyFunction | undefined;
  onconnection?: AnyFunction;
  readonly fd: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
  /** Of a channel between processes: a handle that came with the bytes about to be read. */
  readonly pendingHandle?: object | null;
  /** What a TLS connection stands over. */
  readonly _parent?: NativeHandle;
  readonly constructor: new (type: number) => NativeHandle;
}

/** A write, shutdown or connect request: its `oncomplete` is a native entry. */
export interface NativeRequest {
  oncomplete: AnyFunction | undefined;
  /** Newer Nodes: the result of a write that ended before `oncomplete` was set; else null. */
  writeStatus?: number | null;
  /** What a layer below says of a failure. */
  error?: string | undefined;
}

/** What the last native stream operation did, in slots shared with the native side. */
export interface StreamSlots {
  readonly state: Int32Array;
  readonly readBytes: number;
  readonly arrayOffset: number;
  readonly bytesWritten: number;
  readonly wasAsync: number;
  /** Only in Nodes that make the write request themselves; else undefined. */
  readonly lastError: number | undefined;
}

/** The prototypes that carry the hooked methods. */
export interface HandleClasses {
  readonly tcp: object;
  readonly pipe: object;
  readonly stream: object;
  readonly handle: object;
  readonly slots: StreamSlots;
}

/** What `new TCP(type)` and `new Pipe(type)` take for a connected socket. */
export const SOCKET_TYPE = 0;

const needed = {
  tcp: ['connect', 'connect6', 'bind', 'bind6', 'listen', 'getsockname', 'getpeername', 'open'],
  pipe: ['connect', 'bind', 'listen', 'open'],
  stream: ['readStart', 'readStop', 'shutdown', 'useUserBuffer', 'writev', 'writeBuffer'],
  handle: ['close'],
} as const;

/** The classes, or why they cannot be hooked. */
export function findHandleClasses(): HandleClasses | string {
  try {
    const tcp = nativePrototype('tcp_wrap', 'TCP');
    const pipe = nativePrototype('pipe_wrap', 'Pipe');
    const stream = Object.getPrototypeOf(tcp) as object;
    const handle = Object.getPrototypeOf(stream) as object;
    const classes: HandleClasses = { tcp, pipe, stream, handle, slots: slotsOf() };
    return missingIn(classes) ?? classes;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function missingIn(classes: HandleClasses): string | null {
  if (Object.getPrototypeOf(classes.pipe) !== classes.stream)
    return 'TCP and Pipe have no common base';
  for (const name of ['tcp', 'pipe', 'stream', 'handle'] as const) {
    const lost = needed[name].find((key) => typeof Reflect.get(classes[name], key) !== 'function');
    if (lost !== undefined) return `the ${name} handle has no ${lost}`;
  }
  return null;
}

function slotsOf(): StreamSlots {
  const found = binding('stream_wrap');
  const state = found['streamBaseState'];
  if (!(state instanceof Int32Array)) throw new Error('the stream state is not an Int32Array');
  return {
    state,
    readBytes: slot(found, 'kReadBytesOrError'),
    arrayOffset: slot(found, 'kArrayBufferOffset'),
    bytesWritten: slot(found, 'kBytesWritten'),
    wasAsync: slot(found, 'kLastWriteWasAsync'),
    lastError: 'kLastWriteErr' in found ? slot(found, 'kLastWriteErr') : undefined,
  };
}

function slot(found: Record<string, unknown>, name: string): number {
  const at = found[name];
  if (typeof at !== 'number') throw new Error(`the stream state has no ${name}`);
  return at;
}
