/**
 * What the agent itself uses of the host's clock, timers and scheduling, captured before anything is
 * patched (this module is the first that `register` loads). The agent never draws from what the program
 * sees, or it would record itself.
 */
import { AsyncResource } from 'node:async_hooks';
import fs from 'node:fs';
import timers from 'node:timers';

/** Captured once, at the start of the process. */
export interface Originals {
  readonly setImmediate: typeof timers.setImmediate;
  readonly setTimeout: typeof timers.setTimeout;
  readonly setInterval: typeof timers.setInterval;
  readonly clearTimeout: typeof timers.clearTimeout;
  readonly queueMicrotask: typeof globalThis.queueMicrotask;
  /** HOT. As `queueMicrotask` without the asynchronous resource that Node makes for each. It must not throw. */
  readonly afterMicrotasks: (run: () => void) => void;
  readonly dateNow: () => number;
  readonly performanceNow: () => number;
  readonly hrtime: typeof process.hrtime;
  readonly readSync: typeof fs.readSync;
  readonly closeSync: typeof fs.closeSync;
  readonly readFileSync: typeof fs.readFileSync;
  readonly statSync: typeof fs.statSync;
  readonly writeSync: typeof fs.writeSync;
  readonly AsyncResource: typeof AsyncResource;
  readonly emit: typeof process.emit;
  readonly exit: typeof process.exit;
  readonly kill: typeof process.kill;
  readonly nextTick: typeof process.nextTick;
}

const settled = Promise.resolve();
const { then } = Promise.prototype;
const { apply } = Reflect;

export const originals: Originals = {
  setImmediate: timers.setImmediate,
  setTimeout: timers.setTimeout,
  setInterval: timers.setInterval,
  clearTimeout: timers.clearTimeout,
  queueMicrotask: globalThis.queueMicrotask,
  afterMicrotasks: (run) => {
    apply(then, settled, [run]);
  },
  dateNow: Date.now,
  performanceNow: performance.now.bind(performance),
  hrtime: process.hrtime,
  readSync: fs.readSync,
  closeSync: fs.closeSync,
  readFileSync: fs.readFileSync,
  statSync: fs.statSync,
  writeSync: fs.writeSync,
  AsyncResource,
  emit: process.emit,
  exit: process.exit,
  kill: process.kill,
  nextTick: process.nextTick,
};
