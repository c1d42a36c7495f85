/** The stack that the pages show, once for each file: collector, the test service with two followers, a thief's listener. */
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { Collector } from '../support/collector.ts';
import { Service } from '../support/service.ts';
import { drills, Workspace } from '../support/workspace.ts';

/** What the tests of one file share. */
export interface Stack {
  readonly workspace: Workspace;
  readonly collector: Collector;
  readonly service: Service;
}

const SERVICE = 'orders';

export const test = base.extend<object, { stack: Stack }>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures' names from the pattern
    async ({}, use) => {
      const workspace = new Workspace();
      try {
        const collector = await Collector.start(workspace);
        const service = await Service.start(workspace, collector, {
          name: SERVICE,
          options: ['--allow-drills'],
          // The discard port: the theft fails, which a thief does not mind.
          env: { LISTENER_PORT: '9' },
        });
        await service.isProtected();
        await use({ workspace, collector, service });
      } finally {
        await workspace.dispose();
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/** Makes a replica steal; resolves when it was told to. */
export async function strike({ workspace, collector }: Stack, replica: string): Promise<void> {
  const args = ['drill', '--service', SERVICE, '--replica', replica, '--collector', collector.url];
  const struck = await workspace.call([...args, join(drills, 'steal.cjs')]);
  if (struck.code !== 0) throw new Error(`the drill failed: ${struck.stderr}`);
}
