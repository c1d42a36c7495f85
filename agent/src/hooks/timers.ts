/**
 * Timers and immediates. The leader's are real, each firing a delivery; a follower has none of its own:
 * its timers are objects that fire when the log says so. `timers/promises` and `AbortSignal.timeout` are
 * built on the hooked functions in both roles, so that they settle at the same moment in both.
 */
import timers from 'node:timers';
import { apiId } from '@lockstep/protocol';
import type { Door } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { originals } from '../core/originals.ts';
import { type AnyFunction, define, disguise } from '../core/patch.ts';
import { hookTimerPromises } from './timer-promises.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** `clearTimeout` and its kin take objects, ids and anything else. */
type Clear = (timer: unknown) => void;

interface TimerKind {
  readonly name: 'setTimeout' | 'setInterval' | 'setImmediate';
  readonly api: number;
  readonly repeats: boolean;
}

const kinds: readonly TimerKind[] = [
  { name: 'setTimeout', api: apiId('setTimeout'), repeats: false },
  { name: 'setInterval', api: apiId('setInterval'), repeats: true },
  { name: 'setImmediate', api: apiId('setImmediate'), repeats: false },
];

/** Replaces the global timer functions and those of `node:timers`. */
export function hookTimers(context: HookContext): void {
  const { door, report } = context;
  const virtual = door.leads ? null : new VirtualTimers(door);
  for (const kind of kinds) {
    const original = timers[kind.name] as AnyFunction;
    const made =
      virtual === null ? leaderTimer(door, kind, original) : virtual.setter(kind, original);
    const replacement = disguise(made, original);
    define(timers, kind.name, replacement);
    define(globalThis, kind.name, replacement);
    report.hook(kind.name);
  }
  if (virtual !== null) replaceClears(virtual);
  hookPrimitive(door, virtual);
  hookTimerPromises(context);
}

function leaderTimer(door: Door, kind: TimerKind, original: AnyFunction): AnyFunction {
  const immediate = kind.name === 'setImmediate';
  return function (this: unknown, ...args: unknown[]): unknown {
    const [callback] = args;
    if (typeof callback !== 'function' || door.covered > 0)
      return Reflect.apply(original, this, args);
    const passed = args.slice(immediate ? 1 : 2);
    const ref = door.begin(kind.api, '', immediate ? [] : [args[1]]);
    let firings = 0;
    const fire = function (this: unknown): void {
      door.deliver(ref, firings++, undefined, () => Reflect.apply(callback, this, passed));
    };
    return Reflect.apply(original, this, immediate ? [fire] : [fire, args[1]]);
  };
}

function replaceClears(virtual: VirtualTimers): void {
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'] as const) {
    const original = timers[name] as Clear;
    const replacement = disguise((timer: unknown) => {
      if (!virtual.clear(timer)) original(timer);
    }, original);
    define(timers, name, replacement);
    define(globalThis, name, replacement);
  }
}

/** A timer's number is an async id, which depends on everything before it: an in-turn value. */
function hookPrimitive(door: Door, virtual: VirtualTimers | null): void {
  const sample = originals.setTimeout(() => {}, 1);
  originals.clearTimeout(sample);
  const proto = Object.getPrototypeOf(sample) as Record<symbol, AnyFunction>;
  const original = proto[Symbol.toPrimitive];
  if (original === undefined) return;
  const api = apiId('setTimeout');
  define(proto, Symbol.toPrimitive, function (this: object): number {
    const id = door.local(api, () => Reflect.apply(original, this, []) as number);
    virtual?.name(id, this);
    return id;
  });
}
