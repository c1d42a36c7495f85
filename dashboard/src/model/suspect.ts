/**
 * Who is to blame, in words. The collector decides (a majority of three or more); the page says
 * what was decided and on what ground, and says plainly when nobody can be named.
 */
import type { AlertKind, FirstDivergence, IncidentDetail, IncidentView } from '@lockstep/protocol';
import { formatPlural, joinWords } from './format.ts';

/** Label of a suspect in a list. */
export function suspectLabel(suspect: string | null): string {
  return suspect ?? 'unattributed';
}

/** The verdict on blame and the ground for it. */
export interface SuspectVerdict {
  readonly name: string | null;
  readonly headline: string;
  readonly ground: string;
}

/** Says who is suspected and why, or why nobody is. */
export function suspectVerdict(incident: IncidentDetail): SuspectVerdict {
  const { suspect, replicas } = incident;
  const others = replicas.map((replica) => replica.id).filter((id) => id !== suspect);
  if (suspect !== null) {
    return { name: suspect, headline: `Replica ${suspect}`, ground: namedGround(others, incident) };
  }
  return { name: null, headline: 'Unattributed', ground: unnamedGround(replicas.length) };
}

function namedGround(others: readonly string[], incident: IncidentDetail): string {
  const agreeing = incident.firstDivergence.expected?.replicas ?? [];
  if (agreeing.length >= 2) {
    return `Outvoted: ${joinWords(agreeing)} agree with each other and not with it.`;
  }
  return others.length === 0
    ? 'Named by the collector; no other replica answered.'
    : `Named by the collector among ${formatPlural(others.length + 1, 'replica')}.`;
}

function unnamedGround(replicaCount: number): string {
  if (replicaCount === 2) {
    return 'Two replicas disagree, and between two there is no majority: either may be the aberrant one.';
  }
  return replicaCount < 2
    ? 'Fewer than two replicas are known, so nobody can be outvoted.'
    : `No majority among ${formatPlural(replicaCount, 'replica')}: nobody can be named.`;
}

/** `fs.writeFile /srv/data/a.json`: what the divergence is about, as far as it is known. */
export function divergenceSubject(divergence: FirstDivergence): string {
  const parts = [divergence.api, divergence.target].filter((part) => part !== null);
  return parts.join(' ');
}

interface HeadlineWords {
  /** Follows "Replica c". */
  readonly named: (api: string) => string;
  /** The whole sentence when nobody can be named. */
  readonly unnamed: (api: string) => string;
}

const headlineWords: Readonly<Record<AlertKind, HeadlineWords>> = {
  'digest-mismatch': {
    named: (api) => `called ${api} with different data`,
    unnamed: (api) => `Replicas called ${api} with different data`,
  },
  'missing-call': {
    named: (api) => `did not call ${api}`,
    unnamed: (api) => `One replica called ${api}, another did not`,
  },
  'extra-call': {
    named: (api) => `made an extra call of ${api}`,
    unnamed: (api) => `One replica called ${api}, another did not`,
  },
  'outcome-mismatch': {
    named: (api) => `saw a different outcome of ${api}`,
    unnamed: (api) => `Replicas saw different outcomes of ${api}`,
  },
  'response-mismatch': {
    named: () => 'gave a different response',
    unnamed: () => 'Replicas gave different responses',
  },
  'exit-mismatch': {
    named: () => 'ended differently',
    unnamed: () => 'Replicas ended differently',
  },
  'setup-mismatch': {
    named: () => 'started from a different initial setting',
    unnamed: () => 'Replicas started from different initial settings',
  },
  'code-mismatch': {
    named: () => 'loaded different code',
    unnamed: () => 'Replicas loaded different code',
  },
  'coverage-mismatch': {
    named: () => 'is covered differently',
    unnamed: () => 'Replicas are covered differently',
  },
  'replica-silent': {
    named: () => 'went silent',
    unnamed: () => 'A replica went silent',
  },
  'replica-lagging': {
    named: () => 'makes no progress',
    unnamed: () => 'A replica makes no progress',
  },
  unprotected: {
    named: () => 'is not compared any more',
    unnamed: () => 'The run is not compared any more',
  },
  'evidence-gap': {
    named: () => 'lost records, which cannot be compared',
    unnamed: () => 'Records were lost and cannot be compared',
  },
};

/** What the suspect did, without its name: `went silent`. */
export function suspectPhrase(incident: IncidentView): string {
  const { kind, api } = incident.firstDivergence;
  return headlineWords[kind].named(api ?? 'a call');
}

/** True when there are two versions of something that can be compared. */
export function isComparable(divergence: FirstDivergence): boolean {
  return divergence.callId !== null || divergence.expected !== null || divergence.actual !== null;
}

/** The incident in one sentence. */
export function incidentHeadline(incident: IncidentView): string {
  const { kind, api } = incident.firstDivergence;
  return incident.suspect === null
    ? headlineWords[kind].unnamed(api ?? 'a call')
    : `Replica ${incident.suspect} ${suspectPhrase(incident)}`;
}
