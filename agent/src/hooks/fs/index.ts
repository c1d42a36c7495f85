/** Files: synchronous, callback and promise functions, file handles; streams run on these. */
import fs from 'node:fs';
import type { HookContext } from '../../core/hook-context.ts';
import { hookCallbacks } from './callback.ts';
import { DescriptorTable } from './descriptors.ts';
import { hookDirectories } from './directories.ts';
import { FileHandles } from './handles.ts';
import { hookNotCarried } from './not-carried.ts';
import { hookPromises } from './promises.ts';
import { hookSync } from './sync.ts';

/** A path that cannot exist: makes Node load code that it loads lazily, and nothing else. */
const NOWHERE = '/proc/lockstep-no-such-file';

/** Replaces the file functions. */
export function hookFs(context: HookContext): void {
  loadLazyParts();
  const table = new DescriptorTable();
  const handles = new FileHandles(context, table);
  hookSync(context, table);
  hookCallbacks(context, table);
  hookPromises(context, table, handles);
  hookDirectories(context, table);
  hookNotCarried(context);
}

/** `cp` and `rm` take the public functions when first used: that must be before they are replaced. */
function loadLazyParts(): void {
  fs.rmSync(NOWHERE, { force: true, recursive: true });
  try {
    fs.cpSync(NOWHERE, `${NOWHERE}-2`);
  } catch (error) {
    // Expected: there is nothing to copy. Anything else would show at the program's own call.
    void error;
  }
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major >= SYNC_RM_IS_NATIVE) loadAsyncRm();
}

/** `rmSync` is native from here on, and does not load what `rm` takes. */
const SYNC_RM_IS_NATIVE = 23;

/**
 * `rm` first looks at its path, with the public `lstat` of the moment, and loads the rest when it has the
 * answer: one that comes at once lets it load now.
 */
function loadAsyncRm(): void {
  const { lstat } = fs;
  const answer = (_path: unknown, callback: (error: Error) => void): void => {
    Reflect.set(fs, 'lstat', lstat);
    callback(Object.assign(new Error('nothing is there'), { code: 'ENOENT' }));
  };
  Reflect.set(fs, 'lstat', answer);
  fs.rm(NOWHERE, { force: true, recursive: true }, () => {});
  Reflect.set(fs, 'lstat', lstat);
}
