/** Other versions of Node, installed from npm the first time a test asks for one. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.ts';

const folder = join(root, 'docs/hooks/nodes');

/** What installing them gets, milliseconds. */
export const INSTALL_MS = 300_000;

/** The folder of a version's binary, for PATH; null, with a printed line, where it cannot be had. */
export function nodeFolder(version: number): string | null {
  const bin = join(folder, `node_modules/node-${version}/bin`);
  if (existsSync(join(bin, 'node'))) return bin;
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  const install = ['install', '--workspaces=false', ...options];
  spawnSync('npm', install, { cwd: folder, timeout: INSTALL_MS });
  if (existsSync(join(bin, 'node'))) return bin;
  process.stderr.write(`skipped: Node ${version} cannot be installed here\n`);
  return null;
}
