/**
 * Expected against actual, as rows of a side-by-side diff: lines by `diff`'s line algorithm, changed
 * lines paired and compared by words. Long equal stretches are folded, never dropped.
 */
import { diffArrays, diffWordsWithSpace } from 'diff';
import { DIFF_CONTEXT_LINES, DIFF_WORD_CHARS } from '../limits.ts';

/** A stretch of a line; `changed` stretches are what the other side does not have. */
export interface DiffSpan {
  readonly text: string;
  readonly changed: boolean;
}

/** One line on one side. */
export interface DiffCell {
  readonly number: number;
  readonly spans: readonly DiffSpan[];
}

/** One row: `same` on both sides, `changed` from left to right, or on one side only. */
export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'removed' | 'added';
  readonly left: DiffCell | null;
  readonly right: DiffCell | null;
}

/** A run of rows that is shown, or folded because nothing changed there. */
export interface DiffBlock {
  readonly folded: boolean;
  readonly rows: readonly DiffRow[];
}

/** Compares two texts given as lines. */
export function diffRows(left: readonly string[], right: readonly string[]): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let leftNumber = 1;
  let rightNumber = 1;
  let removed: readonly string[] = [];
  const flushRemoved = (added: readonly string[]): void => {
    rows.push(...pairLines(removed, added, leftNumber, rightNumber));
    leftNumber += removed.length;
    rightNumber += added.length;
    removed = [];
  };
  for (const change of diffArrays([...left], [...right])) {
    if (change.removed) {
      removed = change.value;
    } else if (change.added) {
      flushRemoved(change.value);
    } else {
      flushRemoved([]);
      for (const line of change.value) {
        const spans = [{ text: line, changed: false }];
        rows.push({
          kind: 'same',
          left: { number: leftNumber, spans },
          right: { number: rightNumber, spans },
        });
        leftNumber += 1;
        rightNumber += 1;
      }
    }
  }
  flushRemoved([]);
  return rows;
}

function pairLines(
  removed: readonly string[],
  added: readonly string[],
  leftStart: number,
  rightStart: number,
): DiffRow[] {
  const rows: DiffRow[] = [];
  for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
    const left = removed[index];
    const right = added[index];
    rows.push(pairRow(left, right, leftStart + index, rightStart + index));
  }
  return rows;
}

function pairRow(
  left: string | undefined,
  right: string | undefined,
  leftNumber: number,
  rightNumber: number,
): DiffRow {
  if (left === undefined)
    return { kind: 'added', left: null, right: wholeCell(right, rightNumber) };
  if (right === undefined)
    return { kind: 'removed', left: wholeCell(left, leftNumber), right: null };
  const [leftSpans, rightSpans] = wordSpans(left, right);
  return {
    kind: 'changed',
    left: { number: leftNumber, spans: leftSpans },
    right: { number: rightNumber, spans: rightSpans },
  };
}

function wholeCell(text: string | undefined, number: number): DiffCell {
  return { number, spans: [{ text: text ?? '', changed: true }] };
}

function wordSpans(left: string, right: string): [readonly DiffSpan[], readonly DiffSpan[]] {
  if (left.length + right.length > DIFF_WORD_CHARS) {
    return [[{ text: left, changed: true }], [{ text: right, changed: true }]];
  }
  const changes = diffWordsWithSpace(left, right);
  return [
    changes
      .filter((change) => !change.added)
      .map((change) => ({ text: change.value, changed: change.removed })),
    changes
      .filter((change) => !change.removed)
      .map((change) => ({ text: change.value, changed: change.added })),
  ];
}

/** Folds equal rows that are further than `DIFF_CONTEXT_LINES` from any change. */
export function foldRows(rows: readonly DiffRow[]): readonly DiffBlock[] {
  const near = rows.map(() => false);
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'same') continue;
    near.fill(true, Math.max(0, index - DIFF_CONTEXT_LINES), index + DIFF_CONTEXT_LINES + 1);
  }
  const blocks: { folded: boolean; rows: DiffRow[] }[] = [];
  for (const [index, row] of rows.entries()) {
    const folded = near[index] !== true;
    const current = blocks.at(-1);
    if (current !== undefined && current.folded === folded) current.rows.push(row);
    else blocks.push({ folded, rows: [row] });
  }
  // Folding one or two lines costs a reader more than it saves.
  return blocks.map((block) => (block.rows.length <= 2 ? { ...block, folded: false } : block));
}
