/**
 * What the judgement found, before it is an alert: divergent calls, and what happened to replicas and
 * runs. Both kinds take the same way into incidents.
 */
import {
  AlertKind,
  type AlertReplica,
  apiName,
  RecordKind,
  type Severity,
} from '@lockstep/protocol';
import type { Divergence } from '../join/events.ts';
import type { Attributed, SideGroup } from './attribution.ts';
import { severityOf } from './severity.ts';

export interface Finding {
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly suspect: string | null;
  /** Tells incidents apart: findings of a run with one cause go into one. */
  readonly cause: string;
  /** Tells findings of one kind, run and cause apart. */
  readonly key: string;
  readonly turn: number | null;
  readonly callId: string | null;
  readonly api: string | null;
  readonly replicas: readonly AlertReplica[];
  readonly expected: SideGroup | null;
  readonly actual: SideGroup | null;
  readonly summary: string;
  /** Key of the other half of a changed target. */
  readonly pairedWith: string | null;
  /** Where evidence is to be had; null where there is none. */
  readonly divergence: Divergence | null;
}

/** Cause of all divergences of one suspect (or of nobody that could be named). */
export function divergenceCause(suspect: string | null): string {
  return suspect === null ? 'divergence' : `divergence of ${suspect}`;
}

/** The finding that an attributed divergence is. */
export function callFinding(attributed: Attributed, partner: Attributed | null): Finding {
  const { divergence, expected, actual, suspect } = attributed;
  const kind = kindOf(attributed);
  const api = apiName(divergence.api);
  return {
    kind,
    severity: severityOf(kind, divergence.api, suspect !== null),
    suspect,
    cause: divergenceCause(suspect),
    key: keyOf(attributed),
    turn: divergence.turn,
    callId: divergence.callId,
    api,
    replicas: divergence.sides.map(({ replica, digest }) => ({
      id: replica,
      digest,
      api: digest === null ? null : api,
    })),
    expected,
    actual,
    summary: callSummary(kind, api, attributed, null),
    pairedWith: partner === null ? null : keyOf(partner),
    divergence,
  };
}

function keyOf({ divergence, suspect }: Attributed): string {
  return `${divergence.turn} ${divergence.callId} ${suspect ?? ''}`;
}

function kindOf({ divergence, verdict }: Attributed): AlertKind {
  if (divergence.kind === RecordKind.exit) return AlertKind.exitMismatch;
  if (verdict === 'missing') return AlertKind.missingCall;
  if (verdict === 'extra') return AlertKind.extraCall;
  if (divergence.kind === RecordKind.code) return AlertKind.codeMismatch;
  if (divergence.kind === RecordKind.response) return AlertKind.responseMismatch;
  return AlertKind.digestMismatch;
}

/** One sentence for people: who did what, and what about. */
export function callSummary(
  kind: AlertKind,
  api: string,
  sides: {
    readonly expected: SideGroup;
    readonly actual: SideGroup;
    readonly suspect: string | null;
  },
  target: string | null,
): string {
  const who = listReplicas(sides.suspect === null ? sides.actual.replicas : [sides.suspect]);
  const others = listReplicas(sides.expected.replicas);
  const what = target === null || target === '' ? api : `${api} ${target}`;
  switch (kind) {
    case AlertKind.missingCall:
      return `${who} did not make a call that ${others} made: ${what}`;
    case AlertKind.extraCall:
      return `${who} made a call that ${others} did not make: ${what}`;
    case AlertKind.exitMismatch:
      return `${who} ended otherwise than ${others}`;
    case AlertKind.codeMismatch:
      return `${who} loaded other code than ${others}: ${what}`;
    case AlertKind.responseMismatch:
      return `${who} answered otherwise than ${others}: ${what}`;
    default:
      return `${who} made a call with other data than ${others}: ${what}`;
  }
}

/** `replica c`, or `replicas a and b`. */
export function listReplicas(ids: readonly string[]): string {
  if (ids.length <= 1) return `replica ${ids[0] ?? '?'}`;
  return `replicas ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}
