/**
 * Filters and sort of the two lists, as they stand in the URL. What the URL says and the list does
 * not know is dropped here, once; defaults are left out of the URL, so that a plain link stays plain.
 */
import { AlertKind, IncidentStatus, Severity } from '@lockstep/protocol';

/** Field by which incidents are sorted. */
export type IncidentSort = 'openedAt' | 'updatedAt' | 'severity' | 'alerts';

/** Field by which alerts are sorted. */
export type AlertSort = 'at' | 'severity';

export type SortOrder = 'asc' | 'desc';

/** Filters of `/incidents`; what is absent does not filter. */
export interface IncidentSearch {
  readonly service?: string;
  readonly runId?: string;
  readonly status?: IncidentStatus;
  readonly severity?: Severity;
  readonly kind?: AlertKind;
  readonly suspect?: string;
  readonly q?: string;
  readonly sort?: IncidentSort;
  readonly order?: SortOrder;
}

/** Filters of `/alerts`; what is absent does not filter. */
export interface AlertSearch {
  readonly service?: string;
  readonly runId?: string;
  readonly incidentId?: string;
  /** `open` while it goes on, `resolved` when it is over by itself. */
  readonly status?: 'open' | 'resolved';
  readonly severity?: Severity;
  readonly kind?: AlertKind;
  readonly suspect?: string;
  readonly q?: string;
  readonly sort?: AlertSort;
  readonly order?: SortOrder;
}

/** What every list's search has in common. */
export interface ListSearch {
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
  readonly order?: string | undefined;
  readonly [filter: string]: string | undefined;
}

/** The URL's parameters as they come: any of them may be anything. */
export type RawSearch = { readonly [Key in keyof IncidentSearch | keyof AlertSearch]?: unknown };

export const INCIDENT_SORTS: readonly IncidentSort[] = [
  'openedAt',
  'updatedAt',
  'severity',
  'alerts',
];
export const ALERT_SORTS: readonly AlertSort[] = ['at', 'severity'];

const SEVERITIES = Object.values(Severity);
const KINDS = Object.values(AlertKind);
const STATUSES = Object.values(IncidentStatus);

function text(raw: unknown): string | undefined {
  return typeof raw === 'string' && raw.trim() !== '' ? raw : undefined;
}

function oneOf<T extends string>(raw: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((value) => value === raw);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Drops what is undefined, so that objects can be compared and put into a URL. */
export function compact<T extends object>(search: T): Defined<T> {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}

/** Reads the search part of `/incidents`. */
export function parseIncidentSearch(raw: RawSearch): IncidentSearch {
  return compact({
    service: text(raw.service),
    runId: text(raw.runId),
    status: oneOf(raw.status, STATUSES),
    severity: oneOf(raw.severity, SEVERITIES),
    kind: oneOf(raw.kind, KINDS),
    suspect: text(raw.suspect),
    q: text(raw.q),
    sort: oneOf(raw.sort, INCIDENT_SORTS),
    order: oneOf(raw.order, ['asc', 'desc'] as const),
  });
}

/** Reads the search part of `/alerts`. */
export function parseAlertSearch(raw: RawSearch): AlertSearch {
  return compact({
    service: text(raw.service),
    runId: text(raw.runId),
    incidentId: text(raw.incidentId),
    status: oneOf(raw.status, ['open', 'resolved'] as const),
    severity: oneOf(raw.severity, SEVERITIES),
    kind: oneOf(raw.kind, KINDS),
    suspect: text(raw.suspect),
    q: text(raw.q),
    sort: oneOf(raw.sort, ALERT_SORTS),
    order: oneOf(raw.order, ['asc', 'desc'] as const),
  });
}

/** Changes some filters; an empty value takes a filter away. */
export function withFilters(search: ListSearch, changes: ListSearch): ListSearch {
  const merged: Record<string, string | undefined> = { ...search, ...changes };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined && value !== ''),
  );
}

/** Sorting by the field that is already sorted by turns the order; another one starts descending. */
export function nextSort(
  current: { readonly sort: string; readonly order: SortOrder },
  sort: string,
): { readonly sort: string; readonly order: SortOrder } {
  const turned = current.sort === sort && current.order === 'desc';
  return { sort, order: turned ? 'asc' : 'desc' };
}

/** True when anything but the sort narrows the list. */
export function isFiltered(search: ListSearch): boolean {
  return Object.entries(search).some(
    ([key, value]) => key !== 'sort' && key !== 'order' && value !== undefined,
  );
}

/** The URL's search as plain strings: `?status=open&q=a%20b`, readable and stable. */
export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') parameters.set(key, value);
  }
  const textual = parameters.toString();
  return textual === '' ? '' : `?${textual}`;
}

/** The opposite of `stringifySearch`. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}
