/** Every page, light and dark, wide and narrow: accessible, and nothing to scroll sideways. */
import { expect, type Page, test } from '@playwright/test';
import { violations } from '../support/axe.ts';
import { until } from '../support/wait.ts';
import { SERVICE, type Stack, startStack } from './stack.ts';

const pages = ['overview', 'alerts', 'incidents', 'incident', 'unknown'] as const;
const PHONE = { width: 390, height: 844 };

let stack: Stack;
test.beforeAll(async () => {
  stack = await startStack();
  await stack.strike('c');
  await until('an incident', async () => (await stack.collector.incidents(SERVICE)).length > 0);
});
test.afterAll(() => stack.dispose());

async function open(page: Page, name: (typeof pages)[number]): Promise<void> {
  const { collector } = stack;
  const [incident] = await collector.incidents(SERVICE);
  const paths = {
    overview: '/',
    alerts: '/alerts',
    incidents: '/incidents',
    incident: `/incidents/${incident?.id}`,
    unknown: '/nowhere',
  };
  await page.goto(`${collector.httpUrl}${paths[name]}`);
  const landmarks = {
    overview: page.getByTestId('open-incident').first(),
    alerts: page.getByTestId('alert-row').first(),
    incidents: page.getByTestId('incident-row').first(),
    incident: page.getByTestId('actual'),
    unknown: page.getByRole('heading', { name: 'No such page' }),
  };
  await expect(landmarks[name]).toBeVisible();
  await expect(page.getByTestId('feed-state')).toHaveText('live');
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const name of pages) {
    test(`${name} is accessible in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(page, name);
      expect(await violations(page)).toEqual([]);
    });
  }
}

test('the two themes differ', async ({ page }) => {
  await open(page, 'overview');
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.getByRole('radio', { name: 'Light theme' }).click();
  const light = await background();
  await page.getByRole('radio', { name: 'Dark theme' }).click();
  await expect.poll(background).not.toBe(light);
});

test('axe finds what is not accessible', async ({ page }) => {
  await open(page, 'overview');
  await page.evaluate(() => document.body.append(document.createElement('button')));
  expect((await violations(page)).join()).toContain('button-name');
});

for (const name of pages) {
  test(`${name} does not scroll sideways on a phone`, async ({ page }) => {
    await page.setViewportSize(PHONE);
    await open(page, name);
    const widths = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      window: window.innerWidth,
    }));
    expect(widths.window).toBe(PHONE.width);
    expect(widths.content).toBeLessThanOrEqual(widths.window);
    expect(await violations(page)).toEqual([]);
  });
}

test('a list is walked and opened by keyboard alone', async ({ page }) => {
  await open(page, 'incidents');
  await page.getByTestId('incident-row').first().waitFor();
  await page.locator('table, [role="grid"]').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('incident-head')).toBeVisible();
});

test('filters and sorting stand in the address', async ({ page }) => {
  await open(page, 'incidents');
  await page.goto(`${stack.collector.httpUrl}/incidents?status=resolved`);
  await expect(page.getByText('Nothing fits these filters.')).toBeVisible();
  await page.goto(`${stack.collector.httpUrl}/incidents?status=open`);
  await expect(page.getByTestId('incident-row').first()).toBeVisible();
});
