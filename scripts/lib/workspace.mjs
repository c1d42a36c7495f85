/**
 * Brings a fresh clone to where its code can run: the right Node, packages, build. Plain Node, for nothing
 * is installed yet; and quick when there is nothing to do, for it runs each time.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { Problem, step } from './say.mjs';

export const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** The oldest Node that everything runs on. */
const OLDEST_NODE = [20, 19];

export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Problem(
    `Lockstep needs Node.js ${OLDEST_NODE.join('.')} or later and this is ${version}; install it from https://nodejs.org or with your version manager.`,
  );
}

/**
 * Installs the versions that package-lock.json names, unless they are there. Not `npm ci`: that refuses a
 * lockfile that was written where the registry does not carry every other platform's binaries.
 */
export async function install() {
  if (isInstalled()) return;
  await step('installing packages (npm install)', () =>
    runCommand('npm', ['install', '--no-save', '--no-audit', '--no-fund'], {
      cwd: root,
      remedy: 'Check the network and the npm registry, then try again.',
    }),
  );
}

/** Builds what changed since the last time. */
export async function build() {
  await step('building (turbo run build)', () =>
    runCommand(
      join(root, 'node_modules/.bin/turbo'),
      ['run', 'build', '--output-logs=errors-only'],
      {
        cwd: root,
        env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' },
        remedy: 'The lines above say what does not compile.',
      },
    ),
  );
}

/** Whether each package of the lockfile is installed in its version, as npm itself wrote down. */
function isInstalled() {
  const written = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(written)) return false;
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const installed = packagesIn(written);
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (!path.includes('node_modules/') || optional) return true;
    const there = installed[path];
    return there !== undefined && there.version === version && there.link === link;
  });
}

function packagesIn(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}
