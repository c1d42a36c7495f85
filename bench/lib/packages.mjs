/** Packages that only a comparison needs, installed beside it the first time it is made. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './processes.mjs';

const INSTALL_MS = 300_000;

/** Whether the packages of `folder/package.json` are there, installing them if need be. */
export function hasPackages(folder) {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return true;
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', ['install', '--workspaces=false', ...options], {
    cwd: folder,
    timeout: INSTALL_MS,
  });
  if (status !== 0)
    process.stderr.write(`left out: the packages of ${folder} cannot be installed\n`);
  return status === 0;
}

/** The folder of a Node binary by its major version; null where it cannot be had. */
export function nodeFolder(version) {
  if (process.versions.node.startsWith(`${version}.`)) return join(process.execPath, '..');
  const folder = join(root, 'docs/hooks/nodes');
  return hasPackages(folder) ? join(folder, `node_modules/node-${version}/bin`) : null;
}
