/**
 * The last minutes of calls/s, a short ring for each replica. It lives only in the page: the
 * collector's metrics are for history, this is for "is it moving".
 */
import type { RunView } from '@lockstep/protocol';
import { HISTORY_GAP_MS, HISTORY_POINTS, HISTORY_REPLICAS, HISTORY_STEP_MS } from '../limits.ts';

/** Calls/s at one moment. */
export interface RatePoint {
  readonly atMs: number;
  readonly callsPerSecond: number;
}

/** Aligned columns of a chart: seconds since the epoch, and a value or null for a gap. */
export interface RateSeries {
  readonly seconds: readonly number[];
  readonly rates: readonly (number | null)[];
  /** Top of the vertical axis; never zero, so that a flat zero is drawn at the bottom. */
  readonly top: number;
}

const NO_POINTS: readonly RatePoint[] = [];

/** Bounded histories by run and replica. */
export class RateHistory {
  readonly #points = new Map<string, readonly RatePoint[]>();
  readonly #listeners = new Set<() => void>();

  /** Adds a point for each live replica of these runs, unless its last one is too young. */
  record(runs: readonly RunView[], atMs: number): void {
    for (const run of runs) {
      for (const replica of run.replicas) {
        if (replica.endedAt !== null) continue;
        this.#append(`${run.runId}/${replica.id}`, {
          atMs,
          callsPerSecond: replica.callsPerSecond,
        });
      }
    }
    for (const listener of this.#listeners) listener();
  }

  /** Points of one replica, oldest first; the same array until a point is added. */
  pointsOf(runId: string, replicaId: string): readonly RatePoint[] {
    return this.#points.get(`${runId}/${replicaId}`) ?? NO_POINTS;
  }

  /** Calls `listener` after every record; returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #append(key: string, point: RatePoint): void {
    const before = this.#points.get(key) ?? NO_POINTS;
    const last = before.at(-1);
    if (last !== undefined && point.atMs - last.atMs < HISTORY_STEP_MS) return;
    // Deleting first moves the key to the end: the map's order is then that of the last points.
    this.#points.delete(key);
    this.#points.set(key, [...before, point].slice(-HISTORY_POINTS));
    if (this.#points.size <= HISTORY_REPLICAS) return;
    const [oldest] = this.#points.keys();
    if (oldest !== undefined) this.#points.delete(oldest);
  }
}

/** Points as chart columns, with a hole wherever nothing was heard for a while. */
export function rateSeries(points: readonly RatePoint[]): RateSeries {
  const seconds: number[] = [];
  const rates: (number | null)[] = [];
  let top = 1;
  let lastMs: number | null = null;
  for (const { atMs, callsPerSecond } of points) {
    if (lastMs !== null && atMs - lastMs > HISTORY_GAP_MS) {
      seconds.push((lastMs + 1) / 1_000);
      rates.push(null);
    }
    seconds.push(atMs / 1_000);
    rates.push(callsPerSecond);
    top = Math.max(top, callsPerSecond);
    lastMs = atMs;
  }
  return { seconds, rates, top };
}

/** The series in words, for those who do not see it. */
export function rateWords(points: readonly RatePoint[]): string {
  const last = points.at(-1);
  if (last === undefined) return 'no history yet';
  const rates = points.map((point) => point.callsPerSecond);
  const low = Math.round(Math.min(...rates));
  const high = Math.round(Math.max(...rates));
  return `between ${low} and ${high} calls per second lately`;
}
