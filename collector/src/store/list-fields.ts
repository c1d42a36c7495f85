/**
 * The fields that lists filter and sort by, kept beside each object in every store under the same
 * names, so that one plan of a list serves all stores.
 */
import { type AlertView, type RunView, Severity } from '@lockstep/protocol';
import type { JudgedHead } from './incident-parts.ts';

/** What the store keeps of an alert for its lists. */
export interface AlertFields {
  readonly id: string;
  readonly at: string;
  readonly severity: number;
  readonly kind: string;
  readonly service: string;
  readonly runId: string;
  readonly incidentId: string;
  readonly suspect: string | null;
  readonly status: 'open' | 'resolved';
  /** Position in the log; alerts without one come after those with one. */
  readonly turn: number;
  readonly text: string;
}

/** What the store keeps of an incident for its lists; `status` is the analysts' and kept apart. */
export interface IncidentFields {
  readonly id: string;
  readonly at: string;
  readonly updatedAt: string;
  readonly severity: number;
  readonly kind: string;
  readonly service: string;
  readonly runId: string;
  readonly suspect: string | null;
  readonly alerts: number;
  readonly text: string;
}

/** What the store keeps of a run for its lists. */
export interface RunFields {
  readonly id: string;
  readonly at: string;
  readonly service: string;
  readonly status: string;
  readonly endedAt: string | null;
  readonly text: string;
}

const severities: readonly string[] = Object.values(Severity);

/** Severity as a number that sorts; unknown words come first. */
export function severityRank(severity: string): number {
  return severities.indexOf(severity);
}

export function alertFields(alert: AlertView): AlertFields {
  const { id, at, kind, service, runId, incidentId, suspect } = alert;
  return {
    id,
    at,
    severity: severityRank(alert.severity),
    kind,
    service,
    runId,
    incidentId,
    suspect,
    status: alert.resolvedAt === null ? 'open' : 'resolved',
    turn: alert.turn ?? Number.MAX_SAFE_INTEGER,
    text: searchText([id, service, kind, alert.api, alert.target, alert.callId, alert.summary]),
  };
}

export function incidentFields(head: JudgedHead): IncidentFields {
  const { id, openedAt, updatedAt, service, runId, suspect, alerts } = head;
  const { kind, api, target, callId, root } = head.firstDivergence;
  return {
    id,
    at: openedAt,
    updatedAt,
    severity: severityRank(head.severity),
    kind,
    service,
    runId,
    suspect,
    alerts,
    text: searchText([id, service, kind, api, target, callId, root, runId]),
  };
}

export function runFields(run: RunView): RunFields {
  return {
    id: run.runId,
    at: run.startedAt,
    service: run.service,
    status: run.state,
    endedAt: run.endedAt,
    text: searchText([run.runId, run.service, ...run.command]),
  };
}

/** Characters of one object that free-text search looks at; a longer target is found by its start. */
const MAX_SEARCH_CHARS = 2000;

function searchText(parts: readonly (string | null)[]): string {
  const words = parts.filter((part) => part !== null);
  return words.join('\n').toLowerCase().slice(0, MAX_SEARCH_CHARS);
}
