/**
 * The dashboard in a real Chromium, over the real stack. LOCKSTEP_CHROMIUM names a browser; without it
 * Playwright's own is taken if it was installed, else the system's.
 */
import { existsSync } from 'node:fs';
import { chromium, defineConfig, type PlaywrightTestConfig } from '@playwright/test';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

function executablePath(): string {
  const named = process.env['LOCKSTEP_CHROMIUM'];
  if (named) return named;
  const own = chromium.executablePath();
  return existsSync(own) ? own : SYSTEM_CHROMIUM;
}

const isRoot = process.getuid?.() === 0;

const config: PlaywrightTestConfig = defineConfig({
  testDir: 'browser',
  outputDir: 'test-results',
  workers: 1,
  timeout: 90_000,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: executablePath(),
      args: [
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
export default config;
