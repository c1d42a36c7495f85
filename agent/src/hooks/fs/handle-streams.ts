/**
 * Streams over a follower's file handle. Node accepts only its own handle class there, so the stream is
 * given the descriptor number and file functions that go through the handle, as Node's own adapter does.
 */
import type { AnyFunction } from '../../core/patch.ts';

interface HandleLike {
  readonly fd: number;
  [method: string]: unknown;
}

/** Options for `createReadStream` or `createWriteStream` that read and write through `handle`. */
export function handleStreamOptions(handle: object, options: object | undefined): object {
  const like = handle as HandleLike;
  return { ...options, fd: like.fd, fs: fileFunctions(like) };
}

function fileFunctions(handle: HandleLike): object {
  const through =
    (key: string, pick: (value: never) => unknown[]) =>
    (_fd: number, ...args: unknown[]): void => {
      const callback = args.pop() as AnyFunction;
      const promise = (handle[key] as AnyFunction).apply(handle, args) as Promise<never>;
      promise.then(
        (value) => process.nextTick(callback, null, ...pick(value)),
        (error: unknown) => process.nextTick(callback, error),
      );
    };
  return {
    open: () => undefined,
    read: through('read', (value: { bytesRead: number; buffer: unknown }) => [
      value.bytesRead,
      value.buffer,
    ]),
    write: through('write', (value: { bytesWritten: number; buffer: unknown }) => [
      value.bytesWritten,
      value.buffer,
    ]),
    writev: through('writev', (value: { bytesWritten: number; buffers: unknown }) => [
      value.bytesWritten,
      value.buffers,
    ]),
    close: through('close', () => []),
  };
}
