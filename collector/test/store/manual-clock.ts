/** A clock whose hands a test holds. */
import type { Clock, TimerHandle } from '../../src/clock.ts';

interface Timer {
  readonly action: () => void;
  readonly dueMs: number;
  readonly delayMs: number;
}

/** Time stands still until `advance`. */
export class ManualClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 1, 12);
  readonly #timers = new Map<number, Timer>();
  #lastId = 0;

  now = (): number => this.#nowMs;

  startTimer = (action: () => void, delayMs: number): TimerHandle => {
    this.#lastId += 1;
    this.#timers.set(this.#lastId, { action, dueMs: this.#nowMs + delayMs, delayMs });
    return this.#lastId as unknown as TimerHandle;
  };

  stopTimer = (handle: TimerHandle): void => {
    this.#timers.delete(handle as unknown as number);
  };

  /** Delays of the pending timers, milliseconds, shortest first. */
  get delays(): number[] {
    return [...this.#timers.values()].map((timer) => timer.delayMs).sort((a, b) => a - b);
  }

  /** Moves on by `byMs` and fires what falls due, in order. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.dueMs <= endMs);
      const [next] = due.sort(([, left], [, right]) => left.dueMs - right.dueMs);
      if (next === undefined) break;
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.action();
    }
    this.#nowMs = endMs;
  }
}
