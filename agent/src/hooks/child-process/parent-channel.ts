/**
 * The channel to the parent process. Node opens it before any preload runs, so what it reads is already
 * wanted when the agent comes; nothing has been read yet. In a child that is followed it is a pipe like
 * others: its bytes pass the door, and a follower's, whose other end says nothing, is fed from the log. A
 * leader that was forked by something else hears its parent, its followers have no channel; they end
 * where the first message arrives.
 */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, define } from '../../core/patch.ts';
import type { NativeHandle } from '../net/handle-classes.ts';
import type { HandleTable } from '../net/handle-table.ts';
import { watchRead } from '../net/reading.ts';
import { recordMessages } from './messages.ts';

const SEND = 'process.send';
const IPC = apiId('child_process.ipc');

/** What the channel is about, in records. */
const PARENT = 'parent';

/** Follows the channel of a followed child, guards that of any other process. */
export function hookParentChannel(context: HookContext, handles: HandleTable | null): void {
  const { door, childLogs } = context;
  const channel = process.send === undefined ? null : channelHandle();
  if (childLogs?.isChild === true && handles !== null && channel !== null) {
    followChannel(handles, channel);
    recordMessages(door, process, PARENT);
    return;
  }
  guardChannel(context);
}

function followChannel(handles: HandleTable, channel: NativeHandle & { readStop(): void }): void {
  const { leads } = handles.door;
  // Nothing real may come in: a follower's channel says nothing, but it ends with its parent.
  if (!leads) channel.readStop();
  const state = handles.name(channel, IPC, PARENT);
  // What a parent says is what the world says.
  state.turn = -1;
  if (leads) watchRead(handles, channel, state);
}

/** Node keeps it on `process` under a symbol. */
function channelHandle(): (NativeHandle & { readStop(): void }) | null {
  const symbol = Object.getOwnPropertySymbols(process).find(
    ({ description }) => description === 'kChannelHandle',
  );
  const handle: unknown = symbol === undefined ? undefined : Reflect.get(process, symbol);
  return (handle as (NativeHandle & { readStop(): void }) | undefined) ?? null;
}

function guardChannel({ door, report }: HookContext): void {
  report.exclude(SEND);
  if (!door.leads || process.send === undefined) return;
  const detail = 'the channel to the parent process is not followed yet';
  const emitBefore = process.emit as AnyFunction;
  define(process, 'emit', function emit(this: unknown, ...args: unknown[]): unknown {
    if (args[0] === 'message') door.notFollowed(apiId(SEND), detail);
    return Reflect.apply(emitBefore, this, args);
  });
}
