/** The replicas side by side: what each is, what it did at the divergence, what it answered. */
import type { IncidentDetail, ReplicaView } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { evidenceState } from '../model/divergence-sides.ts';
import { formatCount, formatNodeVersion } from '../model/format.ts';
import { replicaAct } from '../model/replica-act.ts';
import { isolationWords } from '../model/words.ts';
import { Badge, ReplicaStateBadge } from './badge.tsx';
import { Panel } from './panel.tsx';

/** One card for each replica. */
export function ReplicaComparison({ incident }: { incident: IncidentDetail }): ReactNode {
  return (
    <Panel title="Replicas side by side">
      <ul className="replica-cards">
        {incident.replicas.map((replica) => (
          <ReplicaCard key={replica.id} replica={replica} incident={incident} />
        ))}
      </ul>
    </Panel>
  );
}

function ReplicaCard(props: { replica: ReplicaView; incident: IncidentDetail }): ReactNode {
  const { replica, incident } = props;
  const act = replicaAct(incident, replica.id);
  const { callId } = incident.firstDivergence;
  const evidence = incident.evidence.find(
    (view) => view.replica === replica.id && (callId === null || view.callId === callId),
  );
  const suspect = incident.suspect === replica.id;
  return (
    <li
      className={suspect ? 'replica-card is-suspect' : 'replica-card'}
      data-testid="replica-card"
      data-replica-id={replica.id}
    >
      <h3>
        <code className="replica-id">{replica.id}</code> {replica.role}
        {suspect && <Badge tone="critical">suspect</Badge>}
      </h3>
      <p className={`act is-${act.state}`}>
        <span aria-hidden="true">{act.sign}</span> {act.words}
      </p>
      <dl>
        {callId !== null && (
          <>
            <dt>Digest</dt>
            <dd>{act.digest === null ? 'none' : <code>{act.digest}</code>}</dd>
            <dt>Evidence</dt>
            <dd>{evidenceState(evidence).words}</dd>
          </>
        )}
        <dt>State now</dt>
        <dd>
          <ReplicaStateBadge state={replica.state} />
        </dd>
        <dt>Process</dt>
        <dd>
          {replica.host}
          {replica.pid !== null && `, pid ${replica.pid}`}, Node{' '}
          {formatNodeVersion(replica.nodeVersion)}
        </dd>
        <dt>Isolation</dt>
        <dd>{replica.role === 'leader' ? 'leader: acts' : isolationWords[replica.isolation]}</dd>
        <dt>Calls</dt>
        <dd>
          {formatCount(replica.calls)}, {formatCount(replica.matched)} matched
        </dd>
      </dl>
    </li>
  );
}
