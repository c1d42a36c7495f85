/**
 * One incident: alerts with one cause, the first divergence first, what follows from it folded under it
 * with a count. One cause never makes ten thousand alerts.
 */
import type {
  AlertKind,
  AlertView,
  DeliveryView,
  DivergenceSide,
  EvidenceView,
  FirstDivergence,
  IncidentView,
  Severity,
  TurnView,
} from '@lockstep/protocol';
import type { JudgedIncident } from '../ports.ts';
import type { SideGroup } from './attribution.ts';
import type { Finding } from './finding.ts';
import { graver } from './severity.ts';

/** What a person decided about an incident; everything else is the judgement's. */
export type Review = Pick<IncidentView, 'status' | 'assignee' | 'resolvedAt'>;

const unreviewed: Review = { status: 'open', assignee: null, resolvedAt: null };

/** What the replicas told when they were asked. */
export interface Gathered {
  readonly firstDivergence: FirstDivergence;
  readonly surroundings: readonly TurnView[];
  readonly deliveries: readonly DeliveryView[];
  readonly evidence: readonly EvidenceView[];
}

export interface RunFacts {
  readonly runId: string;
  readonly service: string;
  drill: boolean;
}

function side(group: SideGroup | null): DivergenceSide | null {
  return group === null ? null : { ...group, evidence: null };
}

export class Incident {
  readonly id: string;
  readonly suspect: string | null;
  readonly openedAt: string;
  readonly alerts: AlertView[] = [];
  severity: Severity;
  total = 0;
  /** Replicas were asked for this many of its alerts. */
  asked = 0;
  review: Review = unreviewed;
  gathered: Gathered;
  /** Whether it changed since it was last written. */
  isDirty: boolean = true;
  private updatedAt: string;
  private readonly facts: RunFacts;
  private readonly folded: Map<AlertKind, number> = new Map();

  constructor(id: string, facts: RunFacts, finding: Finding, at: string) {
    this.id = id;
    this.facts = facts;
    this.suspect = finding.suspect;
    this.severity = finding.severity;
    this.openedAt = at;
    this.updatedAt = at;
    const { kind, api, callId, turn, expected, actual } = finding;
    this.gathered = {
      firstDivergence: {
        kind,
        api,
        target: null,
        callId,
        turn,
        root: null,
        expected: side(expected),
        actual: side(actual),
      },
      surroundings: [],
      deliveries: [],
      evidence: [],
    };
  }

  /** Keeps the alert whole. */
  keep(alert: AlertView): void {
    this.alerts.push(alert);
    this.count(alert.severity, alert.at);
  }

  /** Counts an alert beyond those that are kept whole. */
  fold(kind: AlertKind, severity: Severity, at: string): void {
    this.folded.set(kind, (this.folded.get(kind) ?? 0) + 1);
    this.count(severity, at);
  }

  /** Replaces an alert that is kept whole; answers whether it is. */
  replace(alert: AlertView): boolean {
    const index = this.alerts.findIndex(({ id }) => id === alert.id);
    if (index < 0) return false;
    this.alerts[index] = alert;
    this.isDirty = true;
    return true;
  }

  /** Takes over what the replicas told. */
  adopt(gathered: Gathered, at: string): void {
    const { firstDivergence, surroundings, deliveries, evidence } = gathered;
    this.gathered = { firstDivergence, surroundings, deliveries, evidence };
    this.updatedAt = at;
    this.isDirty = true;
  }

  get isOpen(): boolean {
    return this.review.status !== 'resolved' && this.alerts.some((alert) => !alert.resolvedAt);
  }

  judged(): JudgedIncident {
    const { id, suspect, severity, openedAt, updatedAt, total } = this;
    const { runId, service, drill } = this.facts;
    return {
      id,
      service,
      runId,
      suspect,
      severity,
      openedAt,
      updatedAt,
      alerts: total,
      drill,
      folded: [...this.folded].map(([kind, count]) => ({ kind, count })),
      ...this.gathered,
    };
  }

  view(): IncidentView {
    const { folded: _, surroundings: __, deliveries: ___, evidence: ____, ...view } = this.judged();
    return { ...view, ...this.review };
  }

  private count(severity: Severity, at: string): void {
    this.total++;
    this.severity = graver(this.severity, severity);
    this.updatedAt = at;
    this.isDirty = true;
  }
}
