/** `fs.promises` and `node:fs/promises`: the settlement is a delivery. */
import fs from 'node:fs';
import { apiTable } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { isLoaderRead, loaderRead } from '../modules/loader-read.ts';
import type { DescriptorTable } from './descriptors.ts';
import type { FileHandles } from './handles.ts';
import { promiseCall } from './promise-call.ts';

/** Live objects that are not carried yet. */
const LEFT_OUT: ReadonlySet<string> = new Set(['opendir', 'watch', 'glob']);

/** Replaces the functions of `fs.promises` in the API table. */
export function hookPromises(
  context: HookContext,
  table: DescriptorTable,
  handles: FileHandles,
): void {
  const { door, report, code } = context;
  for (const { id, name } of apiTable) {
    const key = /^fs\.promises\.(\w+)$/.exec(name)?.[1];
    if (key === undefined || LEFT_OUT.has(key)) continue;
    patch(report, fs.promises, key, name, (original) => promiseFunction(id, key, original));
  }

  function promiseFunction(api: number, key: string, original: AnyFunction): AnyFunction {
    return function (this: unknown, ...args: unknown[]): unknown {
      const start = (): Promise<unknown> => Reflect.apply(original, this, args) as Promise<unknown>;
      if (door.covered > 0) return start();
      if (key === 'readFile' && isLoaderRead(args[0]))
        return loaderRead(door, code, args[0], start);
      const target = table.target(key, args);
      const ref = door.begin(api, target, args.slice(1));
      return promiseCall(door, ref, start, null, (value) => {
        if (key === 'open') handles.opened(value as object, target);
      });
    };
  }
}
