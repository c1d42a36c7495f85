/**
 * A follower's `Worker`: looks like Node's, and runs nothing. What the leader's thread said, printed and
 * ended with happens to it when the log says so.
 */
import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { builtin } from '../builtin.ts';
import { hide } from '../stdio/stream-writes.ts';
import type { WorkerOptions } from './worker.ts';

/** What happens to a thread, by number. */
export const WorkerEvent = {
  online: 0,
  message: 1,
  messageerror: 2,
  error: 3,
  exit: 4,
  stdout: 5,
  stderr: 6,
} as const;

/** Those that the worker itself emits. */
export type WorkerEventName = Exclude<keyof typeof WorkerEvent, 'stdout' | 'stderr'>;

const names: Readonly<Record<number, WorkerEventName>> = {
  [WorkerEvent.online]: 'online',
  [WorkerEvent.message]: 'message',
  [WorkerEvent.messageerror]: 'messageerror',
  [WorkerEvent.error]: 'error',
  [WorkerEvent.exit]: 'exit',
};

/** A worker without a thread, and what makes something happen to it. */
export interface VirtualWorker {
  readonly worker: Worker;
  readonly happen: (event: number, payload: readonly unknown[]) => void;
}

/** Makes a worker of `newClass` (`Worker`, or what the program derived from it). */
export function makeVirtualWorker(
  newClass: NewableFunction,
  options: WorkerOptions,
): VirtualWorker {
  const { EventEmitter } = builtin('events');
  const worker = Reflect.construct(EventEmitter, [], newClass) as EventEmitter;
  const stdout = output(options.stdout === true ? null : process.stdout);
  const stderr = output(options.stderr === true ? null : process.stderr);
  const stdin =
    options.stdin === true
      ? new (builtin('stream').Writable)({ write: (_chunk, _encoding, done) => done() })
      : null;
  const state: WorkerState = { isOver: false };
  dress(worker, { stdin, stdout, stderr, performance: { eventLoopUtilization: () => idle } });
  hideAll(worker, {
    postMessage: () => undefined,
    ref: () => undefined,
    unref: () => undefined,
    terminate: () =>
      state.isOver
        ? Promise.resolve()
        : new Promise((resolve) => {
            worker.once('exit', resolve);
          }),
    getHeapSnapshot: () => new Promise(() => undefined),
  });
  const announce = process.emit as (name: string, worker: object) => boolean;
  process.nextTick(() => Reflect.apply(announce, process, ['worker', worker]));
  const happen = (event: number, payload: readonly unknown[]): void => {
    if (event === WorkerEvent.stdout) stdout.push(...(payload as [unknown]));
    else if (event === WorkerEvent.stderr) stderr.push(...(payload as [unknown]));
    else emit(worker, state, names[event] ?? 'online', payload);
  };
  return { worker: worker as Worker, happen };
}

interface WorkerState {
  isOver: boolean;
}

const idle = { idle: 0, active: 0, utilization: 0 };

/** A stream of what a thread prints, on its way to one of this process. */
export function output(pipedTo: NodeJS.WritableStream | null): Readable {
  const stream = new (builtin('stream').Readable)({ read: () => undefined });
  if (pipedTo !== null) {
    // Many workers print to one stream; Node keeps quiet about that as well.
    const most = pipedTo.getMaxListeners();
    pipedTo.setMaxListeners(Number.POSITIVE_INFINITY);
    stream.pipe(pipedTo);
    pipedTo.setMaxListeners(most);
  }
  return stream;
}

function emit(
  worker: EventEmitter,
  state: WorkerState,
  name: WorkerEventName,
  payload: readonly unknown[],
): void {
  if (name !== 'exit') {
    worker.emit(name, ...payload);
    return;
  }
  state.isOver = true;
  worker.removeAllListeners('message');
  worker.emit(name, ...payload);
  worker.removeAllListeners();
}

/** Own properties in the place of the class's getters. */
function dress(worker: object, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    Object.defineProperty(worker, key, { value, configurable: true, writable: true });
  }
  Object.defineProperty(worker, 'resourceLimits', { value: {}, configurable: true });
  Object.defineProperty(worker, 'threadId', { value: -1, configurable: true, writable: true });
}

function hideAll(worker: object, methods: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(methods)) hide(worker, key, value);
}
