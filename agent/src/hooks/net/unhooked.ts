/**
 * For a Node whose handles are not as expected: sockets and servers stay as they are, and the first use
 * ends following. Never a guess, never a false alert, never a changed service.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { builtin } from '../builtin.ts';

/** Guards `Socket#connect` and `Server#listen`. */
export function guardUnhooked({ door, report }: HookContext, why: string): void {
  const { Server, Socket } = builtin('net');
  const guard = (owner: object, key: string, api: string): void => {
    const make = (original: AnyFunction): AnyFunction =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (!door.leads) throw refusal(api, '');
        door.notFollowed(apiId(api), `sockets are not followed on this Node: ${why}`);
        return Reflect.apply(original, this, args);
      };
    patch(report, owner, key, api, make);
    report.exclude(api);
  };
  guard(Socket.prototype, 'connect', 'net.connect');
  guard(Server.prototype, 'listen', 'net.listen');
}
