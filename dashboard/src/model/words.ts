/**
 * Enumerated values in words, one table per enumeration. They are `Record`s over the protocol's
 * unions, so a value that is added there fails to compile here until somebody finds words for it.
 */
import type {
  AlertKind,
  EvidenceView,
  IncidentStatus,
  Isolation,
  ReplicaState,
  RunState,
  Severity,
  Verdict,
} from '@lockstep/protocol';

/** Colour family of a label; the stylesheet knows these names and no others. */
export type Tone =
  | 'critical'
  | 'high'
  | 'medium'
  | 'low'
  | 'info'
  | 'good'
  | 'quiet'
  | 'noise'
  | 'drill';

/** What an alert of this kind is called. */
export const kindWords: Readonly<Record<AlertKind, string>> = {
  'digest-mismatch': 'Different data',
  'missing-call': 'Missing call',
  'extra-call': 'Extra call',
  'outcome-mismatch': 'Different outcome',
  'response-mismatch': 'Different response',
  'exit-mismatch': 'Different exit',
  'setup-mismatch': 'Different initial setting',
  'code-mismatch': 'Different code',
  'coverage-mismatch': 'Different coverage',
  'replica-silent': 'Replica silent',
  'replica-lagging': 'Replica lagging',
  unprotected: 'Unprotected',
  'evidence-gap': 'Evidence gap',
};

export const severityRank: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 1,
  medium: 2,
  high: 3,
  critical: 4,
};

export const statusTone: Readonly<Record<IncidentStatus, Tone>> = {
  open: 'high',
  acknowledged: 'low',
  resolved: 'quiet',
};

export const runTone: Readonly<Record<RunState, Tone>> = {
  starting: 'low',
  protected: 'good',
  unprotected: 'critical',
  ended: 'quiet',
};

export const replicaTone: Readonly<Record<ReplicaState, Tone>> = {
  starting: 'low',
  running: 'good',
  lagging: 'medium',
  silent: 'high',
  ended: 'quiet',
  lost: 'critical',
  refused: 'critical',
};

export const isolationWords: Readonly<Record<Isolation, string>> = {
  none: 'none',
  network: 'no network',
  'network+disk': 'no network, disk read-only',
};

export const verdictWords: Readonly<Record<Verdict, string>> = {
  match: 'match',
  mismatch: 'mismatch',
  missing: 'missing',
  extra: 'extra',
  unknown: 'not comparable',
};

/** What is known, or why it is not, about one replica's evidence. */
export const evidenceWords: Readonly<Record<EvidenceView['status'], string>> = {
  found: 'evidence received',
  expired: 'expired: the replica no longer had the bytes when it was asked',
  'never-made': 'the replica answered that it never made this call',
  unreachable: 'unreachable: the replica could not be asked',
};
