/**
 * Messages to another process, as the program sends them. What carries them is a pipe like others, whose
 * bytes pass the door below.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import { type AnyFunction, disguise } from '../../core/patch.ts';
import { hide } from '../stdio/stream-writes.ts';

const SEND = apiId('child_process.send');
const DISCONNECT = apiId('child_process.disconnect');

/** A child, or `process` in one. */
interface Channelled {
  send?: AnyFunction;
  disconnect?: AnyFunction;
}

/** Makes `send` and `disconnect` of `owner` record what the program does with them. */
export function recordMessages(door: Door, owner: object, target: string): void {
  const { send, disconnect } = owner as Channelled;
  if (typeof send === 'function') {
    const recorded = function (this: unknown, ...args: unknown[]): unknown {
      if (door.covered === 0) door.record(SEND, target, [args[0]]);
      return Reflect.apply(send, this, args);
    };
    hide(owner, 'send', disguise(recorded, send));
  }
  if (typeof disconnect !== 'function') return;
  const recorded = function (this: unknown, ...args: unknown[]): unknown {
    if (door.covered === 0) door.record(DISCONNECT, target, []);
    return Reflect.apply(disconnect, this, args);
  };
  hide(owner, 'disconnect', disguise(recorded, disconnect));
}
