/**
 * `process.stdout` and `process.stderr`: made when they are first asked for, as Node does. The leader's are
 * the real ones; a follower's are of the same kind, take the same writes, and drop them.
 */
import type net from 'node:net';
import type { Writable } from 'node:stream';
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { originals } from '../../core/originals.ts';
import { builtin } from '../builtin.ts';
import type { StdioState } from './kinds.ts';
import { lazyStream } from './lazy-stream.ts';
import { followWrites } from './stream-writes.ts';
import { VirtualHandle } from './virtual-handle.ts';

const WINDOW_SIZE = apiId('process.stdin');

/** One of the two outputs. */
export interface Output {
  readonly name: 'stdout' | 'stderr';
  readonly fd: 1 | 2;
}

const writeApis = {
  stdout: apiId('process.stdout.write'),
  stderr: apiId('process.stderr.write'),
} as const;

type StdioStream = Writable & {
  fd?: number;
  _type?: string;
  _isStdio?: boolean;
  destroySoon?: unknown;
  columns?: number;
  rows?: number;
  _refreshSize?: () => void;
  _undestroy?: () => void;
};

/** Replaces one output of the process. */
export function hookOutput(context: HookContext, output: Output, state: () => StdioState): void {
  const { door } = context;
  lazyStream(context, output.name, (native) => {
    const stream = (
      door.leads ? door.cover(native) : virtualOutput(output, state())
    ) as StdioStream;
    followWrites(door, stream, { api: writeApis[output.name], target: '' });
    if (state().kind === 'tty') followSize(door, stream);
    return stream;
  });
}

function virtualOutput({ fd }: Output, state: StdioState): StdioStream {
  const stream = makeOutput(fd, state);
  stream.fd = fd;
  stream._isStdio = true;
  stream.destroySoon = stream.destroy;
  stream._destroy = keepOpen;
  if (state.kind === 'tty') process.on('SIGWINCH', () => stream._refreshSize?.());
  return stream;
}

function makeOutput(fd: number, { kind, size }: StdioState): StdioStream {
  switch (kind) {
    case 'tty':
      return Object.assign(virtualTerminal(fd), {
        _type: 'tty',
        columns: size?.[0],
        rows: size?.[1],
      }) as unknown as StdioStream;
    case 'pipe':
      return Object.assign(virtualPipe(fd), { _type: 'pipe' });
    case 'file':
      return Object.assign(new (syncWriteStream())(), { _type: 'fs', autoClose: false });
    case 'other':
      return new (builtin('stream').Writable)({ write: (_chunk, _encoding, done) => done() });
  }
}

function virtualPipe(fd: number): StdioStream {
  const { Socket } = builtin('net');
  const handle = new VirtualHandle(fd);
  return new Socket({ handle, readable: false, writable: true } as net.SocketConstructorOpts);
}

/** A terminal's stream without the terminal: Node's constructor would open one. */
function virtualTerminal(fd: number): object {
  const stream = Object.create(builtin('tty').WriteStream.prototype) as object;
  const options = { readableHighWaterMark: 0, handle: new VirtualHandle(fd), manualStart: true };
  Reflect.apply(builtin('net').Socket, stream, [options]);
  return stream;
}

/** Node's stream over a file has this name, and writes what it gets at once. */
function syncWriteStream(): new () => StdioStream {
  const { Writable } = builtin('stream');
  return class SyncWriteStream extends Writable {
    readonly readable: boolean = false;

    constructor() {
      super({ autoDestroy: true });
    }

    override _write(_chunk: unknown, _encoding: string, done: () => void): void {
      done();
    }
  };
}

/** As Node does it: a standard output that is destroyed is not closed, and says that it is. */
function keepOpen(this: Writable, error: Error | null, done: (error?: Error | null) => void): void {
  done(error);
  const { _undestroy, _writableState } = this as unknown as {
    _undestroy: () => void;
    _writableState: { emitClose: boolean };
  };
  Reflect.apply(_undestroy, this, []);
  if (!_writableState.emitClose) originals.nextTick(() => this.emit('close'));
}

/** The terminal's size after a SIGWINCH is the leader's. */
function followSize(door: Door, stream: StdioStream): void {
  const { _refreshSize } = stream;
  stream._refreshSize = () => {
    const { columns, rows } = stream;
    const size = door.local(WINDOW_SIZE, () => {
      // Real listeners hear of it in the turn of the signal, below, not from inside.
      stream.emit = () => true;
      _refreshSize?.call(stream);
      Reflect.deleteProperty(stream, 'emit');
      return [stream.columns, stream.rows];
    });
    [stream.columns, stream.rows] = size as [number, number];
    if (columns !== stream.columns || rows !== stream.rows) stream.emit('resize');
  };
}
