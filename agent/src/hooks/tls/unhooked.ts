/** For a Node whose TLS objects are not as expected: the first use ends following, never with a guess. */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import { builtin } from '../builtin.ts';

/** A way in: where it stands, and what it is called in the coverage. */
type Entry = readonly [owner: object, key: string, api: string];

/** The last one stands below all others, for sockets that a program makes itself. */
function entries(): readonly Entry[] {
  const tls = builtin('tls');
  return [
    [tls, 'connect', 'tls.connect'],
    [tls, 'createServer', 'tls.createServer'],
    [builtin('https'), 'createServer', 'https.createServer'],
    [tls.TLSSocket.prototype, '_wrapHandle', 'tls.socket'],
  ];
}

/** Guards the entry points of `tls` and `https`. */
export function guardTls({ door, report }: HookContext, why: string): void {
  for (const [owner, key, api] of entries()) {
    patch(
      report,
      owner,
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
