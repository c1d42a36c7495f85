/** A clock whose hands a test moves; timers fire in order as time passes them. */
import type { Clock, TimerHandle } from '../../src/clock.ts';

interface Pending {
  readonly handle: number;
  readonly dueMs: number;
  readonly action: () => void;
}

/** A clock that stands still until `advance`. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  #next = 1;
  #pending: Pending[] = [];

  readonly now = (): number => this.#nowMs;

  readonly startTimer = (action: () => void, delayMs: number): TimerHandle => {
    const handle = this.#next;
    this.#next += 1;
    this.#pending.push({ handle, dueMs: this.#nowMs + delayMs, action });
    return handle as unknown as TimerHandle;
  };

  readonly stopTimer = (handle: TimerHandle): void => {
    this.#pending = this.#pending.filter((timer) => timer.handle !== (handle as unknown));
  };

  readonly random = (): number => 0.5;

  /** Lets time pass. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const [due] = this.#pending
        .filter((timer) => timer.dueMs <= endMs)
        .sort((a, b) => a.dueMs - b.dueMs);
      if (due === undefined) break;
      this.#pending = this.#pending.filter((timer) => timer !== due);
      this.#nowMs = due.dueMs;
      due.action();
    }
    this.#nowMs = endMs;
  }
}
