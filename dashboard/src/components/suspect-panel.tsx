/** Who is suspected and on what ground, or plainly that nobody can be named. */
import type { IncidentDetail } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { suspectVerdict } from '../model/suspect.ts';
import { Panel } from './panel.tsx';

/** The verdict on blame. */
export function SuspectPanel({ incident }: { incident: IncidentDetail }): ReactNode {
  const verdict = suspectVerdict(incident);
  const named = verdict.name !== null;
  return (
    <Panel title="Suspect" className={named ? 'suspect is-named' : 'suspect'}>
      <p>
        <b className="suspect-name" data-testid="suspect" data-suspect={verdict.name ?? ''}>
          {verdict.headline}
        </b>{' '}
        {verdict.ground}{' '}
        {incident.drill && (
          <span className="drill-text">A drill was on: this was caused on purpose.</span>
        )}
      </p>
    </Panel>
  );
}
