/**
 * `spawnSync`, `execFileSync` and `execSync`: in-turn values. Some packages put a function of their own in the
 * place of the native `spawn` beneath all three (`process.binding('spawn_sync')`), and change there what is
 * started: then Node's own code and theirs run in every replica, and the native call is what the log
 * answers.
 */
import { apiId } from '@lockstep/protocol';
import { type Door, Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';
import { internalBinding } from '../native/internal-binding.ts';

/** What `spawnSync` answers, as far as its parts are each other. */
interface SyncResult {
  output: unknown[] | null;
  stdout: unknown;
  stderr: unknown;
}

/** What the native `spawn` is given, as far as it says what the child does. */
interface NativeOptions {
  readonly file?: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly envPairs?: readonly string[];
  readonly detached?: boolean;
  readonly uid?: number;
  readonly gid?: number;
  readonly stdio?: readonly { readonly type?: string; readonly input?: unknown }[];
}

const NATIVE = apiId('child_process.spawnSync');

/** Native modules whose functions are hooked. */
const hookedModules: WeakSet<object> = new WeakSet();

/** Whether a program may have this native module: what it does is followed. */
export function isFollowedModule(binding: unknown): boolean {
  return typeof binding === 'object' && binding !== null && hookedModules.has(binding);
}

/** Replaces the synchronous functions; Node's own do not call each other's public names. */
export function hookSyncChildren(context: HookContext): void {
  const { door, report } = context;
  const isReplaced = hookNative(context);
  for (const key of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const label = `child_process.${key}`;
    const api = apiId(label);
    patch(report, builtin('child_process'), key, label, (original) => (...args: unknown[]) => {
      const run = (): unknown => original(...args);
      if (door.covered > 0 || isReplaced()) return run();
      const result = door.value(api, String(args[0]), args.slice(1), run, Missing.refuse);
      return door.leads || key !== 'spawnSync' ? result : joined(result as SyncResult);
    });
  }
}

/** `stdout` is `output[1]` itself, and not a copy of it. */
function joined(result: SyncResult): SyncResult {
  const { output } = result;
  if (Array.isArray(output)) [, result.stdout, result.stderr] = output;
  return result;
}

/** Hooks the native `spawn`. The answer tells whether the program has put another in its place. */
function hookNative({ door, report }: HookContext): () => boolean {
  try {
    const binding = door.cover(() => internalBinding('spawn_sync'));
    const label = 'child_process.spawnSync';
    patch(report, binding, 'spawn', label, (original) => nativeSpawn(door, original));
    const { spawn } = binding;
    hookedModules.add(binding);
    return () => binding['spawn'] !== spawn;
  } catch (error) {
    report.miss('process.binding', `spawn_sync is out of reach: ${String(error)}`);
    return () => false;
  }
}

function nativeSpawn(door: Door, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const run = (): unknown => Reflect.apply(original, this, args);
    if (door.covered > 0) return run();
    const options = (args[0] ?? {}) as NativeOptions;
    return door.value(NATIVE, String(options.file), recorded(options), run, Missing.refuse);
  };
}

function recorded({ args, cwd, envPairs, detached, uid, gid, stdio }: NativeOptions): unknown[] {
  const streams = stdio?.map(({ type, input }) => ({ type, input }));
  return [args, { cwd, envPairs, detached, uid, gid, stdio: streams }];
}
