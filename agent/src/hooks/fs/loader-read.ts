/**
 * The ES module loader reads sources through the public `fs.promises.readFile`. Such a read is code, not
 * data: every replica reads its own, the turn of the completion is agreed, and the bytes are compared.
 */
import { apiId, RecordKind } from '@lockstep/protocol';
import type { Door } from '../../core/door.ts';

const LOAD = apiId('module.load');
const IMPORT = apiId('module.import');

/** Frames looked at: the loader stands right above the read. */
const STACK_FRAMES = 6;

/** Whether this read is the loader's. It passes a URL, so that most reads cost one check. */
export function isLoaderRead(path: unknown): path is URL {
  if (!(path instanceof URL)) return false;
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = STACK_FRAMES;
  Error.prepareStackTrace = (_error, frames) => frames.map((frame) => frame.getFileName());
  Error.captureStackTrace(holder, isLoaderRead);
  const files = holder.stack as readonly (string | null)[];
  Error.stackTraceLimit = stackTraceLimit;
  if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
  else Error.prepareStackTrace = prepareStackTrace;
  return files.some((file) => file?.startsWith('node:internal/modules/') === true);
}

/** Reads a module in this replica and holds the completion to its turn. */
export function loaderRead(door: Door, url: URL, start: () => Promise<unknown>): Promise<unknown> {
  const ref = door.begin(IMPORT, url.href, []);
  const gate = door.compute(ref);
  return new Promise((resolve, reject) => {
    door.cover(start).then(
      (source) =>
        gate(() => {
          door.record(LOAD, url.href, [source], RecordKind.code);
          resolve(source);
        }),
      (error: unknown) => gate(() => reject(error)),
    );
  });
}
