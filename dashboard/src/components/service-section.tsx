/** A service with its runs, newest first; runs that are over are folded into one line each. */
import type { ServiceView } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { formatPlural } from '../model/format.ts';
import { EndedRun, RunCard } from './run-card.tsx';

/** One service. */
export function ServiceSection(props: { service: ServiceView }): ReactNode {
  const { name, runs } = props.service;
  const current = runs.filter((run) => run.state !== 'ended');
  const ended = runs.filter((run) => run.state === 'ended');
  return (
    <section className="service" aria-labelledby={`service-${name}`} data-testid="service">
      <h2 id={`service-${name}`}>{name}</h2>
      {current.length === 0 && <p className="notice">No run at the moment.</p>}
      {current.map((run) => (
        <RunCard key={run.runId} run={run} />
      ))}
      {ended.length > 0 && (
        <details className="ended-runs">
          <summary>{formatPlural(ended.length, 'earlier run')}</summary>
          <ul>
            {ended.map((run) => (
              <EndedRun key={run.runId} run={run} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
