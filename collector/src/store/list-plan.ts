/**
 * What a list is asked for, made exact once for all stores: which fields narrow it, in which order it
 * runs, and where it goes on. Pages follow keys, not offsets, so that objects which arrive between
 * two pages neither repeat nor hide another. An object whose sort key changes meanwhile may.
 */
import type { ListPage, ListQuery } from '../ports.ts';
import { StoreError } from './errors.ts';
import { MAX_PAGE_ITEMS } from './limits.ts';
import { severityRank } from './list-fields.ts';

/** What `suspect` is asked for to find what names nobody. */
export const UNATTRIBUTED = 'unattributed';

export type FieldValue = string | number | null;

/** The last object of a page: its sort key, then time and identifier, which break ties. */
export interface ListPosition {
  readonly value: FieldValue;
  readonly at: string;
  readonly id: string;
}

/** A list, ready to be translated into a store's language. */
export interface ListPlan {
  readonly equals: readonly (readonly [field: string, value: FieldValue])[];
  /** Lower-case text that must occur, or null. */
  readonly text: string | null;
  readonly sort: string;
  readonly order: 'asc' | 'desc';
  readonly after: ListPosition | null;
  readonly limit: number;
}

/** Which fields a list can be narrowed and sorted by; a sort's other name maps to its field. */
export interface ListRules {
  readonly filters: readonly Filter[];
  readonly sorts: Readonly<Record<string, string>>;
}

type Filter = 'service' | 'runId' | 'incidentId' | 'kind' | 'severity' | 'status' | 'suspect';

export const runRules: ListRules = {
  filters: ['service', 'status'],
  sorts: { at: 'at', startedAt: 'at', service: 'service' },
};

export const alertRules: ListRules = {
  filters: ['service', 'runId', 'incidentId', 'kind', 'severity', 'status', 'suspect'],
  sorts: { at: 'at', severity: 'severity', kind: 'kind', service: 'service' },
};

export const incidentRules: ListRules = {
  filters: ['service', 'runId', 'kind', 'severity', 'status', 'suspect'],
  sorts: {
    at: 'at',
    openedAt: 'at',
    updatedAt: 'updatedAt',
    severity: 'severity',
    kind: 'kind',
    service: 'service',
    alerts: 'alerts',
  },
};

/** Makes a query exact. Throws `STORE_CURSOR_INVALID`; unknown sorts fall back to the time. */
export function planList(rules: ListRules, query: ListQuery): ListPlan {
  const sort = rules.sorts[query.sort ?? 'at'] ?? 'at';
  const order = query.order ?? 'desc';
  const text = query.text?.trim().toLowerCase();
  return {
    equals: rules.filters.flatMap((field) => equality(field, query[field])),
    text: text === undefined || text === '' ? null : text,
    sort,
    order,
    after: query.cursor === undefined ? null : readCursor(query.cursor, sort, order),
    limit: Math.max(1, Math.min(query.limit, MAX_PAGE_ITEMS)),
  };
}

/** One object of a page as a store found it. */
export interface Found<T> {
  readonly item: T;
  readonly position: ListPosition;
}

/** Makes a page of what was found; `found` holds one object more than the plan's limit if there is more. */
export function pageOf<T>(plan: ListPlan, found: readonly Found<T>[], total: number): ListPage<T> {
  const shown = found.slice(0, plan.limit);
  const last = found.length > plan.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ item }) => item),
    nextCursor: last === undefined ? null : writeCursor(plan, last.position),
    total,
  };
}

function equality(field: Filter, wanted: string | undefined): [string, FieldValue][] {
  if (wanted === undefined) return [];
  if (field === 'severity') return [[field, severityRank(wanted)]];
  if (field === 'suspect' && wanted === UNATTRIBUTED) return [[field, null]];
  return [[field, wanted]];
}

function writeCursor(plan: ListPlan, position: ListPosition): string {
  const { value, at, id } = position;
  return Buffer.from(JSON.stringify([plan.sort, plan.order, value, at, id])).toString('base64url');
}

function readCursor(cursor: string, sort: string, order: string): ListPosition {
  const parts = cursorParts(cursor);
  const [ofSort, ofOrder, value, at, id] = parts;
  const fits = parts.length === 5 && ofSort === sort && ofOrder === order;
  if (fits && isKey(value) && typeof at === 'string' && typeof id === 'string') {
    return { value, at, id };
  }
  throw new StoreError('STORE_CURSOR_INVALID', { cursor: cursor.slice(0, 200) });
}

function cursorParts(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return []; // no position: the caller refuses it by name
  }
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
