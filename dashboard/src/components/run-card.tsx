/** One run: whether it is protected and, if not, why in plain words; its replicas; its numbers. */
import type { RunView } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { useFeedHealth } from '../live/live-context.tsx';
import { formatCount, formatPlural, formatShare, shortId } from '../model/format.ts';
import { runReasonSentence, runStateSentence } from '../model/run-words.ts';
import { DrillBadge, RunStateBadge } from './badge.tsx';
import { IncidentsLink } from './links.tsx';
import { ReplicaTable } from './replica-table.tsx';
import { TimeAgo } from './time-ago.tsx';

/** A run in full. */
export function RunCard(props: { run: RunView }): ReactNode {
  const { run } = props;
  const reason = runReasonSentence(run);
  const live = useFeedHealth().phase === 'live';
  return (
    <article
      className="run"
      aria-label={`Run ${shortId(run.runId)} of ${run.service}`}
      data-testid="run"
      data-run-id={run.runId}
      data-state={run.state}
    >
      <header className="run-head">
        <RunStateBadge state={run.state} />
        {run.drill && <DrillBadge />}
        <p className="run-sentence" data-testid="run-reason">
          {!live && 'Last known: '}
          {runStateSentence(run)} {reason !== null && <strong>{reason}</strong>}
        </p>
        <RunNumbers run={run} />
      </header>
      <p className="run-origin muted">
        Run{' '}
        <code title={run.runId} className="run-id">
          {shortId(run.runId)}
        </code>{' '}
        started <TimeAgo at={run.startedAt} />
        {run.command.length > 0 && <code className="command">{run.command.join(' ')}</code>}
      </p>
      <ReplicaTable run={run} />
    </article>
  );
}

function RunNumbers(props: { run: RunView }): ReactNode {
  const { run } = props;
  return (
    <ul className="run-numbers">
      <li>{formatPlural(run.calls, 'call')}</li>
      <li>{formatShare(run.matched, run.calls)} matched</li>
      {run.noise > 0 && <li className="noise-text">{formatCount(run.noise)} noise</li>}
      {run.openIncidents > 0 && (
        <li>
          <IncidentsLink search={{ runId: run.runId, status: 'open' }}>
            {formatPlural(run.openIncidents, 'open incident')}
          </IncidentsLink>
        </li>
      )}
    </ul>
  );
}

/** A run that is over, in one line. */
export function EndedRun(props: { run: RunView }): ReactNode {
  const { run } = props;
  const reason = runReasonSentence(run);
  return (
    <li className="ended-run" data-testid="ended-run" data-run-id={run.runId}>
      <code title={run.runId}>{shortId(run.runId)}</code>
      <span>
        started <TimeAgo at={run.startedAt} />
      </span>
      <span>{formatPlural(run.replicas.length, 'replica')}</span>
      <span>
        {formatPlural(run.calls, 'call')}, {formatShare(run.matched, run.calls)} matched
      </span>
      {run.noise > 0 && <span className="noise-text">{formatCount(run.noise)} noise</span>}
      {run.drill && <DrillBadge />}
      {reason !== null && <span className="ended-reason">{reason}</span>}
    </li>
  );
}
