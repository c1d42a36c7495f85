/** Findings that are about a replica or a run as a whole, not about a call. */
import { AlertKind, type Reason } from '@lockstep/protocol';
import type { SideGroup } from './attribution.ts';
import { divergenceCause, type Finding, listReplicas } from './finding.ts';
import { severityOf } from './severity.ts';

function finding(
  kind: AlertKind,
  about: string,
  key: string,
  summary: string,
  more: Partial<Finding> = {},
): Finding {
  return {
    kind,
    severity: severityOf(kind, null, true),
    suspect: null,
    cause: `${kind} ${about}`,
    key: `${about} ${key}`,
    turn: null,
    callId: null,
    api: null,
    replicas: [],
    expected: null,
    actual: null,
    summary,
    pairedWith: null,
    divergence: null,
    ...more,
  };
}

function aboutReplica(id: string): Partial<Finding> {
  return { suspect: id, replicas: [{ id, digest: null, api: null }] };
}

/** `count` tells one silence of a replica from its next. */
export function silentFinding(replica: string, count: number, how: string): Finding {
  const summary = `replica ${replica} is silent: ${how}`;
  return finding(AlertKind.replicaSilent, replica, `${count}`, summary, aboutReplica(replica));
}

export function laggingFinding(replica: string, count: number, turns: number): Finding {
  const summary = `replica ${replica} finishes no turn while ${turns} closed turns wait`;
  return finding(AlertKind.replicaLagging, replica, `${count}`, summary, aboutReplica(replica));
}

export function setupFinding(replica: string, field: string, leader: string): Finding {
  const summary = `replica ${replica} started with another ${field} than replica ${leader}; it is not followed any further`;
  return finding(AlertKind.setupMismatch, replica, field, summary, aboutReplica(replica));
}

export function coverageFinding(replica: string, what: string, leader: string): Finding {
  const summary = `replica ${replica} hooked other APIs than replica ${leader}: ${what}`;
  return finding(AlertKind.coverageMismatch, replica, what, summary, aboutReplica(replica));
}

export function gapFinding(replica: string, turn: number, records: number): Finding {
  const summary = `replica ${replica} lost ${records} records from turn ${turn} on; calls there are unknown`;
  const more = { turn, replicas: [{ id: replica, digest: null, api: null }] };
  return finding(AlertKind.evidenceGap, replica, `${turn}`, summary, more);
}

export function unprotectedFinding(code: Reason, api: string | null, detail: string): Finding {
  const about = api === null ? code : `${code} ${api}`;
  return finding(AlertKind.unprotected, about, '', `the run is unprotected: ${detail}`, { api });
}

/** A replica ended with another exit code, and no exit record says so call by call. */
export function exitFinding(
  suspect: string | null,
  expected: SideGroup,
  actual: SideGroup,
  turn: number,
  how: string,
): Finding {
  const who = listReplicas(suspect === null ? actual.replicas : [suspect]);
  const summary = `${who} ${how}, otherwise than ${listReplicas(expected.replicas)}`;
  const replicas = [...expected.replicas, ...actual.replicas];
  return finding(AlertKind.exitMismatch, suspect ?? 'run', 'exit', summary, {
    suspect,
    cause: divergenceCause(suspect),
    turn,
    expected,
    actual,
    replicas: replicas.map((id) => ({ id, digest: null, api: null })),
  });
}
