/** Incidents as rows and as cards. */
import type { IncidentView } from '@lockstep/protocol';
import { createColumnHelper } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { formatCount, formatPlural } from '../model/format.ts';
import { kindWords } from '../model/words.ts';
import { DrillBadge, SeverityBadge, StatusBadge, SuspectLabel } from './badge.tsx';
import type { GridColumns, GridFeatures } from './data-grid.tsx';
import { IncidentLink } from './links.tsx';
import { ClockTime, TimeAgo } from './time-ago.tsx';

const helper = createColumnHelper<GridFeatures, IncidentView>();

/** Class of a row: what is resolved is quiet. */
export function incidentTone(incident: IncidentView): string {
  return incident.status === 'resolved' ? 'is-over' : '';
}

function IncidentTitle({ incident }: { incident: IncidentView }): ReactNode {
  const { api, target, kind } = incident.firstDivergence;
  return (
    <>
      <IncidentLink id={incident.id} tabIndex={-1} className="row-title">
        {kindWords[kind]}
      </IncidentLink>{' '}
      {api !== null && (
        <code className="subject" title={`${api} ${target ?? ''}`}>
          <b>{api}</b> {target}
        </code>
      )}
    </>
  );
}

/** Widths of the columns. */
export const INCIDENT_TRACKS =
  '6.5rem 8.5rem minmax(14rem, 1fr) 8rem minmax(5rem, 9rem) 5rem 7rem 5.5rem 9.5rem';

/** Columns; ids of sortable ones are the collector's field names. */
export const incidentColumns: GridColumns<IncidentView> = helper.columns([
  helper.display({
    id: 'severity',
    header: 'Severity',
    cell: ({ row }) => <SeverityBadge severity={row.original.severity} />,
  }),
  helper.display({
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  }),
  helper.display({
    id: 'first',
    header: 'First divergence',
    cell: ({ row }) => <IncidentTitle incident={row.original} />,
  }),
  helper.display({
    id: 'suspect',
    header: 'Suspect',
    cell: ({ row }) => <SuspectLabel suspect={row.original.suspect} />,
  }),
  helper.display({ id: 'service', header: 'Service', cell: ({ row }) => row.original.service }),
  helper.display({
    id: 'alerts',
    header: 'Alerts',
    cell: ({ row }) => <span className="number">{formatCount(row.original.alerts)}</span>,
  }),
  helper.display({
    id: 'assignee',
    header: 'Assignee',
    cell: ({ row }) => row.original.assignee ?? <span className="muted">nobody</span>,
  }),
  helper.display({
    id: 'drill',
    header: 'Marks',
    cell: ({ row }) => row.original.drill && <DrillBadge />,
  }),
  helper.display({
    id: 'openedAt',
    header: 'Opened',
    cell: ({ row }) => <ClockTime at={row.original.openedAt} />,
  }),
]);

/** An incident in a narrow window. */
export function IncidentCard({ incident }: { incident: IncidentView }): ReactNode {
  return (
    <>
      <span className="card-line">
        <SeverityBadge severity={incident.severity} />
        <StatusBadge status={incident.status} />
        {incident.drill && <DrillBadge />}
      </span>
      <span className="card-line">
        <IncidentTitle incident={incident} />
      </span>
      <span className="card-line muted">
        <SuspectLabel suspect={incident.suspect} />
        <span>{incident.service}</span>
        <span>{formatPlural(incident.alerts, 'alert')}</span>
        <TimeAgo at={incident.openedAt} />
      </span>
    </>
  );
}
