/**
 * Every enumerated value that crosses a boundary (wire, HTTP, JSON output). `docs/GLOSSARY.md`
 * says what the words mean; here stands what they may be.
 */

type ValueOf<T> = T[keyof T];

/** What a replica is in its run. */
export const Role = { leader: 'leader', follower: 'follower' } as const;
export type Role = ValueOf<typeof Role>;

/** How a replica is doing, as the collector knows it. `lost`: ended without saying so. */
export const ReplicaState = {
  starting: 'starting',
  running: 'running',
  lagging: 'lagging',
  silent: 'silent',
  ended: 'ended',
  lost: 'lost',
  refused: 'refused',
} as const;
export type ReplicaState = ValueOf<typeof ReplicaState>;

/** How a run is doing. `unprotected`: the service goes on, nobody compares it (any more). */
export const RunState = {
  starting: 'starting',
  protected: 'protected',
  unprotected: 'unprotected',
  ended: 'ended',
} as const;
export type RunState = ValueOf<typeof RunState>;

/** What keeps a follower from touching the world besides its virtual objects. */
export const Isolation = {
  none: 'none',
  network: 'network',
  networkAndDisk: 'network+disk',
} as const;
export type Isolation = ValueOf<typeof Isolation>;

/** What the join says of one call. */
export const Verdict = {
  match: 'match',
  mismatch: 'mismatch',
  missing: 'missing',
  extra: 'extra',
  unknown: 'unknown',
} as const;
export type Verdict = ValueOf<typeof Verdict>;

/** What an alert is about. */
export const AlertKind = {
  digestMismatch: 'digest-mismatch',
  missingCall: 'missing-call',
  extraCall: 'extra-call',
  outcomeMismatch: 'outcome-mismatch',
  responseMismatch: 'response-mismatch',
  exitMismatch: 'exit-mismatch',
  setupMismatch: 'setup-mismatch',
  codeMismatch: 'code-mismatch',
  coverageMismatch: 'coverage-mismatch',
  replicaSilent: 'replica-silent',
  replicaLagging: 'replica-lagging',
  unprotected: 'unprotected',
  evidenceGap: 'evidence-gap',
} as const;
export type AlertKind = ValueOf<typeof AlertKind>;

/** How much an alert matters, least first. */
export const Severity = {
  info: 'info',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
} as const;
export type Severity = ValueOf<typeof Severity>;

/** Where an incident stands in review. */
export const IncidentStatus = {
  open: 'open',
  acknowledged: 'acknowledged',
  resolved: 'resolved',
} as const;
export type IncidentStatus = ValueOf<typeof IncidentStatus>;

/** Why a run or a check is not complete, or a replica not compared any further. */
export const Reason = {
  gap: 'gap',
  replicaEnded: 'replica-ended',
  replicaSilent: 'replica-silent',
  notFollowed: 'not-followed',
  timeout: 'timeout',
  spoolFull: 'spool-full',
  unfinished: 'unfinished',
  setupMismatch: 'setup-mismatch',
  collectorAway: 'collector-away',
  noFollowers: 'no-followers',
  logRefused: 'log-refused',
  /** Further children are not followed; what was followed before still is. */
  tooManyLogs: 'too-many-logs',
} as const;
export type Reason = ValueOf<typeof Reason>;
