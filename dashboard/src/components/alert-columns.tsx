/** Alerts as rows and as cards. */
import type { AlertView } from '@lockstep/protocol';
import { createColumnHelper } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { kindWords } from '../model/words.ts';
import { DrillBadge, NoiseBadge, SeverityBadge, SuspectLabel } from './badge.tsx';
import type { GridColumns, GridFeatures } from './data-grid.tsx';
import { IncidentLink } from './links.tsx';
import { ClockTime, TimeAgo } from './time-ago.tsx';

const helper = createColumnHelper<GridFeatures, AlertView>();

/** Class of a row: noise has its own colour, what is over is quiet. */
export function alertTone(alert: AlertView): string {
  if (alert.noise) return 'is-noise';
  return alert.resolvedAt === null ? '' : 'is-over';
}

function AlertTitle({ alert }: { alert: AlertView }): ReactNode {
  return (
    <IncidentLink id={alert.incidentId} alert={alert.id} tabIndex={-1} className="row-title">
      {kindWords[alert.kind]}
    </IncidentLink>
  );
}

function AlertSubject({ alert }: { alert: AlertView }): ReactNode {
  const words = [alert.api, alert.target].filter((part) => part !== null).join(' ');
  return words === '' ? (
    <span className="muted" title={alert.summary}>
      {alert.summary}
    </span>
  ) : (
    <code className="subject" title={`${words}\n${alert.summary}`}>
      <b>{alert.api}</b> {alert.target}
    </code>
  );
}

function AlertMarks({ alert }: { alert: AlertView }): ReactNode {
  return (
    <>
      {alert.noise && <NoiseBadge />}
      {alert.drill && <DrillBadge />}
      {alert.resolvedAt !== null && <span className="muted">over</span>}
    </>
  );
}

/** Widths of the columns. */
export const ALERT_TRACKS = '6.5rem 11rem minmax(12rem, 1fr) 8rem minmax(5rem, 9rem) 9rem 9.5rem';

/** Columns; ids of sortable ones are the collector's field names. */
export const alertColumns: GridColumns<AlertView> = helper.columns([
  helper.display({
    id: 'severity',
    header: 'Severity',
    cell: ({ row }) => <SeverityBadge severity={row.original.severity} />,
  }),
  helper.display({
    id: 'kind',
    header: 'Kind',
    cell: ({ row }) => <AlertTitle alert={row.original} />,
  }),
  helper.display({
    id: 'subject',
    header: 'Call',
    cell: ({ row }) => <AlertSubject alert={row.original} />,
  }),
  helper.display({
    id: 'suspect',
    header: 'Suspect',
    cell: ({ row }) => <SuspectLabel suspect={row.original.suspect} />,
  }),
  helper.display({ id: 'service', header: 'Service', cell: ({ row }) => row.original.service }),
  helper.display({
    id: 'marks',
    header: 'Marks',
    cell: ({ row }) => <AlertMarks alert={row.original} />,
  }),
  helper.display({
    id: 'at',
    header: 'When',
    cell: ({ row }) => <ClockTime at={row.original.at} />,
  }),
]);

/** An alert in a narrow window. */
export function AlertCard({ alert }: { alert: AlertView }): ReactNode {
  return (
    <>
      <span className="card-line">
        <SeverityBadge severity={alert.severity} />
        <AlertTitle alert={alert} />
        <AlertMarks alert={alert} />
      </span>
      <span className="card-line">
        <AlertSubject alert={alert} />
      </span>
      <span className="card-line muted">
        <SuspectLabel suspect={alert.suspect} />
        <span>{alert.service}</span>
        <TimeAgo at={alert.at} />
      </span>
    </>
  );
}
