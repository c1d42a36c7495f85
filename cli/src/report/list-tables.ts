/** `status`, `alerts` and `incidents` for people. */
import type {
  AlertView,
  IncidentView,
  ReplicaView,
  RunView,
  ServiceView,
} from '@lockstep/protocol';
import { reasonText } from '../client/notices.ts';
import { renderTable } from './table.ts';

/** Every service with its runs; ended ones in one line each. */
export function statusText(services: readonly ServiceView[]): string {
  if (services.length === 0) {
    return 'No service has run yet. Start one: lockstep run --service NAME -- node server.js';
  }
  return services.map(({ name, runs }) => [name, ...runs.map(runText)].join('\n')).join('\n\n');
}

function runText(run: RunView): string {
  const { runId, state, startedAt, reason, openIncidents, replicas } = run;
  const why = reason === null ? '' : ` (${reasonText(reason.code, reason.api)})`;
  const open = openIncidents === 0 ? '' : `, ${openIncidents} open incidents`;
  const heading = `  run ${runId.slice(0, 8)}  ${state}${why}${open}, since ${startedAt}`;
  if (state === 'ended') return heading;
  const table = renderTable(
    ['replica', 'role', 'state', 'pid', 'isolation', 'calls', 'matched', 'lag', 'gaps'],
    replicas.map(replicaRow),
  );
  return [heading, ...table.split('\n').map((line) => `    ${line}`)].join('\n');
}

function replicaRow(replica: ReplicaView): readonly string[] {
  const { id, role, variant, state, pid, isolation, calls, matched, lagTurns, gaps } = replica;
  const name = variant === 'default' ? id : `${id} (${variant})`;
  return [
    ...[name, role, state, pid === null ? '-' : String(pid), isolation],
    ...[calls, matched, lagTurns, gaps].map(String),
  ];
}

/** One line an alert. */
export function alertsText(alerts: readonly AlertView[]): string {
  if (alerts.length === 0) return 'No alerts.';
  return renderTable(
    ['at', 'severity', 'kind', 'service', 'suspect', 'call', 'incident'],
    alerts.map(({ at, severity, kind, service, suspect, api, target, incidentId }) => [
      ...[at, severity, kind, service, suspect ?? 'unattributed'],
      ...[[api, target].filter((part) => part !== null).join(' ') || '-', incidentId],
    ]),
  );
}

/** One line an incident. */
export function incidentsText(incidents: readonly IncidentView[]): string {
  if (incidents.length === 0) return 'No incidents.';
  return renderTable(
    ['opened', 'status', 'severity', 'service', 'suspect', 'alerts', 'began with', 'incident'],
    incidents.map((incident) => {
      const { id, openedAt, status, severity, service, suspect, alerts, firstDivergence } =
        incident;
      const { kind, api, target } = firstDivergence;
      const began = [kind, api, target].filter((part) => part !== null).join(' ');
      return [
        ...[openedAt, status, severity, service, suspect ?? 'unattributed', String(alerts)],
        ...[began, id],
      ];
    }),
  );
}
