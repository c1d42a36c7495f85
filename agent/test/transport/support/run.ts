/** One collector and the replicas started against it, taken down after each test. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import {
  type InboxItem,
  startTransport,
  type Transport,
  type TransportOptions,
} from '../../../src/transport/index.ts';
import { type Bundles, makeBundles } from './bundles.ts';
import { FakeCollector } from './fake-collector.ts';
import { nothing, replicaOptions } from './replica.ts';
import { until } from './until.ts';

let sockets = 0;

/** What a test uses. */
export interface Run {
  collector: FakeCollector;
  bundles: Bundles;
  url: string;
  /** Starts a transport whose setting is not known yet. */
  create(more?: Partial<TransportOptions>): Transport;
  /** Starts a transport whose setting is known. */
  start(more?: Partial<TransportOptions>): Transport;
}

/** Registers the hooks that make and remove everything. */
export function useRun(): Run {
  // Above the deadline of `until`, which says what it waited for.
  vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });
  const started: Transport[] = [];
  const run: Run = {
    collector: new FakeCollector(),
    bundles: { folder: '', worker: '', transport: '', remove: () => undefined },
    url: '',
    create(more = {}) {
      const transport = startTransport(replicaOptions(run.bundles.worker, run.url, more));
      started.push(transport);
      return transport;
    },
    start(more = {}) {
      const transport = run.create(more);
      transport.setSetting({ argv: 'server.js' }, nothing);
      return transport;
    },
  };
  beforeAll(async () => {
    run.bundles = await makeBundles();
  });
  afterAll(() => run.bundles.remove());
  beforeEach(async () => {
    run.collector = new FakeCollector();
    run.url = await run.collector.start(join(run.bundles.folder, `${sockets++}.sock`));
  });
  afterEach(async () => {
    // Ended transports say bye and do not connect again: the next test has the machine for itself.
    run.collector.acknowledges = true;
    for (const { outbox } of started.splice(0)) outbox.end(0, true);
    await until('all said bye', () => run.collector.deserted);
    await run.collector.kill();
  });
  return run;
}

/** Takes items until there are `count`. */
export async function items(transport: Transport, count: number): Promise<InboxItem[]> {
  const taken: InboxItem[] = [];
  await until(`${count} items`, () => {
    for (let item = transport.inbox.take(); item; item = transport.inbox.take()) taken.push(item);
    return taken.length >= count;
  });
  return taken;
}

/** The plain bytes that items carry. */
export function plainBytes(taken: readonly InboxItem[]): Buffer {
  return Buffer.concat(taken.flatMap((item) => (item.type === 'entries' ? [item.bytes] : [])));
}
