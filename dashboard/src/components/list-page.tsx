/** What the two list pages share: filters above, the grid below, and honest empty states. */
import { type ReactNode, useCallback, useMemo, useRef } from 'react';
import type { ListQuery } from '../api/queries.ts';
import { formatCount } from '../model/format.ts';
import { flattenPages } from '../model/list-pages.ts';
import { isFiltered, type ListSearch, nextSort, withFilters } from '../model/list-search.ts';
import { DataGrid, type DataGridProps } from './data-grid.tsx';
import { FilterBar, type FilterField } from './filter-bar.tsx';
import { Failure, Notice } from './notice.tsx';

type GridPart<T extends { readonly id: string }> = Pick<
  DataGridProps<T>,
  'columns' | 'tracks' | 'card' | 'rowTestId' | 'rowTone' | 'onOpen'
>;

/** Everything that differs between the pages. */
export interface ListPageProps<T extends { readonly id: string }> {
  readonly title: string;
  readonly nothing: string;
  readonly query: ListQuery<T>;
  readonly search: ListSearch;
  readonly onSearch: (search: ListSearch) => void;
  readonly fields: readonly FilterField[];
  readonly sortable: readonly string[];
  readonly sortFields: readonly FilterField[];
  readonly grid: GridPart<T>;
}

/** A list page. */
export function ListPage<T extends { readonly id: string }>(props: ListPageProps<T>): ReactNode {
  const { query, search, onSearch } = props;
  const searchInput = useRef<HTMLInputElement>(null);
  const items = useMemo(
    () => (query.data === undefined ? [] : flattenPages(query.data)),
    [query.data],
  );
  const total = query.data?.pages[0]?.total ?? 0;
  const change = useCallback(
    (changes: ListSearch) => onSearch(withFilters(search, changes)),
    [onSearch, search],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const sort = search.sort ?? props.sortable[0] ?? '';
  const order = search.order === 'asc' ? 'asc' : 'desc';
  return (
    <div className="page list-page">
      <h1>{props.title}</h1>
      <FilterBar
        search={search}
        fields={props.fields}
        sortFields={props.sortFields}
        searchInput={searchInput}
        onChange={change}
        summary={query.data === undefined ? '' : `${formatCount(total)} in all`}
      />
      <ListState {...props} empty={items.length === 0} />
      {items.length > 0 && (
        <DataGrid
          {...props.grid}
          label={props.title}
          items={items}
          total={total}
          keys="page"
          sorting={{
            sort,
            order,
            sortable: props.sortable,
            onSort: (field) => change({ ...nextSort({ sort, order }, field) }),
          }}
          onSearch={() => searchInput.current?.focus()}
          onNearEnd={loadMore}
        />
      )}
    </div>
  );
}

function ListState<T extends { readonly id: string }>(
  props: ListPageProps<T> & { empty: boolean },
): ReactNode {
  const { query, search, empty } = props;
  if (query.error !== null) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) return <Notice>Loading…</Notice>;
  if (!empty) return null;
  return <Notice>{isFiltered(search) ? 'Nothing fits these filters.' : props.nothing}</Notice>;
}
