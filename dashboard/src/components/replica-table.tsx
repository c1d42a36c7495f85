/** Replicas of a run: role, state, calls/s, match rate, lag, and what keeps a follower harmless. */
import type { ReplicaView, RunView } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import {
  formatCount,
  formatDuration,
  formatPlural,
  formatRate,
  formatShare,
  UNKNOWN,
} from '../model/format.ts';
import { isolationWords } from '../model/words.ts';
import { ReplicaStateBadge } from './badge.tsx';
import { Sparkline } from './sparkline.tsx';

/** The replicas of one run. */
export function ReplicaTable(props: { run: RunView }): ReactNode {
  return (
    <table className="replicas">
      <caption className="visually-hidden">Replicas of this run</caption>
      <thead>
        <tr>
          <th scope="col">Replica</th>
          <th scope="col">State</th>
          <th scope="col" className="number">
            Calls/s
          </th>
          <th scope="col">Last two minutes</th>
          <th
            scope="col"
            className="number"
            title="Calls that all replicas agreed on, of those made"
          >
            Match rate
          </th>
          <th scope="col" className="number">
            Lag
          </th>
          <th scope="col" className="number">
            Calls
          </th>
          <th scope="col">Process</th>
        </tr>
      </thead>
      <tbody>
        {props.run.replicas.map((replica) => (
          <ReplicaRow key={replica.id} replica={replica} />
        ))}
      </tbody>
    </table>
  );
}

function ReplicaRow(props: { replica: ReplicaView }): ReactNode {
  const { replica } = props;
  return (
    <tr
      data-testid="replica-row"
      data-replica-id={replica.id}
      data-role={replica.role}
      data-state={replica.state}
    >
      <th scope="row" className="cell-name">
        <code className="replica-id">{replica.id}</code> <span>{replica.role}</span>
        {replica.variant !== 'default' && <span className="variant">{replica.variant}</span>}
      </th>
      <td className="cell-state">
        <ReplicaStateBadge state={replica.state} />
        {replica.gaps > 0 && <span className="gaps">{formatPlural(replica.gaps, 'gap')}</span>}
      </td>
      <td className="cell-rate number" data-label="calls/s">
        {replica.endedAt === null ? formatRate(replica.callsPerSecond) : UNKNOWN}
      </td>
      <td className="cell-spark">
        <Sparkline runId={replica.runId} replicaId={replica.id} />
      </td>
      <td className="cell-match number" data-label="match">
        {formatShare(replica.matched, replica.calls)}
      </td>
      <td className="cell-lag number" data-label="lag">
        <Lag replica={replica} />
      </td>
      <td className="cell-calls number" data-label="calls">
        {formatCount(replica.calls)}
      </td>
      <td className="cell-process">
        <Process replica={replica} />
      </td>
    </tr>
  );
}

function Lag(props: { replica: ReplicaView }): ReactNode {
  const { replica } = props;
  if (replica.role === 'leader') return <span title="The leader leads">{UNKNOWN}</span>;
  return (
    <>
      {formatPlural(replica.lagTurns, 'turn')}
      <span className="muted"> · {formatDuration(replica.lagMs)}</span>
    </>
  );
}

function Process(props: { replica: ReplicaView }): ReactNode {
  const { replica } = props;
  const exit = replica.exitSignal ?? replica.exitCode;
  return (
    <span className="muted">
      {replica.host}
      {replica.pid !== null && `, pid ${replica.pid}`}
      {replica.role === 'follower' && `, ${isolationWords[replica.isolation]}`}
      {exit !== null && `, ended with ${exit}`}
    </span>
  );
}
