/** `spawnSync`, `execFileSync` and `execSync`: in-turn values. */
import { apiId } from '@lockstep/protocol';
import { Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { builtin } from '../builtin.ts';

/** What `spawnSync` answers, as far as its parts are each other. */
interface SyncResult {
  output: unknown[] | null;
  stdout: unknown;
  stderr: unknown;
}

/** Replaces the synchronous functions; Node's own do not call each other's public names. */
export function hookSyncChildren({ door, report }: HookContext): void {
  for (const key of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const label = `child_process.${key}`;
    const api = apiId(label);
    patch(report, builtin('child_process'), key, label, (original) => (...args: unknown[]) => {
      const run = (): unknown => original(...args);
      if (door.covered > 0) return run();
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
