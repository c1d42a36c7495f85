/** Runs each kind of test and reads how many passed, failed and were skipped from its own report. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './command.mjs';
import { say } from './say.mjs';
import { root } from './workspace.mjs';

const reports = join(root, 'node_modules/.cache/lockstep-test');
const bin = (name) => join(root, 'node_modules/.bin', name);

/** A command that is right when its code is 0; counts as one test. */
export async function runCheck(name, program, args) {
  say(`\n> ${name}`);
  const { code, output } = await capture(bin(program), args, { cwd: root });
  if (code !== 0) process.stdout.write(output);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** All Vitest tests of one workspace. */
export async function runVitest(folder) {
  say(`\n> ${folder}`);
  const file = reportFile(folder);
  const { code } = await capture(
    bin('vitest'),
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { cwd: join(root, folder), show: true },
  );
  return fromReport(
    file,
    code,
    ({ numPassedTests, numFailedTests, numTotalTests, testResults }) => ({
      passed: numPassedTests,
      // A file that cannot even be loaded has no tests to count.
      failed: numFailedTests + testResults.filter(isBrokenFile).length,
      skipped: numTotalTests - numPassedTests - numFailedTests,
    }),
  );
}

function isBrokenFile({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}

/** The tests of these scripts: Node's own runner, for nothing else may be installed when they matter. */
export async function runNodeTests(folder) {
  say(`\n> ${folder}`);
  const { code, stdout } = await capture(
    process.execPath,
    ['--test', '--test-reporter=tap', folder],
    { cwd: root },
  );
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
  if (code !== 0) process.stdout.write(stdout);
  const failed = count('fail') + count('cancelled');
  const skipped = count('skipped') + count('todo');
  say(`  ${count('pass')} passed, ${failed} failed, ${skipped} skipped`);
  return { passed: count('pass'), failed: Math.max(failed, code === 0 ? 0 : 1), skipped };
}

/** The browser tests, or their number as skipped when there is no browser. */
export async function runPlaywright(browser) {
  say('\n> e2e');
  const file = reportFile('e2e');
  const list = browser === null ? ['--list', '--reporter=json'] : ['--reporter=list,json'];
  if (browser === null) {
    say(
      '  skipped: no Chromium was found. Set LOCKSTEP_CHROMIUM to one, or run: npx playwright install chromium',
    );
  }
  const { code } = await capture(bin('playwright'), ['test', ...list], {
    cwd: join(root, 'e2e'),
    env: {
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      ...(browser === null ? {} : { LOCKSTEP_CHROMIUM: browser }),
    },
    show: browser !== null,
  });
  return fromReport(file, code, (report) =>
    browser === null
      ? { passed: 0, failed: 0, skipped: countSpecs(report.suites) }
      : {
          passed: report.stats.expected + report.stats.flaky,
          failed: report.stats.unexpected + report.errors.length,
          skipped: report.stats.skipped,
        },
  );
}

function countSpecs(suites = []) {
  return suites.reduce((sum, suite) => sum + suite.specs.length + countSpecs(suite.suites), 0);
}

function reportFile(name) {
  mkdirSync(reports, { recursive: true });
  const file = join(reports, `${name.replaceAll('/', '-')}.json`);
  rmSync(file, { force: true });
  return file;
}

/** A runner that failed without counting a failure did fail all the same. */
function fromReport(file, code, read) {
  const counts = existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  return { ...counts, failed: Math.max(counts.failed, code === 0 ? 0 : 1) };
}
