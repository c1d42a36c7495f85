/**
 * Says when, and since when, what the page shows may be out of date. A page that keeps showing the
 * last green picture after its feed died would be worse than no page.
 */
import { STALE_GRACE_MS } from '../limits.ts';
import { formatDuration, formatTime } from './format.ts';

/** What of the feed's state matters to a reader. */
export interface FeedHealth {
  readonly phase: 'connecting' | 'live' | 'waiting' | 'stopped';
  /** When the page began to look, or lost what it had; milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly lastFrameAtMs: number | null;
  readonly retryAtMs: number | null;
}

/** The banner's sentence, or null while data is live. */
export function staleNotice(health: FeedHealth, nowMs: number, timeZone?: string): string | null {
  if (health.phase === 'live') return null;
  const sinceMs = health.lastFrameAtMs ?? health.startedAtMs;
  if (nowMs - sinceMs < STALE_GRACE_MS) return null;
  const next = retryWords(health, nowMs);
  if (health.lastFrameAtMs === null) {
    return `No live data yet: the collector does not answer. ${next}`;
  }
  const time = formatTime(sinceMs, nowMs, timeZone);
  const age = formatDuration(Math.floor((nowMs - sinceMs) / 1_000) * 1_000);
  return `Data is stale since ${time} (${age}): no word from the collector. ${next}`;
}

function retryWords(health: FeedHealth, nowMs: number): string {
  if (health.phase !== 'waiting' || health.retryAtMs === null) return 'Connecting…';
  const seconds = Math.max(1, Math.ceil((health.retryAtMs - nowMs) / 1_000));
  return `Trying again in ${seconds} s.`;
}
