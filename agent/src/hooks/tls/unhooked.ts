/** For a Node whose TLS objects are not as expected: the first use ends following, never with a guess. */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { builtin } from '../builtin.ts';

const guarded = [
  ['tls', 'connect', 'tls.connect'],
  ['tls', 'createServer', 'tls.createServer'],
  ['https', 'createServer', 'https.createServer'],
] as const;

/** Guards the entry points of `tls` and `https`. */
export function guardTls({ door, report }: HookContext, why: string): void {
  for (const [module, key, api] of guarded) {
    patch(
      report,
      builtin(module),
      key,
      api,
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          if (door.covered > 0) return Reflect.apply(original, this, args);
          if (!door.leads) throw refusal(api, '');
          door.notFollowed(apiId(api), `TLS is not followed on this Node: ${why}`);
          return Reflect.apply(original, this, args);
        },
    );
    report.exclude(api);
  }
}
