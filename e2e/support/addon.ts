/** Builds the test add-on with the system's compiler; null, with a printed line, where there is none. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { programs, type Workspace } from './workspace.ts';

/** Headers of Node's stable native interface, as data of a package. */
const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers') as {
  include_dir: string;
};

/** Path of the built add-on. */
export function buildAddon(workspace: Workspace): string | null {
  const output = join(workspace.folder, 'socket.node');
  const source = join(programs, 'addon/socket.c');
  const { status, error, stderr } = spawnSync(
    'cc',
    ['-shared', '-fPIC', '-I', headers, '-o', output, source],
    { encoding: 'utf8' },
  );
  if (status === 0) return output;
  console.warn(`skipped: the test add-on cannot be built (${error?.message ?? stderr})`);
  return null;
}
