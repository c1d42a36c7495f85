/** The filters that both lists have, with their choices. */
import { AlertKind, IncidentStatus, type ServiceView, Severity } from '@lockstep/protocol';
import { UNATTRIBUTED } from '../model/list-rules.ts';
import { replicaIds } from '../model/run-merge.ts';
import { kindWords, severityRank } from '../model/words.ts';
import type { FilterField, FilterOption } from './filter-bar.tsx';

function plain(values: readonly string[]): readonly FilterOption[] {
  return values.map((value) => ({ value, label: value }));
}

/** Filter by status, for incidents. */
export const statusField: FilterField = {
  name: 'status',
  label: 'Status',
  options: plain(Object.values(IncidentStatus)),
};

/** Filter by whether it goes on, for alerts. */
export const alertStatusField: FilterField = {
  name: 'status',
  label: 'Status',
  options: plain(['open', 'resolved']),
};

/** Order of a sort, where there are no column headings to turn it. */
export const orderField: FilterField = {
  name: 'order',
  label: 'Order',
  options: [
    { value: 'desc', label: 'highest or newest first' },
    { value: 'asc', label: 'lowest or oldest first' },
  ],
};

/** Filters by severity, kind, service and suspect. */
export function commonFields(services: readonly ServiceView[]): readonly FilterField[] {
  const severities = Object.values(Severity).sort((a, b) => severityRank[b] - severityRank[a]);
  const kinds = Object.values(AlertKind).map((kind) => ({ value: kind, label: kindWords[kind] }));
  return [
    { name: 'severity', label: 'Severity', options: plain(severities) },
    { name: 'kind', label: 'Kind', options: kinds },
    { name: 'service', label: 'Service', options: plain(services.map(({ name }) => name)) },
    { name: 'suspect', label: 'Suspect', options: plain([...replicaIds(services), UNATTRIBUTED]) },
  ];
}
