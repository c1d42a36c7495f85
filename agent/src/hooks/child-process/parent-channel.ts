/**
 * The channel to a parent that is not under Lockstep: a leader that was forked hears it. Its followers
 * were not, and have no channel; they end where the first message arrives.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, define } from '../../core/patch.ts';

const SEND = 'process.send';

/** Guards messages from the parent. */
export function hookParentChannel({ door, report }: HookContext): void {
  report.exclude(SEND);
  if (!door.leads || process.send === undefined) return;
  const detail = 'the channel to the parent process is not followed yet';
  const emitBefore = process.emit as AnyFunction;
  define(process, 'emit', function emit(this: unknown, ...args: unknown[]): unknown {
    if (args[0] === 'message') door.notFollowed(apiId(SEND), detail);
    return Reflect.apply(emitBefore, this, args);
  });
}
