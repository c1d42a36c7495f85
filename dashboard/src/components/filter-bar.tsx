/** Search, filters and sort of a list. What they say stands in the URL; here it is only edited. */
import { Search, SlidersHorizontal, X } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { useNarrow } from '../hooks/use-narrow.ts';
import { SEARCH_SETTLE_MS } from '../limits.ts';
import { useLive } from '../live/live-context.tsx';
import { isFiltered, type ListSearch } from '../model/list-search.ts';

/** A choice of a filter. */
export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

/** One filter: its name in the URL, its label, its choices. */
export interface FilterField {
  readonly name: string;
  readonly label: string;
  readonly options: readonly FilterOption[];
}

/** What a bar edits. */
export interface FilterBarProps {
  readonly search: ListSearch;
  readonly fields: readonly FilterField[];
  /** Only offered in a narrow window, where there are no column headings. */
  readonly sortFields: readonly FilterField[];
  readonly searchInput: RefObject<HTMLInputElement | null>;
  readonly onChange: (changes: ListSearch) => void;
  readonly summary: string;
}

/** The bar. */
export function FilterBar(props: FilterBarProps): ReactNode {
  const narrow = useNarrow();
  const [unfolded, setUnfolded] = useState(false);
  const { search, onChange } = props;
  const cleared = Object.fromEntries(
    Object.keys(search).flatMap((key) => (key === 'sort' || key === 'order' ? [] : [[key, '']])),
  );
  return (
    <search className="filters" aria-label="Filters">
      <SearchField
        value={search.q ?? ''}
        input={props.searchInput}
        onChange={(q) => onChange({ q })}
      />
      {narrow && (
        <button type="button" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
          <SlidersHorizontal size={15} aria-hidden="true" /> Filters
        </button>
      )}
      {(!narrow || unfolded) &&
        [...props.fields, ...(narrow ? props.sortFields : [])].map((field) => (
          <FilterSelect key={field.name} field={field} search={search} onChange={onChange} />
        ))}
      {isFiltered(search) && (
        <button type="button" className="quiet" onClick={() => onChange(cleared)}>
          <X size={14} aria-hidden="true" /> Clear
        </button>
      )}
      <output className="summary">{props.summary}</output>
    </search>
  );
}

function FilterSelect(props: {
  field: FilterField;
  search: ListSearch;
  onChange: (changes: ListSearch) => void;
}): ReactNode {
  const { field, search, onChange } = props;
  const value = search[field.name] ?? '';
  const known = value === '' || field.options.some((option) => option.value === value);
  return (
    <label className={value === '' ? 'filter' : 'filter is-set'}>
      <span>{field.label}</span>
      <select
        value={value}
        onChange={(event) => onChange({ [field.name]: event.currentTarget.value })}
      >
        <option value="">any</option>
        {!known && <option value={value}>{value}</option>}
        {field.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function SearchField(props: {
  value: string;
  input: RefObject<HTMLInputElement | null>;
  onChange: (value: string) => void;
}): ReactNode {
  const { value, input, onChange } = props;
  const { clock } = useLive();
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    // The URL changed by other means (Back, Clear): the field follows it.
    setShown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return;
    const timer = clock.startTimer(() => onChange(typed), SEARCH_SETTLE_MS);
    return () => clock.stopTimer(timer);
  }, [typed, value, onChange, clock]);
  return (
    <label className="search-field">
      <Search size={15} aria-hidden="true" />
      <span className="visually-hidden">Search</span>
      <input
        ref={input}
        type="search"
        placeholder="Search target, API, call identifier"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <kbd title="Press / to search">/</kbd>
    </label>
  );
}
