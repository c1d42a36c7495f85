/**
 * Writes frames of the live feed into the query cache, the one place where pages look. A snapshot
 * replaces what is known and marks every list as old, for nobody knows what happened meanwhile; a
 * patch goes into loaded lists directly. Where only the collector can tell, the list is refetched.
 */
import type {
  AlertView,
  IncidentDetail,
  IncidentView,
  LiveFrame,
  LivePatch,
  LiveSnapshot,
  ServiceView,
} from '@lockstep/protocol';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { type ListKey, queryKeys } from '../api/query-keys.ts';
import { type LoadedPages, upsertItem } from '../model/list-pages.ts';
import { alertRules, incidentRules, type ListRules } from '../model/list-rules.ts';
import type { AlertSearch, IncidentSearch } from '../model/list-search.ts';
import { mergeRuns } from '../model/run-merge.ts';
import type { RefetchQueue } from './refetch-queue.ts';

/** What a writer needs. */
export interface CacheWriterOptions {
  readonly client: QueryClient;
  readonly refetches: RefetchQueue;
}

/** Returns the function that takes frames. */
export function createCacheWriter(options: CacheWriterOptions): (frame: LiveFrame) => void {
  return (frame) => {
    if (frame.type === 'snapshot') writeSnapshot(options, frame);
    if (frame.type === 'patch') writePatch(options, frame);
  };
}

function writeSnapshot({ client, refetches }: CacheWriterOptions, frame: LiveSnapshot): void {
  replaceServices(client, () => frame.services);
  client.setQueryData(queryKeys.collector, frame.collector);
  refetches.add(queryKeys.allIncidents);
  refetches.add(queryKeys.allAlerts);
  refetches.add(queryKeys.allDetails);
}

function writePatch(options: CacheWriterOptions, frame: LivePatch): void {
  const { client, refetches } = options;
  if (frame.collector !== undefined) client.setQueryData(queryKeys.collector, frame.collector);
  const { runs } = frame;
  if (runs !== undefined) replaceServices(client, (before) => mergeRuns(before, runs));
  for (const incident of frame.incidents ?? []) {
    writeList(options, queryKeys.allIncidents, incident, incidentRulesOf);
    writeDetail(client, incident);
    refetches.add(queryKeys.incident(incident.id));
  }
  for (const alert of frame.alerts ?? []) {
    writeList(options, queryKeys.allAlerts, alert, alertRulesOf);
    client.setQueryData(queryKeys.alert(alert.id), alert);
    refetches.add(queryKeys.incident(alert.incidentId));
  }
}

/** An HTTP answer that is still under way is older than the feed: it must not overwrite it. */
function replaceServices(
  client: QueryClient,
  change: (before: readonly ServiceView[]) => readonly ServiceView[],
): void {
  void client.cancelQueries({ queryKey: queryKeys.services });
  client.setQueryData<readonly ServiceView[]>(queryKeys.services, (before) => change(before ?? []));
}

function writeDetail(client: QueryClient, incident: IncidentView): void {
  client.setQueryData<IncidentDetail>(queryKeys.incident(incident.id), (before) =>
    before === undefined || incident.updatedAt < before.updatedAt
      ? before
      : { ...before, ...incident },
  );
}

const incidentRulesOf = (search: object): ListRules<IncidentView> =>
  incidentRules(search as IncidentSearch);
const alertRulesOf = (search: object): ListRules<AlertView> => alertRules(search as AlertSearch);

function writeList<T extends { readonly id: string }>(
  { client, refetches }: CacheWriterOptions,
  prefix: QueryKey,
  item: T,
  rulesOf: (search: object) => ListRules<T>,
): void {
  for (const query of client.getQueryCache().findAll({ queryKey: prefix })) {
    const key = query.queryKey as ListKey;
    const before = client.getQueryData<LoadedPages<T>>(key);
    const fetching = query.state.fetchStatus === 'fetching';
    if (before === undefined) {
      if (fetching) refetches.add(key);
      continue;
    }
    const { list, ask } = upsertItem(before, item, rulesOf(key[1]));
    if (list !== before) client.setQueryData(key, list);
    // A request under way was answered before this item came, or not: nobody knows, so ask again.
    if (ask || fetching) refetches.add(key);
  }
}
