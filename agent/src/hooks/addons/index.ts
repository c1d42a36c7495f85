/**
 * Native add-ons. Those that only compute are loaded by every replica. Any other acts in the leader alone:
 * a follower gets its shape and its answers from the log and never loads native code, so that nothing it
 * does can reach outside. `--addons allow` loads them everywhere, unwatched.
 */
import { apiId } from '@lockstep/protocol';
import { Missing } from '../../core/door.ts';
import type { HookContext } from '../../core/hook-context.ts';
import { patch } from '../../core/patch.ts';
import { refusal } from '../../follower/refusal.ts';
import type { NativeCalls } from '../native/native-calls.ts';
import { acting } from './acting.ts';
import { computed } from './computed.ts';
import { onlyComputes, packageOf, whyNotFollowed } from './known.ts';
import { type Shape, shapeOf } from './shapes.ts';
import { type MakeNative, StandIns } from './stand-ins.ts';
import { AddonWalk } from './walk.ts';

const OPEN = apiId('process.dlopen');

/** What `dlopen` fills. */
interface ModuleLike {
  exports: unknown;
}

/** Replaces `process.dlopen`. */
export function hookAddons({ door, report, allowAddons }: HookContext, natives: NativeCalls): void {
  if (allowAddons) return;
  patch(
    report,
    process,
    'dlopen',
    'process.dlopen',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const [module, given] = args as [ModuleLike, unknown];
        const file = String(given);
        const load = (): void => void Reflect.apply(original, this, args);
        // The loader is what calls this; the add-on is the program's all the same.
        const { covered } = door;
        door.covered = 0;
        try {
          const shared = whyNotFollowed(file);
          if (shared !== null) {
            if (!door.leads) throw refusal('process.dlopen', file);
            door.notFollowed(OPEN, `${packageOf(file)} is not followed: ${shared}`);
            load();
          } else if (onlyComputes(file)) {
            door.record(OPEN, file, []);
            load();
            module.exports = new AddonWalk(computed(door, file)).wrap(module.exports, 'exports');
          } else open(natives, module, file, load);
        } finally {
          door.covered = covered;
        }
        return undefined;
      },
  );
}

/** An add-on that may act: loaded by the leader alone. */
function open(natives: NativeCalls, module: ModuleLike, file: string, load: () => void): void {
  const { door } = natives;
  const shape = door.value<Shape>(
    OPEN,
    file,
    [],
    () => {
      load();
      return shapeOf(module.exports);
    },
    Missing.refuse,
  );
  if (door.leads) {
    const never: MakeNative = () => ({});
    module.exports = new AddonWalk(acting(natives, file, never)).wrap(module.exports, 'exports');
    return;
  }
  const standIns = new StandIns((make) => acting(natives, file, make));
  module.exports = standIns.make(shape, 'exports');
}
