/**
 * Who is to blame, in words. The collector decides (a majority of three or more); the page says
 * what was decided and on what ground, and says plainly when nobody can be named.
 */
import type { FirstDivergence, IncidentDetail, IncidentView } from '@lockstep/protocol';
import { formatPlural, joinWords } from './format.ts';
import { kindPhrases } from './words.ts';

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

/** The incident in one sentence. */
export function incidentHeadline(incident: IncidentView): string {
  const subject = incident.suspect === null ? 'A replica' : `Replica ${incident.suspect}`;
  return `${subject} ${kindPhrases[incident.firstDivergence.kind]}`;
}
