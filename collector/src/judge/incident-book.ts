/** The incidents of one run: findings are folded into them by cause, in the order in which they come. */
import type { AlertView } from '@lockstep/protocol';
import type { Finding } from './finding.ts';
import { deterministicId } from './identifiers.ts';
import { Incident, type RunFacts } from './incident.ts';

/** A finding that became an alert which is kept whole. */
export interface Raised {
  readonly finding: Finding;
  readonly alert: AlertView;
  readonly incident: Incident;
}

export class IncidentBook {
  private readonly facts: RunFacts;
  private readonly keptPerIncident: number;
  private readonly incidents: Map<string, Incident> = new Map();

  constructor(facts: RunFacts, keptPerIncident: number) {
    this.facts = facts;
    this.keptPerIncident = keptPerIncident;
  }

  all(): readonly Incident[] {
    return [...this.incidents.values()];
  }

  /** The incident of a cause, if it was opened. */
  byCause(cause: string): Incident | undefined {
    return this.incidents.get(cause);
  }

  byId(id: string): Incident | undefined {
    return this.all().find((incident) => incident.id === id);
  }

  /** Folds findings of a log in; answers those that became alerts of their own. */
  fold(log: string, findings: readonly Finding[], at: string): readonly Raised[] {
    return findings.flatMap((finding) => this.foldOne(log, finding, at) ?? []);
  }

  /** Identifier of the alert that a finding with this kind and key has or will have. */
  alertId(log: string, kind: string, key: string): string {
    return deterministicId(this.facts.runId, log, kind, key);
  }

  private foldOne(log: string, finding: Finding, at: string): Raised | null {
    const incident = this.open(finding, at);
    if (incident.alerts.length >= this.keptPerIncident) {
      incident.fold(finding.kind, finding.severity, at);
      return null;
    }
    const alert = this.alertOf(log, finding, incident.id, at);
    if (incident.alerts.some(({ id }) => id === alert.id)) return null;
    incident.keep(alert);
    return { finding, alert, incident };
  }

  private open(finding: Finding, at: string): Incident {
    const known = this.incidents.get(finding.cause);
    if (known !== undefined) return known;
    const id = deterministicId(this.facts.runId, 'incident', finding.cause);
    const incident = new Incident(id, this.facts, finding, at);
    this.incidents.set(finding.cause, incident);
    return incident;
  }

  private alertOf(log: string, finding: Finding, incidentId: string, at: string): AlertView {
    const { runId, service, drill } = this.facts;
    const { kind, severity, callId, turn, api, replicas, suspect, summary } = finding;
    return {
      id: this.alertId(log, kind, finding.key),
      kind,
      severity,
      service,
      runId,
      incidentId,
      log,
      callId,
      turn,
      api,
      target: null,
      replicas,
      suspect,
      summary,
      at,
      resolvedAt: null,
      pairedWith: this.pairId(log, finding),
      drill,
      noise: false,
    };
  }

  /** The other half of a changed target is of the opposite kind. */
  private pairId(log: string, { kind, pairedWith }: Finding): string | null {
    if (pairedWith === null) return null;
    return this.alertId(log, kind === 'missing-call' ? 'extra-call' : 'missing-call', pairedWith);
  }
}
