/**
 * Signals and `beforeExit`. Node listens to a signal natively once the program does; in the leader each
 * one that comes is a delivery. A follower listens to none: its handlers run when the log says so, and
 * its own empty loop is not the end of the program.
 */
import { apiId } from '@lockstep/protocol';
import type { CallRef, Door } from '../core/door.ts';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, define } from '../core/patch.ts';

const SIGNAL = apiId('process.signal');
const BEFORE_EXIT = apiId('process.beforeExit');

type Listener = (...args: unknown[]) => void;

/** Makes signals and `beforeExit` deliveries. */
export function hookSignals(context: HookContext): void {
  if (context.door.leads) watchSignals(context);
  else followSignals(context);
  hookBeforeExit(context.door);
}

/**
 * Node's own listener of `newListener` starts a native watcher that calls the `process.emit` of that
 * moment. For that moment it is one that delivers, so that `emit` by the program stays what it is.
 */
function watchSignals(context: HookContext): void {
  const { door } = context;
  replaceListener(context, 'newListener', 'startListeningIfSignal', (start) => {
    return function startListeningIfSignal(...args: unknown[]): void {
      const { emit } = process;
      define(process, 'emit', (...event: unknown[]) => {
        const ref = door.source(SIGNAL, String(event[0]));
        return door.deliver(ref, 0, event, () => Reflect.apply(process.emit, process, event));
      });
      try {
        start(...args);
      } finally {
        define(process, 'emit', emit);
      }
    };
  });
}

function followSignals(context: HookContext): void {
  const { door } = context;
  const refs = new Map<unknown, CallRef>();
  replaceListener(context, 'newListener', 'startListeningIfSignal', () => {
    return function startListeningIfSignal(name: unknown): void {
      if (!isSignal(name) || refs.has(name)) return;
      const ref = door.source(SIGNAL, name);
      refs.set(name, ref);
      const emit = (_event: number, args: unknown): void => {
        Reflect.apply(process.emit, process, args as unknown[]);
      };
      door.expect(ref, emit, true);
    };
  });
  replaceListener(context, 'removeListener', 'stopListeningIfSignal', () => {
    return function stopListeningIfSignal(name: unknown): void {
      const ref = refs.get(name);
      if (ref === undefined || process.listenerCount(name as string) > 0) return;
      refs.delete(name);
      door.forget(ref);
    };
  });
}

/** Node's names of signals; `SIG` alone or in small letters is an event like any other. */
function isSignal(name: unknown): name is NodeJS.Signals {
  return typeof name === 'string' && /^SIG[A-Z0-9]+$/.test(name);
}

/** Puts `make(original)` in the place of one of Node's own listeners, which only its name tells apart. */
function replaceListener(
  { report }: HookContext,
  event: 'newListener' | 'removeListener',
  name: string,
  make: (original: Listener) => Listener,
): void {
  const listeners = process.rawListeners(event) as Listener[];
  const original = listeners.find((listener) => listener.name === name);
  if (original === undefined) {
    report.miss('process.signal', `Node has no listener ${name} here`);
    return;
  }
  // All are taken off and put back, for the order in which they run to stay.
  for (const listener of listeners) process.off(event, listener);
  for (const listener of listeners) {
    process.on(event, listener === original ? make(original) : listener);
  }
  report.hook('process.signal');
}

/** Node emits it each time the loop is empty, from outside; the program may, too, inside a turn. */
function hookBeforeExit(door: Door): void {
  const ref = door.source(BEFORE_EXIT, '');
  const emitBefore = process.emit as AnyFunction;
  if (door.leads) {
    define(process, 'emit', function emit(this: unknown, ...args: unknown[]): unknown {
      const run = (): unknown => Reflect.apply(emitBefore, this, args);
      const enters = args[0] === 'beforeExit' && process.listenerCount('beforeExit') > 0;
      return enters ? door.deliver(ref, 0, args[1], run) : run();
    });
    return;
  }
  define(process, 'emit', function emit(this: unknown, ...args: unknown[]): unknown {
    return args[0] === 'beforeExit' ? false : Reflect.apply(emitBefore, this, args);
  });
  const follow = (_event: number, code: unknown): void => {
    Reflect.apply(emitBefore, process, ['beforeExit', code]);
  };
  door.expect(ref, follow, true);
}
