/**
 * The calls that are compared: requests, answers, each piece of a body, pushes, and what a program says about
 * a session or a stream. They are recorded where the program makes them; frames are Node's affair.
 */
import { apiId, RecordKind } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import type { NativeHandle } from '../net/handle-classes.ts';
import type { Http2Handles } from './handles.ts';
import type { Http2Binding, Http2Classes } from './parts.ts';

const REQUEST = apiId('http2.request');
const UP_TO_DATE = apiId('http2.session.counter');

const sessionCalls = ['goaway', 'settings', 'ping', 'close', 'destroy'] as const;
const serverSessionCalls = ['altsvc', 'origin'] as const;
const streamCalls = ['write', 'end', 'close', 'sendTrailers'] as const;
const serverStreamCalls = [
  'respond',
  'respondWithFile',
  'additionalHeaders',
  'pushStream',
] as const;

/** Functions answer, signals stop: neither is data. */
const isData = (arg: unknown): boolean => typeof arg !== 'function';

/** Replaces what programs call. */
export class Http2Calls {
  private readonly context: HookContext;
  private readonly handles: Http2Handles;
  private readonly classes: Http2Classes;
  /** By stream; a stream that was only begun has no native object yet, one that ended has none any more. */
  private readonly targets: WeakMap<object, string> = new WeakMap();

  constructor(context: HookContext, handles: Http2Handles, classes: Http2Classes) {
    this.context = context;
    this.handles = handles;
    this.classes = classes;
  }

  hook(binding: Http2Binding): void {
    const { report } = this.context;
    const { session, clientSession, serverSession, clientStream, serverStream } = this.classes;
    this.hookRequest(clientSession, report);
    this.hookCalls(session, sessionCalls, 'http2.session.', RecordKind.call);
    this.hookCalls(serverSession, serverSessionCalls, 'http2.session.', RecordKind.call);
    this.hookCalls(clientStream, streamCalls, 'http2.stream.', RecordKind.call);
    this.hookCalls(serverStream, streamCalls, 'http2.stream.', RecordKind.response);
    this.hookCalls(serverStream, serverStreamCalls, 'http2.stream.', RecordKind.response);
    this.hookDescriptors(serverStream);
    this.hookCalls(serverStream, ['respondWithFD'], 'http2.stream.', RecordKind.response);
    this.hookRemoteSettings(binding);
  }

  private hookRequest(owner: object, report: CoverageReport): void {
    const { door } = this.context;
    const { targets } = this;
    patch(
      report,
      owner,
      'request',
      'http2.request',
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          if (door.covered > 0) return Reflect.apply(original, this, args);
          const target = requestOf(args[0]);
          door.record(REQUEST, target, [args[0] ?? {}]);
          const stream = Reflect.apply(original, this, args) as object;
          targets.set(stream, target);
          return stream;
        },
    );
  }

  private hookCalls(owner: object, keys: readonly string[], prefix: string, kind: number): void {
    for (const key of keys) {
      const api = apiId(`${prefix}${key}`);
      patch(this.context.report, owner, key, `${prefix}${key}`, (original) =>
        this.recorded(api, kind, original),
      );
    }
  }

  /** A follower's file handles are none to Node's own code. */
  private hookDescriptors(serverStream: object): void {
    const { door, platform, report } = this.context;
    if (door.leads) return;
    patch(
      report,
      serverStream,
      'respondWithFD',
      'ServerHttp2Stream.respondWithFD',
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const [file, ...more] = args;
          const isHandle =
            typeof file === 'object' && file !== null && platform.handles.isHandle(file);
          const fd = isHandle ? (file as { fd: unknown }).fd : file;
          return Reflect.apply(original, this, [fd, ...more]);
        },
    );
  }

  private recorded(api: number, kind: number, original: AnyFunction): AnyFunction {
    const { door } = this.context;
    const targetOf = this.targetOf.bind(this);
    return function (this: unknown, ...args: unknown[]): unknown {
      if (door.covered === 0) {
        door.record(api, targetOf(this as object), args.filter(isData), kind);
      }
      return Reflect.apply(original, this, args);
    };
  }

  /** `GET /path` of a stream, the peer of a session. */
  private targetOf(owner: object): string {
    const known = this.targets.get(owner);
    if (known !== undefined) return known;
    const handle = this.handleOf(owner);
    const target = handle === undefined ? undefined : this.handles.table.get(handle)?.target;
    if (target === undefined) return '';
    this.targets.set(owner, target);
    return target;
  }

  private handleOf(owner: object): NativeHandle | undefined {
    return Reflect.get(owner, this.classes.handle) as NativeHandle | undefined;
  }

  /** Native code says in a bit of the session's fields that the peer has sent other settings. */
  private hookRemoteSettings({ bitfield, upToDate }: Http2Binding): void {
    const { door, report } = this.context;
    const { session } = this.classes;
    const slot = Object.getOwnPropertyDescriptor(session, 'remoteSettings');
    if (slot?.get === undefined) {
      report.miss('http2.session.remoteSettings', 'it is no getter here');
      return;
    }
    const { get: original } = slot;
    const handleOf = this.handleOf.bind(this);
    Object.defineProperty(session, 'remoteSettings', {
      ...slot,
      get(this: object): unknown {
        const fields = (handleOf(this) as { fields?: Uint8Array } | undefined)?.fields;
        if (fields !== undefined && door.covered === 0) {
          const bits = fields[bitfield] ?? 0;
          const bit = door.local(UP_TO_DATE, () => bits & upToDate);
          fields[bitfield] = (bits & ~upToDate) | bit;
        }
        return Reflect.apply(original, this, []);
      },
    });
  }
}

/** Headers are an object, or (newer Nodes) names and values in turn. */
function requestOf(headers: unknown): string {
  const read = (name: string): unknown => {
    if (!Array.isArray(headers)) return (headers as Record<string, unknown> | undefined)?.[name];
    const at = headers.indexOf(name);
    return at < 0 ? undefined : (headers[at + 1] as unknown);
  };
  return `${String(read(':method') ?? 'GET')} ${String(read(':path') ?? '/')}`;
}
