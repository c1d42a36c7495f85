/**
 * What is behind `http2`: the native module, found before Node's own code takes its callbacks there, and the
 * classes that this code makes of it, found when it does.
 */
import type { AnyFunction } from '../../core/patch.ts';
import { internalBinding, scopesOf } from '../native/internal-binding.ts';

/** The native module as far as the hooks use it. */
export interface Http2Binding {
  readonly session: object;
  readonly stream: object;
  /** Shared with the native side, which fills them when it is asked. */
  readonly sessionState: Float64Array;
  readonly streamState: Float64Array;
  readonly settings: Uint32Array;
  /** Where a session's fields say that the peer's settings are as last read. */
  readonly bitfield: number;
  readonly upToDate: number;
  readonly owner: Record<string, unknown>;
}

/** The classes that programs see, and the symbols of Node's own properties. */
export interface Http2Classes {
  readonly session: object;
  readonly clientSession: object;
  readonly serverSession: object;
  readonly stream: object;
  readonly clientStream: object;
  readonly serverStream: object;
  readonly handle: symbol;
}

const sessionMethods = [
  'consume',
  'receive',
  'destroy',
  'request',
  'settings',
  'ping',
  'goaway',
  'hasPendingData',
  'refreshState',
  'localSettings',
  'remoteSettings',
] as const;
const streamMethods = [
  'id',
  'destroy',
  'respond',
  'info',
  'trailers',
  'pushPromise',
  'rstStream',
  'refreshState',
  'readStart',
  'shutdown',
  'writeBuffer',
  'writev',
] as const;

/** The native module, or why it cannot be hooked. Call it covered. */
export function findBinding(): Http2Binding | string {
  if (isLoaded()) return 'http2 was loaded before the agent';
  try {
    const owner = internalBinding('http2');
    const binding: Http2Binding = {
      session: prototypeOf(owner['Http2Session']),
      stream: prototypeOf(owner['Http2Stream']),
      sessionState: owner['sessionState'] as Float64Array,
      streamState: owner['streamState'] as Float64Array,
      settings: owner['settingsBuffer'] as Uint32Array,
      bitfield: Number(owner['kBitfield']),
      upToDate: 1 << Number(owner['kSessionRemoteSettingsIsUpToDate']),
      owner,
    };
    return missingIn(binding) ?? binding;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isLoaded(): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList: readonly string[] };
  return moduleLoadList.includes('NativeModule internal/http2/core');
}

function prototypeOf(made: unknown): object {
  if (typeof made !== 'function') throw new Error('http2 has no native classes');
  return (made as { prototype: object }).prototype;
}

function missingIn(binding: Http2Binding): string | null {
  for (const [owner, methods] of [
    [binding.session, sessionMethods],
    [binding.stream, streamMethods],
  ] as const) {
    const lost = methods.find((key) => typeof Reflect.get(owner, key) !== 'function');
    if (lost !== undefined) return `http2's native objects have no ${lost}`;
  }
  const views = [binding.sessionState, binding.streamState, binding.settings];
  if (!views.every((view) => ArrayBuffer.isView(view))) return "http2's shared state is not there";
  return typeof binding.owner['setCallbackFunctions'] === 'function'
    ? null
    : 'http2 has no callbacks';
}

/** The classes, from one of the callbacks that Node's own code hands to the native side. Call it covered. */
export function findClasses(callback: AnyFunction): Http2Classes | string {
  try {
    const scope = scopesOf(callback).find((one) => 'ServerHttp2Stream' in one) ?? {};
    const clientSession = prototypeOf(scope['ClientHttp2Session']);
    const serverStream = prototypeOf(scope['ServerHttp2Stream']);
    const { kHandle: handle } = scope as { kHandle?: symbol };
    if (handle === undefined) return 'the native objects of http2 are not where they were';
    return {
      session: Object.getPrototypeOf(clientSession) as object,
      clientSession,
      serverSession: prototypeOf(scope['ServerHttp2Session']),
      stream: Object.getPrototypeOf(serverStream) as object,
      clientStream: prototypeOf(scope['ClientHttp2Stream']),
      serverStream,
      handle,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
