/**
 * Calls back once when the process is about to end, after the program's own `exit` handlers: on its way
 * out of `process.emit('exit')`, which Node calls for a drained loop, `process.exit` and an uncaught
 * error alike. A listener would show in `listenerCount`, and later listeners would run after it.
 */
import { define } from './patch.ts';

/** Registers the one callback; `exitCode` is what the process ends with. */
export function onProcessEnd(callback: (exitCode: number) => void): void {
  let ended = false;
  const emitBefore = process.emit;
  const emit = function emit(this: NodeJS.Process, ...args: unknown[]): boolean {
    if (args[0] !== 'exit' || ended) return Reflect.apply(emitBefore, this, args) as boolean;
    ended = true;
    try {
      return Reflect.apply(emitBefore, this, args) as boolean;
    } finally {
      callback(exitCodeOf(args[1]));
    }
  };
  define(process, 'emit', emit);
}

function exitCodeOf(fromEvent: unknown): number {
  const code = process.exitCode ?? fromEvent ?? 0;
  return typeof code === 'number' ? code : Number(code) || 0;
}
