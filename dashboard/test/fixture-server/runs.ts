/** Services and runs of the fixture: protected, unprotected with a reason, a drill, runs that ended. */
import type { ReplicaView, RunView, ServiceView } from '@lockstep/protocol';

/** Builds times relative to the server's start. */
export type AgoIso = (secondsAgo: number) => string;

interface ReplicaSeed {
  readonly id: string;
  readonly runId: string;
  readonly service: string;
  readonly rate: number;
}

function replica(seed: ReplicaSeed, ago: AgoIso, rest: Partial<ReplicaView> = {}): ReplicaView {
  const leader = seed.id === 'a';
  return {
    ...seed,
    pid: 4_100 + seed.id.charCodeAt(0),
    role: leader ? 'leader' : 'follower',
    variant: 'default',
    state: 'running',
    isolation: leader ? 'none' : 'network+disk',
    host: 'shop-1',
    nodeVersion: '20.20.2',
    connectedAt: ago(4_000),
    endedAt: null,
    exitCode: null,
    exitSignal: null,
    calls: 1_284_113,
    matched: 1_284_102,
    callsPerSecond: seed.rate,
    lagTurns: leader ? 0 : 3,
    lagMs: leader ? null : 1.3,
    gaps: 0,
    counters: {},
    ...rest,
  };
}

function run(
  fields: Pick<RunView, 'runId' | 'service' | 'replicas' | 'command'>,
  ago: AgoIso,
  rest: Partial<RunView> = {},
): RunView {
  return {
    startedAt: ago(4_000),
    endedAt: null,
    state: 'protected',
    reason: null,
    drill: false,
    calls: 3_852_339,
    matched: 3_852_306,
    noise: 0,
    openIncidents: 0,
    ...fields,
    ...rest,
  };
}

/** Run ids of the fixture. */
export const runIds = {
  orders: '7c1f0e8ab2d94c55a1e09d3f6b7c8e21',
  export: '02bd44c0f1184d0e9f3a5a1be7730c94',
  ended: '55e1d2aa90ff4b7cbb1e66d20c1f8a03',
} as const;

/** All services. */
export function fixtureServices(ago: AgoIso): readonly ServiceView[] {
  const orders = { runId: runIds.orders, service: 'orders' };
  const exporter = { runId: runIds.export, service: 'ledger-export' };
  const ended = { runId: runIds.ended, service: 'orders' };
  return [
    {
      name: 'orders',
      runs: [
        run(
          {
            ...orders,
            command: ['node', '--enable-source-maps', 'dist/server.js', '--port', '8080'],
            replicas: [
              replica({ ...orders, id: 'a', rate: 412 }, ago),
              replica({ ...orders, id: 'b', rate: 411 }, ago),
              replica({ ...orders, id: 'c', rate: 398 }, ago, {
                state: 'lagging',
                lagTurns: 1_204,
                lagMs: 2_610,
                gaps: 1,
              }),
            ],
          },
          ago,
          { openIncidents: 3, noise: 18, drill: true },
        ),
        run(
          {
            ...ended,
            command: ['node', 'dist/server.js'],
            replicas: ['a', 'b', 'c'].map((id) =>
              replica({ ...ended, id, rate: 0 }, ago, {
                state: 'ended',
                endedAt: ago(5_000),
                exitCode: 0,
                lagTurns: 0,
              }),
            ),
          },
          ago,
          { state: 'ended', startedAt: ago(90_000), endedAt: ago(5_000) },
        ),
      ],
    },
    {
      name: 'ledger-export',
      runs: [
        run(
          {
            ...exporter,
            command: ['node', 'export.mjs'],
            replicas: [
              replica({ ...exporter, id: 'a', rate: 7.4 }, ago, { calls: 40_112, matched: 39_800 }),
              replica({ ...exporter, id: 'b', rate: 0 }, ago, {
                state: 'ended',
                calls: 39_804,
                matched: 39_800,
                endedAt: ago(300),
                exitCode: 0,
                isolation: 'network',
                lagMs: null,
                lagTurns: 220,
              }),
            ],
          },
          ago,
          {
            state: 'unprotected',
            calls: 79_916,
            matched: 79_600,
            openIncidents: 1,
            reason: { code: 'not-followed', api: 'fs.watch', detail: '' },
          },
        ),
      ],
    },
  ];
}
