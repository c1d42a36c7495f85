/**
 * What an analyst does, from the alert to the resolved incident, with a collector that dies in between.
 * One story told in order: each part needs what the one before left behind.
 */
import { expect, type Page, test } from '@playwright/test';
import { until } from '../support/wait.ts';
import { SERVICE, type Stack, startStack } from './stack.ts';

test.describe.configure({ mode: 'serial' });

let stack: Stack;
test.beforeAll(async () => {
  stack = await startStack();
});
test.afterAll(() => stack.dispose());

/** From the moment a replica was told to misbehave until a person sees it, milliseconds. */
const LIVE_MS = 2000;

async function incidentId(): Promise<string> {
  const [incident] = await until('an incident', async () => {
    const incidents = await stack.collector.incidents(SERVICE);
    return incidents.length > 0 && incidents;
  });
  return incident?.id ?? '';
}

async function openIncident(page: Page): Promise<void> {
  await page.goto(`${stack.collector.httpUrl}/incidents/${await incidentId()}`);
  await expect(page.getByTestId('incident-head')).toBeVisible();
}

test('the overview shows three replicas at work and no incident', async ({ page }) => {
  await page.goto(stack.collector.httpUrl);
  await expect(page.getByTestId('feed-state')).toHaveText('live');
  for (const id of ['a', 'b', 'c']) {
    const row = page.locator(`[data-testid="replica-row"][data-replica-id="${id}"]`);
    await expect(row).toHaveAttribute('data-state', 'running');
    await expect(row).toHaveAttribute('data-role', id === 'a' ? 'leader' : 'follower');
  }
  await expect(page.getByText('No open incident.')).toBeVisible();
  await expect(page.getByTestId('stale-banner')).toBeHidden();
});

test('an alert appears live on the alerts page and on the overview, without a reload', async ({
  page,
  context,
}) => {
  const overview = await context.newPage();
  await overview.goto(stack.collector.httpUrl);
  await page.goto(`${stack.collector.httpUrl}/alerts`);
  await expect(page.getByText('No alert yet')).toBeVisible();
  await expect(page.getByTestId('feed-state')).toHaveText('live');
  await expect(overview.getByTestId('feed-state')).toHaveText('live');
  await stack.strike('c');
  const struckAt = performance.now();
  const row = page.getByTestId('alert-row').first();
  await expect(row).toBeVisible({ timeout: LIVE_MS });
  await expect(overview.getByTestId('open-incident')).toBeVisible({ timeout: LIVE_MS });
  expect(performance.now() - struckAt).toBeLessThan(LIVE_MS);
  await expect(row).toContainText(SERVICE);
  await expect(overview.getByTestId('open-incident')).toContainText(/\bc\b/);
  await expect(page.getByTestId('open-incident-count')).toContainText('1');
  await overview.close();
});

test('the incident names the suspect, and shows expected against actual', async ({ page }) => {
  await page.goto(`${stack.collector.httpUrl}/incidents`);
  await expect(page.getByTestId('incident-row')).toHaveCount(1);
  await page.getByTestId('incident-row').click();
  await expect(page.getByTestId('incident-head')).toHaveAttribute('data-status', 'open');
  await expect(page.getByTestId('suspect')).toHaveAttribute('data-suspect', 'c');
  await expect(page.getByTestId('expected')).toHaveAttribute('data-state', 'not-made');
  await expect(page.getByTestId('expected')).toContainText('a and b');
  // The arguments of the first call that differs, and what it was about: the decoy.
  await expect(page.getByTestId('actual')).toContainText('utf8');
  await expect(page.locator('.incident-subject')).toHaveText('fs.readFileSync decoy');
  await expect(page.getByTestId('actual')).toHaveAttribute('data-state', 'decoded');
  await expect(page.getByTestId('evidence').first()).toBeVisible();
  await expect(page.getByTestId('turn').first()).toBeVisible();
  await expect(page.getByText('A drill was on')).toBeVisible();
});

test('it is acknowledged, assigned and noted, with a name', async ({ page }) => {
  await openIncident(page);
  await page.getByLabel('Your name, for the history').fill('Ada');
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(page.getByTestId('incident-head')).toHaveAttribute('data-status', 'acknowledged');
  await page.getByLabel('Assignee').fill('Grace');
  await page.getByRole('button', { name: 'Assign', exact: true }).click();
  await expect(page.getByText('assigned to Grace')).toBeVisible();
  await page.getByLabel('Note', { exact: true }).fill('The payload of the fire drill.');
  await page.getByRole('button', { name: 'Add note' }).click();
  const history = page.getByTestId('history');
  await expect(history).toContainText('The payload of the fire drill.');
  await expect(history.locator('[data-action="assignee"]').first()).toContainText('Ada');
  const detail = await stack.collector.incident(await incidentId());
  expect(detail).toMatchObject({ status: 'acknowledged', assignee: 'Grace' });
});

test('the page says that it is stale while the collector is away, and recovers by itself', async ({
  page,
}) => {
  await openIncident(page);
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
  await stack.collector.kill();
  await expect(page.getByTestId('stale-banner')).toBeVisible({ timeout: 10_000 });
  await expect(page.getByTestId('feed-state')).toHaveText('not live');
  await expect(page.getByTestId('suspect')).toHaveAttribute('data-suspect', 'c');
  await stack.collector.start();
  await expect(page.getByTestId('feed-state')).toHaveText('live', { timeout: 20_000 });
  await expect(page.getByTestId('stale-banner')).toBeHidden();
  expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true);
  await expect(page.getByTestId('history')).toContainText('The payload of the fire drill.');
  await page.goto(`${stack.collector.httpUrl}/incidents`);
  await expect(page.getByTestId('incident-row')).toHaveCount(1);
});

test('it is resolved, and gone from the open ones', async ({ page }) => {
  await openIncident(page);
  await page.getByRole('button', { name: 'Resolve' }).click();
  await expect(page.getByTestId('incident-head')).toHaveAttribute('data-status', 'resolved');
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByText('No open incident.')).toBeVisible();
  await expect(page.getByTestId('open-incident-count')).toBeHidden();
});

test('a replica that is killed changes its state on the overview, live', async ({ page }) => {
  await page.goto(stack.collector.httpUrl);
  const row = page.locator('[data-testid="replica-row"][data-replica-id="b"]');
  await expect(row).toHaveAttribute('data-state', 'running');
  process.kill(await stack.service.pid('b'), 'SIGKILL');
  await expect(row).toHaveAttribute('data-state', /silent|lost/, { timeout: 5000 });
  await expect(page.getByTestId('open-incident')).toBeVisible();
});
