/**
 * Queries over the HTTP API. The live feed keeps them current, so nothing polls; they are fetched
 * once, and again when the feed says that something happened which it could not tell in full.
 */
import type {
  AlertView,
  CollectorStatus,
  IncidentDetail,
  IncidentView,
  Page,
  ServiceView,
} from '@lockstep/protocol';
import {
  QueryClient,
  skipToken,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { DashboardError } from '../errors.ts';
import type { LoadedPages } from '../model/list-pages.ts';
import type { AlertSearch, IncidentSearch } from '../model/list-search.ts';
import { fetchAlert, fetchAlerts, fetchIncident, fetchIncidents, fetchServices } from './client.ts';
import { queryKeys } from './query-keys.ts';

/** Attempts after a failure that may pass; the feed's next snapshot asks again anyway. */
const RETRIES = 2;

/** The page's one query cache. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        retry: (failures, error) =>
          failures < RETRIES && !(error instanceof DashboardError && !error.retryable),
      },
      mutations: { networkMode: 'always' },
    },
  });
}

/** Services and their runs. */
export function useServices(): UseQueryResult<readonly ServiceView[]> {
  return useQuery({
    queryKey: queryKeys.services,
    queryFn: ({ signal }) => fetchServices({ signal }),
  });
}

/** How the collector is doing; undefined until the live feed said so. */
export function useCollectorStatus(): CollectorStatus | undefined {
  return useQuery<CollectorStatus>({ queryKey: queryKeys.collector, queryFn: skipToken }).data;
}

/** A list as it is loaded so far. */
export type ListQuery<T> = UseInfiniteQueryResult<LoadedPages<T>>;

const nextCursor = (page: Page<unknown>): string | null => page.nextCursor;
const FIRST_PAGE: string | null = null;

// Lists are long and replaced item by item: comparing them deeply at each patch would cost more than
// it saves, hence no structural sharing below.

/** Incidents that fit a search. */
export function useIncidents(search: IncidentSearch): ListQuery<IncidentView> {
  return useInfiniteQuery({
    queryKey: queryKeys.incidents(search),
    queryFn: ({ pageParam, signal }) => fetchIncidents(search, pageParam, { signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: nextCursor,
    structuralSharing: false,
  });
}

/** Alerts that fit a search. */
export function useAlerts(search: AlertSearch): ListQuery<AlertView> {
  return useInfiniteQuery({
    queryKey: queryKeys.alerts(search),
    queryFn: ({ pageParam, signal }) => fetchAlerts(search, pageParam, { signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: nextCursor,
    structuralSharing: false,
  });
}

/** One incident with everything. */
export function useIncident(id: string): UseQueryResult<IncidentDetail> {
  return useQuery({
    queryKey: queryKeys.incident(id),
    queryFn: ({ signal }) => fetchIncident(id, { signal }),
  });
}

/** One alert, or nothing to ask for when no id is given. */
export function useAlert(id: string | undefined): UseQueryResult<AlertView> {
  return useQuery<AlertView>({
    queryKey: queryKeys.alert(id ?? ''),
    queryFn: id === undefined ? skipToken : ({ signal }) => fetchAlert(id, { signal }),
  });
}

/** The open incidents, newest first: the overview's list and the number in the navigation. */
export const OPEN_INCIDENTS: IncidentSearch = { status: 'open' };
