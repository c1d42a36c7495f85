/**
 * The incidents that the live feed knows: the newest open ones for snapshots, and what analysts did
 * to recent ones. Judgement knows nothing of analysts, so an incident that it changes is shown with
 * the status and assignee from here.
 */
import { IncidentStatus, type IncidentView } from '@lockstep/protocol';
import { MAX_REVIEWED_INCIDENTS, MAX_SNAPSHOT_INCIDENTS } from './limits.ts';

type Reviewed = Pick<IncidentView, 'status' | 'assignee' | 'resolvedAt'>;

/** Open incidents and analysts' decisions, both bounded. */
export class IncidentBoard {
  readonly #open = new Map<string, IncidentView>();
  readonly #reviewed = new Map<string, Reviewed>();

  /** Newest first. */
  open(): readonly IncidentView[] {
    return [...this.#open.values()].sort((left, right) => compare(right.openedAt, left.openedAt));
  }

  /** Takes an incident as the store has it: with the analysts' decisions. */
  stored(incident: IncidentView): void {
    const { id, status, assignee, resolvedAt } = incident;
    this.#reviewed.delete(id);
    this.#reviewed.set(id, { status, assignee, resolvedAt });
    trim(this.#reviewed, MAX_REVIEWED_INCIDENTS);
    this.#show(incident);
  }

  /** Takes an incident as judgement has it; answers it with what analysts decided. */
  judged(incident: IncidentView): IncidentView {
    const shown = { ...incident, ...this.#reviewed.get(incident.id) };
    this.#show(shown);
    return shown;
  }

  #show(incident: IncidentView): void {
    if (incident.status !== IncidentStatus.open) {
      this.#open.delete(incident.id);
      return;
    }
    this.#open.set(incident.id, incident);
    if (this.#open.size > MAX_SNAPSHOT_INCIDENTS) {
      const oldest = this.open().at(-1);
      if (oldest !== undefined) this.#open.delete(oldest.id);
    }
  }
}

function trim(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
