/** Waits for a condition with a deadline, which is what replaces sleeping in these tests. */
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 2;
const DEADLINE_MS = 8000;

/** Resolves once `condition` holds; throws with `what` after the deadline. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`still waiting: ${what}`);
    await pause(POLL_MS);
  }
}
