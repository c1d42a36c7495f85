/**
 * `process.stdin`. A file's bytes come through the hooked `fs`; those of a pipe or a terminal enter by
 * themselves and are deliveries of one source.
 */
import type net from 'node:net';
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { originals } from '../../core/originals.ts';
import { builtin } from '../builtin.ts';
import type { StdioKind, StdioState } from './kinds.ts';
import { lazyStream } from './lazy-stream.ts';
import { applyStreamEvent, type StreamSource, watchReads } from './stream-reads.ts';
import { VirtualHandle } from './virtual-handle.ts';

const STDIN_DATA = apiId('process.stdin.data');

type Input = net.Socket & {
  fd?: number;
  _handle?: { reading: boolean; readStop: () => void } | null;
  _readableState: { reading: boolean };
};

/** Replaces the standard input of the process. */
export function hookInput(context: HookContext, state: () => StdioState): void {
  const { door } = context;
  lazyStream(context, 'stdin', (native) => {
    const source = { ref: door.source(STDIN_DATA, ''), base: 0 };
    if (!door.leads) return virtualInput(door, state().kind, source);
    const stream = door.cover(native);
    if (stream instanceof builtin('net').Socket) watchReads(door, stream, source);
    return stream;
  });
}

function virtualInput(door: Door, kind: StdioKind, { ref }: StreamSource): unknown {
  if (kind === 'file') return fileInput();
  if (kind === 'other') {
    const empty = new (builtin('stream').Readable)({ read() {} });
    empty.push(null);
    return Object.assign(empty, { fd: 0 });
  }
  const handle = new VirtualHandle(0);
  const stream = kind === 'tty' ? terminalInput(handle) : pipeInput(handle);
  stream.fd = 0;
  stream._readableState.reading = false;
  pauseLater(stream);
  door.expect(ref, (event, payload) => applyStreamEvent(stream, handle, event, payload), true);
  return stream;
}

/** As Node makes it; its reads are calls of `fs.read`, which come from the log. */
function fileInput(): unknown {
  const { ReadStream } = builtin('fs') as unknown as {
    ReadStream: new (path: null, options: object) => Input;
  };
  const stream = new ReadStream(null, { fd: 0, autoClose: false });
  pauseLater(stream);
  return stream;
}

function pipeInput(handle: VirtualHandle): Input {
  const { Socket } = builtin('net');
  const options = { handle, readable: true, writable: false, manualStart: true };
  const stream = new Socket(options as net.SocketConstructorOpts) as unknown as Input;
  (stream as unknown as { _writableState: { ended: boolean } })._writableState.ended = true;
  return stream;
}

function terminalInput(handle: VirtualHandle): Input {
  const stream = Object.create(builtin('tty').ReadStream.prototype) as Input;
  const options = { readableHighWaterMark: 0, handle, manualStart: true };
  Reflect.apply(builtin('net').Socket, stream, [options]);
  return Object.assign(stream, { isRaw: false, isTTY: true });
}

/** As Node does it: a paused input stops reading on the next tick. */
function pauseLater(stream: Input): void {
  const stopReading = (): void => {
    const { _handle: handle } = stream;
    if (!handle?.reading || stream.readableFlowing === true) return;
    stream._readableState.reading = false;
    handle.reading = false;
    handle.readStop();
  };
  stream.on('pause', () => originals.nextTick(stopReading));
}
