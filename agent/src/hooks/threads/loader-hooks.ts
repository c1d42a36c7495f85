/**
 * Loader hooks that run in a thread of Node's own (`module.register`). The leader's thread runs;
 * where modules are and what stands in them, as the hooks answered it, are values and deliveries of what
 * the loader asked. A follower starts no such thread: the leader's answers are its loader's.
 *
 * Node's loader asks through one internal class, made when the first hook is registered: `HooksProxy` up to
 * Node 22, `AsyncLoaderHooksProxiedToLoaderHookWorker` later. Another stands in its place.
 */
import module from 'node:module';
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { scopesOf } from '../native/internal-binding.ts';
import { newStandIn, oldStandIn } from './loader-stand-ins.ts';
import { type InternalRequire, LoaderThread, type RealClass } from './loader-thread.ts';
import type { Ports } from './ports.ts';

const REGISTER = apiId('module.register');

const LABEL = 'module.register';

/** Node's internal classes, by what they are to the loader. */
const oldClass = 'HooksProxy';
const newClass = 'AsyncLoaderHooksProxiedToLoaderHookWorker';

/** Replaces what the loader asks, at the first hook of the program. Call it before `Atomics` is hooked. */
export function hookLoaderThread(context: HookContext, ports: Ports): void {
  const { door, report } = context;
  const atomics = Object.getOwnPropertyDescriptors(Atomics);
  let isDone = false;
  const replace = (register: AnyFunction): void => {
    if (isDone) return;
    isDone = true;
    try {
      door.cover(() => replaceClass(context, ports, register, atomics));
    } catch (error) {
      door.notFollowed(REGISTER, `loader hooks are out of reach here: ${String(error)}`);
    }
  };
  const register = patch(
    report,
    module,
    'register',
    LABEL,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        replace(original);
        return Reflect.apply(original, this, args);
      },
  );
  if (register === null || !hasLoaderFlag()) return;
  report.exclude(LABEL);
  const detail =
    'loader hooks that the command line names start before the agent and are not followed';
  if (door.leads) context.onEntry(() => door.notFollowed(REGISTER, detail));
}

/** Whether hooks are named on the command line: their thread starts before the program does. */
function hasLoaderFlag(): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  return /--(experimental-)?loader\b/.test(options);
}

function replaceClass(
  context: HookContext,
  ports: Ports,
  register: AnyFunction,
  atomics: PropertyDescriptorMap,
): void {
  const scope = scopesOf(register).find(({ require }) => typeof require === 'function');
  if (scope === undefined) throw new Error('the internal loader cannot be seen');
  const internals = scope['require'] as InternalRequire;
  const hooks = withAtomics(atomics, () => internals('internal/modules/esm/hooks'));
  const isOld = typeof hooks[oldClass] === 'function';
  const name = isOld ? oldClass : newClass;
  const Real = hooks[name] as RealClass | undefined;
  if (typeof Real !== 'function') throw new Error(`there is no ${name}`);
  const start = (): LoaderThread => new LoaderThread(context, ports, internals, Real);
  hooks[name] = isOld ? oldStandIn(start) : newStandIn(start);
}

/** Node 20 keeps the functions by which it waits for the thread as it finds them at the first hook. */
function withAtomics<T>(own: PropertyDescriptorMap, load: () => T): T {
  const hooked = Object.getOwnPropertyDescriptors(Atomics);
  Object.defineProperties(Atomics, own);
  try {
    return load();
  } finally {
    Object.defineProperties(Atomics, hooked);
  }
}
