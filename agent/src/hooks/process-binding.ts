/**
 * `process.binding`, by which old packages reach below the public API. What stays inside the process passes;
 * modules that reach outside are below every hook, but for `spawn_sync`, whose one function is hooked: the
 * leader's use of one ends following, and a follower is refused.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../core/hook-context.ts';
import { patch } from '../core/patch.ts';
import { refusal } from '../follower/refusal.ts';
import { isFollowedModule } from './child-process/sync.ts';

const API = 'process.binding';

/** Native modules that open, send, start or listen. */
const reaching: ReadonlySet<unknown> = new Set([
  'cares_wrap',
  'fs',
  'fs_event_wrap',
  'inspector',
  'js_stream',
  'pipe_wrap',
  'process_wrap',
  'signal_wrap',
  'spawn_sync',
  'stream_wrap',
  'tcp_wrap',
  'tls_wrap',
  'tty_wrap',
  'udp_wrap',
]);

/** Replaces `process.binding`; installed last, for the hooks themselves stand on it. */
export function hookProcessBinding({ door, report }: HookContext): void {
  patch(
    report,
    process,
    'binding',
    API,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const take = (): unknown => Reflect.apply(original, this, args);
        if (door.covered === 0 && reaching.has(args[0]) && !isFollowed(args[0], take)) {
          if (!door.leads) throw refusal(API, String(args[0]));
          const what = `the internal module ${String(args[0])} reaches below all hooks and is`;
          door.notFollowed(apiId(API), `${what} not followed`);
        }
        return take();
      },
  );
  report.exclude(API);
}

function isFollowed(name: unknown, take: () => unknown): boolean {
  return name === 'spawn_sync' && isFollowedModule(take());
}
