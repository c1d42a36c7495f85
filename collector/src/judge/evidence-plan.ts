/**
 * What to ask each replica for, given a divergence: its own divergent call (or, where it made none,
 * what it did around there), the turn, the neighbours, and the deliveries back to the root.
 */
import { type CallPosition, type CallRecord, RecordKind } from '@lockstep/protocol';
import type { Divergence } from '../join/events.ts';
import {
  MAX_CHAIN,
  MAX_CHAIN_STEPS,
  NEIGHBOUR_EVIDENCE_CALLS,
  NEIGHBOUR_TURNS,
  TURN_EVIDENCE_CALLS,
} from '../limits.ts';

/** Records of one replica in one turn, from its spool. */
export type ReadTurn = (replica: string, turn: number) => readonly CallRecord[];

/** A delivery of the chain, as its turn record says it. */
export interface ChainLink {
  readonly turn: number;
  readonly parentTurn: number;
  readonly api: number;
  readonly ordinal: number;
}

/**
 * Deliveries from the root (first) to the divergent turn (last); turn 0, the entry, has no record. Of a
 * long chain the root and the last deliveries are kept: what caused it, and what led up to it.
 */
export function chainOf(divergence: Divergence, replica: string, read: ReadTurn): ChainLink[] {
  const chain: ChainLink[] = [];
  let { turn } = divergence;
  for (let steps = 0; turn > 0 && steps < MAX_CHAIN_STEPS; steps++) {
    const record = read(replica, turn).find(({ kind }) => kind === RecordKind.turn);
    if (record === undefined) break;
    const { parentTurn, api, ordinal } = record;
    chain.push({ turn, parentTurn, api, ordinal });
    if (chain.length > MAX_CHAIN) chain.splice(MAX_CHAIN - 1, 1);
    turn = parentTurn;
  }
  return chain.reverse();
}

/** Turns that an incident shows around its divergence. */
export function shownTurns(turn: number): readonly number[] {
  const turns: number[] = [];
  const first = Math.max(0, turn - NEIGHBOUR_TURNS);
  for (let shown = first; shown <= turn + NEIGHBOUR_TURNS; shown++) turns.push(shown);
  return turns;
}

/** How many calls of a turn are shown, the divergent ones in the middle. */
export function shownCalls<T extends { readonly ordinal: number }>(
  turn: number,
  divergence: Divergence,
  calls: readonly T[],
): readonly T[] {
  if (turn !== divergence.turn) return calls.slice(0, NEIGHBOUR_EVIDENCE_CALLS);
  const from = Math.max(0, divergence.ordinal - TURN_EVIDENCE_CALLS / 2);
  return calls.filter(({ ordinal }) => ordinal >= from).slice(0, TURN_EVIDENCE_CALLS);
}

/** Calls to ask one replica for, none twice. */
export function callsToAsk(
  divergence: Divergence,
  replica: string,
  chain: readonly ChainLink[],
  read: ReadTurn,
): readonly CallPosition[] {
  const positions = new Map<string, CallPosition>();
  const add = ({ turn, ordinal }: CallPosition): void => {
    positions.set(positionKey(turn, ordinal), { turn, ordinal });
  };
  const own = divergence.sides.find((side) => side.replica === replica)?.ordinal ?? null;
  if (own !== null) add({ turn: divergence.turn, ordinal: own });
  for (const link of chain) add(link);
  for (const turn of shownTurns(divergence.turn)) {
    const calls = read(replica, turn).filter(({ kind }) => kind !== RecordKind.gap);
    for (const record of shownCalls(turn, divergence, calls)) add(record);
  }
  return [...positions.values()];
}

/** Key of a call within one replica. */
export function positionKey(turn: number, ordinal: number): string {
  return `${turn} ${ordinal}`;
}
