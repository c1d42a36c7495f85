/**
 * Who is the odd one out. With three or more answers the majority is what was expected and each replica
 * that it outvotes is a suspect; with two, or without a majority, nobody can be named and what the
 * leader did stands as expected.
 */
import { Verdict } from '@lockstep/protocol';
import type { CallSide, Divergence } from '../join/events.ts';

/** Fewer answers than this have no majority worth the name. */
const MIN_VOTES = 3;

/** Replicas that did the same; digest null: they made no such call. */
export interface SideGroup {
  readonly digest: string | null;
  readonly replicas: readonly string[];
}

/** A divergence with its sides told apart. */
export interface Attributed {
  readonly divergence: Divergence;
  readonly verdict: 'mismatch' | 'missing' | 'extra';
  readonly expected: SideGroup;
  readonly actual: SideGroup;
  readonly suspect: string | null;
}

/** Groups by digest, the largest first. */
export function groupSides(sides: readonly CallSide[]): readonly SideGroup[] {
  const groups = new Map<string | null, string[]>();
  for (const { digest, replica } of sides) {
    const group = groups.get(digest);
    if (group === undefined) groups.set(digest, [replica]);
    else group.push(replica);
  }
  return [...groups]
    .map(([digest, replicas]) => ({ digest, replicas }))
    .sort((left, right) => right.replicas.length - left.replicas.length);
}

/** One finding for each outvoted replica, or a single one that names nobody. */
export function attribute(divergence: Divergence, leader: string): readonly Attributed[] {
  const groups = groupSides(divergence.sides);
  const [largest] = groups;
  const votes = divergence.sides.length;
  if (largest !== undefined && votes >= MIN_VOTES && largest.replicas.length * 2 > votes) {
    return groups.slice(1).flatMap((actual) =>
      actual.replicas.map((suspect) => ({
        divergence,
        verdict: verdictOf(largest, actual),
        expected: largest,
        actual,
        suspect,
      })),
    );
  }
  const expected = groups.find(({ replicas }) => replicas.includes(leader)) ?? largest;
  const actual = groups.find((group) => group !== expected);
  if (expected === undefined || actual === undefined) return [];
  const verdict = verdictOf(expected, actual);
  return [{ divergence, verdict, expected, actual, suspect: null }];
}

function verdictOf(expected: SideGroup, actual: SideGroup): Attributed['verdict'] {
  if (expected.digest === null) return Verdict.extra;
  return actual.digest === null ? Verdict.missing : Verdict.mismatch;
}
