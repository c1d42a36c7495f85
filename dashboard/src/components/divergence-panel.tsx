/** Expected against actual of the first divergence, side by side, changed lines and words marked. */
import type { IncidentDetail } from '@lockstep/protocol';
import { type ReactNode, useMemo, useState } from 'react';
import { DIFF_LINES } from '../limits.ts';
import { diffRows, foldRows } from '../model/divergence-diff.ts';
import { divergenceSides, type SideView } from '../model/divergence-sides.ts';
import { formatCount } from '../model/format.ts';
import { processOfLog } from '../model/process-of-log.ts';
import { isComparable } from '../model/suspect.ts';
import { DiffLines, type DiffSide, PlainLines } from './diff-lines.tsx';
import { IncidentLink } from './links.tsx';
import { Panel } from './panel.tsx';

/** The two sides, or a sentence where there are none to compare. */
export function DivergencePanel({ incident }: { incident: IncidentDetail }): ReactNode {
  if (isComparable(incident.firstDivergence)) return <Sides incident={incident} />;
  const summary = incident.firstAlerts[0]?.summary;
  return (
    <Panel title="First divergence">
      {summary !== undefined && <p>{summary}</p>}
      <p className="muted">
        This is not about a single call: there are no two versions to compare, and no evidence is
        asked for.
      </p>
    </Panel>
  );
}

function Sides({ incident }: { incident: IncidentDetail }): ReactNode {
  const { expected, actual } = useMemo(
    () => divergenceSides(incident.firstDivergence, incident.evidence),
    [incident.firstDivergence, incident.evidence],
  );
  const [unfolded, setUnfolded] = useState(false);
  const blocks = useMemo(() => {
    if (expected.content.state !== 'decoded' || actual.content.state !== 'decoded') return null;
    return foldRows(diffRows(expected.content.text.lines, actual.content.text.lines));
  }, [expected, actual]);
  const foldable = blocks?.some((block) => block.folded) === true;
  const fold = foldable && (
    <button type="button" className="small" onClick={() => setUnfolded(!unfolded)}>
      {unfolded ? 'Fold equal lines' : 'Show equal lines'}
    </button>
  );
  return (
    <Panel title="First divergence" aside={fold}>
      {incident.firstDivergence.callId !== null && <DivergencePlace incident={incident} />}
      <div className={blocks === null ? 'diff is-single' : 'diff'}>
        {(['left', 'right'] as const).map((side) => (
          <Pane key={side} side={side} view={side === 'left' ? expected : actual}>
            {blocks !== null && <DiffLines blocks={blocks} side={side} unfolded={unfolded} />}
          </Pane>
        ))}
      </div>
      {incident.suspect === null && incident.firstDivergence.callId !== null && (
        <p className="diff-note muted">
          No majority: what the leader did is shown as expected, and may be the aberrant side.
        </p>
      )}
    </Panel>
  );
}

function DivergencePlace({ incident }: { incident: IncidentDetail }): ReactNode {
  const { callId, turn, root } = incident.firstDivergence;
  const pairedWith = incident.firstAlerts[0]?.pairedWith ?? null;
  const log = incident.firstAlerts[0]?.log ?? null;
  return (
    <ul className="facts">
      <li>
        call identifier <code>{callId ?? 'none'}</code>
      </li>
      {log !== null && (
        <li data-testid="divergence-process">
          in {processOfLog(log)}, log <code>{log}</code>
        </li>
      )}
      <li>{turn === null ? 'turn unknown' : `turn ${formatCount(turn)}`}</li>
      <li>
        {root === null ? (
          'root unknown'
        ) : (
          <>
            caused by <code>{root}</code>
          </>
        )}
      </li>
      {pairedWith !== null && (
        <li>
          its target changed:{' '}
          <IncidentLink id={incident.id} alert={pairedWith}>
            the other half of the pair
          </IncidentLink>
        </li>
      )}
    </ul>
  );
}

function Pane(props: { side: DiffSide; view: SideView; children: ReactNode }): ReactNode {
  const { side, view, children } = props;
  const expected = side === 'left';
  const name = expected ? 'Expected' : 'Actual';
  return (
    <section
      className={`pane is-${side}`}
      aria-label={name}
      data-testid={expected ? 'expected' : 'actual'}
      data-state={view.content.state}
    >
      <h3>
        {name}
        {view.who !== '' && <span className="muted"> by {view.who}</span>}
        {view.digest !== null && <code className="digest">{view.digest}</code>}
      </h3>
      <PaneContent side={side} view={view} diff={children} />
    </section>
  );
}

function PaneContent(props: { side: DiffSide; view: SideView; diff: ReactNode }): ReactNode {
  const { content } = props.view;
  if (content.state !== 'decoded') {
    return <p className={`pane-words is-${content.state}`}>{content.words}</p>;
  }
  return (
    <>
      {props.diff === false ? (
        <PlainLines lines={content.text.lines} side={props.side} />
      ) : (
        props.diff
      )}
      {content.text.omitted && (
        <p className="pane-words is-unknown">
          Only the first {formatCount(DIFF_LINES)} lines are shown and compared.
        </p>
      )}
    </>
  );
}
