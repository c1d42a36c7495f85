/** Whether the collector can work: it listens and its store answers in time. */
import type { Server } from 'node:http';
import type { Clock } from '../clock.ts';
import type { Store } from '../ports.ts';
import { reasonOf } from '../store/errors.ts';
import { READY_TIMEOUT_MS } from './limits.ts';
import type { Health } from './schemas/export-schemas.ts';

/** Answers whether the collector is ready, and why not. */
export type Readiness = () => Promise<Health>;

export function createReadiness(server: Server, store: Store, clock: Clock): Readiness {
  return async () => {
    if (!server.listening) return { ok: false, detail: 'not listening' };
    const detail = await storeFault(store, clock);
    return detail === null ? { ok: true, detail: 'ready' } : { ok: false, detail };
  };
}

function storeFault(store: Store, clock: Clock): Promise<string | null> {
  return new Promise((resolve) => {
    const late = `the store did not answer within ${READY_TIMEOUT_MS} ms`;
    const timer = clock.startTimer(() => resolve(late), READY_TIMEOUT_MS);
    store
      .ping()
      .then(() => resolve(null))
      .catch((cause: unknown) => resolve(reasonOf(cause)))
      .finally(() => clock.stopTimer(timer));
  });
}
