/**
 * HTTP/2: clients, servers, both over TCP and TLS. The native module is hooked before Node's own code asks it
 * for anything, which happens when a program (or something that it uses) first loads `http2`; until then it
 * costs nothing but finding the module.
 */
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { nativePrototype } from '../native/binding.ts';
import type { HandleTable } from '../net/handle-table.ts';
import { hookReading } from '../net/reading.ts';
import { hookWriting } from '../net/writing.ts';
import { callbackNames, enteredCallbacks } from './callbacks.ts';
import { hookFiles } from './files.ts';
import { Http2Handles, SessionEvent } from './handles.ts';
import { findBinding, findClasses, type Http2Binding } from './parts.ts';
import { Http2Calls } from './public-calls.ts';
import { hookNativeCalls } from './session-calls.ts';
import { hookHttp2Timeouts } from './timeouts.ts';
import { guardFiles, guardHttp2 } from './unhooked.ts';

/** Hooks HTTP/2; `table` is null where sockets could not be hooked. */
export function hookHttp2(context: HookContext, table: HandleTable | null): void {
  const binding =
    table === null ? 'sockets are not hooked' : context.door.cover(() => findBinding());
  if (table === null || typeof binding === 'string') {
    context.report.miss('http2', String(binding));
    guardHttp2(context, String(binding));
    return;
  }
  const handles = new Http2Handles(table, binding.stream);
  const jsStream = findJsStream();
  const files = context.door.cover(() => hookFiles(table));
  patch(
    context.report,
    binding.owner,
    'setCallbackFunctions',
    'http2.request',
    (original) =>
      function (this: unknown, ...callbacks: unknown[]): unknown {
        const given = callbacks as AnyFunction[];
        const isKnown = given.every((one, at) => one.name === callbackNames[at]);
        const entered = isKnown
          ? loaded(context, handles, { binding, jsStream, files }, given)
          : given;
        return Reflect.apply(original, this, entered);
      },
  );
}

/** What was found before `http2` was loaded; `files`: why answers from files are not followed. */
interface Found {
  readonly binding: Http2Binding;
  readonly jsStream: object | null;
  readonly files: string | null;
}

/** `http2` is being loaded: what it gives programs is there now. */
function loaded(
  context: HookContext,
  handles: Http2Handles,
  { binding, jsStream, files }: Found,
  callbacks: readonly AnyFunction[],
): readonly AnyFunction[] {
  const [first] = callbacks;
  if (first === undefined) return callbacks;
  const { report, door } = context;
  const { table } = handles;
  const classes = door.cover(() => findClasses(first));
  if (typeof classes === 'string') {
    report.miss('http2', classes);
    return callbacks;
  }
  hookReading(table, binding, report);
  hookWriting(table, binding, report);
  hookNativeCalls(handles, binding, jsStream, report);
  table.addCallbacks(binding.session, [
    { name: 'ondone', event: SessionEvent.done },
    { name: 'ongracefulclosecomplete', event: SessionEvent.closedGracefully },
  ]);
  new Http2Calls(context, handles, classes).hook(binding);
  hookHttp2Timeouts(context, classes.session);
  hookHttp2Timeouts(context, classes.stream);
  if (files !== null) guardFiles(context, classes.serverStream, files);
  return enteredCallbacks(handles, callbacks);
}

function findJsStream(): object | null {
  try {
    return nativePrototype('js_stream', 'JSStream');
  } catch {
    // Without the class no session can stand over a stream of the program's own either.
    return null;
  }
}
