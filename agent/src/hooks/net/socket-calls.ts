/**
 * The calls that are compared: `connect` with its peer, every `write` and `end` with the bytes as the
 * program made them. They are recorded where the program makes them; nothing is replaced in what they
 * do. An HTTP server's writes are not recorded here: its responses are, as the program set them.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { NativeHandle } from './handle-classes.ts';
import type { HandleTable } from './handle-table.ts';

const SOCKET = apiId('net.socket');
const CONNECT = apiId('net.connect');
const WRITE = apiId('net.write');
const END = apiId('net.end');
const LISTEN = apiId('net.listen');
const SERVER_CLOSE = apiId('net.server.close');

/** A socket as far as it is looked at here. */
interface SocketLike {
  readonly _handle?: NativeHandle | null;
  readonly parser?: object | null;
  readonly encrypted?: boolean;
}

/** What of the options says where a socket goes. */
const recordedOptions = ['host', 'port', 'path', 'family', 'localAddress', 'localPort'] as const;

/** Replaces `listen` and `close` of `net.Server`. */
export function hookServerCalls(door: Door, serverPrototype: object, report: CoverageReport): void {
  patch(
    report,
    serverPrototype,
    'listen',
    'net.Server.listen',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered === 0) {
          const options = connectOptions(args);
          door.record(LISTEN, peerOf(options), [options]);
        }
        return Reflect.apply(original, this, args);
      },
  );
  patch(
    report,
    serverPrototype,
    'close',
    'net.Server.close',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered === 0) door.record(SERVER_CLOSE, '', []);
        return Reflect.apply(original, this, args);
      },
  );
}

/** Replaces `connect`, `write` and `end` of `net.Socket`. */
export function hookSocketCalls(
  table: HandleTable,
  socketPrototype: object,
  report: CoverageReport,
): void {
  const peers: WeakMap<object, string> = new WeakMap();
  const { door } = table;
  patch(
    report,
    socketPrototype,
    'connect',
    'net.Socket.connect',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered > 0) return Reflect.apply(original, this, args);
        const options = connectOptions(args);
        const peer = peerOf(options);
        peers.set(this as object, peer);
        // A connection under TLS is the call of `tls.connect`.
        if ((this as SocketLike).encrypted !== true) door.record(CONNECT, peer, [options]);
        const result = Reflect.apply(original, this, args) as unknown;
        // Destroyed while its name is still looked up, a socket closes a handle that never connects.
        const { _handle: handle } = this as SocketLike;
        if (handle) table.name(handle._parent ?? handle, SOCKET, peer);
        return result;
      },
  );
  for (const [key, api] of [
    ['write', WRITE],
    ['end', END],
  ] as const) {
    patch(report, socketPrototype, key, `net.Socket.${key}`, (original) =>
      recorded(table, peers, api, original),
    );
  }
}

function recorded(
  table: HandleTable,
  peers: WeakMap<object, string>,
  api: number,
  original: AnyFunction,
): AnyFunction {
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered === 0) {
      const target = targetOf(table, peers, this as SocketLike);
      if (target !== undefined) door.record(api, target, dataOf(args));
    }
    return Reflect.apply(original, this, args);
  };
}

/** The peer of a client's socket, the server's address of an inbound one; undefined: not recorded. */
function targetOf(
  table: HandleTable,
  peers: WeakMap<object, string>,
  socket: SocketLike,
): string | undefined {
  const peer = peers.get(socket);
  if (peer !== undefined) return peer;
  const { _handle: handle } = socket;
  if (handle === null || handle === undefined) return undefined;
  const state = table.get(handle);
  if (state === undefined || (state.http && socket.parser)) return undefined;
  return state.target;
}

/** Chunk and, for texts, encoding; callbacks are no data. */
function dataOf(args: readonly unknown[]): unknown[] {
  const [chunk, encoding] = args;
  if (chunk === undefined || typeof chunk === 'function') return [];
  if (typeof chunk !== 'string') return [chunk];
  return [chunk, typeof encoding === 'string' ? encoding : 'utf8'];
}

/** Node hands `connect` its own normalized array, programs hand options, a path, or port and host. */
function connectOptions(args: readonly unknown[]): Record<string, unknown> {
  const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) return chosen(first as Record<string, unknown>);
  const isPath = typeof first === 'string' && Number.isNaN(Number(first));
  if (isPath) return { path: first };
  const host = typeof args[1] === 'string' ? args[1] : undefined;
  return chosen({ port: first, host });
}

function chosen(options: Record<string, unknown>): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const key of recordedOptions) {
    if (options[key] !== undefined && options[key] !== null) said[key] = options[key];
  }
  return said;
}

function peerOf(options: Record<string, unknown>): string {
  const { path, host, port } = options;
  return path === undefined ? `${String(host ?? 'localhost')}:${String(port)}` : String(path);
}
