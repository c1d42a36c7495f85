/** Says since when the page may be out of date; absent while the feed is live. */
import { WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useNow } from '../hooks/use-now.ts';
import { useFeedHealth, useLive } from '../live/live-context.tsx';
import { staleNotice } from '../model/stale-notice.ts';

/** Often enough that the banner comes within its grace and counts down smoothly. */
const TICK_MS = 500;

/** The banner, if there is something to say. */
export function StaleBanner(): ReactNode {
  const health = useFeedHealth();
  const { feed } = useLive();
  const nowMs = useNow(TICK_MS);
  const notice = staleNotice(health, nowMs);
  if (notice === null) return null;
  return (
    <div className="banner tone-high" role="status" data-testid="stale-banner">
      <WifiOff size={16} aria-hidden="true" />
      <span>{notice}</span>
      {health.phase === 'waiting' && (
        <button type="button" className="small" onClick={() => feed.connect()}>
          Try now
        </button>
      )}
    </div>
  );
}
