/**
 * Ties the live parts together once for the page, and gives components access: the feed, its rate
 * history, the announcer, the clock. Nothing here renders anything.
 */
import type { LiveFrame, ServiceView } from '@lockstep/protocol';
import type { QueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useSyncExternalStore } from 'react';
import { queryKeys } from '../api/query-keys.ts';
import { type Clock, systemClock } from '../clock.ts';
import { RateHistory, type RatePoint } from '../model/rate-history.ts';
import type { FeedHealth } from '../model/stale-notice.ts';
import { Announcer } from './announcer.ts';
import { openBrowserSocket } from './browser-socket.ts';
import { CacheWriter } from './cache-writer.ts';
import { LiveFeed } from './live-feed.ts';

/** What lives as long as the page. */
export interface Live {
  readonly clock: Clock;
  readonly feed: LiveFeed;
  readonly history: RateHistory;
  readonly announcer: Announcer;
}

/** Builds the live parts around a query cache. */
export function createLive(client: QueryClient, clock: Clock = systemClock): Live {
  const history = new RateHistory();
  const announcer = new Announcer(clock);
  const writer = new CacheWriter(client, clock);
  const feed = new LiveFeed({
    clock,
    openSocket: openBrowserSocket,
    onFrame: (frame) => {
      writer.take(frame);
      announcer.take(frame);
      recordRates(client, history, frame, clock.now());
    },
  });
  return { clock, feed, history, announcer };
}

/** A heartbeat says that nothing changed: the last rates are then still true, and drawn on. */
function recordRates(
  client: QueryClient,
  history: RateHistory,
  frame: LiveFrame,
  nowMs: number,
): void {
  if (frame.type === 'patch') {
    if (frame.runs !== undefined) history.record(frame.runs, nowMs);
    return;
  }
  const services = client.getQueryData<readonly ServiceView[]>(queryKeys.services) ?? [];
  history.record(
    services.flatMap((service) => service.runs),
    nowMs,
  );
}

const LiveContext = createContext<Live | null>(null);

/** Connects the feed while mounted; a network that comes back is used at once. */
export function LiveProvider(props: { live: Live; children: ReactNode }): ReactNode {
  const { feed } = props.live;
  useEffect(() => {
    const connect = (): void => feed.connect();
    connect();
    globalThis.addEventListener('online', connect);
    return () => {
      globalThis.removeEventListener('online', connect);
      feed.stop();
    };
  }, [feed]);
  return <LiveContext value={props.live}>{props.children}</LiveContext>;
}

/** The live parts of this page. */
export function useLive(): Live {
  const live = use(LiveContext);
  if (live === null) throw new Error('useLive needs a LiveProvider above it');
  return live;
}

/** Health of the feed, current. */
export function useFeedHealth(): FeedHealth {
  const { feed } = useLive();
  return useSyncExternalStore(
    (listener) => feed.subscribe(listener),
    () => feed.health,
  );
}

/** The last announcement, empty before the first. */
export function useAnnouncement(): string {
  const { announcer } = useLive();
  return useSyncExternalStore(
    (listener) => announcer.subscribe(listener),
    () => announcer.sentence,
  );
}

/** Calls/s of one replica lately. */
export function useRatePoints(runId: string, replicaId: string): readonly RatePoint[] {
  const { history } = useLive();
  return useSyncExternalStore(
    (listener) => history.subscribe(listener),
    () => history.pointsOf(runId, replicaId),
  );
}
