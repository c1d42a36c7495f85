/**
 * Ways in that are not followed yet: HTTP/2, sockets over descriptors that
 * somebody else opened. The leader's pass untouched, their first use ends following; a follower that gets
 * here has left the leader's path and is refused, for the original could reach outside.
 */
import { apiId, apiName } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { builtin } from '../builtin.ts';
import type { HandleClasses } from './handle-classes.ts';

interface Excluded {
  readonly module: 'http2';
  readonly key: string;
  readonly api: string;
  readonly why: string;
}

const excluded: readonly Excluded[] = [
  { module: 'http2', key: 'connect', api: 'http2.connect', why: 'HTTP/2 is not followed yet' },
  {
    module: 'http2',
    key: 'createServer',
    api: 'http2.createServer',
    why: 'HTTP/2 is not followed yet',
  },
  {
    module: 'http2',
    key: 'createSecureServer',
    api: 'http2.createServer',
    why: 'HTTP/2 is not followed yet',
  },
];

const RAW = apiId('net.Server.raw');

/** Standard streams over pipes are opened like any descriptor and have hooks of their own. */
const LAST_STANDARD_FD = 2;

/** Guards the modules' entry points. */
export function hookExcluded(context: HookContext): void {
  for (const entry of excluded) {
    const owner = builtin(entry.module);
    patch(context.report, owner, entry.key, entry.api, (original) =>
      guarded(context, apiId(entry.api), entry.why, original),
    );
  }
  for (const api of new Set(excluded.map((entry) => entry.api))) context.report.exclude(api);
}

/** Guards sockets and servers made from a descriptor (`{fd}`). */
export function hookInherited(context: HookContext, classes: HandleClasses): void {
  const why = 'sockets over inherited descriptors are not followed yet';
  for (const [owner, label] of [
    [classes.tcp, 'TCP.open'],
    [classes.pipe, 'Pipe.open'],
  ] as const) {
    patch(context.report, owner, 'open', label, (original) => {
      const guard = guarded(context, RAW, why, original);
      return function (this: unknown, ...args: unknown[]): unknown {
        const isStandard = typeof args[0] === 'number' && args[0] <= LAST_STANDARD_FD;
        return Reflect.apply(isStandard ? original : guard, this, args);
      };
    });
  }
  context.report.exclude(apiName(RAW));
}

function guarded(
  { door }: HookContext,
  api: number,
  why: string,
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered > 0) return Reflect.apply(original, this, args);
    if (!door.leads) throw refusal(apiName(api), '');
    door.notFollowed(api, why);
    return Reflect.apply(original, this, args);
  };
}
