/** Five thousand alerts, most of them consequences of one incident, some noise, some over. */
import { AlertKind, type AlertView, type IncidentDetail, Severity } from '@lockstep/protocol';
import { seededRandom } from './random.ts';

const APIS = ['fs.writeFile', 'fs.open', 'net.connect', 'net.write', 'dns.lookup', 'http.response'];
const TARGETS = [
  '/srv/orders/data/orders.json',
  '127.0.0.1:9999',
  'POST /orders?warehouse=north',
  '/srv/orders/data/tenants/0b9d6f2e-5c7a-41d3-8e20-9f4b1c7d3a55/archive/2026/07/orders-by-warehouse-north.json',
  'upstream.internal:9000',
];
const KINDS = [
  AlertKind.extraCall,
  AlertKind.missingCall,
  AlertKind.digestMismatch,
  AlertKind.responseMismatch,
];

/** The alert that is an incident's first divergence. */
export function firstAlertOf(incident: IncidentDetail): AlertView {
  const { firstDivergence } = incident;
  const sides = [firstDivergence.expected, firstDivergence.actual].filter((side) => side !== null);
  return {
    id: `${incident.id}-0`,
    kind: firstDivergence.kind,
    severity: incident.severity,
    service: incident.service,
    runId: incident.runId,
    incidentId: incident.id,
    log: 'main',
    callId: firstDivergence.callId,
    turn: firstDivergence.turn,
    api: firstDivergence.api,
    target: firstDivergence.target,
    replicas: sides.flatMap((side) =>
      side.replicas.map((id) => ({ id, digest: side.digest, api: firstDivergence.api })),
    ),
    suspect: incident.suspect,
    summary: `${firstDivergence.kind}: ${firstDivergence.api ?? 'replica'} in ${incident.service}`,
    at: incident.openedAt,
    resolvedAt: null,
    pairedWith: null,
    drill: incident.drill,
    noise: false,
  };
}

/** Alerts that follow from an incident's first one. */
export function consequencesFor(incident: IncidentDetail, seed: number): AlertView[] {
  const random = seededRandom(seed);
  const first = firstAlertOf(incident);
  const startMs = Date.parse(incident.openedAt);
  return Array.from({ length: incident.alerts - 1 }, (_, index) => {
    const noise = random.next() < 0.04;
    return {
      ...first,
      id: `${incident.id}-${index + 1}`,
      kind: random.pick(KINDS),
      severity: noise ? Severity.info : random.pick([Severity.low, Severity.medium, Severity.high]),
      callId: random.hex(16),
      turn: (first.turn ?? 0) + index,
      api: random.pick(APIS),
      target: random.next() < 0.9 ? random.pick(TARGETS) : null,
      at: new Date(startMs + (index + 1) * 7).toISOString(),
      resolvedAt: random.next() < 0.05 ? new Date(startMs + 9_000).toISOString() : null,
      noise,
    };
  });
}
