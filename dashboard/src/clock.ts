/**
 * The dashboard's only door to time, scheduling and chance. Everything that waits, backs off or
 * dates something takes a `Clock`, so that tests can hold the hands.
 */

/** A pending timer; opaque to callers. */
export type TimerHandle = ReturnType<typeof setTimeout>;

/** Time, timers and randomness, as one injectable thing. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly startTimer: (action: () => void, delayMs: number) => TimerHandle;
  readonly stopTimer: (handle: TimerHandle) => void;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  startTimer: (action, delayMs) => setTimeout(action, delayMs),
  stopTimer: (handle) => clearTimeout(handle),
  random: () => Math.random(),
};
