/**
 * `node:sqlite` opens files beneath JavaScript, as a native add-on does, and is followed as one: the leader
 * has the database, followers stand-ins that answer from the log. Its native module is what the program
 * gets, so it is changed before Node's own code hands it out.
 */
import type { HookContext } from '../core/hook-context.ts';
import { acting } from './addons/acting.ts';
import { shapeOf } from './addons/shapes.ts';
import { type MakeNative, StandIns } from './addons/stand-ins.ts';
import { AddonWalk } from './addons/walk.ts';
import { builtin } from './builtin.ts';
import { internalBinding } from './native/internal-binding.ts';
import type { NativeCalls } from './native/native-calls.ts';

const MODULE = 'node:sqlite';

/** User functions are called for each row. */
const areCallbacksLasting = true;

/** Replaces its classes, where this Node has them. */
export function hookSqlite({ door, report }: HookContext, natives: NativeCalls): void {
  if (!builtin('module').isBuiltin(MODULE)) return;
  const loaded = process as unknown as { moduleLoadList?: readonly string[] };
  if (loaded.moduleLoadList?.includes('NativeModule sqlite') === true) {
    report.miss(MODULE, 'it was loaded before the agent');
    return;
  }
  let binding: Record<string, unknown>;
  try {
    binding = door.cover(() => internalBinding('sqlite'));
  } catch (error) {
    report.miss(MODULE, error instanceof Error ? error.message : String(error));
    return;
  }
  if (door.leads) {
    const never: MakeNative = () => ({});
    new AddonWalk(acting(natives, MODULE, never, areCallbacksLasting)).wrap(binding, 'sqlite');
    return;
  }
  const standIns = new StandIns((make) => acting(natives, MODULE, make, areCallbacksLasting));
  for (const [key, value] of Object.entries(binding)) {
    Reflect.set(binding, key, standIns.make(shapeOf(value), `sqlite.${key}`));
  }
}
