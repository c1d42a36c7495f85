/**
 * Performance observers. What they are told comes from inside Node, at moments and with times of its own:
 * the leader's entries are deliveries, a follower's observers watch nothing.
 */
import type { PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { apiId } from '@lockstep/protocol';
import type { CallRef } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, define, patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';

const OBSERVER = apiId('perf_hooks.PerformanceObserver');
const OBSERVE = apiId('PerformanceObserver.observe');

type Fields = Readonly<Record<string, unknown>>;

/** Replaces `PerformanceObserver`. */
export function hookObservers({ door, report }: HookContext): void {
  const hooks = builtin('perf_hooks');
  const real = hooks.PerformanceObserver;
  const taken: WeakMap<object, Fields[]> = new WeakMap();
  const made: typeof real = new Proxy(real, {
    construct: (target, args: unknown[], newTarget): object => {
      const [callback] = args;
      const newClass = newTarget === made ? target : newTarget;
      if (typeof callback !== 'function' || door.covered > 0) {
        return Reflect.construct(target, args, newClass) as object;
      }
      door.identify(OBSERVER, '');
      const ref: CallRef = door.ref(OBSERVER, '');
      const told = function (this: unknown, ...given: unknown[]): unknown {
        const [list] = given as [{ getEntries: () => PerformanceEntry[] }];
        const entries = list.getEntries().map(fieldsOf);
        return door.deliver(ref, 0, [entries, given[2]], () =>
          Reflect.apply(callback as AnyFunction, this, given),
        );
      };
      const observer = Reflect.construct(target, [told], newClass) as PerformanceObserver;
      door.expect(
        ref,
        (_event, payload) => {
          const [entries, counts] = payload as [Fields[], unknown];
          const given = [listOf(entries.map(entryOf)), observer, counts];
          Reflect.apply(callback as AnyFunction, observer, given);
        },
        true,
      );
      taken.set(observer, []);
      return observer;
    },
  });
  patch(
    report,
    real.prototype,
    'observe',
    'PerformanceObserver.observe',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (door.covered > 0 || !taken.has(this as object)) {
          return Reflect.apply(original, this, args);
        }
        door.record(OBSERVE, '', args);
        return door.leads ? Reflect.apply(original, this, args) : undefined;
      },
  );
  define(real.prototype, 'constructor', made);
  define(hooks, 'PerformanceObserver', made);
  define(globalThis, 'PerformanceObserver', made);
  report.hook('perf_hooks.PerformanceObserver');
}

function fieldsOf(entry: PerformanceEntry): Fields {
  const { name, entryType, startTime, duration } = entry;
  const { detail } = entry as { detail?: unknown };
  return { ...entry.toJSON(), name, entryType, startTime, duration, detail };
}

/** An entry that shows what the leader's did. */
function entryOf(fields: Fields): object {
  const { PerformanceEntry: Entry } = builtin('perf_hooks') as unknown as {
    PerformanceEntry: { prototype: object };
  };
  const entry = Object.create(Entry.prototype) as object;
  for (const [key, value] of Object.entries({ ...fields, toJSON: () => ({ ...fields }) })) {
    Object.defineProperty(entry, key, { value, configurable: true, enumerable: key !== 'toJSON' });
  }
  return entry;
}

function listOf(entries: readonly object[]): object {
  const all = entries as readonly { name: string; entryType: string }[];
  return {
    getEntries: () => [...all],
    getEntriesByName: (name: string, type?: string) =>
      all.filter((one) => one.name === name && (type === undefined || one.entryType === type)),
    getEntriesByType: (type: string) => all.filter((one) => one.entryType === type),
  };
}
