/** Accessibility of a page as axe-core sees it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** Rules of WCAG 2.2 A and AA, and axe's best practices. */
const options: RunOptions = { resultTypes: ['violations'] };

/** One line a violation, with the elements that it is about; none on a clean page. */
export async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated, not added as a script: the page's policy forbids scripts of others.
  await page.evaluate(axeSource);
  const results = (await page.evaluate(
    (given) => (globalThis as unknown as { axe: Axe }).axe.run(document, given),
    options,
  )) as AxeResults;
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}

interface Axe {
  run: (context: Document, options: RunOptions) => Promise<AxeResults>;
}
