/** The newest open incidents, above everything else on the overview. */
import type { IncidentView } from '@lockstep/protocol';
import { ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { OPEN_INCIDENTS, useIncidents } from '../api/queries.ts';
import { OVERVIEW_INCIDENTS } from '../limits.ts';
import { formatCount, formatPlural } from '../model/format.ts';
import { flattenPages } from '../model/list-pages.ts';
import { incidentHeadline } from '../model/suspect.ts';
import { DrillBadge, SeverityBadge, SuspectLabel } from './badge.tsx';
import { IncidentLink, IncidentsLink } from './links.tsx';
import { Failure, Notice } from './notice.tsx';
import { TimeAgo } from './time-ago.tsx';

/** Open incidents, newest first. */
export function OpenIncidents(): ReactNode {
  const query = useIncidents(OPEN_INCIDENTS);
  const total = query.data?.pages[0]?.total ?? 0;
  return (
    <section className="open-incidents" aria-labelledby="open-incidents">
      <div className="section-head">
        <h2 id="open-incidents">Open incidents</h2>
        {total > OVERVIEW_INCIDENTS && (
          <IncidentsLink search={OPEN_INCIDENTS}>All {formatCount(total)}</IncidentsLink>
        )}
      </div>
      <Content query={query} />
    </section>
  );
}

function Content({ query }: { query: ReturnType<typeof useIncidents> }): ReactNode {
  if (query.data === undefined) {
    return query.error === null ? (
      <Notice>Loading…</Notice>
    ) : (
      <Failure error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const incidents = flattenPages(query.data).slice(0, OVERVIEW_INCIDENTS);
  if (incidents.length === 0) {
    return (
      <p className="notice all-clear">
        <ShieldCheck size={16} aria-hidden="true" /> No open incident.
      </p>
    );
  }
  return (
    <ul className="incident-strip">
      {incidents.map((incident) => (
        <OpenIncident key={incident.id} incident={incident} />
      ))}
    </ul>
  );
}

function OpenIncident({ incident }: { incident: IncidentView }): ReactNode {
  return (
    <li data-testid="open-incident" data-incident-id={incident.id}>
      <SeverityBadge severity={incident.severity} />
      <div className="strip-text">
        <IncidentLink id={incident.id} className="strip-title">
          {incidentHeadline(incident)}
        </IncidentLink>
        <code className="subject">{incident.firstDivergence.target}</code>
      </div>
      <span className="strip-facts">
        {incident.drill && <DrillBadge />}
        {incident.suspect === null && <SuspectLabel suspect={null} />}
        <span>{incident.service}</span>
        <span>{formatPlural(incident.alerts, 'alert')}</span>
        <TimeAgo at={incident.openedAt} />
      </span>
    </li>
  );
}
