/** Everything that happened to an incident, newest last. */
import type { IncidentActivity } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { Panel } from './panel.tsx';
import { ClockTime } from './time-ago.tsx';

const ACTION_WORDS: Readonly<Record<IncidentActivity['action'], string>> = {
  opened: 'opened',
  status: 'status',
  assignee: 'assigned',
  note: 'note',
  evidence: 'evidence',
};

/** The history. */
export function IncidentHistory(props: { activity: readonly IncidentActivity[] }): ReactNode {
  return (
    <Panel title="History">
      <ol className="history" data-testid="history">
        {props.activity.map((entry) => (
          <li key={`${entry.at}:${entry.action}:${entry.text}`} data-action={entry.action}>
            <span className="muted">
              <ClockTime at={entry.at} /> {entry.actor}, {ACTION_WORDS[entry.action]}
            </span>
            <p>{entry.text}</p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
