/** One alert of an incident, named in the URL: what a reader clicked in a list. */
import type { AlertView } from '@lockstep/protocol';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAlert } from '../api/queries.ts';
import { formatCount } from '../model/format.ts';
import { suspectLabel } from '../model/suspect.ts';
import { kindWords } from '../model/words.ts';
import { DrillBadge, NoiseBadge, SeverityBadge } from './badge.tsx';
import { IncidentLink } from './links.tsx';
import { Failure, Notice } from './notice.tsx';
import { Panel } from './panel.tsx';
import { ClockTime } from './time-ago.tsx';

/** The alert, with a way to close it. */
export function AlertPanel(props: { alertId: string; incidentId: string }): ReactNode {
  const query = useAlert(props.alertId);
  const close = (
    <IncidentLink id={props.incidentId} className="icon-button">
      <X size={16} aria-hidden="true" />
      <span className="visually-hidden">Close alert</span>
    </IncidentLink>
  );
  return (
    <Panel title="Alert" aside={close} className="alert-panel">
      {query.error !== null && <Failure error={query.error} />}
      {query.data === undefined && query.error === null && <Notice>Loading…</Notice>}
      {query.data !== undefined && <AlertFacts alert={query.data} />}
    </Panel>
  );
}

function AlertFacts({ alert }: { alert: AlertView }): ReactNode {
  return (
    <div data-testid="alert-detail" data-id={alert.id}>
      <p>
        <SeverityBadge severity={alert.severity} /> <b>{kindWords[alert.kind]}</b>{' '}
        {alert.noise && <NoiseBadge />} {alert.drill && <DrillBadge />}
      </p>
      <p>{alert.summary}</p>
      <ul className="facts">
        {alert.api !== null && (
          <li>
            <code>
              {alert.api} {alert.target}
            </code>
          </li>
        )}
        {alert.callId !== null && (
          <li>
            call <code>{alert.callId}</code>
          </li>
        )}
        {alert.turn !== null && (
          <li>
            turn {formatCount(alert.turn)} of log {alert.log}
          </li>
        )}
        <li>suspect: {suspectLabel(alert.suspect)}</li>
        <li>
          raised <ClockTime at={alert.at} />
        </li>
        {alert.pairedWith !== null && (
          <li>
            <IncidentLink id={alert.incidentId} alert={alert.pairedWith}>
              the other half of a changed target
            </IncidentLink>
          </li>
        )}
      </ul>
      <ul className="facts">
        {alert.replicas.map((replica) => (
          <li key={replica.id}>
            <code className="replica-id">{replica.id}</code>{' '}
            {replica.digest === null ? 'no such call' : <code>{replica.digest}</code>}
          </li>
        ))}
      </ul>
    </div>
  );
}
