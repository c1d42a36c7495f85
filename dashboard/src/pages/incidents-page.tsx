/** All incidents, filtered and sorted as the URL says. */
import type { IncidentView } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { useIncidents, useServices } from '../api/queries.ts';
import { commonFields, orderField, statusField } from '../components/filter-fields.ts';
import {
  INCIDENT_TRACKS,
  IncidentCard,
  incidentColumns,
  incidentTone,
} from '../components/incident-columns.tsx';
import { ListPage } from '../components/list-page.tsx';
import { useTitle } from '../hooks/use-title.ts';
import { INCIDENT_SORTS, type IncidentSearch, type ListSearch } from '../model/list-search.ts';

const SORT_FIELD = {
  name: 'sort',
  label: 'Sort by',
  options: [
    { value: 'openedAt', label: 'opened' },
    { value: 'updatedAt', label: 'updated' },
    { value: 'severity', label: 'severity' },
    { value: 'alerts', label: 'alerts' },
  ],
};

/** The page at `/incidents`. */
export function IncidentsPage(props: {
  search: IncidentSearch;
  onSearch: (search: ListSearch) => void;
  onOpen: (incident: IncidentView) => void;
}): ReactNode {
  useTitle('Incidents');
  const services = useServices().data ?? [];
  return (
    <ListPage
      title="Incidents"
      nothing="No incident yet: the replicas agreed on every call."
      query={useIncidents(props.search)}
      search={{ ...props.search }}
      onSearch={props.onSearch}
      fields={[statusField, ...commonFields(services)]}
      sortable={INCIDENT_SORTS}
      sortFields={[SORT_FIELD, orderField]}
      grid={{
        columns: incidentColumns,
        tracks: INCIDENT_TRACKS,
        card: (incident) => <IncidentCard incident={incident} />,
        rowTestId: 'incident-row',
        rowTone: incidentTone,
        onOpen: props.onOpen,
      }}
    />
  );
}
