/** How long to wait before connecting again: doubled each time, and spread so that replicas do not march in step. */
import { RECONNECT_FIRST_MS, RECONNECT_LAST_MS } from '../limits.ts';

/** The waits of one link. */
export class Backoff {
  private nextMs = RECONNECT_FIRST_MS;
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  /** The next wait, milliseconds: between half and all of what is due. */
  next(): number {
    const dueMs = this.nextMs;
    this.nextMs = Math.min(RECONNECT_LAST_MS, dueMs * 2);
    return dueMs * (0.5 + this.random() / 2);
  }

  reset(): void {
    this.nextMs = RECONNECT_FIRST_MS;
  }
}
