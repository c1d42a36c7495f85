/**
 * Memory that a leader's threads share changes beside the program. What `Atomics` gives of it is an in-turn
 * value; plain reads are not seen by anybody, and their order is not agreed. Waiting blocks the leader
 * only.
 */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { promiseCall } from '../fs/promise-call.ts';

const ATOMICS = apiId('Atomics.shared');
const WAIT_ASYNC = apiId('Atomics.waitAsync');

const operations = [
  'add',
  'and',
  'compareExchange',
  'exchange',
  'load',
  'notify',
  'or',
  'sub',
  'wait',
  'xor',
] as const;

/** Replaces the operations of `Atomics`; memory that is not shared passes. */
export function hookSharedMemory({ door, report }: HookContext): void {
  for (const key of operations) {
    patch(report, Atomics, key, `Atomics.${key}`, (original) => operation(door, key, original));
  }
  patch(report, Atomics, 'waitAsync', 'Atomics.waitAsync', (original) => waiting(door, original));
}

/** What `waitAsync` answers: at once, or with a promise. */
interface Waiting {
  readonly async: boolean;
  readonly value: unknown;
}

function waiting(door: Door, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const start = (): Waiting => Reflect.apply(original, this, args) as Waiting;
    if (door.covered > 0) return start();
    const ref = door.begin(WAIT_ASYNC, '', args.slice(1));
    const made = door.leads ? start() : null;
    const atOnce = door.fact<unknown>(
      ref,
      () => (made?.async ? null : (made?.value ?? null)),
      null,
    );
    if (atOnce !== null) return { async: false, value: atOnce };
    const value = promiseCall(
      door,
      ref,
      () => made?.value as Promise<unknown>,
      null,
      () => {},
    );
    return { async: true, value };
  };
}

function operation(
  door: Door,
  key: (typeof operations)[number],
  original: AnyFunction,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const make = (): unknown => Reflect.apply(original, this, args);
    const shared = (args[0] as { buffer?: unknown } | undefined)?.buffer;
    if (!(shared instanceof SharedArrayBuffer) || door.covered > 0) return make();
    if (door.leads) return door.local(ATOMICS, make);
    // The operation itself happens to the follower's own memory too, but nobody is waited for.
    const own = key === 'wait' ? 'not-equal' : make();
    return door.local(ATOMICS, () => own);
  };
}
