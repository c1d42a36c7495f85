/** Children: the leader's act, followers get what came back. And the channel to a parent. */
import type { HookContext } from '../../core/hook-context.ts';
import type { HandleTable } from '../net/handle-table.ts';
import { hookParentChannel } from './parent-channel.ts';
import { hookSpawn } from './spawn.ts';
import { hookSyncChildren } from './sync.ts';

/** Replaces `ChildProcess.prototype.spawn` and the synchronous functions. */
export function hookChildProcess(context: HookContext, handles: HandleTable | null): void {
  hookSpawn(context, handles);
  hookParentChannel(context, handles);
  hookSyncChildren(context);
}
