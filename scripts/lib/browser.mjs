/**
 * Which Chromium the browser tests run in: the one that LOCKSTEP_CHROMIUM names, Playwright's own, the
 * system's, or on Debian as root one that is installed now. Without any, those tests are skipped.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { capture } from './command.mjs';
import { Problem, say, step } from './say.mjs';
import { root } from './workspace.mjs';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Path of a browser, or null when there is none and none can be had. */
export async function findBrowser() {
  const named = process.env.LOCKSTEP_CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Problem(
      `LOCKSTEP_CHROMIUM is "${named}", which cannot be run. Name a Chromium, or unset it.`,
    );
  }
  const found = [playwrightsOwn(), SYSTEM_CHROMIUM].find(isExecutable);
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) await installChromium();
  return isExecutable(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : null;
}

function playwrightsOwn() {
  const fromTests = createRequire(join(root, 'e2e/package.json'));
  return fromTests('playwright').chromium.executablePath();
}

async function installChromium() {
  await step('installing Chromium for the browser tests (apt-get)', async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await capture('apt-get', ['update'], { cwd: root, env });
    const { code, output } = await capture(
      'apt-get',
      ['install', '--yes', '--no-install-recommends', 'chromium'],
      { cwd: root, env },
    );
    if (code !== 0) say(`  apt-get failed:\n${output.split('\n').slice(-5).join('\n')}`);
  });
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: the next one is tried.
    return false;
  }
}
