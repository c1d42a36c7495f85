/**
 * Lets go of what is older than it is to be kept, now and then. A MongoDB server does most of this by
 * itself; the embedded store relies on it.
 */
import { type Clock, systemClock, type TimerHandle } from '../clock.ts';
import type { Store } from '../ports.ts';
import { reasonOf } from './errors.ts';
import { DEFAULT_RETENTION_DAYS, RETENTION_LOOK_MS } from './limits.ts';

/** Options of retention. */
export interface RetentionOptions {
  readonly clock?: Clock;
  /** Days that ended runs and resolved incidents are kept; default 30. */
  readonly retentionDays?: number;
  /** Told, in one line, why a round failed; the next one tries again. */
  readonly report?: (line: string) => void;
}

const MS_PER_DAY = 86_400_000;

/** Begins with a round at once and goes on hourly; answers what ends it. */
export function startRetention(store: Store, options: RetentionOptions = {}): { stop(): void } {
  const { clock = systemClock, retentionDays = DEFAULT_RETENTION_DAYS, report } = options;
  let timer: TimerHandle | null = null;
  let stopped = false;
  const round = async (): Promise<void> => {
    const before = new Date(clock.now() - retentionDays * MS_PER_DAY).toISOString();
    await store.expire(before).catch((cause: unknown) => {
      report?.(`retention: what ended before ${before} could not be removed: ${reasonOf(cause)}`);
    });
    if (!stopped) timer = clock.startTimer(() => void round(), RETENTION_LOOK_MS);
  };
  void round();
  return {
    stop: () => {
      stopped = true;
      if (timer !== null) clock.stopTimer(timer);
    },
  };
}
