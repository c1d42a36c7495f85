/**
 * How much an alert matters: from what the API can do, from what kind of difference it is, and from
 * whether somebody could be named. One table a kind, to be read at a glance.
 */
import { AlertKind, apiInfo, Danger, Severity } from '@lockstep/protocol';

const extraCall: Readonly<Record<Danger, Severity>> = {
  execute: Severity.critical,
  send: Severity.critical,
  write: Severity.high,
  read: Severity.medium,
  local: Severity.medium,
};

const otherCall: Readonly<Record<Danger, Severity>> = {
  execute: Severity.critical,
  send: Severity.high,
  write: Severity.high,
  read: Severity.medium,
  local: Severity.medium,
};

const byKind: Readonly<Partial<Record<AlertKind, Severity>>> = {
  [AlertKind.responseMismatch]: Severity.high,
  [AlertKind.outcomeMismatch]: Severity.high,
  [AlertKind.exitMismatch]: Severity.high,
  [AlertKind.setupMismatch]: Severity.high,
  [AlertKind.codeMismatch]: Severity.critical,
  [AlertKind.coverageMismatch]: Severity.medium,
  [AlertKind.replicaSilent]: Severity.high,
  [AlertKind.replicaLagging]: Severity.low,
  [AlertKind.unprotected]: Severity.low,
  [AlertKind.evidenceGap]: Severity.low,
};

/** Severity of an alert; `api` is null where the kind is not about a call. */
export function severityOf(kind: AlertKind, api: number | null, isAttributed: boolean): Severity {
  const fixed = byKind[kind];
  if (fixed !== undefined) return fixed;
  const danger = (api === null ? undefined : apiInfo(api)?.danger) ?? Danger.local;
  const severity = (kind === AlertKind.extraCall ? extraCall : otherCall)[danger];
  return severity === Severity.medium && !isAttributed ? Severity.low : severity;
}

const order: readonly Severity[] = Object.values(Severity);

/** The graver of two. */
export function graver(left: Severity, right: Severity): Severity {
  return order.indexOf(left) >= order.indexOf(right) ? left : right;
}
