/**
 * Which repetition of a call is which, when replicas made it a different number of times in a turn. The
 * n-th stands beside the n-th as long as all made it equally often; where one made it once more or less,
 * counting alone would set all later ones apart and hide the one that matters, so equal data is paired
 * first. Identifiers of what the reference did stay what they are; what came on top is numbered behind.
 */
import type { CallRecord } from '@lockstep/protocol';

/** Repetitions beyond which pairing falls back to counting: the table below is quadratic. */
const MAX_REPEATS = 200;

/** For each record of a sequence the number of the reference's record it belongs to, or one behind all. */
export function pairRepeats(
  reference: readonly CallRecord[],
  sequence: readonly CallRecord[],
): readonly number[] {
  const isLong = Math.max(reference.length, sequence.length) > MAX_REPEATS;
  if (isLong || reference.length === sequence.length) return sequence.map((_, index) => index);
  const common = commonLengths(reference, sequence);
  const slots: number[] = [];
  let extra = reference.length;
  let at = 0;
  let place = 0;
  while (place < sequence.length) {
    const anchor = nextAnchor(reference, sequence, common, at, place);
    for (; place < anchor.place; place++) slots.push(at < anchor.at ? at++ : extra++);
    at = anchor.at;
    if (place < sequence.length) slots.push(at++);
    place++;
  }
  return slots;
}

/** Table of the lengths of the longest common subsequences of all suffixes. */
function commonLengths(
  reference: readonly CallRecord[],
  sequence: readonly CallRecord[],
): readonly Uint16Array[] {
  const table = [...reference, null].map(() => new Uint16Array(sequence.length + 1));
  for (let at = reference.length - 1; at >= 0; at--) {
    for (let place = sequence.length - 1; place >= 0; place--) {
      const longest = Math.max(cell(table, at + 1, place), cell(table, at, place + 1));
      const isSame = hasSameData(reference[at], sequence[place]);
      const row = table[at];
      if (row) row[place] = isSame ? cell(table, at + 1, place + 1) + 1 : longest;
    }
  }
  return table;
}

function cell(table: readonly Uint16Array[], at: number, place: number): number {
  return table[at]?.[place] ?? 0;
}

/** The next pair of the longest common subsequence; the ends of both when there is none. */
function nextAnchor(
  reference: readonly CallRecord[],
  sequence: readonly CallRecord[],
  common: readonly Uint16Array[],
  fromAt: number,
  fromPlace: number,
): { readonly at: number; readonly place: number } {
  let at = fromAt;
  let place = fromPlace;
  while (at < reference.length && place < sequence.length) {
    if (hasSameData(reference[at], sequence[place])) return { at, place };
    if (cell(common, at + 1, place) >= cell(common, at, place + 1)) at++;
    else place++;
  }
  return { at: reference.length, place: sequence.length };
}

function hasSameData(left: CallRecord | undefined, right: CallRecord | undefined): boolean {
  return (
    left !== undefined &&
    right !== undefined &&
    left.digestLo === right.digestLo &&
    left.digestHi === right.digestHi &&
    left.digestLo2 === right.digestLo2 &&
    left.digestHi2 === right.digestHi2
  );
}
