/** Incidents of the fixture: one for each way in which a page can be honest. */
import type {
  AlertKind,
  DivergenceSide,
  EvidenceNode,
  EvidenceView,
  IncidentDetail,
  ReplicaView,
  Severity,
} from '@lockstep/protocol';
import { bytes, list, number, record, text } from './nodes.ts';
import { type AgoIso, runIds } from './runs.ts';
import {
  alignedCall,
  DIVERGENT_TURN,
  deliveries,
  evidenceOf,
  turnsAround,
} from './surroundings.ts';

const LONG_TARGET =
  '/srv/orders/data/tenants/0b9d6f2e-5c7a-41d3-8e20-9f4b1c7d3a55/archive/2026/07/orders-by-warehouse-north-priority-express.snapshot.v3.json.tmp';

function orderLines(total: number, note: string): string {
  const lines = Array.from(
    { length: 24 },
    (_, index) => `    { "sku": "SKU-${1_000 + index}", "quantity": ${(index % 4) + 1} },`,
  );
  return `{\n  "id": "0b9d6f2e",\n  "lines": [\n${lines.join('\n')}\n  ],\n  "total": ${total},\n  "note": "${note}"\n}\n`;
}

function writeArguments(total: number, note: string): EvidenceNode {
  return list(
    text(LONG_TARGET),
    bytes(orderLines(total, note)),
    record({ encoding: text('utf8'), mode: number(0o600), flag: text('w') }),
  );
}

interface IncidentSeed {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly suspect: string | null;
  readonly api: string | null;
  readonly target: string | null;
  readonly expected: DivergenceSide | null;
  readonly actual: DivergenceSide | null;
  readonly evidence: readonly EvidenceView[];
  readonly openedSecondsAgo: number;
  readonly alerts: number;
  readonly drill?: boolean;
  readonly service?: string;
}

type SeedName = 'extra' | 'digest' | 'unattributed' | 'missing' | 'silent';

const CALL_ID = '1f00aa31bc770011';

function side(ids: string[], digest: string | null, evidence: EvidenceNode | null): DivergenceSide {
  return { replicas: ids, digest, evidence };
}

/** Completes a seed to a whole incident. */
export function incidentOf(
  seed: IncidentSeed,
  replicas: readonly ReplicaView[],
  ago: AgoIso,
): IncidentDetail {
  const aboutCall = seed.api !== null;
  const openedAt = ago(seed.openedSecondsAgo);
  const ids = replicas.map(({ id }) => id);
  const digests = Object.fromEntries(
    ids.map((id) => [
      id,
      (seed.actual?.replicas.includes(id) === true ? seed.actual : seed.expected)?.digest ?? null,
    ]),
  );
  const verdicts: Partial<Record<AlertKind, 'missing' | 'extra'>> = {
    'missing-call': 'missing',
    'extra-call': 'extra',
  };
  const call = alignedCall(
    CALL_ID,
    seed.api ?? '',
    seed.target,
    verdicts[seed.kind] ?? 'mismatch',
    digests,
  );
  return {
    id: seed.id,
    service: seed.service ?? 'orders',
    runId: seed.service === undefined ? runIds.orders : runIds.export,
    status: 'open',
    suspect: seed.suspect,
    severity: seed.severity,
    openedAt,
    updatedAt: openedAt,
    resolvedAt: null,
    assignee: null,
    alerts: seed.alerts,
    drill: seed.drill === true,
    firstDivergence: {
      kind: seed.kind,
      api: seed.api,
      target: seed.target,
      callId: aboutCall ? CALL_ID : null,
      turn: aboutCall ? DIVERGENT_TURN : null,
      root: aboutCall ? 'POST /orders' : null,
      expected: seed.expected,
      actual: seed.actual,
    },
    firstAlerts: [],
    folded: [],
    activity: [
      {
        at: openedAt,
        actor: 'lockstep',
        action: 'opened',
        text: 'Opened by the first divergence.',
      },
    ],
    replicas,
    surroundings: aboutCall ? turnsAround(call, ids) : [],
    deliveries: aboutCall ? deliveries : [],
    evidence: seed.evidence,
  };
}

/** The seeds of all incidents, by what they show. */
export function incidentSeeds(ago: AgoIso): Readonly<Record<SeedName, IncidentSeed>> {
  const write = { callId: CALL_ID, api: 'fs.writeFile', target: LONG_TARGET };
  const connect = { callId: CALL_ID, api: 'net.connect', target: '127.0.0.1:9999' };
  const expectedWrite = writeArguments(129.5, 'leave at the door');
  const actualWrite = writeArguments(12.95, 'leave at the back door');
  const payload = list(
    record({ host: text('127.0.0.1'), port: number(9_999) }),
    bytes(Uint8Array.from({ length: 70 }, (_, index) => (index * 37) % 256)),
  );
  return {
    extra: {
      id: 'inc-extra',
      kind: 'extra-call',
      severity: 'critical',
      suspect: 'c',
      api: connect.api,
      target: connect.target,
      expected: side(['a', 'b'], null, null),
      actual: side(['c'], 'c0ffee00deadbeef', payload),
      evidence: [
        evidenceOf('a', connect, 'never-made', null, ago(60)),
        evidenceOf('b', connect, 'never-made', null, ago(60)),
        evidenceOf('c', connect, 'found', payload, ago(60)),
      ],
      openedSecondsAgo: 62,
      alerts: 4_210,
      drill: true,
    },
    digest: {
      id: 'inc-digest',
      kind: 'digest-mismatch',
      severity: 'high',
      suspect: 'b',
      api: write.api,
      target: write.target,
      expected: side(['a', 'c'], '5be1d3a0c4f29871', expectedWrite),
      actual: side(['b'], '0a1b2c3d4e5f6071', actualWrite),
      evidence: [
        evidenceOf('a', write, 'found', expectedWrite, ago(400)),
        evidenceOf('b', write, 'found', actualWrite, ago(400)),
        evidenceOf('c', write, 'found', expectedWrite, ago(399)),
      ],
      openedSecondsAgo: 410,
      alerts: 37,
    },
    unattributed: {
      id: 'inc-unattributed',
      kind: 'digest-mismatch',
      severity: 'medium',
      suspect: null,
      api: 'fs.appendFile',
      target: '/var/exports/ledger-2026-07.csv',
      expected: side(['a'], '4444aaaa4444aaaa', null),
      actual: side(['b'], '7777bbbb7777bbbb', null),
      evidence: [
        evidenceOf('a', { ...write, api: 'fs.appendFile' }, 'expired', null, ago(800)),
        evidenceOf('b', { ...write, api: 'fs.appendFile' }, 'unreachable', null, ago(800)),
      ],
      openedSecondsAgo: 900,
      alerts: 1,
      service: 'ledger-export',
    },
    missing: {
      id: 'inc-missing',
      kind: 'missing-call',
      severity: 'high',
      suspect: 'c',
      api: 'fs.unlink',
      target: '/srv/orders/data/lock',
      expected: side(['a', 'b'], '9999888877776666', null),
      actual: side(['c'], null, null),
      evidence: [],
      openedSecondsAgo: 3_000,
      alerts: 2,
    },
    silent: {
      id: 'inc-silent',
      kind: 'replica-silent',
      severity: 'low',
      suspect: 'b',
      api: null,
      target: null,
      expected: null,
      actual: null,
      evidence: [],
      openedSecondsAgo: 9_000,
      alerts: 1,
    },
  };
}
