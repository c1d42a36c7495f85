/** Marks, measures and the load of the event loop: times that come from inside `perf_hooks`. */
import { apiId } from '@lockstep/protocol';
import type { Door } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { originals } from '../core/originals.ts';
import { type AnyFunction, disguise, patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';
import { hookLocal } from './local-values.ts';

const MARK = apiId('performance.mark');
const LOOP = apiId('performance.eventLoopUtilization');

/** Replaces `performance.mark`, `measure` and `eventLoopUtilization`. */
export function hookPerformanceTimes(context: HookContext): void {
  const { door, report } = context;
  const label = 'performance.eventLoopUtilization';
  hookLocal(context, {
    owner: performance,
    key: 'eventLoopUtilization',
    api: apiId(label),
    label,
  });
  hookHistograms(context);
  patch(report, performance, 'mark', 'performance.mark', (original) => markAt(door, original));
  patch(report, performance, 'measure', 'performance.measure', (original) =>
    measureTo(door, original),
  );
}

/** Numbers that `monitorEventLoopDelay` collects beside the program, read through getters. */
function hookHistograms({ door, report }: HookContext): void {
  const monitor = builtin('perf_hooks').monitorEventLoopDelay();
  const parent = Object.getPrototypeOf(Object.getPrototypeOf(monitor)) as object;
  for (const [key, slot] of Object.entries(Object.getOwnPropertyDescriptors(parent))) {
    const { get } = slot;
    if (get === undefined) continue;
    const read = function (this: unknown): unknown {
      const make = (): unknown => Reflect.apply(get, this, []) as unknown;
      return door.covered > 0 ? make() : door.local(LOOP, make);
    };
    Object.defineProperty(parent, key, { ...slot, get: disguise(read, get) });
  }
  for (const key of ['percentile', 'percentileBigInt', 'toJSON']) {
    patch(
      report,
      parent,
      key,
      'performance.eventLoopUtilization',
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const make = (): unknown => Reflect.apply(original, this, args) as unknown;
          return door.covered > 0 ? make() : door.local(LOOP, make);
        },
    );
  }
}

function now(door: Door): number {
  return door.covered > 0 ? originals.performanceNow() : door.clock(MARK, originals.performanceNow);
}

/** `mark(name, options)` with the time said. */
function markAt(door: Door, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const [name, options] = args;
    const given = (options ?? {}) as { startTime?: unknown };
    if (args.length === 0 || typeof given !== 'object' || given.startTime !== undefined) {
      return Reflect.apply(original, this, args);
    }
    return Reflect.apply(original, this, [name, { ...given, startTime: now(door) }]);
  };
}

/** `measure(name, start or options, end)` with the end said where Node would take the time. */
function measureTo(door: Door, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const [name, start, end] = args;
    const open = args.length === 0 || end !== undefined ? null : openBounds(start);
    const given = open === null ? args : [name, { ...open, end: now(door) }];
    return Reflect.apply(original, this, given);
  };
}

/** What is given besides the end, or null when Node would not take the time. */
function openBounds(start: unknown): object | null {
  if (start === undefined || start === null) return {};
  if (typeof start !== 'object') return { start };
  const given = start as { start?: unknown; end?: unknown; duration?: unknown };
  const isClosed = given.start !== undefined && given.duration !== undefined;
  const isEmpty = Object.keys(given).length === 0;
  return given.end !== undefined || isClosed || isEmpty ? null : given;
}
