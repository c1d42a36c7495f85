/**
 * The ES module loader reads sources through public functions: Node 20 through `fs.promises.readFile`, later
 * ones through `fs.readFileSync`, whose files they look up with `fs.realpathSync`. Such a read is code, not
 * data: every replica reads its own, and the bytes are compared. The turn of a completion is agreed.
 */
import { fileURLToPath } from 'node:url';
import { apiId, RecordKind } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';
import { callerFile } from './caller.ts';
import type { LoadedCode } from './loaded-code.ts';

const LOAD = apiId('module.load');
const IMPORT = apiId('module.import');

/** Where Node's loaders are. */
export const LOADERS = 'node:internal/modules/';

/** Whether this read is the ES module loader's. It passes a URL, so that most reads cost one check. */
export function isLoaderRead(path: unknown): path is URL {
  return path instanceof URL && callerFile(isLoaderRead).startsWith(LOADERS);
}

/** Whether this is the loader's look-up of a real path: it brings a cache of its own, under a symbol. */
export function isLoaderRealpath(args: readonly unknown[]): boolean {
  const [, options] = args;
  return (
    typeof options === 'object' &&
    options !== null &&
    Object.getOwnPropertySymbols(options).length > 0
  );
}

/** Reads a module in this replica at once. */
export function loaderReadSync(
  door: Door,
  code: LoadedCode,
  url: URL,
  read: () => unknown,
): unknown {
  if (!code.hooked) return door.cover(read);
  const source = code.source(url.href, fileURLToPath(url), () => door.cover(read));
  door.record(LOAD, url.href, [source], RecordKind.code);
  return source;
}

/** Reads a module in this replica and holds the completion to its turn. */
export function loaderRead(
  door: Door,
  code: LoadedCode,
  url: URL,
  start: () => Promise<unknown>,
): Promise<unknown> {
  if (!code.hooked) return door.cover(start);
  const ref = door.begin(IMPORT, url.href, []);
  const gate = door.compute(ref);
  const isWritten = code.isWritten(url.href, fileURLToPath(url));
  const read = isWritten && !door.leads ? Promise.resolve(null) : door.cover(start);
  return new Promise((resolve, reject) => {
    read.then(
      (own) =>
        gate(() => {
          const source = isWritten ? door.fact(ref, () => own, null) : own;
          door.record(LOAD, url.href, [source], RecordKind.code);
          resolve(source);
        }),
      (error: unknown) => gate(() => reject(error)),
    );
  });
}
