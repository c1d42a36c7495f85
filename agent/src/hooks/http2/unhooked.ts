/**
 * HTTP/2 on a Node whose native parts are not as expected: all of it, or answers that native code reads from
 * a file. The leader's pass untouched, the first use ends following.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { builtin } from '../builtin.ts';

const entries = [
  ['connect', 'http2.connect'],
  ['createServer', 'http2.createServer'],
  ['createSecureServer', 'http2.createServer'],
  ['performServerHandshake', 'http2.createServer'],
] as const;

/** Guards the module's entry points. */
export function guardHttp2(context: HookContext, why: string): void {
  const owner = builtin('http2');
  const said = `HTTP/2 is not followed on this Node: ${why}`;
  for (const [key, api] of entries) guard(context, owner, key, api, said);
}

/** Guards answers from files. */
export function guardFiles(context: HookContext, serverStream: object, reason: string): void {
  const why = `HTTP/2 answers from files are not followed on this Node: ${reason}`;
  for (const key of ['respondWithFile', 'respondWithFD']) {
    guard(context, serverStream, key, 'http2.respondWithFile', why);
  }
}

function guard(
  { door, report }: HookContext,
  owner: object,
  key: string,
  api: string,
  why: string,
): void {
  const id = apiId(api);
  const make = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      if (door.covered > 0) return Reflect.apply(original, this, args);
      if (!door.leads) throw refusal(api, '');
      door.notFollowed(id, why);
      return Reflect.apply(original, this, args);
    };
  patch(report, owner, key, api, make);
  report.exclude(api);
}
