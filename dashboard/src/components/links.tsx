/**
 * Links to the pages, in one place: a page does not need to know how the router spells its paths.
 */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AlertSearch, IncidentSearch } from '../model/list-search.ts';

interface LinkContent {
  readonly children: ReactNode;
  readonly className?: string;
  /** -1 where a surrounding grid opens the row by Enter. */
  readonly tabIndex?: number;
}

/** To one incident, perhaps with one of its alerts in view. */
export function IncidentLink({
  id,
  alert,
  ...rest
}: LinkContent & { id: string; alert?: string }): ReactNode {
  return (
    <Link
      to="/incidents/$incidentId"
      params={{ incidentId: id }}
      search={alert === undefined ? {} : { alert }}
      {...rest}
    />
  );
}

/** To the incidents that fit a search. */
export function IncidentsLink({
  search,
  ...rest
}: LinkContent & { search: IncidentSearch }): ReactNode {
  return <Link to="/incidents" search={search} {...rest} />;
}

/** To the alerts that fit a search. */
export function AlertsLink({ search, ...rest }: LinkContent & { search: AlertSearch }): ReactNode {
  return <Link to="/alerts" search={search} {...rest} />;
}

/** A page of the main navigation; the current one is marked `aria-current`. */
export function NavigationLink({
  to,
  exact,
  ...rest
}: LinkContent & { to: '/' | '/incidents' | '/alerts'; exact?: boolean }): ReactNode {
  return <Link to={to} activeOptions={{ exact: exact === true, includeSearch: false }} {...rest} />;
}
