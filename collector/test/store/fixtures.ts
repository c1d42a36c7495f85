/** Objects as judgement makes them, with fields a test may set. */
import type { AlertView, ReplicaView, RunView } from '@lockstep/protocol';
import type { JudgedIncident } from '../../src/ports.ts';

/** Noon of the day on which nothing happens but these tests, plus `seconds`. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();
}

export function replica(fields: Partial<ReplicaView> = {}): ReplicaView {
  return {
    id: 'a',
    runId: 'run-1',
    service: 'shop',
    pid: 4711,
    role: 'leader',
    variant: 'default',
    state: 'running',
    isolation: 'none',
    host: 'host-1',
    nodeVersion: 'v20.20.0',
    connectedAt: at(0),
    endedAt: null,
    exitCode: null,
    exitSignal: null,
    calls: 100,
    matched: 99,
    callsPerSecond: 12.5,
    lagTurns: 0,
    lagMs: 1.3,
    gaps: 0,
    counters: { 'door.deliveries': 7 },
    ...fields,
  };
}

export function run(fields: Partial<RunView> = {}): RunView {
  const { runId = 'run-1', service = 'shop' } = fields;
  return {
    runId,
    service,
    startedAt: at(0),
    endedAt: null,
    state: 'protected',
    reason: null,
    drill: false,
    command: ['node', 'server.js'],
    calls: 300,
    matched: 99,
    noise: 0,
    openIncidents: 1,
    replicas: [
      replica({ runId, service }),
      replica({ runId, service, id: 'b', role: 'follower', lagMs: null }),
    ],
    ...fields,
  };
}

export function alert(fields: Partial<AlertView> = {}): AlertView {
  return {
    id: 'alert-1',
    kind: 'digest-mismatch',
    severity: 'high',
    service: 'shop',
    runId: 'run-1',
    incidentId: 'incident-1',
    log: 'main',
    callId: '00000000000000aa',
    turn: 5,
    api: 'fs.writeFile',
    target: null,
    replicas: [
      { id: 'a', digest: '0000000000000001', api: 'fs.writeFile' },
      { id: 'b', digest: null, api: null },
    ],
    suspect: 'b',
    summary: 'Replica b wrote something else',
    at: at(10),
    resolvedAt: null,
    pairedWith: null,
    drill: false,
    noise: false,
    ...fields,
  };
}

export function incident(fields: Partial<JudgedIncident> = {}): JudgedIncident {
  return {
    id: 'incident-1',
    service: 'shop',
    runId: 'run-1',
    suspect: 'b',
    severity: 'high',
    openedAt: at(10),
    updatedAt: at(10),
    alerts: 1,
    drill: false,
    firstDivergence: {
      kind: 'digest-mismatch',
      api: 'fs.writeFile',
      target: '/srv/data/Orders.json',
      callId: '00000000000000aa',
      turn: 5,
      root: 'GET /orders',
      expected: { replicas: ['a'], digest: '0000000000000001', evidence: null },
      actual: {
        replicas: ['b'],
        digest: '0000000000000002',
        evidence: {
          type: 'record',
          className: 'Object',
          entries: [
            {
              key: { type: 'string', text: 'price' },
              value: {
                type: 'list',
                className: 'Array',
                items: [{ type: 'boolean', value: true }],
              },
            },
          ],
        },
      },
    },
    folded: [{ kind: 'missing-call', count: 12 }],
    surroundings: [
      {
        log: 'main',
        turn: 5,
        parentTurn: 4,
        calls: [
          {
            callId: '00000000000000aa',
            api: 'fs.writeFile',
            target: null,
            verdict: 'mismatch',
            replicas: [{ id: 'a', digest: '0000000000000001', ordinal: 3 }],
          },
        ],
      },
    ],
    deliveries: [{ turn: 4, parentTurn: null, api: 'net.connection', label: 'GET /orders' }],
    evidence: [
      {
        replica: 'a',
        log: 'main',
        callId: '00000000000000aa',
        api: 'fs.writeFile',
        turn: 5,
        status: 'found',
        target: '/srv/data/Orders.json',
        arguments: { type: 'bytes', className: 'Buffer', length: 2, base64: 'aGk=' },
        stack: ['at save (server.js:3:1)'],
        receivedAt: at(11),
      },
    ],
    ...fields,
  };
}
