/** Schemas of alerts and incidents, evidence included. */
import {
  AlertKind,
  type AlertReplica,
  type AlertView,
  type AlignedCall,
  type DeliveryView,
  type DivergenceSide,
  type EvidenceView,
  type FirstDivergence,
  type IncidentActivity,
  type IncidentDetail,
  IncidentStatus,
  type IncidentView,
  Severity,
  type TurnView,
  Verdict,
} from '@lockstep/protocol';
import { evidenceNode } from './evidence-schema.ts';
import {
  count,
  flag,
  listOf,
  nullable,
  objectOf,
  oneOf,
  ref,
  type Schema,
  text,
  time,
} from './json-schema.ts';

const alertReplica = objectOf<AlertReplica>({
  id: text,
  digest: nullable(text),
  api: nullable(text),
});

const alert = objectOf<AlertView>({
  id: text,
  kind: oneOf(AlertKind),
  severity: oneOf(Severity),
  service: text,
  runId: text,
  incidentId: text,
  log: text,
  callId: nullable(text),
  turn: nullable(count),
  api: nullable(text),
  target: nullable(text),
  replicas: listOf(alertReplica),
  suspect: nullable(text),
  summary: text,
  at: time,
  resolvedAt: nullable(time),
  pairedWith: nullable(text),
  drill: flag,
  noise: flag,
});

const side = objectOf<DivergenceSide>({
  replicas: listOf(text),
  digest: nullable(text),
  evidence: nullable(ref('EvidenceNode')),
});

const firstDivergence = objectOf<FirstDivergence>({
  kind: oneOf(AlertKind),
  api: nullable(text),
  target: nullable(text),
  callId: nullable(text),
  turn: nullable(count),
  root: nullable(text),
  expected: nullable(ref('DivergenceSide')),
  actual: nullable(ref('DivergenceSide')),
});

const view: Readonly<Record<keyof IncidentView, Schema>> = {
  id: text,
  service: text,
  runId: text,
  status: oneOf(IncidentStatus),
  suspect: nullable(text),
  severity: oneOf(Severity),
  openedAt: time,
  updatedAt: time,
  resolvedAt: nullable(time),
  assignee: nullable(text),
  alerts: count,
  drill: flag,
  firstDivergence: ref('FirstDivergence'),
};

const activity = objectOf<IncidentActivity>({
  at: time,
  actor: text,
  action: { type: 'string', enum: ['opened', 'status', 'assignee', 'note', 'evidence'] },
  text,
});

const alignedCall = objectOf<AlignedCall>({
  callId: text,
  api: text,
  target: nullable(text),
  verdict: oneOf(Verdict),
  replicas: listOf(
    objectOf<AlignedCall['replicas'][number]>({
      id: text,
      digest: nullable(text),
      ordinal: nullable(count),
    }),
  ),
});

const turn = objectOf<TurnView>({
  log: text,
  turn: count,
  parentTurn: nullable(count),
  calls: listOf(alignedCall),
});

const delivery = objectOf<DeliveryView>({
  turn: count,
  parentTurn: nullable(count),
  api: text,
  label: nullable(text),
});

const evidence = objectOf<EvidenceView>({
  replica: text,
  log: text,
  callId: text,
  api: text,
  turn: count,
  status: { type: 'string', enum: ['found', 'expired', 'never-made', 'unreachable'] },
  target: nullable(text),
  arguments: nullable(ref('EvidenceNode')),
  stack: listOf(text),
  receivedAt: time,
});

const detail = objectOf<IncidentDetail>({
  ...view,
  firstAlerts: listOf(ref('Alert')),
  folded: listOf(objectOf<IncidentDetail['folded'][number]>({ kind: oneOf(AlertKind), count })),
  activity: listOf(activity),
  replicas: listOf(ref('Replica')),
  surroundings: listOf(ref('Turn')),
  deliveries: listOf(delivery),
  evidence: listOf(evidence),
});

export const incidentSchemas: Readonly<Record<string, Schema>> = {
  EvidenceNode: evidenceNode,
  Alert: alert,
  DivergenceSide: side,
  FirstDivergence: firstDivergence,
  Turn: turn,
  Incident: objectOf<IncidentView>(view),
  IncidentDetail: detail,
};
