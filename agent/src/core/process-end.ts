/**
 * Calls back once when the process is about to end, after the program's own `exit` handlers: on its way
 * out of `process.emit('exit')`, which Node calls for a drained loop, `process.exit` and an uncaught
 * error alike. A listener would show in `listenerCount`, and later listeners would run after it.
 */
import { type AnyFunction, define, disguise } from './patch.ts';

/** Registers the one callback; `exitCode` is what the process ends with. */
export function onProcessEnd(callback: (exitCode: number) => void): void {
  let emitting = false;
  let ended = false;
  const end = (exitCode: number): void => {
    if (ended) return;
    ended = true;
    callback(exitCode);
  };
  const emitBefore = process.emit;
  const emit = function emit(this: NodeJS.Process, ...args: unknown[]): boolean {
    if (args[0] !== 'exit' || emitting) return Reflect.apply(emitBefore, this, args) as boolean;
    emitting = true;
    try {
      return Reflect.apply(emitBefore, this, args) as boolean;
    } finally {
      end(exitCodeOf(args[1]));
    }
  };
  define(process, 'emit', emit);
  beforeReallyExit(end);
}

/** `process.exit` within an `exit` handler never comes back to the one who emits. */
function beforeReallyExit(end: (exitCode: number) => void): void {
  const host = process as unknown as { reallyExit?: AnyFunction };
  const { reallyExit } = host;
  if (reallyExit === undefined) return;
  const exit = function (this: unknown, ...args: unknown[]): unknown {
    end(exitCodeOf(args[0]));
    return Reflect.apply(reallyExit, this, args) as unknown;
  };
  define(process, 'reallyExit', disguise(exit, reallyExit));
}

function exitCodeOf(fromEvent: unknown): number {
  const code = process.exitCode ?? fromEvent ?? 0;
  return typeof code === 'number' ? code : Number(code) || 0;
}
