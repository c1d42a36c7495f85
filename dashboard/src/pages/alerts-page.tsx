/** All alerts, filtered and sorted as the URL says. */
import type { AlertView } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { useAlerts, useServices } from '../api/queries.ts';
import { ALERT_TRACKS, AlertCard, alertColumns, alertTone } from '../components/alert-columns.tsx';
import { alertStatusField, commonFields, orderField } from '../components/filter-fields.ts';
import { ListPage } from '../components/list-page.tsx';
import { useTitle } from '../hooks/use-title.ts';
import { ALERT_SORTS, type AlertSearch, type ListSearch } from '../model/list-search.ts';

const SORT_FIELD = {
  name: 'sort',
  label: 'Sort by',
  options: [
    { value: 'at', label: 'time' },
    { value: 'severity', label: 'severity' },
  ],
};

/** The page at `/alerts`. */
export function AlertsPage(props: {
  search: AlertSearch;
  onSearch: (search: ListSearch) => void;
  onOpen: (alert: AlertView) => void;
}): ReactNode {
  useTitle('Alerts');
  const services = useServices().data ?? [];
  return (
    <ListPage
      title="Alerts"
      nothing="No alert yet: the replicas agreed on every call."
      query={useAlerts(props.search)}
      search={{ ...props.search }}
      onSearch={props.onSearch}
      fields={[alertStatusField, ...commonFields(services)]}
      sortable={ALERT_SORTS}
      sortFields={[SORT_FIELD, orderField]}
      grid={{
        columns: alertColumns,
        tracks: ALERT_TRACKS,
        card: (alert) => <AlertCard alert={alert} />,
        rowTestId: 'alert-row',
        rowTone: alertTone,
        onOpen: props.onOpen,
      }}
    />
  );
}
