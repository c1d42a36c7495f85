/** What one replica did at an incident's first divergence, in a sign and a word. */
import type { IncidentDetail } from '@lockstep/protocol';
import { suspectPhrase } from './suspect.ts';

/** A replica's part in a divergence. */
export interface ReplicaAct {
  readonly state: 'agrees' | 'differs' | 'absent' | 'extra' | 'variant' | 'unknown';
  readonly sign: string;
  readonly words: string;
  readonly digest: string | null;
}

/** Places a replica on the expected or the actual side, or on neither. */
export function replicaAct(incident: IncidentDetail, replicaId: string): ReplicaAct {
  const { expected, actual, callId } = incident.firstDivergence;
  const reported = incident.firstAlerts[0]?.replicas.find(({ id }) => id === replicaId);
  const digest = reported?.digest ?? null;
  if (incident.suspect === null && callId !== null) {
    const act = unattributedAct(incident, replicaId);
    if (act !== null) return act;
  }
  if (actual?.replicas.includes(replicaId) === true) {
    return actualAct(incident, actual.digest ?? digest);
  }
  if (expected?.replicas.includes(replicaId) === true) {
    const words = expectedWords(incident, expected.digest);
    return { state: 'agrees', sign: '=', words, digest: expected.digest };
  }
  return callId === null
    ? bystanderAct(incident, replicaId)
    : { state: 'unknown', sign: '?', words: 'not compared here', digest };
}

/** Where nothing was compared, only the suspect has a part in it. */
function bystanderAct(incident: IncidentDetail, replicaId: string): ReplicaAct {
  return incident.suspect === replicaId
    ? { state: 'differs', sign: '!', words: suspectPhrase(incident), digest: null }
    : { state: 'unknown', sign: '·', words: 'not named in this', digest: null };
}

/** Without a majority both sides are told alike: neither is right because it is listed first. */
function unattributedAct(incident: IncidentDetail, replicaId: string): ReplicaAct | null {
  const { expected, actual } = incident.firstDivergence;
  const side = [expected, actual].find((one) => one?.replicas.includes(replicaId) === true);
  if (side == null) return null;
  if (side.digest === null) {
    return { state: 'variant', sign: '∅', words: 'did not make the call', digest: null };
  }
  const alone = expected?.digest == null || actual?.digest == null;
  const words = alone ? 'made the call' : 'made it with data of its own';
  return { state: 'variant', sign: alone ? '+' : '≠', words, digest: side.digest };
}

function expectedWords(incident: IncidentDetail, digest: string | null): string {
  const side = incident.suspect === null ? 'as expected' : 'agrees with the majority';
  if (incident.firstDivergence.callId === null) return side;
  return digest === null ? `${side}: did not make the call` : side;
}

function actualAct(incident: IncidentDetail, digest: string | null): ReplicaAct {
  const { callId, expected } = incident.firstDivergence;
  if (callId === null) return { state: 'differs', sign: '≠', words: 'differs', digest };
  if (digest === null)
    return { state: 'absent', sign: '∅', words: 'did not make the call', digest };
  const extra = expected === null || expected.digest === null;
  return extra
    ? { state: 'extra', sign: '+', words: 'made an extra call', digest }
    : { state: 'differs', sign: '≠', words: 'made it with different data', digest };
}
