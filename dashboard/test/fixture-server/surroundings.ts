/** Turns, deliveries and evidence around a divergence. */
import type {
  AlignedCall,
  DeliveryView,
  EvidenceNode,
  EvidenceView,
  TurnView,
  Verdict,
} from '@lockstep/protocol';

const ROOT_TURN = 18_204;

/** Turn of the fixture's divergences. */
export const DIVERGENT_TURN = 18_211;

/** A call as aligned; `digests` in the order of `ids`, undefined where a replica is not compared. */
export function alignedCall(
  callId: string,
  api: string,
  target: string | null,
  verdict: Verdict,
  digests: Readonly<Record<string, string | null>>,
): AlignedCall {
  return {
    callId,
    api,
    target,
    verdict,
    replicas: Object.entries(digests).map(([id, digest], ordinal) => ({ id, digest, ordinal })),
  };
}

/** Turns before, at and after a divergent call. */
export function turnsAround(divergent: AlignedCall, ids: readonly string[]): readonly TurnView[] {
  const all = (digest: string): Record<string, string> =>
    Object.fromEntries(ids.map((id) => [id, digest]));
  const match = (callId: string, api: string, target: string, digest: string): AlignedCall =>
    alignedCall(callId, api, target, 'match', all(digest));
  return [
    {
      log: 'main',
      turn: ROOT_TURN,
      parentTurn: null,
      calls: [
        match('1f00aa31bc770001', 'clock.now', 'Date', '8f01c2d3e4a59876'),
        match(
          '1f00aa31bc770002',
          'fs.readFile',
          '/srv/orders/data/orders.json',
          '11d2c3b4a5968778',
        ),
      ],
    },
    {
      log: 'main',
      turn: DIVERGENT_TURN,
      parentTurn: ROOT_TURN,
      calls: [
        match('1f00aa31bc770010', 'crypto.randomUUID', 'crypto', '9a8b7c6d5e4f3021'),
        divergent,
        match('1f00aa31bc770012', 'http.response', 'POST /orders', '55aa55aa12341234'),
      ],
    },
    {
      log: 'main',
      turn: DIVERGENT_TURN + 2,
      parentTurn: DIVERGENT_TURN,
      calls: [
        alignedCall(
          '1f00aa31bc770013',
          'fs.rename',
          '/srv/orders/data/orders.json.tmp',
          'unknown',
          {
            ...Object.fromEntries(ids.slice(0, -1).map((id) => [id, '77aa77aa77aa77aa'])),
          },
        ),
      ],
    },
  ];
}

/** The chain from a request to the divergence. */
export const deliveries: readonly DeliveryView[] = [
  {
    turn: ROOT_TURN,
    parentTurn: null,
    api: 'http.request',
    label:
      'POST /orders?warehouse=north&priority=express&trace=0b9d6f2e5c7a41d38e20 from 10.0.4.17',
  },
  {
    turn: 18_207,
    parentTurn: ROOT_TURN,
    api: 'fs.readFile',
    label: '/srv/orders/data/orders.json',
  },
  { turn: 18_209, parentTurn: 18_207, api: 'timer', label: 'setTimeout 5 ms' },
  {
    turn: DIVERGENT_TURN,
    parentTurn: 18_209,
    api: 'net.data',
    label: 'upstream.internal:9000, 412 bytes',
  },
];

/** What one replica answered. */
export function evidenceOf(
  replica: string,
  call: { readonly callId: string; readonly api: string; readonly target: string | null },
  status: EvidenceView['status'],
  argumentsNode: EvidenceNode | null,
  receivedAt: string,
): EvidenceView {
  return {
    replica,
    log: 'main',
    callId: call.callId,
    api: call.api,
    turn: DIVERGENT_TURN,
    status,
    target: call.target,
    arguments: argumentsNode,
    stack:
      status === 'found'
        ? [
            `at saveOrder (/srv/orders/dist/store.js:88:14)`,
            `at async handle (/srv/orders/dist/routes/orders.js:41:5)`,
            `at async Layer.handle (/srv/orders/node_modules/express/lib/router/layer.js:95:7)`,
          ]
        : [],
    receivedAt,
  };
}
