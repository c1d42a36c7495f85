/**
 * A collector inside this process: for `up` on a port with the dashboard, for `check` on a socket in
 * memory. The collector's libraries are loaded here and nowhere else, when they are needed.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { RunOutcome } from '@lockstep/collector';
import type { RunFolder } from '../launch/run-folder.ts';

/** How a run came out. */
export type SettledRun = RunOutcome;

export interface LocalCollector {
  /** What a launcher registers runs with. */
  readonly token: string;
  settled(runId: string): Promise<SettledRun>;
  close(): Promise<void>;
}

/** A collector on the run's own socket, its store and spool gone with the run. */
export async function openCheckCollector({ path, socketPath }: RunFolder): Promise<LocalCollector> {
  const { createCollector, openStore } = await import('@lockstep/collector');
  const token = randomBytes(32).toString('hex');
  const collector = await createCollector({
    listen: { socketPath },
    store: openStore('memory:'),
    dataDir: join(path, 'spool'),
    tokenHashes: [hashToken(token)],
  });
  return {
    token,
    settled: (runId) => collector.settled(runId),
    close: () => collector.close(),
  };
}

/** What `up` was asked for. `data`: folder of the runs' spool. */
export interface ServiceCollectorOptions {
  readonly port: number;
  readonly host: string;
  readonly store: string;
  readonly data: string;
  readonly token: string;
}

/** A collector on a port, with the dashboard. */
export async function openServiceCollector(
  options: ServiceCollectorOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { createCollector, openStore } = await import('@lockstep/collector');
  const { port, host, store, data, token } = options;
  return createCollector({
    listen: { port, host },
    store: openStore(store),
    dataDir: data,
    tokenHashes: [hashToken(token)],
    dashboard: true,
  });
}

/** The form in which a collector keeps a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
