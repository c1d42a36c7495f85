/**
 * Gathers patches for a blink, so that a burst of a thousand is written and drawn once. The last
 * version of each object wins, which is all a patch means.
 */
import type {
  AlertView,
  CollectorStatus,
  IncidentView,
  LivePatch,
  RunView,
} from '@lockstep/protocol';

/** What some patches say together. */
export class PatchBatch {
  collector: CollectorStatus | null = null;
  readonly runs: Map<string, RunView> = new Map();
  readonly incidents: Map<string, IncidentView> = new Map();
  readonly alerts: Map<string, AlertView> = new Map();

  /** Adds a patch that came after those before it. */
  add(patch: LivePatch): void {
    if (patch.collector !== undefined) this.collector = patch.collector;
    for (const run of patch.runs ?? []) this.runs.set(run.runId, run);
    for (const incident of patch.incidents ?? []) this.incidents.set(incident.id, incident);
    for (const alert of patch.alerts ?? []) this.alerts.set(alert.id, alert);
  }
}
