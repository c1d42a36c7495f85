/** What happened, in one sentence, where it stands, and the two things one does first. */
import type { IncidentDetail, IncidentPatch } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { formatPlural, shortId } from '../model/format.ts';
import { divergenceSubject, incidentHeadline } from '../model/suspect.ts';
import { kindWords } from '../model/words.ts';
import { DrillBadge, SeverityBadge, StatusBadge } from './badge.tsx';
import { AlertsLink, IncidentsLink } from './links.tsx';
import { ClockTime, TimeAgo } from './time-ago.tsx';

/** Head of an incident's page. */
export function IncidentHeader(props: {
  incident: IncidentDetail;
  busy: boolean;
  onPatch: (patch: IncidentPatch) => void;
}): ReactNode {
  const { incident, busy, onPatch } = props;
  return (
    <header className="incident-head" data-testid="incident-head" data-status={incident.status}>
      <p className="crumbs">
        <IncidentsLink search={{}}>Incidents</IncidentsLink> / <code>{incident.id}</code>
      </p>
      <div className="incident-title">
        <h1>{incidentHeadline(incident)}</h1>
        <StatusButtons incident={incident} busy={busy} onPatch={onPatch} />
      </div>
      <p className="incident-subject">
        <code>{divergenceSubject(incident.firstDivergence)}</code>
      </p>
      <IncidentFacts incident={incident} />
    </header>
  );
}

function StatusButtons(props: {
  incident: IncidentDetail;
  busy: boolean;
  onPatch: (patch: IncidentPatch) => void;
}): ReactNode {
  const { incident, busy, onPatch } = props;
  const resolved = incident.status === 'resolved';
  return (
    <div className="buttons">
      {resolved ? (
        <button type="button" disabled={busy} onClick={() => onPatch({ status: 'open' })}>
          Reopen
        </button>
      ) : (
        <>
          <button
            type="button"
            disabled={busy || incident.status === 'acknowledged'}
            onClick={() => onPatch({ status: 'acknowledged' })}
          >
            Acknowledge
          </button>
          <button
            type="button"
            className="primary"
            disabled={busy}
            onClick={() => onPatch({ status: 'resolved' })}
          >
            Resolve
          </button>
        </>
      )}
    </div>
  );
}

function IncidentFacts({ incident }: { incident: IncidentDetail }): ReactNode {
  const { firstDivergence } = incident;
  return (
    <ul className="facts">
      <li>
        <SeverityBadge severity={incident.severity} />
      </li>
      <li>
        <StatusBadge status={incident.status} />
      </li>
      {incident.drill && (
        <li>
          <DrillBadge />
        </li>
      )}
      <li>{kindWords[firstDivergence.kind]}</li>
      <li>
        service <b>{incident.service}</b>
      </li>
      <li>
        run <code title={incident.runId}>{shortId(incident.runId)}</code>
      </li>
      <li>
        opened <ClockTime at={incident.openedAt} /> (<TimeAgo at={incident.openedAt} />)
      </li>
      <li>
        <AlertsLink search={{ incidentId: incident.id }}>
          {formatPlural(incident.alerts, 'alert')}
        </AlertsLink>
      </li>
      <li>{incident.assignee === null ? 'nobody assigned' : `assigned to ${incident.assignee}`}</li>
      <li>
        <a href={`/api/incidents/${encodeURIComponent(incident.id)}/export`} download>
          Export
        </a>
      </li>
    </ul>
  );
}
