/**
 * `npm test`: everything that must hold before a change goes in, from a fresh clone. Installs, builds,
 * lints, type-checks, looks for unused code, and runs all tests, one runner after the other: they start
 * many processes themselves. The last line says how many passed, failed and were skipped.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './lib/browser.mjs';
import { endCommands } from './lib/command.mjs';
import { runCheck, runNodeTests, runPlaywright, runVitest } from './lib/runners.mjs';
import { main, say } from './lib/say.mjs';
import { build, checkNode, install, root } from './lib/workspace.mjs';

/** Workspaces with Vitest tests, in the order in which they build on each other. */
const packages = ['protocol', 'agent', 'collector', 'dashboard', 'cli', 'e2e', 'docs', 'bench'];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    endCommands();
    process.exit(130);
  });
}

await main(async () => {
  checkNode();
  await install();
  await build();
  const results = [];
  for (const run of suites()) results.push(await run());
  const sum = (name) => results.reduce((total, result) => total + result[name], 0);
  const failed = sum('failed');
  say(`\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
});

function suites() {
  const configs = ['vitest.config.ts', 'vite.config.ts'];
  const withVitest = packages.filter((name) =>
    configs.some((file) => existsSync(join(root, name, file))),
  );
  const withTestTypes = ['protocol', 'agent', 'collector', 'cli', 'docs', 'e2e']
    .map((name) => `${name}/tsconfig.test.json`)
    .filter((file) => existsSync(join(root, file)));
  const hasBrowserTests = existsSync(join(root, 'e2e/playwright.config.ts'));
  return [
    () => runCheck('lint (biome)', 'biome', ['check', '.']),
    () => runCheck('types (tsc -b)', 'tsc', ['-b']),
    ...withTestTypes.map((file) => () => runCheck(`types (${file})`, 'tsc', ['-p', file])),
    () => runCheck('unused code (knip)', 'knip', []),
    () => runNodeTests('scripts/test/'),
    ...withVitest.map((name) => () => runVitest(name)),
    ...(hasBrowserTests ? [async () => runPlaywright(await findBrowser())] : []),
  ];
}
