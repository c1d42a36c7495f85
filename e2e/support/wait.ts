/**
 * Waiting for what another process does: ask until it is so, with a deadline and a sentence for when it
 * never is. Costs up to one poll of delay; a fixed sleep would cost more and prove less.
 */

/** How often a condition is asked for, milliseconds. */
const POLL_MS = 25;
/** What a condition gets unless a test says otherwise, milliseconds. */
const DEADLINE_MS = 20_000;

/** Asks until `probe` answers something truthy, and answers that. A throwing probe is asked again. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  deadlineMs: number = DEADLINE_MS,
): Promise<Exclude<NonNullable<T>, false>> {
  const deadline = performance.now() + deadlineMs;
  let cause: unknown;
  let last: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer as Exclude<NonNullable<T>, false>;
      last = answer;
    } catch (error) {
      // Not there yet; the last reason is told when the time is over.
      cause = error;
    }
    if (performance.now() > deadline) {
      const detail = cause === undefined ? `last answer: ${JSON.stringify(last)}` : String(cause);
      throw new Error(`not within ${deadlineMs} ms: ${what} (${detail})`, { cause });
    }
    await pause(POLL_MS);
  }
}

/** Lets `milliseconds` go by: only where the passing of time is what a test is about. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
