/** From what replicas answered to what an incident's page shows. Pure. */
import {
  type AlignedCall,
  apiName,
  type DeliveryView,
  type DivergenceSide,
  type EvidenceItem,
  type EvidenceView,
  type LogSeed,
  logSeed,
  type TurnView,
  Verdict,
} from '@lockstep/protocol';
import { type Aligned, alignTurn, allAgree, divergenceOf, placeOf } from '../join/align-turn.ts';
import type { CallSide, Divergence } from '../join/events.ts';
import { attribute, type SideGroup } from './attribution.ts';
import {
  type ChainLink,
  positionKey,
  type ReadTurn,
  shownCalls,
  shownTurns,
} from './evidence-plan.ts';

/** The answers of one replica by position; null when it could not be reached. */
export type Answers = ReadonlyMap<string, EvidenceItem> | null;
export type AnswersByReplica = ReadonlyMap<string, Answers>;

export function indexAnswers(items: readonly EvidenceItem[] | null): Answers {
  if (items === null) return null;
  return new Map(items.map((item) => [positionKey(item.turn, item.ordinal), item]));
}

/** What each replica holds of the divergent call itself. */
export function evidenceViews(
  divergence: Divergence,
  log: string,
  answers: AnswersByReplica,
  receivedAt: string,
): readonly EvidenceView[] {
  const { turn, callId } = divergence;
  return divergence.sides.map((side) => {
    const item = itemOf(side, turn, answers);
    return {
      replica: side.replica,
      log,
      callId,
      api: item?.api ?? apiName(divergence.api),
      turn,
      status: statusOf(side, answers, item),
      target: item?.target ?? null,
      arguments: item?.arguments ?? null,
      stack: item?.stack ?? [],
      receivedAt,
    };
  });
}

function itemOf(side: CallSide, turn: number, answers: AnswersByReplica): EvidenceItem | undefined {
  if (side.ordinal === null) return undefined;
  return answers.get(side.replica)?.get(positionKey(turn, side.ordinal));
}

function statusOf(
  side: CallSide,
  answers: AnswersByReplica,
  item: EvidenceItem | undefined,
): EvidenceView['status'] {
  if (side.ordinal === null) return 'never-made';
  if (answers.get(side.replica) === null || !answers.has(side.replica)) return 'unreachable';
  return item?.status ?? 'expired';
}

/** One side of the divergence with the evidence of the first of its replicas that has some. */
export function sideWithEvidence(
  group: SideGroup | null,
  evidence: readonly EvidenceView[],
): DivergenceSide | null {
  if (group === null) return null;
  const found = evidence.find(
    (view) => group.replicas.includes(view.replica) && view.arguments !== null,
  );
  return { ...group, evidence: found?.arguments ?? null };
}

/** The chain of deliveries with the labels that some replica gave. */
export function deliveryViews(
  chain: readonly ChainLink[],
  answers: AnswersByReplica,
): readonly DeliveryView[] {
  const views = chain.map(({ turn, parentTurn, api, ordinal }) => ({
    turn,
    parentTurn: parentTurn < 0 ? null : parentTurn,
    api: apiName(api),
    label: labelOf(turn, ordinal, answers),
  }));
  const [first] = views;
  const startsAtEntry = first === undefined || first.parentTurn === 0;
  if (!startsAtEntry) return views;
  return [{ turn: 0, parentTurn: null, api: 'entry', label: null }, ...views];
}

function labelOf(turn: number, ordinal: number, answers: AnswersByReplica): string | null {
  for (const items of answers.values()) {
    const target = items?.get(positionKey(turn, ordinal))?.target;
    if (target) return target;
  }
  return null;
}

/** The turns around a divergence, call by call, replicas side by side. */
export function surroundingViews(
  divergence: Divergence,
  leader: string,
  log: string,
  read: ReadTurn,
  answers: AnswersByReplica,
): readonly TurnView[] {
  const seed = logSeed(log);
  return shownTurns(divergence.turn).flatMap(
    (turn) => turnView(seed, turn, divergence, leader, log, read, answers) ?? [],
  );
}

function turnView(
  seed: LogSeed,
  turn: number,
  divergence: Divergence,
  leader: string,
  log: string,
  read: ReadTurn,
  answers: AnswersByReplica,
): TurnView | null {
  const replicas = divergence.sides.map(({ replica }) => ({
    replica,
    records: read(replica, turn),
  }));
  const parent = replicas.flatMap(({ records }) => records)[0]?.parentTurn;
  if (parent === undefined) return null;
  const aligned = alignTurn(seed, turn, replicas).map((call) => ({
    call,
    ordinal: Math.floor(placeOf(call)),
  }));
  const calls = shownCalls(turn, divergence, aligned).map(({ call }) => {
    const { sides } = divergenceOf(turn, call, replicas);
    return alignedView(call, verdictOf(turn, call, replicas, leader), sides, turn, answers);
  });
  return { log, turn, parentTurn: parent < 0 ? null : parent, calls };
}

function verdictOf(
  turn: number,
  call: Aligned,
  replicas: Parameters<typeof divergenceOf>[2],
  leader: string,
): Verdict {
  if (allAgree(call)) return Verdict.match;
  return attribute(divergenceOf(turn, call, replicas), leader)[0]?.verdict ?? Verdict.unknown;
}

function alignedView(
  call: Aligned,
  verdict: Verdict,
  sides: readonly CallSide[],
  turn: number,
  answers: AnswersByReplica,
): AlignedCall {
  const target = sides.map((side) => itemOf(side, turn, answers)?.target).find(Boolean) ?? null;
  return {
    callId: call.callId,
    api: apiName(call.api),
    target,
    verdict,
    replicas: sides.map(({ replica, digest, ordinal }) => ({ id: replica, digest, ordinal })),
  };
}
