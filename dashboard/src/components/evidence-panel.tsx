/**
 * Evidence of each replica, decoded: the very bytes that were hashed. A replica that gave none is
 * shown with the reason.
 */
import type { EvidenceView, IncidentDetail } from '@lockstep/protocol';
import { Tabs } from 'radix-ui';
import type { ReactNode } from 'react';
import { evidenceState } from '../model/divergence-sides.ts';
import { formatCount } from '../model/format.ts';
import { EvidenceTree } from './evidence-node.tsx';
import { Panel } from './panel.tsx';
import { ScrollBox } from './scroll-box.tsx';
import { ClockTime } from './time-ago.tsx';

/** A tab for each replica. */
export function EvidencePanel({ incident }: { incident: IncidentDetail }): ReactNode {
  const ids = incident.replicas.map(({ id }) => id);
  const first = incident.suspect ?? ids[0];
  if (first === undefined) return null;
  return (
    <Panel title="Evidence">
      <Tabs.Root defaultValue={first} className="tabs">
        <Tabs.List aria-label="Evidence of replica">
          {ids.map((id) => (
            <Tabs.Trigger key={id} value={id}>
              {id}
              {id === incident.suspect && ' (suspect)'}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {ids.map((id) => (
          <Tabs.Content key={id} value={id}>
            <ReplicaEvidence views={incident.evidence.filter((view) => view.replica === id)} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Panel>
  );
}

function ReplicaEvidence({ views }: { views: readonly EvidenceView[] }): ReactNode {
  if (views.length === 0) {
    return <p className="pane-words is-unknown">Evidence not fetched yet from this replica.</p>;
  }
  return views.map((view) => <OneEvidence key={`${view.log}:${view.callId}`} view={view} />);
}

function OneEvidence({ view }: { view: EvidenceView }): ReactNode {
  const { words } = evidenceState(view);
  return (
    <article className="evidence" data-testid="evidence" data-status={view.status}>
      <h3>
        <code>{view.api}</code> <code className="subject-full">{view.target}</code>
      </h3>
      <p className="muted">
        Turn {formatCount(view.turn)} of log {view.log}, call <code>{view.callId}</code>; {words},{' '}
        <ClockTime at={view.receivedAt} />
      </p>
      {view.arguments === null ? (
        <p className="pane-words is-unknown">No bytes: {words}.</p>
      ) : (
        <EvidenceTree node={view.arguments} />
      )}
      {view.stack.length > 0 && (
        <details open>
          <summary>Stack</summary>
          <ScrollBox className="code-box" label={`Stack of ${view.api}, call ${view.callId}`}>
            <pre>
              <code>{view.stack.join('\n')}</code>
            </pre>
          </ScrollBox>
        </details>
      )}
    </article>
  );
}
