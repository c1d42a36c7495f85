/** One row of a grid, placed where the virtual list says: columns, or a card where it is narrow. */
import type { ReactTable, Row } from '@tanstack/react-table';
import type { MouseEvent, ReactNode } from 'react';
import type { DataGridProps, GridFeatures } from './data-grid.tsx';

/** What a row needs. */
export interface GridRowProps<T extends { readonly id: string }> {
  readonly id: string;
  readonly row: Row<GridFeatures, T>;
  readonly flexRender: ReactTable<GridFeatures, T>['FlexRender'];
  readonly place: { readonly index: number; readonly start: number; readonly size: number };
  readonly isActive: boolean;
  readonly narrow: boolean;
  readonly grid: DataGridProps<T>;
}

/** A row. */
export function GridRow<T extends { readonly id: string }>(props: GridRowProps<T>): ReactNode {
  const { row, place, narrow, grid } = props;
  const FlexRender = props.flexRender;
  const item = row.original;
  const openUnlessLink = (event: MouseEvent): void => {
    const onLink = event.target instanceof Element && event.target.closest('a') !== null;
    if (!onLink) grid.onOpen(item);
  };
  return (
    <tr
      id={props.id}
      className={`grid-row ${grid.rowTone(item)}`}
      aria-rowindex={place.index + 2}
      aria-selected={props.isActive}
      data-testid={grid.rowTestId}
      data-id={item.id}
      style={{ transform: `translateY(${place.start}px)`, height: place.size }}
      onClick={openUnlessLink}
    >
      {narrow ? (
        <td className="grid-card">{grid.card(item)}</td>
      ) : (
        row.getAllCells().map((cell) => (
          <td key={cell.id} className="grid-cell">
            <FlexRender cell={cell} />
          </td>
        ))
      )}
    </tr>
  );
}
