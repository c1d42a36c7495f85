/** Calls of add-ons that only compute: every replica makes them, and only the turn of a late end is agreed. */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import type { AnyFunction } from '../../core/patch.ts';
import { settleInTurn } from '../settle.ts';
import type { AddonCall, OnCall } from './walk.ts';

const CALL = apiId('native.addon');

/** What stands in the place of a call. */
export function computed(door: Door, file: string): OnCall {
  return ({ name, args, run }: AddonCall): unknown => {
    if (door.covered > 0) return run(args);
    const callback = args.at(-1);
    if (typeof callback === 'function') return withCallback(door, `${file} ${name}`, args, run);
    const result = run(args);
    if (!(result instanceof Promise)) return result;
    door.identify(CALL, `${file} ${name}`);
    const ref = door.ref(CALL, `${file} ${name}`);
    return settleInTurn(door, ref, () => result);
  };
}

function withCallback(
  door: Door,
  target: string,
  args: readonly unknown[],
  run: (args: unknown[]) => unknown,
): unknown {
  const callback = args.at(-1) as AnyFunction;
  door.identify(CALL, target);
  const ref = door.ref(CALL, target);
  const gate = door.compute(ref);
  const call = { isInside: true as boolean };
  const ended = function (this: unknown, ...results: unknown[]): void {
    const settle = (): void => void Reflect.apply(callback, this, results);
    if (call.isInside) {
      // Within the call: the same in every replica, and nothing will be delivered.
      door.forget(ref);
      settle();
    } else gate(settle);
  };
  try {
    return run([...args.slice(0, -1), ended]);
  } finally {
    call.isInside = false;
  }
}
