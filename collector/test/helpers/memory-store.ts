/** A store in memory, for tests that look at what the core writes and not at how it is kept. */
import type { AlertView, IncidentDetail, IncidentView, RunView } from '@lockstep/protocol';
import type { AuditEntry, JudgedIncident, ListPage, ListQuery, Store } from '../../src/ports.ts';

function page<T>(items: readonly T[]): ListPage<T> {
  return { items, nextCursor: null, total: items.length };
}

export class MemoryStore implements Store {
  readonly kind = 'embedded';
  readonly runsById: Map<string, RunView> = new Map();
  readonly alertsById: Map<string, AlertView> = new Map();
  readonly incidentsById: Map<string, JudgedIncident> = new Map();

  open(): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  ping(): Promise<void> {
    return Promise.resolve();
  }
  async saveRuns(runs: readonly RunView[]): Promise<void> {
    for (const run of runs) this.runsById.set(run.runId, run);
  }
  async saveAlerts(alerts: readonly AlertView[]): Promise<void> {
    for (const alert of alerts) this.alertsById.set(alert.id, alert);
  }
  async saveIncidents(incidents: readonly JudgedIncident[]): Promise<void> {
    for (const incident of incidents) this.incidentsById.set(incident.id, incident);
  }
  patchIncident(): Promise<IncidentDetail | null> {
    return Promise.resolve(null);
  }
  async runs(): Promise<ListPage<RunView>> {
    return page([...this.runsById.values()]);
  }
  async alert(id: string): Promise<AlertView | null> {
    return this.alertsById.get(id) ?? null;
  }
  async alerts({ runId }: ListQuery): Promise<ListPage<AlertView>> {
    const alerts = [...this.alertsById.values()];
    return page(alerts.filter((alert) => runId === undefined || alert.runId === runId));
  }
  async incident(id: string): Promise<IncidentDetail | null> {
    const judged = this.incidentsById.get(id);
    return judged === undefined ? null : detail(judged);
  }
  async incidents(): Promise<ListPage<IncidentView>> {
    return page([...this.incidentsById.values()].map(detail));
  }
  async audit(): Promise<readonly AuditEntry[]> {
    return [];
  }
  async expire(): Promise<number> {
    return 0;
  }
}

function detail(judged: JudgedIncident): IncidentDetail {
  const review = { status: 'open', assignee: null, resolvedAt: null } as const;
  return { ...judged, ...review, firstAlerts: [], activity: [], replicas: [] };
}
