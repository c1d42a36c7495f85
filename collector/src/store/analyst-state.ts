/**
 * What analysts decided about an incident. It is not edited in place: it is the sum of the audit
 * trail's entries about that incident, computed again after each new one. So judgement cannot
 * overwrite it, two analysts at once cannot lose each other's change, and a crash between the
 * entry and the incident heals at the next computation.
 */

import type { IncidentActivity, IncidentPatch } from '@lockstep/protocol';
import { IncidentStatus } from '@lockstep/protocol';
import * as v from 'valibot';
import type { AuditEntry } from '../ports.ts';

/** The audit trail's word for a change by an analyst. */
export const PATCH_ACTION = 'incident.patch';

/** The analysts' part of an incident. */
export interface AnalystState {
  readonly status: IncidentStatus;
  readonly assignee: string | null;
  readonly resolvedAt: string | null;
  /** When an analyst last changed something; null before. */
  readonly changedAt: string | null;
  readonly activity: readonly IncidentActivity[];
  /** Sequence of the newest audit entry in this sum; 0 before the first. */
  readonly sequence: number;
}

/** The state of an incident that nobody has touched. */
export const UNTOUCHED: AnalystState = {
  status: IncidentStatus.open,
  assignee: null,
  resolvedAt: null,
  changedAt: null,
  activity: [],
  sequence: 0,
};

const patchSchema = v.object({
  status: v.optional(v.enum(IncidentStatus)),
  assignee: v.optional(v.nullable(v.string())),
  note: v.optional(v.string()),
});

/** Sums up the audit entries about one incident, oldest first. Entries of other actions count nothing. */
export function analystState(entries: readonly AuditEntry[]): AnalystState {
  return entries.reduce(applied, UNTOUCHED);
}

function applied(state: AnalystState, entry: AuditEntry): AnalystState {
  if (entry.action !== PATCH_ACTION) return { ...state, sequence: entry.sequence };
  const patch = v.parse(patchSchema, JSON.parse(entry.detail)) as IncidentPatch;
  const { at, actor } = entry;
  const activity = changes(state, patch).map(([action, text]) => ({ at, actor, action, text }));
  const status = patch.status ?? state.status;
  return {
    status,
    assignee: patch.assignee === undefined ? state.assignee : patch.assignee,
    resolvedAt: resolvedAt(state, status, at),
    changedAt: at,
    activity: [...state.activity, ...activity],
    sequence: entry.sequence,
  };
}

function resolvedAt(state: AnalystState, status: IncidentStatus, at: string): string | null {
  if (status !== IncidentStatus.resolved) return null;
  return state.resolvedAt ?? at;
}

type Change = readonly [IncidentActivity['action'], string];

function changes(state: AnalystState, patch: IncidentPatch): Change[] {
  const found: Change[] = [];
  if (patch.status !== undefined && patch.status !== state.status) {
    found.push(['status', patch.status]);
  }
  if (patch.assignee !== undefined && patch.assignee !== state.assignee) {
    found.push(['assignee', patch.assignee ?? '']);
  }
  if (patch.note !== undefined) found.push(['note', patch.note]);
  return found;
}
