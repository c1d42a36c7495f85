/**
 * Node 20 requires ES modules with the `readFileSync` that it found at its start, which calls the public
 * `openSync`, `readSync` and `closeSync` of the moment. Each replica reads its own file there, with a
 * descriptor of its own; the bytes are compared. One that the run wrote is not carried on this way.
 */
import fs from 'node:fs';
import { apiId, RecordKind } from '@lockstep/protocol';
import type { HookContext } from '../../core/hook-context.ts';
import { originals } from '../../core/originals.ts';
import { type AnyFunction, patch } from '../../core/patch.ts';
import { callerFiles } from './caller.ts';
import { LOADERS } from './loader-read.ts';

const LOAD = apiId('module.load');

/** Lets the loader's descriptors be real in both roles. */
export function hookLoaderDescriptors({ door, report, code }: HookContext): void {
  if (!process.versions.node.startsWith('20.')) return;
  const own = new Set<unknown>();
  patch(
    report,
    fs,
    'openSync',
    'fs.openSync',
    (hooked) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const [url] = args;
        const open = (): unknown => Reflect.apply(hooked, this, args);
        if (!(url instanceof URL) || !code.hooked || !isLoaderOpen()) return open();
        const descriptor = door.cover(open);
        own.add(descriptor);
        const source = door.cover(() => originals.readFileSync(url));
        door.record(LOAD, url.href, [source], RecordKind.code);
        return descriptor;
      },
  );
  const ofLoader = (hooked: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      const call = (): unknown => Reflect.apply(hooked, this, args);
      return own.size > 0 && own.has(args[0]) ? door.cover(call) : call();
    };
  patch(report, fs, 'readSync', 'fs.readSync', ofLoader);
  patch(report, fs, 'closeSync', 'fs.closeSync', (hooked) => {
    const close = ofLoader(hooked);
    return function (this: unknown, ...args: unknown[]): unknown {
      try {
        return Reflect.apply(close, this, args);
      } finally {
        own.delete(args[0]);
      }
    };
  });
}

/** `readFileSync` called by a loader. */
function isLoaderOpen(): boolean {
  const [file, caller] = callerFiles(isLoaderOpen);
  return file === 'node:fs' && caller?.startsWith(LOADERS) === true;
}
