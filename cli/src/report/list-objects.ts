/**
 * The objects of `status --json`, `alerts --json` and `incidents --json` (design contract, section 10):
 * the fields that programs were promised, cut out of what the HTTP API answers.
 */
import type {
  AlertReplica,
  AlertView,
  IncidentView,
  ReplicaView,
  RunView,
  ServiceView,
} from '@lockstep/protocol';

type StatusReplica = Pick<
  ReplicaView,
  | 'id'
  | 'pid'
  | 'role'
  | 'variant'
  | 'state'
  | 'isolation'
  | 'calls'
  | 'matched'
  | 'lagTurns'
  | 'gaps'
>;

export interface StatusRun extends Pick<RunView, 'runId' | 'startedAt' | 'state' | 'reason'> {
  readonly replicas: readonly StatusReplica[];
}

export interface StatusObject {
  readonly services: readonly { readonly name: string; readonly runs: readonly StatusRun[] }[];
}

export interface AlertsObject {
  readonly alerts: readonly (Pick<
    AlertView,
    | 'id'
    | 'kind'
    | 'severity'
    | 'service'
    | 'runId'
    | 'incidentId'
    | 'callId'
    | 'turn'
    | 'api'
    | 'suspect'
    | 'at'
  > & { readonly replicas: readonly AlertReplica[] })[];
}

export interface IncidentsObject {
  readonly incidents: readonly Pick<
    IncidentView,
    | 'id'
    | 'service'
    | 'runId'
    | 'status'
    | 'suspect'
    | 'severity'
    | 'openedAt'
    | 'alerts'
    | 'firstDivergence'
  >[];
}

/** `status --json`. */
export function statusObject(services: readonly ServiceView[]): StatusObject {
  return { services: services.map(({ name, runs }) => ({ name, runs: runs.map(statusRun) })) };
}

function statusRun({ runId, startedAt, state, reason, replicas }: RunView): StatusRun {
  return { runId, startedAt, state, reason, replicas: replicas.map(statusReplica) };
}

function statusReplica(replica: ReplicaView): StatusReplica {
  const { id, pid, role, variant, state, isolation, calls, matched, lagTurns, gaps } = replica;
  return { id, pid, role, variant, state, isolation, calls, matched, lagTurns, gaps };
}

/** `alerts --json`. */
export function alertsObject(alerts: readonly AlertView[]): AlertsObject {
  return {
    alerts: alerts.map((alert) => {
      const { id, kind, severity, service, runId, incidentId, callId, turn, api } = alert;
      const replicas = alert.replicas.map(({ id: replica, digest, api: name }) => ({
        id: replica,
        digest,
        api: name,
      }));
      const { suspect, at } = alert;
      return {
        ...{ id, kind, severity, service, runId, incidentId, callId, turn, api },
        ...{ replicas, suspect, at },
      };
    }),
  };
}

/** `incidents --json`. */
export function incidentsObject(incidents: readonly IncidentView[]): IncidentsObject {
  return {
    incidents: incidents.map((incident) => {
      const { id, service, runId, status, suspect, severity } = incident;
      const { openedAt, alerts, firstDivergence } = incident;
      return {
        ...{ id, service, runId, status, suspect, severity },
        ...{ openedAt, alerts, firstDivergence },
      };
    }),
  };
}
