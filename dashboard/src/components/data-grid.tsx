/**
 * A virtualised, keyboard-driven grid over a list that loads page by page. The focus stays on the
 * grid and `aria-activedescendant` names the active row, because rows that scroll away leave the
 * document. In a narrow window a row is a card instead of columns.
 */
import { type ColumnDef, type ReactTable, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { useListKeys } from '../hooks/use-list-keys.ts';
import { useNarrow } from '../hooks/use-narrow.ts';
import { type ListCommand, movedIndex } from '../model/list-keys.ts';
import type { SortOrder } from '../model/list-search.ts';
import { GridHeader } from './grid-header.tsx';
import { GridRow } from './grid-row.tsx';

/** Core features only: filtering and sorting are the collector's. */
export const gridFeatures: object = tableFeatures({});

/** Features of every grid here. */
export type GridFeatures = typeof gridFeatures;

/** Columns of a grid over items of type T. */
export type GridColumns<T extends object> = readonly ColumnDef<GridFeatures, T>[];

/** How a list is sorted, and by what it can be. */
export interface GridSort {
  readonly sort: string;
  readonly order: SortOrder;
  readonly sortable: readonly string[];
  readonly onSort: (field: string) => void;
}

/** Everything a grid needs. */
export interface DataGridProps<T extends { readonly id: string }> {
  readonly label: string;
  readonly items: T[];
  /** Number of items in the whole list, loaded or not. */
  readonly total: number;
  readonly columns: GridColumns<T>;
  /** Widths as `grid-template-columns`. */
  readonly tracks: string;
  readonly card: (item: T) => ReactNode;
  readonly rowTestId: string;
  readonly rowTone: (item: T) => string;
  readonly sorting: GridSort | null;
  readonly keys: 'page' | 'focus';
  readonly onOpen: (item: T) => void;
  readonly onSearch?: () => void;
  /** Called when the reader comes near the end of what is loaded. */
  readonly onNearEnd: () => void;
}

const ROW_PX = 34;
const CARD_PX = 88;
const OVERSCAN_ROWS = 8;
/** Rows before the end at which the next page is asked for. */
const NEAR_END_ROWS = 30;

/** The grid, built anew when the window becomes narrow or wide: rows then have another height. */
export function DataGrid<T extends { readonly id: string }>(props: DataGridProps<T>): ReactNode {
  const narrow = useNarrow();
  return <SizedGrid key={narrow ? 'cards' : 'columns'} narrow={narrow} grid={props} />;
}

function SizedGrid<T extends { readonly id: string }>(props: {
  narrow: boolean;
  grid: DataGridProps<T>;
}): ReactNode {
  const { narrow, grid } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLTableElement>(null);
  const idPrefix = useId();
  const table = useTable<GridFeatures, T>({
    features: gridFeatures,
    columns: [...grid.columns],
    data: grid.items,
    getRowId: (item) => item.id,
  });
  const virtualizer = useRows(table, scroller, narrow ? CARD_PX : ROW_PX, grid.onNearEnd);
  const active = useActiveRow(table, virtualizer, element, grid);
  const { rows } = table.getRowModel();
  const style: CSSProperties & Record<'--tracks', string> = { '--tracks': grid.tracks };
  return (
    <div ref={scroller} className={narrow ? 'grid is-narrow' : 'grid'} style={style}>
      <table
        ref={element}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an ARIA grid is a table whose rows are driven by keys.
        role="grid"
        tabIndex={0}
        aria-label={grid.label}
        aria-rowcount={grid.total + 1}
        {...(active >= 0 && { 'aria-activedescendant': `${idPrefix}-${active}` })}
      >
        {!narrow && <GridHeader table={table} sorting={grid.sorting} />}
        <tbody style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, size }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <GridRow
                key={row.id}
                id={`${idPrefix}-${index}`}
                row={row}
                flexRender={table.FlexRender}
                place={{ index, start, size }}
                isActive={index === active}
                narrow={narrow}
                grid={grid}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

type Rows = Virtualizer<HTMLDivElement, Element>;

function useRows<T extends { readonly id: string }>(
  table: ReactTable<GridFeatures, T>,
  scroller: RefObject<HTMLDivElement | null>,
  rowPx: number,
  onNearEnd: () => void,
): Rows {
  const { rows } = table.getRowModel();
  const virtualizer: Rows = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: OVERSCAN_ROWS,
  });
  const nearEnd = (virtualizer.getVirtualItems().at(-1)?.index ?? 0) >= rows.length - NEAR_END_ROWS;
  useEffect(() => {
    if (nearEnd) onNearEnd();
  }, [nearEnd, onNearEnd]);
  return virtualizer;
}

/** Index of the active row, moved by keys; -1 before the first. */
function useActiveRow<T extends { readonly id: string }>(
  table: ReactTable<GridFeatures, T>,
  virtualizer: Rows,
  element: RefObject<HTMLTableElement | null>,
  grid: DataGridProps<T>,
): number {
  const { rows } = table.getRowModel();
  // By identifier, not by place: rows that arrive above must not change what Enter opens.
  const [activeId, setActiveId] = useState<string | null>(null);
  const active = rows.findIndex((row) => row.id === activeId);
  const move = (command: ListCommand): boolean => {
    const next = movedIndex(active, command, rows.length);
    const row = rows[next];
    if (row === undefined) return false;
    setActiveId(row.id);
    virtualizer.scrollToIndex(next, { align: 'auto' });
    element.current?.focus({ preventScroll: true });
    return true;
  };
  useListKeys(grid.keys, element, (command) => {
    switch (command.type) {
      case 'move':
      case 'jump':
        return move(command);
      case 'open': {
        const row = rows[active];
        if (row !== undefined) grid.onOpen(row.original);
        return row !== undefined;
      }
      case 'search':
        grid.onSearch?.();
        return grid.onSearch !== undefined;
      case 'help':
        return false;
    }
  });
  return active;
}
