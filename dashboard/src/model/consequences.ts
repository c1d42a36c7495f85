/** How many alerts follow from the first divergence, and of which kinds. */
import type { AlertKind, IncidentDetail } from '@lockstep/protocol';

/** Counts of alerts beside the first divergence. */
export interface Consequences {
  readonly total: number;
  readonly byKind: readonly { readonly kind: AlertKind; readonly count: number }[];
}

/** Sums shown and folded alerts, without the one that is the first divergence. */
export function consequencesOf(incident: IncidentDetail): Consequences {
  const counts = new Map<AlertKind, number>();
  const add = (kind: AlertKind, count: number): void => {
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  };
  for (const alert of incident.firstAlerts.slice(1)) add(alert.kind, 1);
  for (const { kind, count } of incident.folded) add(kind, count);
  return {
    total: Math.max(0, incident.alerts - 1),
    byKind: [...counts]
      .map(([kind, count]) => ({ kind, count }))
      .sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind)),
  };
}
