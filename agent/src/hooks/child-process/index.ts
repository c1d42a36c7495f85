/** Children: started by the leader only; followers get what came back. */
import type { HookContext } from '../../core/hook-context.ts';
import { hookSpawn } from './spawn.ts';
import { hookSyncChildren } from './sync.ts';

/** Replaces `ChildProcess.prototype.spawn` and the synchronous functions. */
export function hookChildProcess(context: HookContext): void {
  hookSpawn(context);
  hookSyncChildren(context);
}
