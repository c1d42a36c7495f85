/**
 * Packages that only a test needs, installed beside it the first time: nobody who installs the workspace
 * pays for three hundred of them. Where npm cannot fetch them the test is skipped, and says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What an installation gets, milliseconds. */
export const INSTALL_MS = 300_000;

/** Whether the packages of `folder/package.json` are there, installing them if need be. */
export function hasPackages(folder: string): boolean {
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return true;
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', ['install', '--workspaces=false', ...options], {
    cwd: folder,
    encoding: 'utf8',
    timeout: INSTALL_MS,
  });
  if (status === 0) return true;
  const why = stderr?.trim().split('\n').at(-1) ?? 'npm cannot be run';
  console.warn(`skipped: the packages of ${folder} cannot be installed (${why})`);
  return false;
}
