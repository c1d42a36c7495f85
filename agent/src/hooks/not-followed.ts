/**
 * Ways in that are not followed yet. The leader's pass untouched; their first use is logged, and followers
 * stop before the turn that made it. A follower that gets here by itself is refused: the original could
 * reach outside, or bring something in that nobody agreed on.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { patch } from '../core/patch.ts';
import { refusal } from '../follower/refusal.ts';
import { builtin } from './builtin.ts';

/** One function that ends following. */
interface Entry {
  readonly owner: object;
  readonly key: string;
  readonly api: string;
  /** Completes "... not followed yet"; may name what the call was given. */
  readonly what: (args: readonly unknown[]) => string;
}

/** Guards all of them. */
export function hookNotFollowed(context: HookContext): void {
  for (const entry of functions()) guardFunction(context, entry);
}

function functions(): readonly Entry[] {
  const inspector = builtin('inspector') as { Session?: { prototype: object }; open?: unknown };
  const entries: Entry[] = [
    {
      owner: builtin('module'),
      key: 'register',
      api: 'module.register',
      what: (args) => `the loader hook ${String(args[0])} is`,
    },
    {
      owner: inspector,
      key: 'open',
      api: 'inspector.open',
      what: () => 'debugging sessions are',
    },
  ];
  if (inspector.Session !== undefined) {
    for (const key of ['connect', 'connectToMainThread']) {
      const owner = inspector.Session.prototype;
      entries.push({ owner, key, api: 'inspector.Session', what: () => 'debugging sessions are' });
    }
  }
  return entries;
}

function guardFunction({ door, report }: HookContext, entry: Entry): void {
  const { owner, key, api } = entry;
  patch(
    report,
    owner,
    key,
    api,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        stopFollowing(door, entry, args);
        return Reflect.apply(original, this, args);
      },
  );
  report.exclude(api);
}

function stopFollowing(door: Door, entry: Entry, args: readonly unknown[]): void {
  const { api, what } = entry;
  if (door.covered > 0) return;
  const id = apiId(api);
  if (!door.leads) throw refusal(api, '');
  door.notFollowed(id, `${what(args)} not followed yet`);
}
