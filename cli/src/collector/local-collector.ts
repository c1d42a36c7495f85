/**
 * A collector inside this process: for `up` on a port with the dashboard, for `check` on a socket in
 * memory. The collector's libraries are loaded here and nowhere else, when they are needed.
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RunOutcome } from '@lockstep/collector';
import { parseCollectorUrl } from '../client/collector-url.ts';
import { sayToStderr } from '../client/notices.ts';
import type { RunFolder } from '../launch/run-folder.ts';
import { CHECK_LAGGING_AFTER_MS } from '../limits.ts';
import { ControlDoor, controlPath } from './control-door.ts';

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
  const collector = createCollector({
    listen: { socketPath },
    store: openStore('memory:'),
    dataDir: join(path, 'collector'),
    serviceTokens: [token],
    limits: { laggingAfterMs: CHECK_LAGGING_AFTER_MS },
    report: sayToStderr,
  });
  await collector.start();
  return {
    token,
    settled: (runId) => collector.settled(runId),
    close: () => collector.stop(),
  };
}

/** What `up` was asked for. `data`: folder of the runs' spool. */
export interface ServiceCollectorOptions {
  readonly port: number;
  readonly host: string;
  readonly store: string;
  readonly data: string;
  readonly token: string;
  /** Disk that the log and records of one run may take, bytes. */
  readonly spoolBytes: number;
}

export interface ServiceCollector {
  readonly url: string;
  close(): Promise<void>;
}

/** A collector on a port, with the dashboard. Rejects with what the system or the store said. */
export async function openServiceCollector(
  options: ServiceCollectorOptions,
): Promise<ServiceCollector> {
  const { createCollector, openStore } = await import('@lockstep/collector');
  const { port, host, store, data, token, spoolBytes } = options;
  const collector = createCollector({
    listen: { port, host },
    store: openStore(store),
    dataDir: data,
    serviceTokens: [token],
    limits: { spoolBytes },
    dashboardDir: findDashboard(),
    report: sayToStderr,
  });
  const { url } = await collector.start();
  const door = await ControlDoor.open(
    controlPath(token, parseCollectorUrl(url).address.port),
    ({ service, replica, file }) => collector.drill(service, replica, file),
  );
  return {
    url,
    close: () => {
      door.close();
      return collector.stop();
    },
  };
}

/** The built dashboard's folder, or null where that package is not installed: the API works alone. */
function findDashboard(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('@lockstep/dashboard/package.json');
    return join(dirname(manifest), 'dist');
  } catch {
    return null;
  }
}
