/** Gathers the evidence of one alert from all replicas, and puts it into its incident. */
import type {
  AlertView,
  CallPosition,
  EvidenceItem,
  EvidenceView,
  FirstDivergence,
} from '@lockstep/protocol';
import type { Divergence } from '../join/events.ts';
import { callsToAsk, chainOf, type ReadTurn } from './evidence-plan.ts';
import {
  type AnswersByReplica,
  deliveryViews,
  evidenceViews,
  indexAnswers,
  sideWithEvidence,
  surroundingViews,
} from './evidence-view.ts';
import { callSummary, type Finding } from './finding.ts';
import type { Gathered, Incident } from './incident.ts';
import type { Raised } from './incident-book.ts';

/** Where evidence comes from. */
export interface EvidenceSource {
  readonly log: string;
  readonly leader: string;
  readonly read: ReadTurn;
  ask(replica: string, calls: readonly CallPosition[]): Promise<readonly EvidenceItem[] | null>;
  /** ISO time of now. */
  now(): string;
}

/** Pieces of evidence that one incident keeps: a few calls of each replica. */
const MAX_EVIDENCE_VIEWS = 64;

/** Asks all replicas of the divergence and updates alert and incident. Answers the new alert. */
export async function gather(
  raised: Raised,
  divergence: Divergence,
  source: EvidenceSource,
): Promise<AlertView> {
  const { finding, alert, incident } = raised;
  const speaker = finding.expected?.replicas[0] ?? source.leader;
  const chain = chainOf(divergence, speaker, source.read);
  const answered = await Promise.all(
    divergence.sides.map(async ({ replica }) => {
      const calls = callsToAsk(divergence, replica, chain, source.read);
      return [replica, indexAnswers(await source.ask(replica, calls))] as const;
    }),
  );
  const answers: AnswersByReplica = new Map(answered);
  const views = evidenceViews(divergence, source.log, answers, source.now());
  const target = views.find((view) => view.target !== null)?.target ?? null;
  const updated = { ...alert, target, summary: summaryOf(finding, target) };
  incident.replace(updated);
  const evidence = [...incident.gathered.evidence, ...views].slice(0, MAX_EVIDENCE_VIEWS);
  incident.adopt(
    isFirst(incident, alert)
      ? {
          firstDivergence: firstDivergence(incident, finding, views, target, chain.length === 0),
          surroundings: surroundingViews(
            divergence,
            source.leader,
            source.log,
            source.read,
            answers,
          ),
          deliveries: deliveryViews(chain, answers),
          evidence,
        }
      : { ...incident.gathered, evidence },
    source.now(),
  );
  if (isFirst(incident, alert)) nameRoot(incident);
  return updated;
}

function isFirst(incident: Incident, alert: AlertView): boolean {
  return incident.alerts[0]?.id === alert.id;
}

function summaryOf(
  { kind, api, expected, actual, suspect, summary }: Finding,
  target: string | null,
): string {
  if (expected === null || actual === null || api === null) return summary;
  return callSummary(kind, api, { expected, actual, suspect }, target);
}

function firstDivergence(
  incident: Incident,
  { expected, actual }: Finding,
  views: readonly EvidenceView[],
  target: string | null,
  isEntry: boolean,
): FirstDivergence {
  return {
    ...incident.gathered.firstDivergence,
    target,
    root: isEntry ? 'entry' : null,
    expected: sideWithEvidence(expected, views),
    actual: sideWithEvidence(actual, views),
  };
}

/** The root's label, or its API where no replica knew more. */
function nameRoot(incident: Incident): void {
  const { gathered } = incident;
  const [root] = gathered.deliveries;
  if (root === undefined) return;
  const label = root.label === null ? root.api : `${root.api} ${root.label}`;
  const named: Gathered = {
    ...gathered,
    firstDivergence: { ...gathered.firstDivergence, root: label },
  };
  incident.gathered = named;
}
