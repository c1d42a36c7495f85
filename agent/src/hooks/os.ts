/** What `os` tells of the host is the leader's: followers may run on another one. */
import { apiId, apiTable } from '@lockstep/protocol';
import { Missing } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';
import { hookLocal } from './local-values.ts';

const SET_PRIORITY = apiId('os.setPriority');

/** Replaces every function of `os` in the API table. */
export function hookOs(context: HookContext): void {
  const { door, report } = context;
  const owner = builtin('os');
  for (const { id, name } of apiTable) {
    const key = /^os\.(\w+)$/.exec(name)?.[1];
    if (key === undefined || id === SET_PRIORITY) continue;
    hookLocal(context, { owner, key, api: id, label: name });
  }
  patch(report, owner, 'setPriority', 'os.setPriority', (original) => (...args: unknown[]) => {
    const run = (): unknown => original(...args);
    return door.covered > 0 ? run() : door.value(SET_PRIORITY, '', args, run, Missing.refuse);
  });
}
