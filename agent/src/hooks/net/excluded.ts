/**
 * Sockets over descriptors that somebody else opened, which are not followed yet. The leader's pass
 * untouched, their first use ends following; a follower that gets here has left the leader's path and is
 * refused, for the original could reach outside.
 */
import { apiId, apiName } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import type { HandleClasses } from './handle-classes.ts';

const RAW = apiId('net.Server.raw');

/** Standard streams over pipes are opened like any descriptor and have hooks of their own. */
const LAST_STANDARD_FD = 2;

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
