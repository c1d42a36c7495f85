/**
 * The thread of the loader hooks, as the loader of this thread sees it: the leader asks, and a follower is told
 * what the leader was answered.
 */
import type { Readable } from 'node:stream';
import { apiId } from '@lockstep/protocol';
import { type CallRef, Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { originals } from '../../core/originals.ts';
import type { AnyFunction } from '../../core/patch.ts';
import { promiseCall } from '../fs/promise-call.ts';
import { hide } from '../stdio/stream-writes.ts';
import { LoaderAnswer } from './loader-answers.ts';
import type { Ports } from './ports.ts';
import { output } from './virtual-worker.ts';

const REGISTER = apiId('module.register');
const IMPORT = apiId('module.import');

/** Loads what only Node's own code can. */
export type InternalRequire = (name: string) => Record<string, unknown>;
/** The leader's own: what asks the hooks. */
export type RealHooks = Readonly<Record<string, AnyFunction>>;
export type RealClass = new () => RealHooks;

/** One object a thread that imports. */
export class LoaderThread {
  private readonly context: HookContext;
  private readonly ports: Ports;
  private readonly internals: InternalRequire;
  /** Leader: what asks the hooks. */
  private readonly real: RealHooks | null;

  constructor(context: HookContext, ports: Ports, internals: InternalRequire, Real: RealClass) {
    this.context = context;
    this.ports = ports;
    this.internals = internals;
    const { door } = context;
    this.real = door.leads ? door.cover(() => this.start(Real)) : null;
    if (!door.leads) this.follow();
  }

  /** A question that is answered before it returns. */
  atOnce(method: string, args: readonly unknown[], ask: (real: RealHooks) => unknown): unknown {
    const { context } = this;
    const answer = answerOf(context, method, args);
    return this.uncovered(() => {
      const make = (): unknown => answer.carry(this.asked(ask));
      const told = context.door.value(IMPORT, targetOf(method, args), args, make, Missing.refuse);
      const value = answer.restore(told);
      answer.arrived(value);
      return value;
    });
  }

  /** A question that is answered later. */
  later(
    method: string,
    args: readonly unknown[],
    ask: (real: RealHooks) => unknown,
  ): Promise<unknown> {
    const { context } = this;
    const { door } = context;
    const answer = answerOf(context, method, args);
    return this.uncovered(() => {
      const ref = door.begin(IMPORT, targetOf(method, args), args);
      const start = (): Promise<unknown> => oneByOne(this.asked(ask) as Promise<unknown>);
      return promiseCall(door, ref, start, answer, (value) => answer.arrived(value));
    });
  }

  /** Hooks are registered; what they are given leaves this thread. */
  register(args: readonly unknown[], list: unknown, ask: (real: RealHooks) => unknown): unknown {
    const { context, ports } = this;
    const answer = answerOf(context, 'register', args);
    return this.uncovered(() => {
      const make = (): unknown => answer.carry(this.asked(ask));
      const target = String(args[0]);
      const told = context.door.value(REGISTER, target, args, make, Missing.refuse);
      if (!context.door.leads) ports.drop([args[2], list ?? []]);
      ports.left(list);
      return answer.restore(told);
    });
  }

  /** Waits until the thread runs, and throws what kept it from running. */
  wait(name: string): void {
    const make = (): unknown => this.asked((real) => real[name]?.());
    this.uncovered(() => this.context.door.value(REGISTER, 'wait', [], make, Missing.local));
  }

  importMeta(args: unknown[]): void {
    const own = this.real?.['importMetaInitialize'];
    if (own !== undefined) Reflect.apply(own, this.real, args);
    else {
      const { initializeImportMeta } = this.internals(
        'internal/modules/esm/initialize_import_meta',
      );
      Reflect.apply(initializeImportMeta as AnyFunction, undefined, args);
    }
  }

  private asked(ask: (real: RealHooks) => unknown): unknown {
    return this.real === null ? undefined : ask(this.real);
  }

  /** The loader may be at work inside of a covered call: what it is told is told all the same. */
  private uncovered<T>(run: () => T): T {
    const { door } = this.context;
    const { covered } = door;
    door.covered = 0;
    try {
      return run();
    } finally {
      door.covered = covered;
    }
  }

  /** Leader: starts the thread, and sees what it prints. */
  private start(Real: RealClass): RealHooks {
    const workers = this.internals('internal/worker');
    const { InternalWorker } = workers as { InternalWorker: new (...args: unknown[]) => object };
    workers['InternalWorker'] = new Proxy(InternalWorker, {
      construct: (target, args: unknown[], newTarget) => {
        const worker = Reflect.construct(target, args, newTarget) as object;
        this.watch(worker as { stdout: Readable; stderr: Readable });
        return worker;
      },
    });
    try {
      return new Real();
    } finally {
      workers['InternalWorker'] = InternalWorker;
    }
  }

  private watch(worker: { readonly stdout: Readable; readonly stderr: Readable }): void {
    const { door } = this.context;
    for (const name of ['stdout', 'stderr'] as const) {
      const ref = this.streamOf(name);
      const { push } = worker[name] as unknown as { push: AnyFunction };
      hide(worker[name], 'push', function (this: unknown, ...args: unknown[]): unknown {
        return door.deliver(ref, 0, args, () => Reflect.apply(push, this, args) as unknown);
      });
    }
  }

  /** Follower: what the leader's thread prints is printed here. */
  private follow(): void {
    const { door } = this.context;
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = door.cover(() => output(process[name]));
      const print = (_event: number, payload: unknown): void => {
        stream.push(...(payload as [unknown]));
      };
      door.expect(this.streamOf(name), print, true);
    }
  }

  private streamOf(name: string): CallRef {
    return this.context.door.source(REGISTER, name);
  }
}

/**
 * The thread wakes all who wait for it at once; each answer enters by itself, with all that follows from it,
 * before the next.
 */
function oneByOne(answer: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    answer.then(
      (value) => originals.setImmediate(() => resolve(value)),
      (error: unknown) => originals.setImmediate(() => reject(error as Error)),
    );
  });
}

function answerOf(context: HookContext, method: string, args: readonly unknown[]): LoaderAnswer {
  return new LoaderAnswer(context, method === 'load' ? String(args[0]) : null);
}

function targetOf(method: string, args: readonly unknown[]): string {
  return `${method} ${String(args[0])}`;
}
