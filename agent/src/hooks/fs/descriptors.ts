/**
 * What a file call is about, and what of its arguments is data. Descriptors are reused by the kernel, so
 * a descriptor's path is forgotten the moment its close is called, in both roles.
 */

/** Functions whose first argument is a descriptor. */
const BY_DESCRIPTOR =
  /^(f(stat|sync|datasync|truncate|chmod|chown|utimes)|readv?|writev?|close)(Sync)?$/;

/** Functions that take the new path second: the first is what it points to. */
const BY_SECOND = /^symlink(Sync)?$/;

/** Paths of open descriptors, one table a process. */
export class DescriptorTable {
  private readonly paths: Map<number, string> = new Map([
    [0, '<stdin>'],
    [1, '<stdout>'],
    [2, '<stderr>'],
  ]);

  /** Opened by Node's own code inside a covered call, which works on them from native completions too. */
  private readonly internal: Set<unknown> = new Set();

  opened(fd: unknown, path: string): void {
    if (typeof fd !== 'number') return;
    this.paths.set(fd, path);
    this.internal.delete(fd);
  }

  openedInside(fd: unknown): void {
    this.internal.add(fd);
  }

  /** Whether `fs[name]` works on a descriptor that the program does not know. */
  isInside(name: string, fd: unknown): boolean {
    if (!(this.internal.has(fd) && takesDescriptor(name))) return false;
    if (name.startsWith('close')) this.internal.delete(fd);
    return true;
  }

  closed(fd: unknown): void {
    if (typeof fd === 'number' && fd > 2) this.paths.delete(fd);
  }

  /** The target of a call of `fs[name]` (without `Sync` or class prefix) with these arguments. */
  target(name: string, args: readonly unknown[]): string {
    if (BY_SECOND.test(name)) return this.pathOf(args[1]);
    return this.pathOf(args[0]);
  }

  pathOf(value: unknown): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return this.paths.get(value) ?? `<descriptor ${value}>`;
    if (value instanceof URL) return decodeURIComponent(value.pathname);
    if (ArrayBuffer.isView(value))
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
    const fd = (value as { fd?: unknown } | null | undefined)?.fd;
    return typeof fd === 'number' ? this.pathOf(fd) : '';
  }
}

/** Whether `fs[name]` works on a descriptor. */
function takesDescriptor(name: string): boolean {
  return BY_DESCRIPTOR.test(name);
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

/**
 * The arguments that a record holds, the target left out. Of a read, what is asked for; of a write, the
 * bytes that are written and where, not the whole buffer they lie in.
 */
export function recordedArguments(base: string, args: readonly unknown[]): readonly unknown[] {
  if (base === 'read') return readArguments(args);
  if (base === 'readv') return [lengths(args[1]), args[2]];
  if (base === 'write') return writeArguments(args);
  return args.slice(1);
}

/** `fs.read` and `fs.readSync` in all their forms: where the bytes go. */
export function readTarget(args: readonly unknown[]): {
  buffer: Uint8Array | null;
  offset: number;
} {
  const [, second, third] = args;
  if (ArrayBuffer.isView(second)) {
    const offset = typeof third === 'number' ? third : optionNumber(third, 'offset');
    return { buffer: viewOf(second), offset: offset ?? 0 };
  }
  const buffer = (second as { buffer?: unknown } | null | undefined)?.buffer;
  return {
    buffer: ArrayBuffer.isView(buffer) ? viewOf(buffer) : null,
    offset: optionNumber(second, 'offset') ?? 0,
  };
}

function readArguments(args: readonly unknown[]): readonly unknown[] {
  const [, second, third, fourth, fifth] = args;
  const options = ArrayBuffer.isView(second) ? third : second;
  if (typeof options === 'object' && options !== null) {
    return [optionNumber(options, 'length'), Reflect.get(options, 'position')];
  }
  return [fourth, fifth];
}

function writeArguments(args: readonly unknown[]): readonly unknown[] {
  const [, data, third, fourth, fifth] = args;
  if (!ArrayBuffer.isView(data)) return args.slice(1);
  const whole = viewOf(data);
  const { offset, length } = writeRange(whole, third, fourth);
  const position =
    typeof third === 'object' && third !== null ? Reflect.get(third, 'position') : fifth;
  return [Buffer.from(whole.buffer, whole.byteOffset + offset, length), position];
}

function writeRange(whole: Uint8Array, third: unknown, fourth: unknown): Range {
  const asked = typeof third === 'number' ? third : optionNumber(third, 'offset');
  const offset = Math.min(Math.max(asked ?? 0, 0), whole.length);
  const most = whole.length - offset;
  const length = typeof fourth === 'number' ? fourth : optionNumber(third, 'length');
  return { offset, length: Math.min(Math.max(length ?? most, 0), most) };
}

function optionNumber(options: unknown, key: string): number | null {
  if (typeof options !== 'object' || options === null) return null;
  const value: unknown = Reflect.get(options, key);
  return typeof value === 'number' ? value : null;
}

export function viewOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function lengths(buffers: unknown): unknown {
  return Array.isArray(buffers)
    ? buffers.map((b: { byteLength?: number }) => b.byteLength)
    : buffers;
}

/** Bytes that a read put into the caller's buffer, as they travel in the log. */
export function readBytes(
  buffer: Uint8Array | null,
  offset: number,
  length: number,
): Buffer | null {
  if (buffer === null) return null;
  return Buffer.from(buffer.buffer, buffer.byteOffset + offset, length);
}

/** Bytes that a vectored read put into the caller's buffers. */
export function readvBytes(buffers: unknown, length: number): Buffer {
  const views = (buffers as ArrayBufferView[]).map(viewOf);
  return Buffer.concat(
    views,
    Math.min(
      length,
      views.reduce((sum, view) => sum + view.length, 0),
    ),
  );
}

/** The inverse of `readvBytes`: spreads bytes over the caller's buffers. */
export function fillBuffers(buffers: unknown, bytes: Uint8Array): void {
  let at = 0;
  for (const view of (buffers as ArrayBufferView[]).map(viewOf)) {
    if (at >= bytes.length) return;
    view.set(bytes.subarray(at, at + view.length));
    at += view.length;
  }
}
