/**
 * Calls into the native objects of HTTP/2. Most may call back before they return (data that was waiting is
 * sent, streams end, pings are given up), so the leader's answer lists what they called.
 */
import { apiId } from '@lockstep/protocol';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { AnswerCodec, NativeMethod } from '../native/native-calls.ts';
import type { NativeHandle } from '../net/handle-classes.ts';
import type { Http2Handles } from './handles.ts';
import type { Http2Binding } from './parts.ts';

const CALL = apiId('http2.session.call');
const ACK = apiId('http2.session.ack');
const COUNTER = apiId('http2.session.counter');

/** What the methods answer mostly; the rest is logged. */
const sessionUsual: Readonly<Record<string, unknown>> = {
  receive: undefined,
  destroy: undefined,
  goaway: undefined,
  origin: undefined,
  altsvc: undefined,
  setNextStreamID: undefined,
  setLocalWindowSize: 0,
  setGracefulClose: undefined,
  hasPendingData: false,
};
const streamUsual: Readonly<Record<string, unknown>> = {
  id: undefined,
  destroy: undefined,
  priority: undefined,
  respond: 0,
  info: 0,
  trailers: 0,
  rstStream: undefined,
};

/** What native code makes for each, and calls the program's function on: printed stacks name it. */
class Http2Settings {}
class Http2Ping {}
const receivers: readonly (readonly [string, object])[] = [
  ['settings', new Http2Settings()],
  ['ping', new Http2Ping()],
];

/** Replaces the methods of sessions and streams. `jsStream`: the class of streams that are JavaScript. */
export function hookNativeCalls(
  handles: Http2Handles,
  binding: Http2Binding,
  jsStream: object | null,
  report: CoverageReport,
): void {
  const { session, stream, sessionState, streamState, settings } = binding;
  for (const [owner, methods] of [
    [session, sessionUsual],
    [stream, streamUsual],
  ] as const) {
    for (const [key, usual] of Object.entries(methods)) {
      replace(handles, owner, key, { api: CALL, usual }, report);
    }
  }
  for (const [owner, key, view] of [
    [session, 'refreshState', sessionState],
    [session, 'localSettings', settings],
    [session, 'remoteSettings', settings],
    [stream, 'refreshState', streamState],
  ] as const) {
    replace(handles, owner, key, { api: CALL, usual: null, codec: filled(view) }, report);
  }
  for (const [owner, key] of [
    [session, 'request'],
    [stream, 'pushPromise'],
  ] as const) {
    patch(report, owner, key, `Http2.${key}`, (original) => makingStream(handles, original));
  }
  for (const [key, receiver] of receivers) {
    patch(report, session, key, `Http2.${key}`, (original) =>
      acknowledged(handles, receiver, original),
    );
  }
  patch(report, session, 'updateChunksSent', 'Http2.updateChunksSent', (original) =>
    counted(handles, original),
  );
  patch(report, session, 'consume', 'Http2.consume', (original) =>
    consume(handles, jsStream, original),
  );
}

function replace(
  handles: Http2Handles,
  owner: object,
  key: string,
  method: NativeMethod,
  report: CoverageReport,
): void {
  const { table } = handles;
  patch(
    report,
    owner,
    key,
    `Http2.${key}`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const run = (): unknown => Reflect.apply(original, this, args);
        const state = table.get(this as object);
        if (state === undefined || table.door.covered > 0) return run();
        const answer = table.natives.call(method, run);
        if (key === 'destroy' && owner === handles.streamPrototype) handles.forget(this as object);
        return answer;
      },
  );
}

/** Answers by filling memory that is shared with the native side. */
function filled(view: Float64Array | Uint32Array): AnswerCodec {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return {
    carry: () => bytes.slice(),
    restore: (carried) => {
      if (carried instanceof Uint8Array) bytes.set(carried.subarray(0, bytes.length));
      return undefined;
    },
  };
}

/** Answers a stream, or the number of an error. */
function makingStream(handles: Http2Handles, original: AnyFunction): AnyFunction {
  const { table } = handles;
  const method: NativeMethod = {
    api: CALL,
    usual: null,
    codec: {
      carry: (made) => (typeof made === 'object' ? idOf(made) : [made]),
      restore: (carried) => carried,
    },
  };
  return function (this: unknown, ...args: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(original, this, args);
    const state = table.get(this as object);
    if (state === undefined || table.door.covered > 0) return run();
    const answer = table.natives.call(method, run);
    if (table.door.leads) {
      if (typeof answer === 'object' && answer !== null) handles.addStream(answer, '', false);
      return answer;
    }
    if (Array.isArray(answer)) return answer[0];
    return handles.makeStream(this as object, Number(answer ?? 0), '', false);
  };
}

function idOf(stream: unknown): number {
  return (stream as { id(): number }).id();
}

/** The last argument is called when the peer has answered, or never will. */
function acknowledged(handles: Http2Handles, receiver: object, original: AnyFunction): AnyFunction {
  const { door, natives } = handles.table;
  const method: NativeMethod = { api: CALL, usual: true };
  return function (this: unknown, ...args: unknown[]): unknown {
    const state = handles.table.get(this as object);
    const done = args.at(-1);
    if (state === undefined || door.covered > 0 || typeof done !== 'function') {
      return Reflect.apply(original, this, args);
    }
    door.identify(ACK, '');
    const ref = door.ref(ACK, '');
    if (!door.leads) {
      const call = (_event: number, given: unknown): void => {
        Reflect.apply(done, receiver, given as readonly unknown[]);
      };
      natives.expect(ref, call, false);
    }
    const entered = function (this: unknown, ...given: unknown[]): unknown {
      return natives.enter(ref, 0, given, () => Reflect.apply(done, this, given));
    };
    const run = (): unknown => Reflect.apply(original, this, [...args.slice(0, -1), entered]);
    const answer = natives.call(method, run);
    if (answer === false && !door.leads) natives.forget(ref);
    return answer;
  };
}

/** Sets a property of the session besides. */
function counted(handles: Http2Handles, original: AnyFunction): AnyFunction {
  const { door, natives } = handles.table;
  return function (this: unknown, ...args: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(original, this, args);
    if (handles.table.get(this as object) === undefined || door.covered > 0) return run();
    const answer = natives.call({ api: CALL, usual: undefined }, run);
    if (!door.leads) (this as Record<string, unknown>)['chunksSentSinceLastWrite'] = answer;
    return answer;
  };
}

/** The session takes a socket over: from here on it reads and writes it natively. */
function consume(
  handles: Http2Handles,
  jsStream: object | null,
  original: AnyFunction,
): AnyFunction {
  const { table } = handles;
  const { door } = table;
  return function (this: unknown, ...args: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(original, this, args);
    if (door.covered > 0) return run();
    const below = args[0] as NativeHandle;
    if (jsStream !== null && Object.prototype.isPrototypeOf.call(jsStream, below)) {
      table.name(below, apiId('tls.socket'), '', true);
    }
    const socket = table.get(below);
    if (socket === undefined) {
      door.notFollowed(apiId('http2.connect'), 'HTTP/2 over this socket is not followed yet');
      return run();
    }
    handles.addSession(this as object, socket.target, socket.inbound);
    countNatively(handles, below);
    return table.natives.call({ api: CALL, usual: undefined }, run);
  };
}

/** The native side counts by itself now. */
function countNatively({ table: { door } }: Http2Handles, below: NativeHandle): void {
  const proto = Object.getPrototypeOf(below) as object;
  for (const key of ['bytesRead', 'bytesWritten'] as const) {
    const read = (): number => (door.leads ? (Reflect.get(proto, key, below) as number) : 0);
    const get = (): number => (door.covered > 0 ? read() : door.local(COUNTER, read));
    Object.defineProperty(below, key, { get, configurable: true });
  }
}
