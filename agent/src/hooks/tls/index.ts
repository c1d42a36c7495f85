/**
 * TLS in both directions, and with it `https` and everything over `tls.connect`. The hooks stand at the
 * native objects below `tls`; a Node whose objects are not as expected is not followed there.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, type CoverageReport, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import { binding, nativePrototype } from '../native/binding.ts';
import type { NativeHandle } from '../net/handle-classes.ts';
import type { HandleTable } from '../net/handle-table.ts';
import { hookReading, watchRead } from '../net/reading.ts';
import { hookWriting } from '../net/writing.ts';
import { hookConnection } from './connection.ts';
import { hookJsStream } from './js-stream.ts';
import { hookTlsCalls } from './public-calls.ts';
import { guardTls } from './unhooked.ts';

const SOCKET = apiId('tls.socket');
const THROUGH = apiId('tls.socket.call');

/** The native classes, and the module that makes connections. */
interface TlsClasses {
  readonly owner: object;
  readonly connection: object;
  readonly jsStream: object;
}

/** Methods that may pass something on to the stream below, which may call back at once. */
const through = [
  'readStart',
  'readStop',
  'shutdown',
  'writev',
  'writeBuffer',
  'writeUtf8String',
  'writeLatin1String',
  'writeAsciiString',
  'writeUcs2String',
] as const;

const needed = ['start', 'destroySSL', 'getPeerCertificate', 'useUserBuffer', ...through] as const;

/** Hooks TLS; `handles` is null where sockets could not be hooked. */
export function hookTls(context: HookContext, handles: HandleTable | null): void {
  const classes = handles === null ? 'sockets are not hooked' : findClasses();
  if (handles === null || typeof classes === 'string') {
    context.report.miss('tls', String(classes));
    guardTls(context, String(classes));
    return;
  }
  const { report } = context;
  const { owner, connection, jsStream } = classes;
  // `tls` puts methods on the class when it is loaded, and finds the hooked ones below them.
  builtin('tls');
  hookReading(handles, { stream: connection }, report);
  hookWriting(handles, { stream: connection }, report);
  for (const key of through) passOn(handles, connection, key, report);
  hookConnection(handles, connection, jsStream, report);
  hookJsStream(handles, jsStream, report);
  hookWrap(handles, owner, jsStream, report);
  hookTlsCalls(context);
}

function findClasses(): TlsClasses | string {
  try {
    const owner = binding('tls_wrap');
    const connection = nativePrototype('tls_wrap', 'TLSWrap');
    const jsStream = nativePrototype('js_stream', 'JSStream');
    const lost = needed.find((key) => typeof Reflect.get(connection, key) !== 'function');
    if (lost !== undefined) return `TLSWrap has no ${lost}`;
    return typeof owner['wrap'] === 'function'
      ? { owner, connection, jsStream }
      : 'tls_wrap has no wrap';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** On top of the hooks that all streams have. */
function passOn(
  handles: HandleTable,
  connection: object,
  key: string,
  report: CoverageReport,
): void {
  const { natives, door, slots } = handles;
  patch(
    report,
    connection,
    key,
    `TLSWrap.${key}`,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        let after = slots.state;
        const run = (): unknown => {
          const result = Reflect.apply(original, this, args) as unknown;
          after = slots.state.slice();
          return result;
        };
        if (handles.get(this as object) === undefined || door.covered > 0) return run();
        const result = natives.during(THROUGH, run);
        // What was called back may have written as well; the caller asks about this write.
        slots.state.set(after);
        return result;
      },
  );
}

/** A connection has the name of what it stands over, and is a child of its call. */
function hookWrap(
  handles: HandleTable,
  owner: object,
  jsStream: object,
  report: CoverageReport,
): void {
  const { door } = handles;
  patch(
    report,
    owner,
    'wrap',
    'tls.socket',
    (original: AnyFunction) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const made = Reflect.apply(original, this, args) as NativeHandle;
        if (door.covered > 0) return made;
        const below = args[0] as NativeHandle;
        const isServer = args[2] === true;
        if (Object.prototype.isPrototypeOf.call(jsStream, below)) {
          handles.name(below, SOCKET, '', isServer);
        }
        const parent = handles.get(below);
        const target = parent?.target ?? '';
        const state = handles.name(made, SOCKET, target, parent?.inbound ?? isServer);
        if (door.leads) watchRead(handles, made, state);
        return made;
      },
  );
}
