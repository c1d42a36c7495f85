/** How long to wait before the next attempt: doubling from first to last, spread by chance. */
import { RECONNECT_FIRST_MS, RECONNECT_JITTER, RECONNECT_LAST_MS } from '../limits.ts';

/** Delay in milliseconds before attempt `attempt` (0 is the first retry); `random` in [0, 1). */
export function reconnectDelay(attempt: number, random: number): number {
  const doublings = Math.min(attempt, 16);
  const base = Math.min(RECONNECT_LAST_MS, RECONNECT_FIRST_MS * 2 ** doublings);
  return Math.round(base * (1 + RECONNECT_JITTER * (2 * random - 1)));
}
