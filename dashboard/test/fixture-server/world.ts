/** The fixture's whole state and how it changes; pages, patches and snapshots are read from it. */
import type {
  AlertView,
  CollectorStatus,
  IncidentDetail,
  IncidentPatch,
  IncidentView,
  RunView,
  ServiceView,
} from '@lockstep/protocol';
import { consequencesFor, firstAlertOf } from './alerts.ts';
import { incidentOf, incidentSeeds } from './incidents.ts';
import { fixtureServices } from './runs.ts';

const FILLER_INCIDENTS = 140;

/** All state of the fixture. */
export class World {
  readonly startedMs: number = Date.now();
  services: readonly ServiceView[];
  collector: CollectorStatus;
  readonly incidents: Map<string, IncidentDetail> = new Map();
  readonly alerts: AlertView[] = [];

  constructor() {
    this.services = fixtureServices(this.ago);
    const since = this.ago(4_100);
    this.collector = {
      version: '0.1.0',
      startedAt: since,
      store: { kind: 'embedded', state: 'ready', pendingWrites: 0, since, detail: null },
      callsPerSecond: 1_230,
    };
    const seeds = incidentSeeds(this.ago);
    for (const seed of Object.values(seeds)) {
      this.add(incidentOf(seed, this.replicasOf(seed.service ?? 'orders'), this.ago));
    }
    const { digest } = seeds;
    for (let index = 0; index < FILLER_INCIDENTS; index += 1) {
      const openedSecondsAgo = 10_000 + index * 3_600;
      const alerts = 1 + (index % 12);
      const filler = { ...digest, id: `inc-old-${index}`, openedSecondsAgo, alerts };
      const incident = incidentOf(filler, this.replicasOf('orders'), this.ago);
      this.add({ ...incident, status: 'resolved', resolvedAt: this.ago(openedSecondsAgo - 600) });
    }
  }

  readonly ago = (secondsAgo: number): string =>
    new Date(this.startedMs - secondsAgo * 1_000).toISOString();

  replicasOf(service: string): RunView['replicas'] {
    return this.services.find(({ name }) => name === service)?.runs[0]?.replicas ?? [];
  }

  /** Adds an incident with all its alerts. */
  add(incident: IncidentDetail): { incident: IncidentView; alerts: readonly AlertView[] } {
    const alerts = [firstAlertOf(incident), ...consequencesFor(incident, incident.alerts)];
    const shown = alerts.slice(0, 5);
    const folded = new Map<AlertView['kind'], number>();
    for (const { kind } of alerts.slice(5)) folded.set(kind, (folded.get(kind) ?? 0) + 1);
    this.alerts.push(...alerts);
    this.incidents.set(incident.id, {
      ...incident,
      firstAlerts: shown,
      folded: [...folded].map(([kind, count]) => ({ kind, count })),
    });
    return { incident: viewOf(incident), alerts };
  }

  /** Raises a live divergence whose evidence has not come yet. */
  strike(number: number): { incident: IncidentView; alerts: readonly AlertView[] } {
    const { extra } = incidentSeeds(() => new Date().toISOString());
    const bare = {
      ...extra,
      id: `inc-live-${number}`,
      alerts: 3,
      evidence: [],
      openedSecondsAgo: 0,
    };
    const unfetched = {
      ...bare,
      actual: { replicas: ['c'], digest: 'c0ffee00deadbeef', evidence: null },
    };
    return this.add(
      incidentOf(unfetched, this.replicasOf('orders'), () => new Date().toISOString()),
    );
  }

  /** Evidence of a live divergence arrives. */
  bringEvidence(id: string): IncidentView | null {
    const { extra } = incidentSeeds(() => new Date().toISOString());
    const before = this.incidents.get(id);
    if (before === undefined) return null;
    const at = new Date().toISOString();
    const after: IncidentDetail = {
      ...before,
      updatedAt: at,
      evidence: extra.evidence,
      firstDivergence: { ...before.firstDivergence, actual: extra.actual },
      activity: [
        ...before.activity,
        { at, actor: 'lockstep', action: 'evidence', text: 'Evidence of 3 replicas arrived.' },
      ],
    };
    this.incidents.set(id, after);
    return viewOf(after);
  }

  /** One second passes in every run that goes on. */
  tick(second: number): readonly RunView[] {
    this.services = this.services.map((service) => ({
      ...service,
      runs: service.runs.map((run) => (run.state === 'ended' ? run : tickRun(run, second))),
    }));
    return this.services.flatMap(({ runs }) => runs.filter(({ state }) => state !== 'ended'));
  }

  /** Applies what an analyst did. */
  patch(id: string, patch: IncidentPatch, actor: string): IncidentDetail | null {
    const before = this.incidents.get(id);
    if (before === undefined) return null;
    const at = new Date().toISOString();
    const activity = [...before.activity];
    const tell = (action: 'status' | 'assignee' | 'note', text: string): void => {
      activity.push({ at, actor, action, text });
    };
    if (patch.status !== undefined) tell('status', `${before.status} → ${patch.status}`);
    if (patch.assignee !== undefined) tell('assignee', patch.assignee ?? 'nobody');
    if (patch.note !== undefined) tell('note', patch.note);
    const status = patch.status ?? before.status;
    const after: IncidentDetail = {
      ...before,
      status,
      assignee: patch.assignee === undefined ? before.assignee : patch.assignee,
      resolvedAt: status === 'resolved' ? (before.resolvedAt ?? at) : null,
      updatedAt: at,
      activity,
    };
    this.incidents.set(id, after);
    return after;
  }
}

/** An incident as lists show it. */
export function viewOf(detail: IncidentDetail): IncidentView {
  const { firstAlerts, folded, activity, replicas, surroundings, deliveries, evidence, ...view } =
    detail;
  return view;
}

function tickRun(run: RunView, second: number): RunView {
  const wave = 1 + 0.25 * Math.sin(second / 6) + 0.05 * Math.sin(second * 1.7);
  const replicas = run.replicas.map((replica, index) => {
    if (replica.endedAt !== null) return replica;
    const base = run.service === 'orders' ? 410 : 7.4;
    const callsPerSecond = Math.max(0, base * wave - index * 3);
    const calls = replica.calls + Math.round(callsPerSecond);
    const matched = replica.matched + Math.round(callsPerSecond);
    return { ...replica, callsPerSecond, calls, matched };
  });
  return {
    ...run,
    replicas,
    calls: replicas.reduce((sum, { calls }) => sum + calls, 0),
    matched: replicas.reduce((sum, { matched }) => sum + matched, 0),
  };
}
