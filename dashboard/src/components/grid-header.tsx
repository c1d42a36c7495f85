/** Column headings of a grid; those by which the collector can sort are buttons. */
import type { ReactTable } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GridFeatures, GridSort } from './data-grid.tsx';

/** The heading row. */
export function GridHeader<T extends object>(props: {
  table: ReactTable<GridFeatures, T>;
  sorting: GridSort | null;
}): ReactNode {
  return (
    <thead>
      {props.table.getHeaderGroups().map((group) => (
        <tr key={group.id} aria-rowindex={1}>
          {group.headers.map((header) => (
            <HeaderCell key={header.id} id={header.column.id} sorting={props.sorting}>
              <props.table.FlexRender header={header} />
            </HeaderCell>
          ))}
        </tr>
      ))}
    </thead>
  );
}

function HeaderCell(props: {
  id: string;
  sorting: GridSort | null;
  children: ReactNode;
}): ReactNode {
  const { id, sorting, children } = props;
  if (sorting === null || !sorting.sortable.includes(id)) {
    return (
      <th scope="col" className="grid-cell">
        {children}
      </th>
    );
  }
  const direction = sorting.order === 'asc' ? 'ascending' : 'descending';
  const sorted = sorting.sort === id;
  const Arrow = sorting.order === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th scope="col" className="grid-cell" aria-sort={sorted ? direction : 'none'}>
      <button type="button" className="sort-button" onClick={() => sorting.onSort(id)}>
        {children}
        {sorted && <Arrow size={13} aria-hidden="true" />}
      </button>
    </th>
  );
}
