/**
 * What `check` says of a run: the object that programs read (design contract, section 10), its exit
 * code, and the same for people. Alerts about Lockstep's own sight (silence, lag, gaps) are no
 * aberrance of the command: they make a check incomplete, not failed.
 */
import type { AlertView } from '@lockstep/protocol';
import { AlertKind, type Reason } from '@lockstep/protocol';
import { describeAlert } from './describe-alert.ts';

/** Exit codes of `check`. */
export const CheckExit = { agreed: 0, aberrant: 1, failed: 2, incomplete: 3 } as const;
export type CheckExit = (typeof CheckExit)[keyof typeof CheckExit];

export interface CheckedReplica {
  readonly id: string;
  readonly pid: number | null;
  readonly role: string;
  readonly exitCode: number | null;
  readonly calls: number;
  /** Share of the log's deliveries that met a call this follower had made, 0 to 1; null for leaders. */
  readonly followed: number | null;
}

/** The object of `check --json`. `reason` is null exactly when `complete`; `detail` is for people. */
export interface CheckReport {
  readonly service: string;
  readonly runId: string;
  readonly complete: boolean;
  readonly reason: Reason | null;
  readonly detail: string | null;
  readonly drill: boolean;
  readonly replicas: readonly CheckedReplica[];
  readonly calls: number;
  readonly matched: number;
  readonly noise: number;
  readonly coverage: {
    readonly hooked: number;
    readonly unhooked: readonly string[];
    readonly notFollowed: readonly string[];
  };
  readonly alerts: readonly AlertView[];
}

/** Whether an alert says that the command behaved differently in a replica. */
export function isAberrance(kind: AlertKind): boolean {
  switch (kind) {
    case AlertKind.digestMismatch:
    case AlertKind.missingCall:
    case AlertKind.extraCall:
    case AlertKind.outcomeMismatch:
    case AlertKind.responseMismatch:
    case AlertKind.exitMismatch:
    case AlertKind.setupMismatch:
    case AlertKind.codeMismatch:
    case AlertKind.coverageMismatch:
      return true;
    case AlertKind.replicaSilent:
    case AlertKind.replicaLagging:
    case AlertKind.unprotected:
    case AlertKind.evidenceGap:
      return false;
  }
}

/** The code that `check` ends with. Found beats incomplete: one difference is enough to act on. */
export function exitCodeFor(report: Pick<CheckReport, 'alerts' | 'complete'>): CheckExit {
  const found = report.alerts.some(({ kind, noise }) => !noise && isAberrance(kind));
  if (found) return CheckExit.aberrant;
  return report.complete ? CheckExit.agreed : CheckExit.incomplete;
}

/** Alerts that the printed report shows in full. */
const SHOWN_ALERTS = 10;

/** The report for people, one string a line. */
export function reportLines(report: CheckReport): readonly string[] {
  const { alerts, calls, matched, noise, replicas, drill } = report;
  const shown = alerts.slice(0, SHOWN_ALERTS).flatMap(describeAlert);
  const rest = alerts.length - SHOWN_ALERTS;
  return [
    verdictLine(report),
    `${matched} of ${calls} calls agree in ${replicas.length} replicas${noise > 0 ? `, ${noise} differ as noise` : ''}`,
    ...(drill ? ['a drill was on'] : []),
    ...replicas.flatMap(followedLine),
    ...shown,
    ...(rest > 0 ? [`and ${rest} more alerts`] : []),
    ...(report.coverage.unhooked.length > 0
      ? [`not hooked: ${report.coverage.unhooked.join(', ')}`]
      : []),
  ];
}

/** How far a follower went that left its leader's path. */
function followedLine({ id, followed }: CheckedReplica): readonly string[] {
  if (followed === null || followed === 1) return [];
  return [`follower ${id} followed ${(followed * 100).toFixed(1)} % of the log`];
}

function verdictLine(report: CheckReport): string {
  const why = report.detail ?? report.reason ?? '';
  switch (exitCodeFor(report)) {
    case CheckExit.agreed:
      return `${report.service}: all replicas agree`;
    case CheckExit.aberrant:
      return `${report.service}: ABERRANT, ${report.alerts.length} alert${report.alerts.length === 1 ? '' : 's'}${report.complete ? '' : ` (and incomplete: ${why})`}`;
    default:
      return `${report.service}: INCOMPLETE: ${why}`;
  }
}
