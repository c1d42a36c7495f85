/**
 * TLS over a stream that is JavaScript (a tunnel, a socket that is not connected yet): Node puts a native
 * object between the two. What native code writes there, and how it asks to read, is called back; what the
 * stream brings is handed in by calls. A follower's object does nothing by itself: the cipher text that
 * leaves through the program's stream is the leader's, byte by byte.
 */
import { apiId } from '@lockstep/protocol';
import { type CoverageReport, patch } from '../../core/patch.ts';
import type { NativeCallback } from '../native/native-callbacks.ts';
import type { NativeMethod } from '../native/native-calls.ts';
import { HandleEvent, type HandleTable } from '../net/handle-table.ts';

const calls: NativeMethod = { api: apiId('tls.stream.call'), usual: undefined };

const methods = ['readBuffer', 'emitEOF', 'finishWrite', 'finishShutdown'] as const;

/** A request is native; Node's own code only hands it back. */
const request = {};

const callbacks: readonly NativeCallback[] = [
  { name: 'onreadstart', event: HandleEvent.firstCallback },
  { name: 'onreadstop', event: HandleEvent.firstCallback + 1 },
  {
    name: 'onwrite',
    event: HandleEvent.firstCallback + 2,
    carry: ([, buffers]) => [(buffers as readonly Uint8Array[]).map((bytes) => Buffer.from(bytes))],
    restore: ([buffers]) => [request, buffers],
  },
  {
    name: 'onshutdown',
    event: HandleEvent.firstCallback + 3,
    carry: () => [],
    restore: () => [request],
  },
];

/** Replaces the methods and callbacks of `JSStream`. */
export function hookJsStream(table: HandleTable, prototype: object, report: CoverageReport): void {
  for (const key of methods) {
    patch(
      report,
      prototype,
      key,
      `JSStream.${key}`,
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const run = (): unknown => Reflect.apply(original, this, args);
          const isOurs = table.get(this as object) !== undefined && table.door.covered === 0;
          return isOurs ? table.natives.call(calls, run) : run();
        },
    );
  }
  table.addCallbacks(prototype, callbacks);
}
