/**
 * What the halves of the collector know of each other: ingest, join and judgement on one side, store,
 * HTTP and live feed on the other. Either side can be tested with a fake of the other.
 */
import type {
  AlertView,
  IncidentDetail,
  IncidentPatch,
  IncidentView,
  Reason,
  RunView,
  ServiceView,
} from '@lockstep/protocol';
import type { Observable } from 'rxjs';

/** What changed; whole objects that replace what has the same identifier. */
export interface ModelChange {
  readonly runs?: readonly RunView[];
  readonly alerts?: readonly AlertView[];
  readonly incidents?: readonly IncidentView[];
}

/** The live picture of services, runs and replicas, kept in memory by ingest and join. */
export interface RunModel {
  services(): readonly ServiceView[];
  run(runId: string): RunView | undefined;
  readonly changes: Observable<ModelChange>;
  /** Matched, mismatched and other counters for `/metrics`, by name and labels. */
  counters(): readonly Counter[];
}

export interface Counter {
  readonly name: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * What judgement knows of an incident. Analysts own `status`, `assignee`, `resolvedAt` and
 * `activity`; a store merges the two and never lets one overwrite the other.
 */
export type JudgedIncident = Omit<
  IncidentDetail,
  'status' | 'assignee' | 'resolvedAt' | 'activity' | 'firstAlerts' | 'replicas'
>;

/** Filters and paging of lists; every field but `limit` may be absent. */
export interface ListQuery {
  readonly service?: string;
  readonly runId?: string;
  readonly incidentId?: string;
  readonly kind?: string;
  readonly severity?: string;
  readonly status?: string;
  readonly suspect?: string;
  /** Free text: id, API, target, summary. */
  readonly text?: string;
  readonly sort?: string;
  readonly order?: 'asc' | 'desc';
  readonly cursor?: string;
  readonly limit: number;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/**
 * Where alerts, incidents, runs and the audit trail are kept. Two implementations, one contract test
 * suite. Every write is idempotent by identifier: a retried write changes nothing.
 * Methods reject with `StoreAway` while the store cannot be reached; the write buffer retries.
 */
export interface Store {
  readonly kind: 'embedded' | 'mongodb';
  open(): Promise<void>;
  close(): Promise<void>;
  /** Resolves when the store answers; rejects with `StoreAway`. */
  ping(): Promise<void>;
  saveRuns(runs: readonly RunView[]): Promise<void>;
  saveAlerts(alerts: readonly AlertView[]): Promise<void>;
  saveIncidents(incidents: readonly JudgedIncident[]): Promise<void>;
  /** Applies an analyst's change and appends to the audit trail; null when there is no such incident. */
  patchIncident(
    id: string,
    patch: IncidentPatch,
    actor: string,
    at: string,
  ): Promise<IncidentDetail | null>;
  runs(query: ListQuery): Promise<ListPage<RunView>>;
  alert(id: string): Promise<AlertView | null>;
  alerts(query: ListQuery): Promise<ListPage<AlertView>>;
  incident(id: string): Promise<IncidentDetail | null>;
  incidents(query: ListQuery): Promise<ListPage<IncidentView>>;
  /** The audit trail, oldest first; each entry holds the hash of the one before. */
  audit(afterSequence: number, limit: number): Promise<readonly AuditEntry[]>;
  /** The audit trail's entries about one subject (an incident's id), oldest first. */
  auditOf(subject: string): Promise<readonly AuditEntry[]>;
  /** Removes what ended before `before` (ISO time) in batches; answers how many objects went. */
  expire(before: string): Promise<number>;
}

export interface AuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** How a run came out, for `lockstep check`. */
export interface RunOutcome {
  readonly run: RunView;
  readonly complete: boolean;
  readonly reason: { readonly code: Reason; readonly detail: string } | null;
  readonly alerts: readonly AlertView[];
  readonly coverage: {
    readonly hooked: number;
    readonly unhooked: readonly string[];
    readonly notFollowed: readonly string[];
  };
}
