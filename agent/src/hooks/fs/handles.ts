/**
 * File handles. The leader's class is Node's own, found at the first `open` and patched before the
 * program holds an instance; a follower has a class of its own that holds the leader's descriptor number.
 */
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import readline from 'node:readline';
import { apiTable } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import {
  type DescriptorTable,
  fillBuffers,
  readBytes,
  readTarget,
  readvBytes,
  recordedArguments,
} from './descriptors.ts';
import { handleStreamOptions } from './handle-streams.ts';
import { promiseCall, type ResultCodec } from './promise-call.ts';

/** Methods that go through the door. */
interface Method {
  readonly api: number;
  readonly key: string;
}

const NOT_CARRIED: ReadonlySet<string> = new Set(['readLines', 'readableWebStream']);

const methods: readonly Method[] = apiTable.flatMap(({ id, name }) => {
  const key = /^FileHandle\.(\w+)$/.exec(name)?.[1];
  return key === undefined || NOT_CARRIED.has(key) ? [] : [{ api: id, key }];
});

/** Bytes that `FileHandle#read` allocates when no buffer is given. */
const DEFAULT_READ_BYTES = 16_384;

/** Makes, recognises and hooks file handles. */
export class FileHandles {
  private readonly context: HookContext;
  private readonly table: DescriptorTable;
  private handleClass: object | null = null;

  constructor(context: HookContext, table: DescriptorTable) {
    this.context = context;
    this.table = table;
    if (!context.door.leads) this.handleClass = this.virtualClass();
    context.platform.handles = {
      isHandle: (value) => className(value) === 'FileHandle' && 'fd' in value,
      make: (fd) => Reflect.construct(this.handleClass as AnyFunction, [fd]) as unknown,
    };
  }

  /** The program is about to get this handle. */
  opened(handle: object, path: string): void {
    this.table.opened((handle as { fd: number }).fd, path);
    if (!this.context.door.leads) return;
    if (this.handleClass === null) this.patchClass(handle);
    if (Object.hasOwn(handle, 'close')) this.patchOne(handle, methodOf('close'));
  }

  private patchClass(handle: object): void {
    this.handleClass = handle.constructor;
    const proto = Object.getPrototypeOf(handle) as object;
    for (const method of methods) {
      if (Object.hasOwn(proto, method.key)) this.patchOne(proto, method);
    }
  }

  private patchOne(owner: object, method: Method): void {
    const { report } = this.context;
    patch(report, owner, method.key, `FileHandle.${method.key}`, (original) =>
      this.method(method, original),
    );
  }

  private method({ api, key }: Method, original: AnyFunction | null): AnyFunction {
    const { door } = this.context;
    const { table } = this;
    return function (this: unknown, ...args: unknown[]): Promise<unknown> {
      const start = (): Promise<unknown> =>
        Reflect.apply(original as AnyFunction, this, args) as Promise<unknown>;
      if (door.covered > 0 && original !== null) return start();
      const { fd } = this as { fd: number };
      const target = table.pathOf(fd);
      const ref = door.begin(api, target, recordedArguments(key, [fd, ...args]));
      if (key === 'close') table.closed(fd);
      const done = promiseCall(door, ref, start, codecOf(key, args), () => undefined);
      return key === 'close' && original === null ? closing(this as object, done) : done;
    };
  }

  private virtualClass(): object {
    const made = { FileHandle: class extends EventEmitter {} }.FileHandle;
    const make = function (this: { fd: number }, fd: number): object {
      const handle = Reflect.construct(made, []) as unknown as { fd: number };
      handle.fd = fd;
      return handle;
    };
    for (const method of methods) {
      Object.defineProperty(made.prototype, method.key, {
        value: this.method(method, null),
        writable: true,
        configurable: true,
      });
    }
    Object.assign(made.prototype, virtualStreams());
    const dispose = Reflect.get(Symbol, 'asyncDispose') as symbol | undefined;
    if (dispose !== undefined) {
      Reflect.set(made.prototype, dispose, function (this: { close: AnyFunction }) {
        return this.close();
      });
    }
    return make;
  }
}

function methodOf(key: string): Method {
  const method = methods.find((one) => one.key === key);
  if (method === undefined) throw new Error(`handles: no FileHandle.${key} in the API table`);
  return method;
}

/** A closed handle has no descriptor and says so to its listeners. */
async function closing(handle: object, done: Promise<unknown>): Promise<unknown> {
  await done;
  (handle as { fd: number }).fd = -1;
  (handle as EventEmitter).emit('close');
  return undefined;
}

function virtualStreams(): object {
  return {
    createReadStream(this: { fd: number }, options?: object) {
      return fs.createReadStream('', handleStreamOptions(this, options) as never);
    },
    readLines(this: { createReadStream: AnyFunction }, options?: object) {
      const input = this.createReadStream(options) as NodeJS.ReadableStream;
      return readline.createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    },
    createWriteStream(this: { fd: number }, options?: object) {
      return fs.createWriteStream('', handleStreamOptions(this, options) as never);
    },
  };
}

function codecOf(key: string, args: readonly unknown[]): ResultCodec | null {
  switch (key) {
    case 'read':
      return readCodec(args);
    case 'readv':
      return {
        carry: (value) => readvBytes(args[0], (value as { bytesRead: number }).bytesRead),
        restore: (bytes) => {
          fillBuffers(args[0], bytes as Uint8Array);
          return { bytesRead: (bytes as Uint8Array).length, buffers: args[0] };
        },
      };
    case 'write':
      return writeCodec('buffer', args);
    case 'writev':
      return writeCodec('buffers', args);
    default:
      return null;
  }
}

function readCodec(args: readonly unknown[]): ResultCodec {
  const { buffer, offset } = readTarget([0, ...args]);
  return {
    carry: (value) => {
      const result = value as { bytesRead: number; buffer: ArrayBufferView };
      const view = new Uint8Array(
        result.buffer.buffer,
        result.buffer.byteOffset,
        result.buffer.byteLength,
      );
      return readBytes(view, offset, result.bytesRead);
    },
    restore: (bytes) => {
      const filled = buffer ?? Buffer.alloc(DEFAULT_READ_BYTES);
      filled.set(bytes as Uint8Array, offset);
      const given = ArrayBuffer.isView(args[0])
        ? args[0]
        : (args[0] as { buffer?: unknown } | undefined)?.buffer;
      return { bytesRead: (bytes as Uint8Array).length, buffer: given ?? filled };
    },
  };
}

function writeCodec(key: string, args: readonly unknown[]): ResultCodec {
  return {
    carry: (value) => (value as { bytesWritten: number }).bytesWritten,
    restore: (bytesWritten) => ({ bytesWritten, [key]: args[0] }),
  };
}

/** A value without prototype has no class. */
function className(value: object): string | undefined {
  return (value as { constructor?: { name?: string } }).constructor?.name;
}
