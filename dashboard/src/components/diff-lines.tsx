/** Lines of one side of a diff: number, sign, text with what changed in it marked. */
import type { ReactNode } from 'react';
import type { DiffBlock, DiffCell, DiffRow } from '../model/divergence-diff.ts';
import { formatPlural } from '../model/format.ts';

/** Which side of a diff. */
export type DiffSide = 'left' | 'right';

/** All blocks of one side; a folded block is one line. */
export function DiffLines(props: {
  blocks: readonly DiffBlock[];
  side: DiffSide;
  unfolded: boolean;
}): ReactNode {
  return props.blocks.map((block, index) => {
    const key = `${index}:${block.rows.length}`;
    return block.folded && !props.unfolded ? (
      <p key={key} className="diff-fold">
        ⋯ {formatPlural(block.rows.length, 'equal line')}
      </p>
    ) : (
      block.rows.map((row) => (
        <DiffLine
          key={`${key}:${row.left?.number ?? ''}:${row.right?.number ?? ''}`}
          row={row}
          side={props.side}
        />
      ))
    );
  });
}

function DiffLine({ row, side }: { row: DiffRow; side: DiffSide }): ReactNode {
  const cell = side === 'left' ? row.left : row.right;
  if (cell === null) return <p className="diff-line is-filler" aria-hidden="true" />;
  const changed = row.kind !== 'same';
  const sign = side === 'left' ? '−' : '+';
  return (
    <p className={changed ? `diff-line is-${side}` : 'diff-line'}>
      <span className="diff-number">{cell.number}</span>
      <span className="diff-sign">{changed ? sign : ' '}</span>
      <span className="diff-text">
        <Spans cell={cell} side={side} />
      </span>
    </p>
  );
}

function Spans({ cell, side }: { cell: DiffCell; side: DiffSide }): ReactNode {
  const Changed = side === 'left' ? 'del' : 'ins';
  let offset = 0;
  return cell.spans.map((span) => {
    const key = offset;
    offset += span.text.length;
    return span.changed ? (
      <Changed key={key}>{span.text}</Changed>
    ) : (
      <span key={key}>{span.text}</span>
    );
  });
}

/** Text that is compared with nothing: one side of a call that the other did not make. */
export function PlainLines({
  lines,
  side,
}: {
  lines: readonly string[];
  side: DiffSide;
}): ReactNode {
  const rows = lines.map((text, index): DiffRow => {
    const cell = { number: index + 1, spans: [{ text, changed: false }] };
    return side === 'left'
      ? { kind: 'removed', left: cell, right: null }
      : { kind: 'added', left: null, right: cell };
  });
  return <DiffLines blocks={[{ folded: false, rows }]} side={side} unfolded />;
}
