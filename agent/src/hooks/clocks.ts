/** Clock reads are in-turn values: a follower's program sees the leader's time. */
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../core/hook-context.ts';
import { originals } from '../core/originals.ts';
import { define, patch } from '../core/patch.ts';

const DATE_NOW = apiId('Date.now');
const PERFORMANCE_NOW = apiId('performance.now');
const HRTIME = apiId('process.hrtime');
const HRTIME_BIGINT = apiId('process.hrtime.bigint');
const TIME_ORIGIN = apiId('performance.timeOrigin');

/** Replaces `Date`, `performance.now`, `performance.timeOrigin` and `process.hrtime`. */
export function hookClocks(context: HookContext): void {
  hookDate(context);
  hookPerformance(context);
  hookHrtime(context);
}

/**
 * `Date` becomes a proxy, so that its text, prototype and statics stay; `Date.prototype.constructor`
 * follows, for libraries that clone look types up there. The real `now` is kept apart: libraries wrap
 * `Date.now` again, and calling through theirs would never end.
 */
function hookDate({ door, report }: HookContext): void {
  const RealDate = Date;
  const { dateNow } = originals;
  const read = (): number => (door.covered > 0 ? dateNow() : door.clock(DATE_NOW, dateNow));
  patch(report, RealDate, 'now', 'Date.now', () => read);
  const proxy: DateConstructor = new Proxy(RealDate, {
    construct(target, args: unknown[], newTarget) {
      // Nearly all are of this kind, and `Reflect.construct` is slow.
      if (args.length === 0 && newTarget === proxy) return new target(read());
      const given = args.length === 0 ? [read()] : args;
      return Reflect.construct(target, given, newTarget === proxy ? target : newTarget) as Date;
    },
    apply: () => new RealDate(read()).toString(),
  });
  define(globalThis, 'Date', proxy);
  define(RealDate.prototype, 'constructor', proxy);
  report.hook('Date.now');
}

function hookPerformance({ door, report, onEntry }: HookContext): void {
  const { performanceNow } = originals;
  patch(
    report,
    performance,
    'now',
    'performance.now',
    () => () => (door.covered > 0 ? performanceNow() : door.clock(PERFORMANCE_NOW, performanceNow)),
  );
  const { timeOrigin } = performance;
  onEntry(() =>
    define(
      performance,
      'timeOrigin',
      door.local(TIME_ORIGIN, () => timeOrigin),
    ),
  );
}

function hookHrtime({ door, report }: HookContext): void {
  const { hrtime } = originals;
  const realBigint = hrtime.bigint;
  patch(report, process, 'hrtime', 'process.hrtime', () => (previous?: [number, number]) => {
    const real = (): [number, number] => hrtime();
    const now = door.covered > 0 ? real() : door.local(HRTIME, real);
    return previous === undefined ? now : hrtimeSince(previous, now);
  });
  patch(
    report,
    process.hrtime,
    'bigint',
    'process.hrtime.bigint',
    () => () => (door.covered > 0 ? realBigint() : door.local(HRTIME_BIGINT, realBigint)),
  );
}

/** Node checks the argument; a wrong one must still get Node's own error. */
function hrtimeSince(previous: [number, number], now: [number, number]): [number, number] {
  originals.hrtime(previous);
  const seconds = now[0] - previous[0];
  const nanoseconds = now[1] - previous[1];
  return nanoseconds < 0 ? [seconds - 1, nanoseconds + 1e9] : [seconds, nanoseconds];
}
