/** Turns around the first divergence: a row for each call, a column for each replica. */
import type { IncidentDetail } from '@lockstep/protocol';
import { type ReactNode, useMemo } from 'react';
import {
  type AlignedCell,
  type AlignedRow,
  type AlignedTurn,
  alignTurns,
} from '../model/aligned-turns.ts';
import { formatCount } from '../model/format.ts';
import { Notice } from './notice.tsx';
import { Panel } from './panel.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** The aligned turns. */
export function TurnsPanel({ incident }: { incident: IncidentDetail }): ReactNode {
  const { surroundings, replicas, firstDivergence, firstAlerts } = incident;
  const columns = useMemo(() => replicas.map(({ id }) => id), [replicas]);
  const turns = useMemo(() => {
    const paired = firstAlerts.find(({ id }) => id === firstAlerts[0]?.pairedWith);
    const callIds = [firstDivergence.callId, paired?.callId].filter((id) => id != null);
    return alignTurns(surroundings, columns, new Set(callIds));
  }, [surroundings, columns, firstDivergence, firstAlerts]);
  return (
    <Panel title="Turns around it" aside={<Legend />}>
      {turns.length === 0 ? (
        <Notice>No calls around the divergence are known.</Notice>
      ) : (
        <ScrollBox className="turns-scroll" label="Aligned calls">
          <table className="turns">
            <thead>
              <tr>
                <th scope="col">Call</th>
                {replicas.map(({ id, role }) => (
                  <th key={id} scope="col">
                    <code className="replica-id">{id}</code> <span className="muted">{role}</span>
                  </th>
                ))}
              </tr>
            </thead>
            {turns.map((turn) => (
              <TurnRows key={turn.key} turn={turn} columns={replicas.length} />
            ))}
          </table>
        </ScrollBox>
      )}
    </Panel>
  );
}

function Legend(): ReactNode {
  return (
    <p className="legend muted">
      <span>= agrees</span>
      <span>≠ differs</span>
      <span>∅ missing</span>
      <span>+ extra</span>
      <span>? unknown</span>
    </p>
  );
}

function TurnRows({ turn, columns }: { turn: AlignedTurn; columns: number }): ReactNode {
  const { log, turn: number, parentTurn } = turn.turn;
  return (
    <tbody data-testid="turn" data-turn={number}>
      <tr className="turn-head">
        <th scope="rowgroup" colSpan={columns + 1}>
          Turn {formatCount(number)}
          <span className="muted">
            {' '}
            of log {log}
            {parentTurn !== null && `, begun by turn ${formatCount(parentTurn)}`}
          </span>
        </th>
      </tr>
      {turn.rows.map((row) => (
        <CallRow key={row.call.callId} row={row} />
      ))}
    </tbody>
  );
}

function CallRow({ row }: { row: AlignedRow }): ReactNode {
  const { call, isDivergence } = row;
  return (
    <tr
      className={isDivergence ? 'call is-divergence' : 'call'}
      data-testid="aligned-call"
      data-verdict={call.verdict}
    >
      <th scope="row">
        <code className="subject" title={`${call.api} ${call.target ?? ''}\n${call.callId}`}>
          <b>{call.api}</b> {call.target}
        </code>
        {isDivergence && <span className="divergence-mark">◀ first divergence</span>}
      </th>
      {row.cells.map((cell) => (
        <Cell key={cell.replica} cell={cell} />
      ))}
    </tr>
  );
}

function Cell({ cell }: { cell: AlignedCell }): ReactNode {
  return (
    <td className={`aligned is-${cell.state}`} title={cell.digest ?? 'no digest'}>
      <span aria-hidden="true" className="sign">
        {cell.sign}
      </span>{' '}
      {cell.words}
    </td>
  );
}
