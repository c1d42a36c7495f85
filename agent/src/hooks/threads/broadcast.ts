/**
 * Broadcast channels. Whoever listens may be in another thread, so that what one brings is the leader's
 * message, also what came from this thread; a follower's channel sends nothing.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { define } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import { handleOf, type Ports } from './ports.ts';

const API = 'BroadcastChannel';
const BROADCAST = apiId(API);

/** Replaces `BroadcastChannel`. */
export function hookBroadcast({ door, report }: HookContext, ports: Ports): void {
  const threads = builtin('worker_threads');
  const real = threads.BroadcastChannel;
  const made: typeof real = new Proxy(real, {
    construct: (target, args: unknown[], newTarget): object => {
      const newClass = (newTarget === made ? target : newTarget) as NewableFunction;
      const channel = Reflect.construct(target, args, newClass) as object;
      if (door.covered > 0) return channel;
      const ref = door.begin(BROADCAST, String(args[0]), []);
      const handle = handleOf(channel);
      if (handle === null) {
        door.notFollowed(BROADCAST, 'broadcast channels of this version of Node are not followed');
      } else {
        ports.table.nameRemote(handle as object, ref);
      }
      return channel;
    },
  });
  define(threads, API, made);
  define(globalThis, API, made);
  report.hook(API);
}
