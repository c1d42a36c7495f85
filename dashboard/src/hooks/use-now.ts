/** The time, as often as a component needs to know it. */
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';

/** Ages are shown in seconds. */
const TICK_MS = 1_000;

/** Milliseconds since the epoch, renewed every `tickMs`. */
export function useNow(tickMs: number = TICK_MS): number {
  const { clock } = useLive();
  const [nowMs, setNowMs] = useState(() => clock.now());
  useEffect(() => {
    let timer = clock.startTimer(tick, tickMs);
    function tick(): void {
      setNowMs(clock.now());
      timer = clock.startTimer(tick, tickMs);
    }
    return () => clock.stopTimer(timer);
  }, [clock, tickMs]);
  return nowMs;
}
