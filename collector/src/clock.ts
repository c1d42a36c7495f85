/**
 * The collector's only door to time and scheduling. Everything that waits, backs off or dates
 * something takes a `Clock`, so that tests can hold the hands.
 */

/** A pending timer; opaque to callers. */
export type TimerHandle = ReturnType<typeof setTimeout>;

/** Time and timers, as one injectable thing. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs `action` once after `delayMs`; a pending timer does not keep the process alive. */
  readonly startTimer: (action: () => void, delayMs: number) => TimerHandle;
  readonly stopTimer: (handle: TimerHandle) => void;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  startTimer: (action, delayMs) => setTimeout(action, delayMs).unref(),
  stopTimer: (handle) => clearTimeout(handle),
};
