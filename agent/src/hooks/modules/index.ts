/**
 * Module loading is local and real: each replica loads its own code, and the bytes are compared; code that
 * the run itself wrote comes from the leader. Only finding a file is covered. Loading runs what programs
 * registered for an extension, and an ES module's body under `require`: their calls are the program's own.
 */
import module from 'node:module';
import { apiId, RecordKind } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { hookResolution } from './resolution.ts';

const LOAD = apiId('module.load');

interface ModuleInternals {
  readonly prototype: object;
  readonly _extensions: Record<string, AnyFunction>;
}

/** Covers how the CommonJS loader finds files, and records the code that it compiles. */
export function hookModules(context: HookContext): void {
  const { door, report, payloads, code } = context;
  const internals = module as unknown as ModuleInternals;
  code.hooked = true;
  hookResolution(context, internals);
  patch(
    report,
    internals.prototype,
    'load',
    'module.load',
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const [file] = args;
        const isCompared = !payloads.has(String(file));
        return code.during(file, isCompared, () => Reflect.apply(original, this, args) as unknown);
      },
  );
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
          code.compiled(file);
          if (!payloads.has(file)) door.record(LOAD, file, [args[0]], RecordKind.code);
          return Reflect.apply(original, this, args);
        } finally {
          door.covered = before;
        }
      },
  );
}
