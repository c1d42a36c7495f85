/**
 * Worker threads, as their parent sees them. The leader's run; what they say, print and end with are
 * deliveries of the call that started them. A follower starts none: its `Worker` is an emitter that is
 * fed from the log.
 */
import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { apiId } from '@lockstep/protocol';
import type { CallRef, Door } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, define } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import { hide } from '../stdio/stream-writes.ts';
import { Message } from './message-codec.ts';
import type { Ports } from './ports.ts';
import { makeVirtualWorker, WorkerEvent, type WorkerEventName } from './virtual-worker.ts';

const WORKER = apiId('worker_threads.Worker');
const POST = apiId('Worker.postMessage');
const TERMINATE = apiId('Worker.terminate');
const VIEW = apiId('Worker.threadId');

/** What of the options says what the thread does. */
const recordedOptions = [
  'argv',
  'eval',
  'execArgv',
  'name',
  'stdin',
  'stdout',
  'workerData',
] as const;

export interface WorkerOptions extends Record<string, unknown> {
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  readonly transferList?: readonly unknown[];
}

/** Replaces `Worker`. */
export function hookWorkers({ door, report }: HookContext, ports: Ports): void {
  const threads = builtin('worker_threads');
  const real = threads.Worker;
  const made: typeof real = new Proxy(real, {
    construct: (target, args: unknown[], newTarget): object => {
      const newClass = (newTarget === made ? target : newTarget) as NewableFunction;
      const start = (): Worker => Reflect.construct(target, args, newClass) as Worker;
      if (door.covered > 0) return start();
      const options = optionsOf(args[1]);
      const ref = door.begin(WORKER, String(args[0]), [chosen(options)]);
      const worker = door.leads
        ? watched(door, ref, start)
        : followed(door, ref, newClass, options);
      recordCalls(door, worker, String(args[0]), ports);
      // As the leader's were, they are handed over to nobody.
      if (!door.leads) ports.drop([options['workerData'], options.transferList ?? []]);
      ports.left(options.transferList);
      return worker;
    },
  });
  define(threads, 'Worker', made);
  report.hook('worker_threads.Worker');
}

function optionsOf(given: unknown): WorkerOptions {
  return typeof given === 'object' && given !== null ? (given as WorkerOptions) : {};
}

function chosen(options: WorkerOptions): Record<string, unknown> {
  const said: Record<string, unknown> = {};
  for (const key of recordedOptions) if (options[key] !== undefined) said[key] = options[key];
  return said;
}

function watched(door: Door, ref: CallRef, start: () => Worker): Worker {
  const worker = door.attempt(ref, start) as Worker;
  const emit = worker.emit as AnyFunction;
  hide(worker, 'emit', function (this: unknown, ...args: unknown[]): unknown {
    const event = WorkerEvent[args[0] as WorkerEventName] as number | undefined;
    const run = (): unknown => Reflect.apply(emit, this, args);
    if (event === undefined) return run();
    const isMessage = event === WorkerEvent.message;
    const payload = isMessage ? [new Message(args[1])] : args.slice(1);
    return door.deliver(ref, event, payload, run);
  });
  for (const [name, first] of [
    ['stdout', WorkerEvent.stdout],
    ['stderr', WorkerEvent.stderr],
  ] as const) {
    const stream = worker[name] as Readable;
    const push = stream.push as AnyFunction;
    hide(stream, 'push', function (this: unknown, ...args: unknown[]): unknown {
      return door.deliver(ref, first, args, () => Reflect.apply(push, this, args) as unknown);
    });
  }
  return worker;
}

function followed(
  door: Door,
  ref: CallRef,
  newClass: NewableFunction,
  options: WorkerOptions,
): Worker {
  // Throws what the leader's start threw.
  door.attempt(ref, () => undefined);
  const { worker, happen } = makeVirtualWorker(newClass, options);
  door.expect(
    ref,
    (event, payload) => {
      if (event === WorkerEvent.exit) door.forget(ref);
      const given = payload as unknown[];
      happen(event, event === WorkerEvent.message ? [(given[0] as Message).data] : given);
    },
    true,
  );
  return worker;
}

/** The program's calls, in both roles. */
function recordCalls(door: Door, worker: Worker, target: string, ports: Ports): void {
  const { postMessage, terminate } = worker;
  hide(worker, 'postMessage', function postMessage_(this: unknown, ...args: unknown[]): unknown {
    if (door.covered === 0) door.record(POST, target, [args[0]]);
    if (!door.leads) ports.drop(args);
    const result = Reflect.apply(postMessage as AnyFunction, this, args) as unknown;
    ports.left(args[1]);
    return result;
  });
  hide(worker, 'terminate', function terminate_(this: unknown, ...args: unknown[]): unknown {
    if (door.covered === 0) door.record(TERMINATE, target, []);
    return Reflect.apply(terminate as AnyFunction, this, args);
  });
  const threadId = door.local(VIEW, () => worker.threadId);
  Object.defineProperty(worker, 'threadId', {
    get: () => (worker.listenerCount(gone) > 0 ? -1 : threadId),
    configurable: true,
  });
  worker.prependOnceListener('exit', () => worker.on(gone, () => undefined));
}

/** Node says -1 of a thread that is gone. */
const gone: symbol = Symbol('gone');
