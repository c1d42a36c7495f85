/**
 * `timers/promises`, `scheduler` and `AbortSignal.timeout`, built on the hooked timers in both roles. Bad
 * arguments and aborted signals go to Node's own functions, whose errors are then the genuine ones.
 */
import timersPromises from 'node:timers/promises';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, define, disguise } from '../core/patch.ts';

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

interface Handle {
  unref(): unknown;
}

/** Replaces the promise forms of timers. */
export function hookTimerPromises({ report }: HookContext): void {
  const { setTimeout: realTimeout, setImmediate: realImmediate } = timersPromises;
  const wait = disguise(
    (delay?: number, value?: unknown, options?: WaitOptions) =>
      settle(realTimeout as AnyFunction, [delay, value, options], options, (done) => {
        const timer = globalThis.setTimeout(() => done(value), delay);
        return { timer, clear: () => globalThis.clearTimeout(timer) };
      }),
    realTimeout as AnyFunction,
  );
  const immediate = disguise(
    (value?: unknown, options?: WaitOptions) =>
      settle(realImmediate as AnyFunction, [value, options], options, (done) => {
        const timer = globalThis.setImmediate(() => done(value));
        return { timer, clear: () => globalThis.clearImmediate(timer) };
      }),
    realImmediate as AnyFunction,
  );
  define(timersPromises, 'setTimeout', wait);
  define(timersPromises, 'setImmediate', immediate);
  define(
    timersPromises,
    'setInterval',
    disguise(interval, timersPromises.setInterval as AnyFunction),
  );
  hookScheduler(wait, immediate);
  hookAbortTimeout();
  report.hook('timers.promises.setTimeout');
}

function settle(
  original: AnyFunction,
  args: unknown[],
  options: WaitOptions | undefined,
  start: (done: (value: unknown) => void) => { timer: Handle; clear: () => void },
): Promise<unknown> {
  const signal = options?.signal;
  if (!isPlain(options) || signal?.aborted === true) {
    return Reflect.apply(original, undefined, args) as Promise<unknown>;
  }
  return new Promise((resolve) => {
    const { timer, clear } = start((value) => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    const onAbort = (): void => {
      clear();
      resolve(Reflect.apply(original, undefined, args));
    };
    if (options?.ref === false) timer.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Whether Node's own checks of the options would pass. */
function isPlain(options: WaitOptions | undefined): boolean {
  if (options === undefined) return true;
  if (typeof options !== 'object' || options === null) return false;
  const { signal, ref } = options;
  const signalFits = signal === undefined || signal instanceof AbortSignal;
  return signalFits && (ref === undefined || typeof ref === 'boolean');
}

async function* interval(
  delay?: number,
  value?: unknown,
  options?: WaitOptions,
): AsyncGenerator<unknown> {
  const signal = options?.signal;
  if (!isPlain(options)) throw new TypeError('The "options" argument must be of type object.');
  signal?.throwIfAborted();
  let due = 0;
  let wake: (() => void) | null = null;
  const timer = globalThis.setInterval(() => {
    due++;
    wake?.();
  }, delay);
  if (options?.ref === false) timer.unref();
  const onAbort = (): void => wake?.();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      if (due === 0 && signal?.aborted !== true) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      for (; due > 0; due--) yield value;
      signal?.throwIfAborted();
    }
  } finally {
    globalThis.clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function hookScheduler(wait: AnyFunction, immediate: AnyFunction): void {
  const { scheduler } = timersPromises;
  const proto = Object.getPrototypeOf(scheduler) as object;
  define(proto, 'wait', (delay: number, options?: WaitOptions) => wait(delay, undefined, options));
  define(proto, 'yield', () => immediate());
}

function hookAbortTimeout(): void {
  const original = AbortSignal.timeout;
  const replacement = disguise((delay: number) => {
    if (!Number.isInteger(delay) || delay < 0) return original.call(AbortSignal, delay);
    const controller = new AbortController();
    const abort = (): void => {
      controller.abort(
        new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      );
    };
    globalThis.setTimeout(abort, delay).unref();
    return controller.signal;
  }, original);
  define(AbortSignal, 'timeout', replacement);
}
