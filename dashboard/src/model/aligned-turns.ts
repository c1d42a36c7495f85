/**
 * Turns around a divergence as a table: a row for each call identifier, a column for each replica.
 * A cell says by sign and word what the replica did; colour only repeats it.
 */
import type { AlignedCall, TurnView } from '@lockstep/protocol';
import { verdictWords } from './words.ts';

/** What one replica did of one call. */
export interface AlignedCell {
  readonly replica: string;
  readonly state: 'agrees' | 'differs' | 'absent' | 'extra' | 'unknown';
  readonly sign: string;
  readonly words: string;
  readonly digest: string | null;
}

/** One call across the replicas. */
export interface AlignedRow {
  readonly call: AlignedCall;
  readonly isDivergence: boolean;
  readonly verdict: string;
  readonly cells: readonly AlignedCell[];
}

/** One turn. */
export interface AlignedTurn {
  readonly key: string;
  readonly turn: TurnView;
  readonly rows: readonly AlignedRow[];
}

/** Lays turns out over the given replicas. */
export function alignTurns(
  turns: readonly TurnView[],
  replicas: readonly string[],
  divergentCallIds: ReadonlySet<string>,
): readonly AlignedTurn[] {
  return turns.map((turn) => ({
    key: `${turn.log}:${turn.turn}`,
    turn,
    rows: turn.calls.map((call) => ({
      call,
      isDivergence: divergentCallIds.has(call.callId),
      verdict: verdictWords[call.verdict],
      cells: alignCells(call, replicas),
    })),
  }));
}

/** The digest that most replicas made, or null when no single one leads. */
export function majorityDigest(call: AlignedCall): string | null {
  const votes = new Map<string, number>();
  for (const { digest } of call.replicas) {
    if (digest !== null) votes.set(digest, (votes.get(digest) ?? 0) + 1);
  }
  const ranked = [...votes].sort((a, b) => b[1] - a[1]);
  const [first, second] = ranked;
  if (first === undefined) return null;
  return second !== undefined && second[1] === first[1] ? null : first[0];
}

function alignCells(call: AlignedCall, replicas: readonly string[]): readonly AlignedCell[] {
  const majority = majorityDigest(call);
  const variants = [...new Set(call.replicas.flatMap(({ digest }) => digest ?? []))];
  return replicas.map((replica) => {
    const made = call.replicas.find(({ id }) => id === replica);
    if (made === undefined || call.verdict === 'unknown') {
      const words = made === undefined ? 'not compared' : 'not comparable';
      return { replica, state: 'unknown', sign: '?', words, digest: made?.digest ?? null };
    }
    return cellOf(call, replica, made.digest, majority, variants);
  });
}

function cellOf(
  call: AlignedCall,
  replica: string,
  digest: string | null,
  majority: string | null,
  variants: readonly string[],
): AlignedCell {
  if (digest === null) {
    return call.verdict === 'extra'
      ? { replica, state: 'agrees', sign: '·', words: 'not made', digest }
      : { replica, state: 'absent', sign: '∅', words: 'missing', digest };
  }
  if (call.verdict === 'extra')
    return { replica, state: 'extra', sign: '+', words: 'extra', digest };
  if (call.verdict !== 'mismatch') {
    return { replica, state: 'agrees', sign: '=', words: 'agrees', digest };
  }
  if (majority === null) {
    // No majority: the page shows who is with whom, and blames nobody.
    const variant = `variant ${variants.indexOf(digest) + 1}`;
    return { replica, state: 'differs', sign: '≠', words: variant, digest };
  }
  return digest === majority
    ? { replica, state: 'agrees', sign: '=', words: 'majority', digest }
    : { replica, state: 'differs', sign: '≠', words: 'differs', digest };
}
