/** Whole objects of the API, so that a test names only what it is about. */
import type {
  AlertView,
  FirstDivergence,
  IncidentDetail,
  IncidentView,
  ReplicaView,
  RunView,
} from '@lockstep/protocol';

const AT = '2026-07-29T10:00:00.000Z';

export function aReplica(fields: Partial<ReplicaView> = {}): ReplicaView {
  return {
    id: 'a',
    runId: 'run-1',
    service: 'orders',
    pid: 1,
    role: 'follower',
    variant: 'default',
    state: 'running',
    isolation: 'network',
    host: 'h',
    nodeVersion: '20.20.2',
    connectedAt: AT,
    endedAt: null,
    exitCode: null,
    exitSignal: null,
    calls: 0,
    matched: 0,
    callsPerSecond: 10,
    lagTurns: 0,
    lagMs: null,
    gaps: 0,
    counters: {},
    ...fields,
  };
}

export function aRun(fields: Partial<RunView> = {}): RunView {
  return {
    runId: 'run-1',
    service: 'orders',
    startedAt: AT,
    endedAt: null,
    state: 'protected',
    reason: null,
    drill: false,
    command: [],
    calls: 0,
    matched: 0,
    noise: 0,
    openIncidents: 0,
    replicas: [aReplica()],
    ...fields,
  };
}

export function aDivergence(fields: Partial<FirstDivergence> = {}): FirstDivergence {
  return {
    kind: 'digest-mismatch',
    api: 'fs.writeFile',
    target: '/data/a.json',
    callId: 'c0',
    turn: 7,
    root: 'POST /',
    expected: { replicas: ['a', 'b'], digest: 'd1', evidence: null },
    actual: { replicas: ['c'], digest: 'd2', evidence: null },
    ...fields,
  };
}

export function anIncident(fields: Partial<IncidentView> = {}): IncidentView {
  return {
    id: 'i1',
    service: 'orders',
    runId: 'run-1',
    status: 'open',
    suspect: 'c',
    severity: 'high',
    openedAt: AT,
    updatedAt: AT,
    resolvedAt: null,
    assignee: null,
    alerts: 1,
    drill: false,
    firstDivergence: aDivergence(),
    ...fields,
  };
}

export function aDetail(fields: Partial<IncidentDetail> = {}): IncidentDetail {
  return {
    ...anIncident(),
    firstAlerts: [],
    folded: [],
    activity: [],
    replicas: ['a', 'b', 'c'].map((id) => aReplica({ id })),
    surroundings: [],
    deliveries: [],
    evidence: [],
    ...fields,
  };
}

export function anAlert(fields: Partial<AlertView> = {}): AlertView {
  return {
    id: 'al1',
    kind: 'extra-call',
    severity: 'high',
    service: 'orders',
    runId: 'run-1',
    incidentId: 'i1',
    log: 'main',
    callId: 'c0',
    turn: 7,
    api: 'net.connect',
    target: null,
    replicas: [],
    suspect: 'c',
    summary: 'extra call',
    at: AT,
    resolvedAt: null,
    pairedWith: null,
    drill: false,
    noise: false,
    ...fields,
  };
}
