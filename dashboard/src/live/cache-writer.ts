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
  LiveSnapshot,
  ServiceView,
} from '@lockstep/protocol';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { type ListKey, queryKeys } from '../api/query-keys.ts';
import type { Clock, TimerHandle } from '../clock.ts';
import { PATCH_GATHER_MS } from '../limits.ts';
import { type LoadedPages, upsertItem } from '../model/list-pages.ts';
import { alertRules, incidentRules, type ListRules } from '../model/list-rules.ts';
import type { AlertSearch, IncidentSearch } from '../model/list-search.ts';
import { mergeRuns } from '../model/run-merge.ts';
import { PatchBatch } from './patch-batch.ts';
import { RefetchQueue } from './refetch-queue.ts';

/** Takes frames in order and keeps the cache current. */
export class CacheWriter {
  readonly #client: QueryClient;
  readonly #clock: Clock;
  readonly #refetches: RefetchQueue;
  #batch = new PatchBatch();
  #timer: TimerHandle | null = null;

  constructor(client: QueryClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.#refetches = new RefetchQueue(client, clock);
  }

  /** Takes one frame. */
  take(frame: LiveFrame): void {
    if (frame.type === 'snapshot') this.#writeSnapshot(frame);
    if (frame.type !== 'patch') return;
    this.#batch.add(frame);
    this.#timer ??= this.#clock.startTimer(() => this.#flush(), PATCH_GATHER_MS);
  }

  #writeSnapshot(frame: LiveSnapshot): void {
    // What was gathered before is older than the snapshot and contained in it.
    this.#batch = new PatchBatch();
    this.#replaceServices(() => frame.services);
    this.#client.setQueryData(queryKeys.collector, frame.collector);
    this.#refetches.add(queryKeys.allIncidents);
    this.#refetches.add(queryKeys.allAlerts);
    this.#refetches.add(queryKeys.allDetails);
  }

  #flush(): void {
    this.#timer = null;
    const batch = this.#batch;
    this.#batch = new PatchBatch();
    if (batch.collector !== null) {
      this.#client.setQueryData(queryKeys.collector, batch.collector);
    }
    const runs = [...batch.runs.values()];
    if (runs.length > 0) this.#replaceServices((before) => mergeRuns(before, runs));
    this.#writeIncidents([...batch.incidents.values()]);
    this.#writeAlerts([...batch.alerts.values()]);
  }

  #writeIncidents(incidents: readonly IncidentView[]): void {
    this.#writeLists(queryKeys.allIncidents, incidents, incidentRulesOf);
    for (const incident of incidents) {
      this.#client.setQueryData<IncidentDetail>(queryKeys.incident(incident.id), (before) =>
        before === undefined || incident.updatedAt < before.updatedAt
          ? before
          : { ...before, ...incident },
      );
      this.#refetchDetail(incident.id);
    }
  }

  #writeAlerts(alerts: readonly AlertView[]): void {
    this.#writeLists(queryKeys.allAlerts, alerts, alertRulesOf);
    for (const alert of alerts) {
      this.#client.setQueryData<AlertView>(queryKeys.alert(alert.id), (before) =>
        before === undefined ? before : alert,
      );
      this.#refetchDetail(alert.incidentId);
    }
  }

  /** Only what somebody has opened: a burst brings thousands that nobody has. */
  #refetchDetail(incidentId: string): void {
    const key = queryKeys.incident(incidentId);
    if (this.#client.getQueryState(key) !== undefined) this.#refetches.add(key);
  }

  /** An HTTP answer that is still under way is older than the feed: it must not overwrite it. */
  #replaceServices(change: (before: readonly ServiceView[]) => readonly ServiceView[]): void {
    void this.#client.cancelQueries({ queryKey: queryKeys.services });
    this.#client.setQueryData<readonly ServiceView[]>(queryKeys.services, (before) =>
      change(before ?? []),
    );
  }

  #writeLists<T extends { readonly id: string }>(
    prefix: QueryKey,
    items: readonly T[],
    rulesOf: (search: object) => ListRules<T>,
  ): void {
    if (items.length === 0) return;
    for (const query of this.#client.getQueryCache().findAll({ queryKey: prefix })) {
      const key = query.queryKey as ListKey;
      // A request under way was answered before these items came, or not: nobody knows, so ask again.
      let ask = query.state.fetchStatus === 'fetching';
      const before = this.#client.getQueryData<LoadedPages<T>>(key);
      if (before !== undefined) {
        const rules = rulesOf(key[1]);
        let list = before;
        for (const item of items) {
          const upserted = upsertItem(list, item, rules);
          list = upserted.list;
          ask ||= upserted.ask;
        }
        if (list !== before) this.#client.setQueryData(key, list);
      }
      if (ask) this.#refetches.add(key);
    }
  }
}

const incidentRulesOf = (search: object): ListRules<IncidentView> =>
  incidentRules(search as IncidentSearch);
const alertRulesOf = (search: object): ListRules<AlertView> => alertRules(search as AlertSearch);
