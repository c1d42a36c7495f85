/** The stack that the pages show, one for each file: collector, the test service with two followers, light traffic. */
import { join } from 'node:path';
import { Collector } from '../support/collector.ts';
import { Service } from '../support/service.ts';
import { Traffic } from '../support/traffic.ts';
import { drills, Workspace } from '../support/workspace.ts';

/** The service's name on the pages. */
export const SERVICE = 'orders';

/** What the tests of one file share. `dispose` ends all of it. */
export interface Stack {
  readonly collector: Collector;
  readonly service: Service;
  /** Makes a replica steal; resolves when it was told to. */
  readonly strike: (replica: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** Starts the stack; resolves when the service is protected. */
export async function startStack(): Promise<Stack> {
  const workspace = new Workspace();
  try {
    const collector = await Collector.start(workspace);
    const options = ['--allow-drills'];
    // The discard port: the theft fails, which a thief does not mind.
    const env = { LISTENER_PORT: '9' };
    const service = await Service.start(workspace, collector, { name: SERVICE, options, env });
    await service.isProtected();
    const traffic = new Traffic(service.url);
    return {
      collector,
      service,
      strike: (replica) => strike(workspace, collector, replica),
      dispose: async () => {
        await traffic.stop();
        await workspace.dispose();
      },
    };
  } catch (error) {
    await workspace.dispose();
    throw error;
  }
}

async function strike(workspace: Workspace, collector: Collector, replica: string): Promise<void> {
  const args = ['drill', '--service', SERVICE, '--replica', replica, '--collector', collector.url];
  const struck = await workspace.call([...args, join(drills, 'steal.cjs')]);
  if (struck.code !== 0) throw new Error(`the drill failed: ${struck.stderr}`);
}
