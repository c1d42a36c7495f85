/** Alerts that follow from the first divergence: counted, and unfolded into a list on demand. */
import type { AlertView, IncidentDetail } from '@lockstep/protocol';
import { ChevronRight } from 'lucide-react';
import { Collapsible } from 'radix-ui';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useAlerts } from '../api/queries.ts';
import { consequencesOf } from '../model/consequences.ts';
import { formatCount, formatPlural } from '../model/format.ts';
import { flattenPages } from '../model/list-pages.ts';
import { kindWords } from '../model/words.ts';
import { ALERT_TRACKS, AlertCard, alertColumns, alertTone } from './alert-columns.tsx';
import { DataGrid } from './data-grid.tsx';
import { Failure, Notice } from './notice.tsx';
import { Panel } from './panel.tsx';

/** The folded consequences. */
export function ConsequencesPanel(props: {
  incident: IncidentDetail;
  onOpen: (alert: AlertView) => void;
}): ReactNode {
  const { incident, onOpen } = props;
  const [open, setOpen] = useState(false);
  const { total, byKind } = consequencesOf(incident);
  return (
    <Panel title="Consequences">
      <p data-testid="consequence-count" data-count={total}>
        {total === 0
          ? 'None: the first divergence is the only alert.'
          : `${formatPlural(total, 'alert')} with the same cause, folded under the first divergence.`}
      </p>
      {byKind.length > 0 && (
        <ul className="facts">
          {byKind.map(({ kind, count }) => (
            <li key={kind}>
              <b className="number">{formatCount(count)}</b> {kindWords[kind].toLowerCase()}
            </li>
          ))}
        </ul>
      )}
      <Collapsible.Root open={open} onOpenChange={setOpen}>
        <Collapsible.Trigger className="small disclosure">
          <ChevronRight size={14} aria-hidden="true" />
          {open ? 'Fold alerts' : `Show ${formatPlural(incident.alerts, 'alert')}`}
        </Collapsible.Trigger>
        <Collapsible.Content>
          <IncidentAlerts incidentId={incident.id} onOpen={onOpen} />
        </Collapsible.Content>
      </Collapsible.Root>
    </Panel>
  );
}

function IncidentAlerts(props: {
  incidentId: string;
  onOpen: (alert: AlertView) => void;
}): ReactNode {
  const query = useAlerts({ incidentId: props.incidentId, sort: 'at', order: 'asc' });
  const items = useMemo(
    () => (query.data === undefined ? [] : flattenPages(query.data)),
    [query.data],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (query.error !== null) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) return <Notice>Loading…</Notice>;
  return (
    <div className="folded-alerts">
      <DataGrid
        label="Alerts of this incident"
        items={items}
        total={query.data.pages[0]?.total ?? items.length}
        columns={alertColumns}
        tracks={ALERT_TRACKS}
        card={(alert) => <AlertCard alert={alert} />}
        rowTestId="alert-row"
        rowTone={alertTone}
        sorting={null}
        keys="focus"
        onOpen={props.onOpen}
        onNearEnd={loadMore}
      />
    </div>
  );
}
