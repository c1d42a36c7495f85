/**
 * What a list would say of an item that the live feed brings: does it belong here, and where. Where
 * only the collector can know (full-text search), the answer is to ask it.
 */
import type { AlertView, IncidentView } from '@lockstep/protocol';
import type { AlertSearch, IncidentSearch } from './list-search.ts';
import { severityRank } from './words.ts';

/** `ask` means: only the collector can tell. */
export type Belonging = 'in' | 'out' | 'ask';

/** Rules of one list for items of type T. */
export interface ListRules<T> {
  readonly belongs: (item: T) => Belonging;
  /** Negative if `a` stands before `b`. */
  readonly compare: (a: T, b: T) => number;
  /** True if `candidate` may replace `current`: the feed and a slow answer can cross. */
  readonly supersedes: (candidate: T, current: T) => boolean;
}

function equalOrUnset(wanted: string | undefined, actual: string | null): boolean {
  return wanted === undefined || wanted === actual;
}

/** What `suspect` is asked for to find what names nobody. */
export const UNATTRIBUTED = 'unattributed';

function suspectFits(wanted: string | undefined, suspect: string | null): boolean {
  return wanted === UNATTRIBUTED ? suspect === null : equalOrUnset(wanted, suspect);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Rules of the incidents list for a search. */
export function incidentRules(search: IncidentSearch): ListRules<IncidentView> {
  const field = search.sort ?? 'openedAt';
  const sign = search.order === 'asc' ? 1 : -1;
  const keyed = (a: IncidentView, b: IncidentView): number => {
    switch (field) {
      case 'openedAt':
        return compareText(a.openedAt, b.openedAt);
      case 'updatedAt':
        return compareText(a.updatedAt, b.updatedAt);
      case 'severity':
        return severityRank[a.severity] - severityRank[b.severity];
      case 'alerts':
        return a.alerts - b.alerts;
    }
  };
  return {
    belongs: (item) => {
      const fits =
        equalOrUnset(search.service, item.service) &&
        equalOrUnset(search.runId, item.runId) &&
        equalOrUnset(search.status, item.status) &&
        equalOrUnset(search.kind, item.firstDivergence.kind) &&
        equalOrUnset(search.severity, item.severity) &&
        suspectFits(search.suspect, item.suspect);
      if (!fits) return 'out';
      return search.q === undefined ? 'in' : 'ask';
    },
    compare: (a, b) =>
      sign * (keyed(a, b) || compareText(a.openedAt, b.openedAt) || compareText(a.id, b.id)),
    supersedes: (candidate, current) => candidate.updatedAt >= current.updatedAt,
  };
}

/** Rules of the alerts list for a search. */
export function alertRules(search: AlertSearch): ListRules<AlertView> {
  const sign = search.order === 'asc' ? 1 : -1;
  const keyed = (a: AlertView, b: AlertView): number =>
    search.sort === 'severity'
      ? severityRank[a.severity] - severityRank[b.severity]
      : compareText(a.at, b.at);
  return {
    belongs: (item) => {
      const fits =
        equalOrUnset(search.service, item.service) &&
        equalOrUnset(search.runId, item.runId) &&
        equalOrUnset(search.incidentId, item.incidentId) &&
        equalOrUnset(search.status, item.resolvedAt === null ? 'open' : 'resolved') &&
        equalOrUnset(search.severity, item.severity) &&
        equalOrUnset(search.kind, item.kind) &&
        suspectFits(search.suspect, item.suspect);
      if (!fits) return 'out';
      return search.q === undefined ? 'in' : 'ask';
    },
    compare: (a, b) => sign * (keyed(a, b) || compareText(a.at, b.at) || compareText(a.id, b.id)),
    supersedes: () => true,
  };
}
