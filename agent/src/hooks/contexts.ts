/**
 * A `vm` context has a `Date` and a `Math` of its own, which no hook of the main context reaches: test
 * runners take durations from there. New contexts get the hooked clock and random numbers.
 */
import type vm from 'node:vm';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, patch } from '../core/patch.ts';
import { builtin } from './builtin.ts';

type Vm = typeof vm;
type Context = ReturnType<Vm['createContext']>;

/**
 * Runs inside the new context, so that what it makes belongs there. `Date` becomes a proxy as in the main
 * context; what the program itself put into the sandbox stays.
 */
const EQUIP = `(function (now, random) {
  Math.random = function random_() { return random(); };
  Object.defineProperty(Math.random, 'name', { value: 'random', configurable: true });
  const Real = Date;
  const DateProxy = new Proxy(Real, {
    construct(target, args, newTarget) {
      return Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === DateProxy ? target : newTarget);
    },
    apply() { return new Real(now()).toString(); },
  });
  Object.defineProperty(Real, 'now', { value: function () { return now(); }, writable: true, configurable: true });
  Object.defineProperty(Real.now, 'name', { value: 'now', configurable: true });
  Object.defineProperty(Real.prototype, 'constructor', { value: DateProxy, writable: true, configurable: true });
  Object.defineProperty(globalThis, 'Date', { value: DateProxy, writable: true, enumerable: false, configurable: true });
})`;

/** Replaces what makes contexts. */
export function hookContexts(context: HookContext): void {
  const { report } = context;
  const owner = builtin('vm');
  const { runInContext, createContext, isContext } = owner;
  const equip = equipper(context, runInContext);
  const create = (...args: unknown[]): Context => {
    const [sandbox] = args;
    const isOld = typeof sandbox === 'object' && sandbox !== null && isContext(sandbox);
    const made = Reflect.apply(createContext, owner, args as never[]);
    if (!isOld) equip(made, sandbox);
    return made;
  };
  patch(report, owner, 'createContext', 'vm.Context', () => create);
  patch(
    report,
    owner,
    'runInNewContext',
    'vm.Context',
    () =>
      (code: string, sandbox: unknown, options: unknown): unknown => {
        const made = create(sandbox ?? {}, contextOptions(options));
        return runInContext(code, made, options as vm.RunningCodeOptions) as unknown;
      },
  );
  patch(
    report,
    owner.Script.prototype,
    'runInNewContext',
    'vm.Context',
    () =>
      function (this: unknown, sandbox: unknown, options: unknown): unknown {
        const made = create(sandbox ?? {}, contextOptions(options));
        return (this as vm.Script).runInContext(
          made,
          options as vm.RunningScriptOptions,
        ) as unknown;
      },
  );
}

/** Hands the main context's clock and numbers on; looked up at each call, as the program may wrap them. */
function equipper(
  { report }: HookContext,
  runInContext: Vm['runInContext'],
): (made: Context, sandbox: unknown) => void {
  const { now } = Date;
  const { random } = Math;
  return (made, sandbox) => {
    try {
      if (typeof sandbox === 'object' && sandbox !== null && 'Date' in sandbox) return;
      const run = runInContext(EQUIP, made) as AnyFunction;
      run(now, random);
    } catch (error) {
      report.miss('vm.Context', error instanceof Error ? error.message : String(error));
    }
  };
}

/** `runInNewContext` calls the options of the context by longer names. */
function contextOptions(options: unknown): Record<string, unknown> | undefined {
  if (typeof options !== 'object' || options === null) return undefined;
  const { contextName, contextOrigin, contextCodeGeneration, microtaskMode } = options as Record<
    string,
    unknown
  >;
  const named: Record<string, unknown> = {};
  if (contextName !== undefined) named['name'] = contextName;
  if (contextOrigin !== undefined) named['origin'] = contextOrigin;
  if (contextCodeGeneration !== undefined) named['codeGeneration'] = contextCodeGeneration;
  if (microtaskMode !== undefined) named['microtaskMode'] = microtaskMode;
  return named;
}
