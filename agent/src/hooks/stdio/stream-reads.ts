/**
 * What a socket-like stream (standard input, a child's output) brings in: data, end, read errors, and the
 * moment its handle is closed. In the leader they are deliveries as they come, in a follower they come
 * from the log into Node's own stream over a virtual handle.
 */
import type net from 'node:net';
import type { CallRef, Door } from '../../core/door.ts';
import { hide } from './stream-writes.ts';
import type { VirtualHandle } from './virtual-handle.ts';

/** Happenings of one stream; a source with several streams adds a multiple of `STREAM_EVENTS`. */
export const StreamEvent = { data: 0, end: 1, error: 2, closed: 3 } as const;
export type StreamEvent = (typeof StreamEvent)[keyof typeof StreamEvent];

/** Numbers that one stream takes. */
export const STREAM_EVENTS = 4;

/** Where a stream's happenings are delivered: a source, and the first of the stream's numbers. */
export interface StreamSource {
  readonly ref: CallRef;
  readonly base: number;
}

type Handle = { close: (callback?: () => void) => void };

/** Leader: makes the native entries of `socket` deliveries. */
export function watchReads(door: Door, socket: net.Socket, { ref, base }: StreamSource): void {
  const { push, destroy } = socket;
  hide(socket, 'push', function (this: unknown, ...args: unknown[]): unknown {
    const [chunk] = args;
    const event = chunk === null ? StreamEvent.end : StreamEvent.data;
    return door.deliver(ref, base + event, chunk, () => Reflect.apply(push, this, args) as unknown);
  });
  hide(socket, 'destroy', function (this: unknown, ...args: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(destroy, this, args) as unknown;
    return isReadError(args[0]) ? door.deliver(ref, base + StreamEvent.error, args[0], run) : run();
  });
  const handle = (socket as { _handle?: Handle | null })._handle;
  if (handle) watchClose(door, handle, { ref, base });
}

/** Leader: the callback of `handle.close` is a native entry. */
function watchClose(door: Door, handle: Handle, { ref, base }: StreamSource): void {
  const { close } = handle;
  hide(handle, 'close', function (this: unknown, callback?: () => void): void {
    const closed = (): void => {
      door.deliver(ref, base + StreamEvent.closed, undefined, () => callback?.());
    };
    Reflect.apply(close, this, [closed]);
  });
}

/** Node destroys a socket with one when the native side could not read. */
function isReadError(error: unknown): boolean {
  const { syscall, errno } = (error ?? {}) as { syscall?: unknown; errno?: unknown };
  return syscall === 'read' && typeof errno === 'number';
}

/** Follower: one happening of the log, in the way that Node's own native callback has it. */
export function applyStreamEvent(
  socket: net.Socket,
  handle: VirtualHandle,
  event: number,
  payload: unknown,
): void {
  switch (event) {
    case StreamEvent.data:
      handle.bytesRead += (payload as Uint8Array).length;
      socket.push(payload);
      break;
    case StreamEvent.end:
      handle.reading = false;
      socket.push(null);
      socket.read(0);
      break;
    case StreamEvent.error:
      socket.destroy(payload as Error);
      break;
    case StreamEvent.closed:
      handle.closed();
      break;
    default:
      break;
  }
}
