/**
 * Where a module is. Each replica looks by itself, but for what the run changed: a file that the leader
 * found and that is younger than the run, or one that it did not find (it may have been written since).
 * A follower is told both.
 *
 * The ES module loader asks the disk natively, where nothing can answer for it. What it takes as it is,
 * without asking, is a `data:` URL: so a follower's loader sees that protocol while it resolves the URL of
 * a module whose source the log brings in this turn, or has brought. Nobody else sees it.
 */
import path from 'node:path';
import { apiId } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, disguise, patch } from '../../core/patch.ts';
import { callerFile } from './caller.ts';

const LOAD = apiId('module.load');

/** The file of Node's that resolves specifiers of ES modules. */
const RESOLVER = 'node:internal/modules/esm/resolve';

/** Replaces what finds modules, of both kinds. */
export function hookResolution(context: HookContext, internals: object): void {
  const { door, report } = context;
  patch(
    report,
    internals,
    '_resolveFilename',
    'module.load',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const find = (): unknown => Reflect.apply(original, this, args);
        return door.covered > 0 ? find() : resolveFilename(context, args, find);
      },
  );
  patch(
    report,
    internals,
    '_findPath',
    'module.load',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        return door.cover(() => Reflect.apply(original, this, args) as unknown);
      },
  );
  if (!door.leads) hookProtocol(context);
}

function resolveFilename(
  { door, code }: HookContext,
  args: readonly unknown[],
  find: () => unknown,
): unknown {
  const from = (args[1] as { filename?: string | null } | null | undefined)?.filename ?? '';
  const name = `${String(args[0])} from ${from}`;
  door.identify(LOAD, name);
  const ref = door.ref(LOAD, name);
  if (!door.leads) {
    const told = door.fact<unknown>(ref, () => null, null);
    if (told !== null) return told;
  }
  let found: unknown;
  try {
    found = door.cover(find);
  } catch (error) {
    if (door.leads) return door.fact<unknown>(ref, () => fail(error), null);
    throw error;
  }
  if (door.leads && typeof found === 'string' && path.isAbsolute(found) && code.isYoung(found)) {
    door.fact(ref, () => found, null);
  }
  return found;
}

function fail(error: unknown): never {
  throw error;
}

function hookProtocol({ code }: HookContext): void {
  const { prototype } = URL;
  const own = Object.getOwnPropertyDescriptor(prototype, 'protocol');
  const get = own?.get as ((this: URL) => string) | undefined;
  if (own === undefined || get === undefined) return;
  const protocol = disguise(
    function (this: unknown): unknown {
      const url = this as URL;
      const real = Reflect.apply(get, url, []) as string;
      if (real !== 'file:' || !code.isTold(url.href)) return real;
      return callerFile(protocol as AnyFunction) === RESOLVER ? 'data:' : real;
    },
    get as unknown as AnyFunction,
  );
  Object.defineProperty(prototype, 'protocol', { ...own, get: protocol as () => string });
}
