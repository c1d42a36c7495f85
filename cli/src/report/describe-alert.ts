/** One alert as lines for people: what kind, which call, who did what, who is outvoted. */
import type { AlertView } from '@lockstep/protocol';

/** A heading and, indented, one line for each replica. */
export function describeAlert(alert: AlertView): readonly string[] {
  const { kind, severity, suspect, api, target, turn, callId, replicas } = alert;
  const where = [api, target, turn === null ? null : `turn ${turn}`].filter(
    (part) => part !== null,
  );
  const who = suspect === null ? 'unattributed' : `suspect ${suspect}`;
  return [
    `${severity} ${kind}, ${who}${where.length > 0 ? `: ${where.join(' ')}` : ''}`,
    ...(alert.summary === '' ? [] : [`  ${alert.summary}`]),
    // Alerts about a replica rather than a call have nothing to set side by side.
    ...(callId === null
      ? []
      : replicas.map(({ id, digest }) => `  ${id}: ${digest ?? 'no such call'}`)),
  ];
}
