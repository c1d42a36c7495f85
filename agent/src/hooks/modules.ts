/**
 * Module loading is local and real: each replica loads its own code, and the bytes are compared. What the
 * CommonJS loader calls to find and read a module is covered; the module's own code is not.
 */
import module from 'node:module';
import { apiId, RecordKind } from '@lockstep/protocol';
import type { HookContext } from '../core/hook-context.ts';
import { type AnyFunction, patch } from '../core/patch.ts';

const LOAD = apiId('module.load');

interface ModuleInternals {
  readonly prototype: object;
  readonly _extensions: Record<string, AnyFunction>;
}

/** Covers the CommonJS loader and records the code that it compiles. */
export function hookModules({ door, report, payloads }: HookContext): void {
  const internals = module as unknown as ModuleInternals;
  const covered = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      return door.cover(() => Reflect.apply(original, this, args) as unknown);
    };
  patch(report, internals.prototype, 'load', 'module.load', covered);
  patch(report, internals, '_resolveFilename', 'module.load', covered);
  patch(report, internals, '_findPath', 'module.load', covered);
  patch(
    report,
    internals.prototype,
    '_compile',
    'module.load',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const { covered: before } = door;
        door.covered = 0;
        try {
          const file = String(args[1]);
          if (!payloads.has(file)) door.record(LOAD, file, [args[0]], RecordKind.code);
          return Reflect.apply(original, this, args);
        } finally {
          door.covered = before;
        }
      },
  );
}
