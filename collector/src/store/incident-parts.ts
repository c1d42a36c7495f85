/**
 * How an incident is cut for keeping and put together for reading: a small part that lists read, a
 * large part that only its page reads, and the analysts' part, which judgement never touches.
 */
import type {
  AlertView,
  EvidenceView,
  IncidentActivity,
  IncidentDetail,
  IncidentView,
  ReplicaView,
} from '@lockstep/protocol';
import type { JudgedIncident } from '../ports.ts';
import type { AnalystState } from './analyst-state.ts';
import { MAX_INCIDENT_BYTES } from './limits.ts';

/** What lists show, as judgement left it. */
export type JudgedHead = Omit<IncidentView, 'status' | 'assignee' | 'resolvedAt'>;

/** What only the incident's page shows, as judgement left it. */
export type JudgedBody = Omit<JudgedIncident, keyof JudgedHead>;

/** Both parts as JSON text: a store need not understand them, and nothing is lost in its types. */
export interface IncidentTexts {
  readonly head: string;
  readonly body: string;
}

/** Who acts when nobody did. */
const SYSTEM_ACTOR = 'lockstep';

/** Cuts an incident into its two judged parts; evidence beyond the size limit is cut, largest first. */
export function incidentTexts(judged: JudgedIncident): IncidentTexts {
  const { folded, surroundings, deliveries, evidence, ...head } = judged;
  const body: JudgedBody = { folded, surroundings, deliveries, evidence };
  const text = JSON.stringify(body);
  const fits = text.length <= MAX_INCIDENT_BYTES;
  return { head: JSON.stringify(head), body: fits ? text : JSON.stringify(reduced(body)) };
}

/** The incident as lists show it. */
export function incidentView(head: JudgedHead, analyst: AnalystState): IncidentView {
  const { status, assignee, resolvedAt } = analyst;
  return { ...head, updatedAt: latest(head.updatedAt, analyst), status, assignee, resolvedAt };
}

/** Everything of an incident that its page needs. */
export interface IncidentPieces {
  readonly head: JudgedHead;
  readonly body: JudgedBody;
  readonly analyst: AnalystState;
  readonly firstAlerts: readonly AlertView[];
  readonly replicas: readonly ReplicaView[];
}

/** The incident as its page shows it. */
export function incidentDetail(pieces: IncidentPieces): IncidentDetail {
  const { head, body, analyst, firstAlerts, replicas } = pieces;
  const view = incidentView(head, analyst);
  const activity = [...judgedActivity(head, body.evidence), ...analyst.activity];
  activity.sort((left, right) => (left.at < right.at ? -1 : Number(left.at > right.at)));
  return { ...view, ...body, firstAlerts, replicas, activity };
}

function latest(judgedAt: string, analyst: AnalystState): string {
  return analyst.changedAt !== null && analyst.changedAt > judgedAt ? analyst.changedAt : judgedAt;
}

/** What judgement did is told from what it left, so that it need not be kept twice. */
function judgedActivity(head: JudgedHead, evidence: readonly EvidenceView[]): IncidentActivity[] {
  const { kind, api } = head.firstDivergence;
  const about = api === null ? kind : `${kind} ${api}`;
  const opened: IncidentActivity = {
    at: head.openedAt,
    actor: SYSTEM_ACTOR,
    action: 'opened',
    text: about,
  };
  return [opened, ...evidenceActivity(evidence)];
}

function evidenceActivity(evidence: readonly EvidenceView[]): IncidentActivity[] {
  const replicas = [...new Set(evidence.map((item) => item.replica))];
  return replicas.map((replica) => {
    const items = evidence.filter((item) => item.replica === replica);
    const found = items.filter((item) => item.status === 'found').length;
    const at =
      items
        .map((item) => item.receivedAt)
        .toSorted()
        .at(-1) ?? '';
    const text = `replica ${replica}: ${found} of ${items.length} calls found`;
    return { at, actor: SYSTEM_ACTOR, action: 'evidence' as const, text };
  });
}

/** The body with the largest pieces of evidence cut until the rest fits. */
function reduced(body: JudgedBody): JudgedBody {
  const sizes = body.evidence.map((item) => JSON.stringify(item.arguments).length);
  const largestFirst = sizes.map((_, index) => index);
  largestFirst.sort((left, right) => (sizes[right] ?? 0) - (sizes[left] ?? 0));
  let excess = JSON.stringify(body).length - MAX_INCIDENT_BYTES;
  const cut = new Set<number>();
  for (const index of largestFirst) {
    if (excess <= 0) break;
    cut.add(index);
    excess -= (sizes[index] ?? 0) - 100;
  }
  const evidence = body.evidence.map((item, index) => (cut.has(index) ? withoutValue(item) : item));
  return excess > 0 ? { ...body, evidence, surroundings: [] } : { ...body, evidence };
}

function withoutValue(item: EvidenceView): EvidenceView {
  return { ...item, arguments: { type: 'truncated', text: 'left out: the incident is too large' } };
}
